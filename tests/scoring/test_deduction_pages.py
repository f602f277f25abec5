import uuid
from datetime import date, timedelta

import pytest
from django.db import connection

from campaigns.enums import Role
from scoring.models import Deduction, Tally
from scoring.queries import deductions
from scoring.queries.deduction_filters import DeductionFilters
from scoring.queries.deductions import list_deductions
from tests.factories import DAY, NOON, department, make_actor, make_deduction, make_person, make_subject
from tests.scoring.reading import Pair, page, parsed, reader, table_rows, turn_clock, words


@pytest.fixture
def season(season):
    turn_clock(season, NOON)
    return season


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def codes(actor, **filters):
    return [row.code for row in list_deductions(actor, DeductionFilters(**filters)).rows]


def test_deductions_shows_the_line_as_the_team_reads_it(season, pair):
    pair.charge("B1", quantity=3, subject=make_subject(season, "B1", "第三项"))
    rows = table_rows(parsed(reader(pair.second).get(page("deductions", season))))
    assert rows == [
        [
            "2009-11-20",
            "图书馆",
            "B1 职责未认真履行或记录不全",
            "3 × 0.20 = −0.60",
            "第三项text",
            "Confirmed",
            "first-2009",
            "second-2009",
        ]
    ]


def test_deductions_shows_a_department_its_confirmed_lines_only_and_no_names(season, pair):
    pair.charge("S1a")
    pair.record("S1b")
    pair.charge("S1a", charged="教务处")
    head = make_actor(season, Role.HEAD, department=department(season))
    rows = table_rows(parsed(reader(head).get(page("deductions", season))))
    assert [(row[2][:3], row[6], row[7]) for row in rows] == [("S1a", "Assessment team", "Assessment team")]


def test_deductions_shows_no_names_about_an_own_department(season, pair):
    pair.charge("S1a")
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    assert [row.recorded_by for row in list_deductions(own, DeductionFilters()).rows] == ["考核小组"]


def test_list_deductions_filters(season, pair, lead):
    pair.charge("S1a", happened_on=date(2009, 11, 1))
    pair.record("A1", charged="工会", subject=make_subject(season, "A1", "x"), happened_on=date(2009, 11, 2))
    pair.record("P1", charged="工会", happened_on=date(2009, 11, 3))
    make_deduction(season, "S5", by=lead, happened_on=date(2009, 11, 4))
    assert codes(lead) == ["S5", "P1", "A1", "S1a"]
    assert codes(lead, block="A") == ["P1", "A1"]
    assert codes(lead, department=department(season).uuid) == ["S5", "S1a"]
    assert codes(lead, category="study") == ["S5", "S1a"]
    assert codes(lead, rule="A1") == ["A1"]
    assert codes(lead, state="confirmed") == ["S1a"]
    assert codes(lead, awaiting_me=True) == ["P1", "A1"]
    assert codes(lead, text_only=True) == ["A1"]
    assert codes(lead, first=date(2009, 11, 2), last=date(2009, 11, 3)) == ["P1", "A1"]


def test_deductions_with_a_filter_that_makes_no_sense_says_so_and_shows_all(season, pair):
    pair.charge("S1a")
    response = reader(pair.second).get(page("deductions", season), {"first": "gestern"})
    assert response.context["form"].errors["first"] == ["Write the date as 2009-11-06."]
    assert len(response.context["page"].rows) == 1


def test_list_deductions_pages_to_the_end_and_back(season, pair, monkeypatch):
    monkeypatch.setattr(deductions, "PAGE_LINES", 3)
    days = [DAY, DAY, DAY, DAY, DAY - timedelta(days=1), DAY + timedelta(days=1), DAY]
    lines = [pair.record("P1", happened_on=day) for day in days]
    expected = [line.uuid for line in sorted(lines, key=lambda line: (line.happened_on, line.pk), reverse=True)]
    first = list_deductions(pair.second, DeductionFilters())
    second = list_deductions(pair.second, DeductionFilters(), older_than=first.older)
    third = list_deductions(pair.second, DeductionFilters(), older_than=second.older)
    seen = [row.uuid for part in (first, second, third) for row in part.rows]
    assert seen == expected
    assert (first.newer, third.older) == (None, None)
    back = list_deductions(pair.second, DeductionFilters(), newer_than=third.newer)
    assert [row.uuid for row in back.rows] == expected[3:6]
    again = list_deductions(pair.second, DeductionFilters(), newer_than=back.newer)
    assert ([row.uuid for row in again.rows], again.newer) == (expected[:3], None)


def test_deductions_keeps_its_filters_from_page_to_page(season, pair, monkeypatch):
    monkeypatch.setattr(deductions, "PAGE_LINES", 1)
    pair.record("P1")
    pair.record("P1")
    response = reader(pair.second).get(page("deductions", season), {"block": "B", "rule": "P1"})
    assert "block=B&rule=P1&older=" in response.context["older_url"]


def test_list_deductions_enters_the_index_at_the_right_place(season, pair):
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's query plan")
    lines = Deduction.objects.visible_to(pair.second)
    parts = deductions.parts_from(lines, (DAY, 5), backwards=False)
    plans = [part.order_by("-happened_on", "-id").values_list("pk", "uuid")[:51].explain() for part in parts]
    assert "deduction_latest (campaign_id=? AND happened_on=? AND id<?)" in plans[0]
    assert "deduction_latest (campaign_id=? AND happened_on<?)" in plans[1]
    assert "TEMP B-TREE" not in "".join(plans)


