"""Pages of supplements: who reads what, drafting without script, the preview, and entering the adoption."""

import uuid
from decimal import Decimal

import pytest

from campaigns.enums import Role
from campaigns.models import Interest
from scoring.enums import SupplementState
from scoring.models import Supplement
from scoring.queries.supplement_preview import preview_supplement
from scoring.services.supplement_drafts import change_supplement
from tests.campaigns.honours_working import stop_clock, upload
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import Pair, page, parsed, reader, words
from tests.scoring.supplement_working import adopt, draft_of, drafted, new_line, reprice
from tests.scoring.working import errors


@pytest.fixture
def season(season):
    stop_clock(season)
    return season


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def head(season):
    return make_actor(season, Role.HEAD, department=department(season))


def form_of(tree):
    """Return what the page's form would send, buttons apart."""
    form = next(one for one in tree.forms if one.xpath(".//*[@name='title']"))
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def saved(**values):
    """Return what the form of a draft with one line about B1 sends."""
    return {
        "uuid": str(uuid.uuid4()),
        "version": "",
        "title": "补充一",
        "text": "按领导小组意见。",
        "applies_from": "2009.11.15",
        "rerecords": "on",
        "row": ["B1"],
        "label_0": "教学部门服务",
        "text_0": "新的文字。",
        "points_0": "０.80",
    } | values


@pytest.mark.parametrize("number", [1, 3])
def test_register_asks_the_same_queries_at_any_size(season, office, leader, number, django_assert_num_queries):
    for _one in range(number):
        adopt(drafted(season, office, reprice(season, "B1", f"0.8{_one}")), leader)
        drafted(season, office, new_line(season))
    client = reader(office)
    with django_assert_num_queries(7):  # six of the session, one of the register
        client.get(page("supplements", season))


@pytest.mark.parametrize("number", [1, 3])
def test_preview_asks_the_same_queries_at_any_size(season, office, pair, number, django_assert_num_queries):
    draft = drafted(season, office, reprice(season, "P1", "0.80"))
    for name in ("图书馆", "基础部", "体育部")[:number]:
        pair.record("P1", charged=name)
    with django_assert_num_queries(20):
        preview_supplement(season, draft, actor=office)


def test_departments_read_what_is_adopted_and_no_draft(season, office, leader, head):
    draft = drafted(season, office, new_line(season), title="草稿")
    adopted = adopt(drafted(season, office, reprice(season, "B1", "0.80"), title="已通过"), leader)
    text = words(parsed(reader(head).get(page("supplements", season))))
    assert "已通过" in text
    assert "草稿" not in text
    assert reader(head).get(page("supplement", season, draft.uuid)).status_code == 404
    shown = words(parsed(reader(head).get(page("supplement", season, adopted.uuid))))
    assert "0.80" in shown
    assert "王院长" not in shown  # who was there is for overseers
    assert "王院长" in words(parsed(reader(office).get(page("supplement", season, adopted.uuid))))


def test_draft_is_written_line_by_line_without_script(season, office):
    client, path = reader(office), page("supplement-new", season)
    values = form_of(parsed(client.get(path, {"rule": "B1"})))
    assert values["row"] == ["B1"]
    assert values["text_0"][0]
    values |= {"title": "补充一", "text": "意见", "points_0": "0.8"}
    values = form_of(parsed(client.post(path, values | {"new": "1"})))
    assert (values["row"], values["title"], values["points_0"]) == (["B1", "+"], ["补充一"], ["0.8"])
    values = form_of(parsed(client.post(path, values | {"rule": "P1", "add": "1"})))
    assert values["row"] == ["B1", "+", "P1"]
    price = values["points_2"]
    values |= {"code_1": "B17", "label_1": "临时任务"}
    values = form_of(parsed(client.post(path, values | {"remove": "0"})))
    assert (values["row"], values["code_0"], values["points_1"]) == (["+", "P1"], ["B17"], price)
    assert not Supplement.objects.exists()


def test_draft_is_saved_as_people_write_it_and_comes_back_whole_when_refused(season, office):
    client, path = reader(office), page("supplement-new", season)
    answer = client.post(path, saved(applies_from="2009-08-01"))
    assert "applies_from" in errors(answer)
    assert form_of(parsed(answer))["points_0"] == ["０.80"]
    answer = client.post(path, saved(points_0="0.805"))
    assert "points_0" in errors(answer)
    assert client.post(path, saved()).status_code == 302
    assert Supplement.objects.get().changes.get().points == Decimal("0.80")


