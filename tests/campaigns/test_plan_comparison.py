"""What changed between two versions of a plan: nothing is lost, nothing is invented."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.comparison import compare_plans
from campaigns.calculations.texts import ChangeKind, Piece, compare_texts
from campaigns.facts import FileContent, ItemContent, PartContent, PlanContent

SAME, ADDED, REMOVED, CHANGED = ChangeKind.SAME, ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED
ALPHABET = "每周检查抽两三次，。；\n 2009A的一"
texts = st.text(alphabet=ALPHABET, max_size=60)
uuids = st.lists(st.integers(1, 9).map(str), max_size=6, unique=True)


def text_of(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def item(uuid, number=1, **values):
    return ItemContent(uuid=uuid, number=number, title=values.pop("title", f"条目{uuid}"), **values)


def plan(*items, parts=(), **values):
    return PlanContent(title=values.pop("title", "方案"), items=tuple(items), parts=tuple(parts), **values)


@given(texts, texts)
def test_both_texts_stand_in_the_pieces_whole(before, after):
    pieces = compare_texts(before, after)
    assert text_of(pieces, SAME, ADDED) == after
    assert text_of(pieces, SAME, REMOVED) == before
    assert all(piece.text for piece in pieces)


@given(texts)
def test_a_text_compared_with_itself_has_no_change(text):
    assert [piece.kind for piece in compare_texts(text, text)] == ([SAME] if text else [])


@given(texts, texts)
def test_no_two_neighbours_are_of_one_kind(before, after):
    kinds = [piece.kind for piece in compare_texts(before, after)]
    assert all(first != second for first, second in pairwise(kinds))


@given(uuids, uuids)
def test_every_item_of_either_version_stands_there_once(before, after):
    changes = compare_plans(plan(*map(item, before)), plan(*map(item, after))).items
    assert sorted(change.uuid for change in changes) == sorted({*before, *after})
    assert [change.uuid for change in changes if change.after] == after
    assert {change.uuid for change in changes if change.kind == ADDED} == {*after} - {*before}
    assert {change.uuid for change in changes if change.kind == REMOVED} == {*before} - {*after}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("每周检查一次", "每周检查两次", [(SAME, "每周检查"), (REMOVED, "一"), (ADDED, "两"), (SAME, "次")]),
        ("", "新写", [(ADDED, "新写")]),
        ("旧文", "", [(REMOVED, "旧文")]),
        ("满意度85%以上", "满意度90%以上", [(SAME, "满意度"), (REMOVED, "85"), (ADDED, "90"), (SAME, "%以上")]),
        # one character between two changes is drawn into them: no confetti
        ("甲的乙", "丙的丁", [(REMOVED, "甲的乙"), (ADDED, "丙的丁")]),
        ("检查", "检查\n登记", [(SAME, "检查"), (ADDED, "\n登记")]),
    ],
)
def test_words_inside_a_text(before, after, expected):
    assert compare_texts(before, after) == tuple(Piece(kind, text) for kind, text in expected)


def test_long_texts_are_compared_by_sentence_and_then_by_word():
    sentences = [f"第{number}条要求各班组认真填写记录。" for number in range(200)]
    after = list(sentences)
    after[3] = "第3条要求各班组每日填写记录。"
    after[150] = "第150条要求各班组每日填写记录。"
    pieces = compare_texts("".join(sentences), "".join(after))
    changes = [(piece.kind, piece.text) for piece in pieces if piece.kind != SAME]
    assert changes == [(REMOVED, "认真"), (ADDED, "每日")] * 2


def test_long_texts_with_little_in_common_are_compared_to_their_end():
    pieces = compare_texts("的一" * 10_000, "的甲" * 10_000)
    assert text_of(pieces, SAME, ADDED) == "的甲" * 10_000


def test_item_changed_says_which_field():
    before = plan(item("1", measure="每周检查", standard="准点"), item("2"))
    after = plan(item("1", measure="每日检查", standard="准点"), item("2"))
    first, second = compare_plans(before, after).items
    assert (first.kind, second.kind) == (CHANGED, SAME)
    assert [field.name for field in first.fields if field.is_changed] == ["measure"]


def test_renumbering_alone_is_no_change():
    before = plan(item("1", 1), item("2", 2), item("3", 3))
    after = plan(item("2", 1), item("3", 2))
    comparison = compare_plans(before, after)
    assert [(change.uuid, change.kind, change.before, change.after) for change in comparison.items] == [
        ("1", REMOVED, 1, 0),
        ("2", SAME, 2, 1),
        ("3", SAME, 3, 2),
    ]
    assert not any(change.is_moved for change in comparison.items)


def test_item_put_elsewhere_is_moved():
    before = plan(item("1"), item("2"), item("3"))
    after = plan(item("3"), item("1"), item("2"))
    comparison = compare_plans(before, after)
    assert [(change.uuid, change.is_moved) for change in comparison.items] == [("3", True), ("1", False), ("2", False)]
    assert not comparison.is_same


def test_item_taken_out_stands_where_it_was():
    before = plan(item("1"), item("2"), item("3"))
    after = plan(item("1"), item("3"), item("4"))
    assert [change.uuid for change in compare_plans(before, after).items] == ["1", "2", "3", "4"]


def test_duties_and_departments_are_compared():
    before = plan(item("1", duties=("1 采购", "2 编目"), cooperating=("教务处",)))
    after = plan(item("1", duties=("1 采购",), cooperating=("教务处", "工会")))
    (change,) = compare_plans(before, after).items
    found = {field.name: field.pieces for field in change.fields if field.is_changed}
    assert text_of(found["duties"], REMOVED) == "\n2 编目"
    assert text_of(found["cooperating"], ADDED) == "\n工会"


def test_parts_title_files_and_word_are_compared():
    before = plan(
        parts=[PartContent("1", "goals", "工作目标", "满意"), PartContent("2", "", "其他", "自由")],
        files=(FileContent("7", "表.pdf", "a" * 64, "application/pdf"),),
        word_sha256="b" * 64,
        word_name="方案.docx",
    )
    after = plan(
        title="新方案",
        parts=[PartContent("1", "goals", "工作目标", "很满意")],
        files=(FileContent("8", "表.pdf", "c" * 64, "application/pdf"),),
    )
    comparison = compare_plans(before, after)
    assert text_of(comparison.title, ADDED) == "新"
    assert [(part.uuid, part.kind) for part in comparison.parts] == [("1", CHANGED), ("2", REMOVED)]
    assert (comparison.files_added, comparison.files_removed) == (("表.pdf",), ("表.pdf",))
    assert (comparison.word_changed, comparison.word_before, comparison.word_after) == (True, "方案.docx", "")
    assert (comparison.count(CHANGED), comparison.count(REMOVED), comparison.count(ADDED)) == (1, 1, 0)


def test_same_plans_are_the_same():
    one = plan(item("1", measure="检查"), parts=[PartContent("1", "goals", "工作目标", "满意")])
    assert compare_plans(one, PlanContent.from_json(one.as_json())).is_same