@pytest.mark.parametrize("number", [1, 3])
def test_deductions_asks_the_same_queries_at_any_size(season, pair, number, django_assert_num_queries):
    for _one in range(number):
        pair.record("P1")
    client = reader(pair.second)
    with django_assert_num_queries(11):
        client.get(page("deductions", season))


def test_deductions_confirm_confirms_what_is_ticked_and_says_why_not_the_rest(season, pair):
    mine = make_deduction(season, "S1a", by=pair.second)
    other, left = pair.record("S1b"), pair.record("S5")
    response = reader(pair.second).post(
        page("deductions-confirm", season), {"line": [mine.uuid, other.uuid, "x"], "query": "block=B"}, follow=True
    )
    assert response.redirect_chain[0][0] == page("deductions", season) + "?block=B"
    told = [str(message) for message in response.context["messages"]]
    assert told == [
        "1 deduction confirmed.",
        "S1a, 图书馆: You recorded it yourself; another member of the team must confirm it.",
    ]
    states = {line.rule.code: line.state for line in Deduction.objects.select_related("rule")}
    assert states == {"S1a": "recorded", "S1b": "confirmed", "S5": "recorded"}
    assert left.rule.code == "S5"


def test_deduction_shows_clause_price_and_history(season, pair):
    line = pair.charge("B1", quantity=2, note="看到的", subject=make_subject(season, "B1", "第三项"))
    text = words(parsed(reader(pair.second).get(page("deduction", season, line.uuid))))
    assert "1、必须认真履行每项岗位职责" in text
    assert "2 项 × 0.20 = −0.40" in text
    assert "看到的" in text
    assert "first-2009" in text
    of_term = pair.charge("B6", subject=make_subject(season, "B6", "李四"))
    tree = parsed(reader(pair.second).get(page("deduction", season, of_term.uuid)))
    assert words(tree.xpath('//dt[.="Period"]/following-sibling::dd')[0]) == "2009—2010学年第一学期"


def test_deduction_is_404_for_who_may_not_know_of_it(season, pair):
    line = pair.record("S1a")
    head = make_actor(season, Role.HEAD, department=department(season))
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    for actor in (head, own):
        assert reader(actor).get(page("deduction", season, line.uuid)).status_code == 404
    assert reader(pair.first).get(page("deduction", season, uuid.uuid4())).status_code == 404


def test_deduction_hides_answers_and_names_from_the_department(season, pair):
    line = pair.charge("S3a", answers={"leaders": "某院长", "minutes": "记录"})
    head = make_actor(season, Role.HEAD, department=department(season))
    text = words(parsed(reader(head).get(page("deduction", season, line.uuid))))
    assert "某院长" not in text
    assert "first-2009" not in text
    assert "Assessment team" in text
    assert "某院长" in words(parsed(reader(pair.second).get(page("deduction", season, line.uuid))))


def test_deduction_confirm_by_the_second_person(season, pair):
    line = pair.record("S1a")
    reader(pair.first).post(page("deduction-confirm", season, line.uuid))
    assert Deduction.objects.get().state == "recorded"
    reader(pair.second).post(page("deduction-confirm", season, line.uuid))
    assert Deduction.objects.get().state == "confirmed"
    assert reader(pair.second).get(page("deduction-confirm", season, line.uuid)).status_code == 405


def test_deduction_withdraw_without_a_reason_writes_nothing(season, pair):
    line = pair.record("S1a")
    response = reader(pair.first).post(page("deduction-withdraw", season, line.uuid), {"because": "  "})
    assert response.context["form"].errors == {"because": ["Say why the deduction is withdrawn."]}
    assert Deduction.objects.get().state == "recorded"


def test_deduction_withdraw_of_a_confirmed_line_is_the_lead_s(season, pair, lead):
    line = pair.charge("S1a")
    address = page("deduction-withdraw", season, line.uuid)
    assert reader(pair.first).post(address, {"because": "x"}).status_code == 403
    assert reader(lead).post(address, {"because": "误记"}).status_code == 302
    assert (Deduction.objects.get().state, Deduction.objects.get().withdrawn_because) == ("withdrawn", "误记")
    assert Tally.objects.get(department=line.charged, category=line.category).charged == 0


def test_deduction_withdraw_in_an_own_department_is_refused_with_the_sentence(season, pair):
    line = pair.charge("S1a")
    own = make_actor(season, Role.TEAM_LEAD, department=department(season))
    response = reader(own).post(page("deduction-withdraw", season, line.uuid), {"because": "x"})
    assert response.status_code == 403
    assert "You have an interest in this department" in response.content.decode()


def test_deduction_correct_withdraws_and_opens_the_form_filled_in(season, pair):
    line = pair.record("B1", quantity=2, subject=make_subject(season, "B1", "第三项"))
    response = reader(pair.first).post(
        page("deduction-correct", season, line.uuid), {"because": "数量有误"}, follow=True
    )
    assert Deduction.objects.get().state == "withdrawn"
    form = response.context["form"]
    assert (form["rule"].value(), form["quantity"].value(), form["subject"].value()) == ("B1", "2", "第三项")


def test_confirming_a_replacement_withdraws_the_first_and_takes_its_fact(season, pair, lead):
    make_person(season)
    first = pair.charge("A11a", charged="工会", subject=make_subject(season, "A11a", "任务一"))
    second = pair.record("A11b", charged="工会", subject=make_subject(season, "A11b", "任务一"), replaces=first)
    shown = words(parsed(reader(pair.second).get(page("deduction", season, first.uuid))))
    assert "A11b" in shown
    reader(pair.second).post(page("deduction-confirm", season, second.uuid))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "confirmed")
    assert second.charge_key == first.charge_key
