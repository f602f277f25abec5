"""Which heading is likely which column, and when two layouts are the same."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.headings import fingerprint_of, labels_of, likeness, name_of, propose
from campaigns.enums import RegisterCode
from campaigns.imports.staff import COLUMNS as STAFF
from campaigns.registers import REGISTERS

EVALUATION = REGISTERS[RegisterCode.EVALUATION].sheet_columns


def test_headings_are_proposed_by_name_alias_and_likeness():
    labels = ("序号", "教师大名", "教工编码", "评教得分", "名次", "所在系部")
    assert propose(labels, EVALUATION, known={}) == {"home": "所在系部", "name": "教师大名", "score": "评教得分"}


def test_headings_matched_before_come_first():
    labels = ("教师大名", "编码", "得分")
    known = {"教师大名": "name", "得分": "score"}
    assert propose(labels, EVALUATION, known=known) == {"name": "教师大名", "score": "得分"}


def test_each_heading_serves_once():
    found = propose(("姓名", "教师姓名"), EVALUATION, known={})
    assert len(set(found.values())) == len(found)


def test_layout_is_the_same_in_any_order_and_spelling():
    assert fingerprint_of(("教师", "得 分：")) == fingerprint_of(("*得分", "教师"))
    assert fingerprint_of(("教师", "得分")) != fingerprint_of(("教师", "得分", "名次"))


def test_headings_that_stand_twice_are_told_apart_and_the_answers_column_is_left_out():
    values = ["得分", None, " 得 分 ", "请更正这些\n工号: 没有", "教师"]
    assert labels_of(values, without="请更正这些") == {0: "得分", 2: "得 分 (2)", 4: "教师"}


def test_headings_and_aliases_of_a_register_mean_one_column_each():
    for spec in REGISTERS.values():
        names = [name_of(name) for column in spec.sheet_columns for name in (column.heading, *column.aliases)]
        assert len(names) == len(set(names)), spec.code


@given(st.text(max_size=30), st.sampled_from((*EVALUATION, *STAFF)))
def test_likeness_is_between_nothing_and_the_same(label, column):
    assert 0 <= likeness(label, column) <= 1
    assert likeness(column.heading, column) == 1


@given(st.lists(st.text(min_size=1, max_size=8), max_size=12, unique=True))
def test_proposals_name_headings_and_columns_that_are_there(labels):
    found = propose(labels, EVALUATION, known={})
    assert set(found) <= {column.key for column in EVALUATION}
    assert set(found.values()) <= set(labels)