def test_stale_draft_shows_both_and_is_replaced_when_sent_again(season, office):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    change_supplement(draft, draft_of(reprice(season, "B1", "0.95"), title="别人的"), version=1, by=office, at=NOON)
    client, path = reader(office), page("supplement-edit", season, draft.uuid)
    answer = client.post(path, saved(version="1", title="我的"))
    tree = parsed(answer)
    assert "别人的" in words(tree.xpath("//*[@id='standing']")[0])
    values = form_of(tree)
    assert (values["version"], values["title"]) == (["2"], ["我的"])
    assert client.post(path, values).status_code == 302
    assert Supplement.objects.get().title == "我的"


def test_preview_shows_touched_lines_and_who_moves(season, office, pair):
    pair.charge("P1", charged="体育部")
    for name in ("图书馆", "基础部"):
        pair.record("P1", charged=name)
    pair.record("P3", charged="基础部")
    draft = drafted(season, office, reprice(season, "P1", "3.00"))
    shown = preview_supplement(season, draft, actor=office)
    assert [line.department for line in shown.lines] == ["基础部", "图书馆"]
    assert (shown.touched, shown.kept, shown.amount_after) == (2, 1, Decimal("6.00"))
    place = {row.department: row for block in shown.blocks for row in block.rows}
    library = place["图书馆"]
    old = pair.record("P1", charged="图书馆").points
    assert (library.total_now, library.total_before) == (Decimal("100.00"), Decimal("100.00") - old)
    assert library.total_after == Decimal("97.00")
    assert [(row.department, row.before, row.after) for row in place.values() if row.moves] == [("图书馆", 8, 9)]
    tree = parsed(reader(office).get(page("supplement-preview", season, draft.uuid)))
    assert len(tree.xpath("//*[@id='touched']//tbody/tr")) == 3
    assert len(tree.xpath("//*[@id='rankings']//table")) == 2


def test_preview_leaves_out_what_waits_against_own_departments(season, office, pair):
    pair.record("P1")
    draft = drafted(season, office, reprice(season, "P1", "3.00"))
    interested = make_actor(season, Role.LEADERSHIP)
    Interest.objects.create(
        campaign=season,
        user_id=interested.user_id,
        department=department(season),
        reason="亲属",
        starts_on=season.facts_from,
    )
    client = reader(interested)
    answer = client.get(page("supplement-preview", season, draft.uuid))
    shown = answer.context["preview"]
    assert (shown.touched, shown.amount) == (0, Decimal("0.00"))
    assert {row.total_after for block in shown.blocks for row in block.rows} == {Decimal("100.00")}


def test_line_replaced_by_one_that_waits_counts_once_in_the_preview(season, office, pair):
    from tests.scoring.reading import about

    task = about("评估材料")
    first = pair.charge("A11a", charged="教务处", subject=task)
    later = pair.record("A11b", charged="教务处", subject=task, replaces=first)
    shown = preview_supplement(season, drafted(season, office, reprice(season, "A11a", "3.00")), actor=office)
    row = next(row for block in shown.blocks for row in block.rows if row.department == "教务处")
    assert row.total_now == Decimal("100.00") - first.amount
    assert row.total_before == row.total_after == Decimal("100.00") - later.amount


def test_office_enters_the_adoption_with_the_minutes(season, office):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    client, path = reader(office), page("supplement-adopt", season, draft.uuid)
    form = parsed(client.get(path)).xpath("//form[.//input[@name='standing']]")[0]
    values = dict(form.form_values()) | {"decided_on": "2009年12月20日", "present": "王院长", "text": "同意。"}
    assert "files" in errors(client.post(path, values))
    file = upload(season, office)
    answer = client.post(path, values | {"files": [str(file)], "decided_on": "2009-12-30"})
    assert "decided_on" in errors(answer)
    assert str(file) in answer.content.decode()
    assert client.post(path, values | {"files": [str(file)]}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.number) == (SupplementState.ADOPTED, 1)
    assert client.get(path).status_code == 302  # there is nothing to adopt any more
    assert client.get(page("supplement-edit", season, draft.uuid)).status_code == 302


def test_draft_is_discarded_by_its_button(season, office):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    assert reader(office).post(page("supplement-discard", season, draft.uuid)).status_code == 302
    draft.refresh_from_db()
    assert draft.state == SupplementState.DISCARDED


def test_rulebook_tells_versions_and_opens_a_draft_for_an_open_point(season, office, leader):
    adopted = adopt(drafted(season, office, reprice(season, "B1", "0.80")), leader)
    tree = parsed(reader(office).get(page("rulebook", season)))
    links = tree.xpath("//tr[@id='rule-B1']//details//a/@href")
    assert links == [page("supplement", season, adopted.uuid)]
    [first, *_rest] = tree.xpath("//*[@id='unpriced']//a/@href")
    assert first == page("supplement-new", season) + "?open=0"
    title = form_of(parsed(reader(office).get(first)))["title"][0]
    assert title
    assert title in words(tree.xpath("//*[@id='unpriced']")[0])
