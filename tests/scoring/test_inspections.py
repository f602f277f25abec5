import uuid
from datetime import date

import pytest

from campaigns.enums import Role
from campaigns.models import Interest
from qualityseason.models import AuditEntry, User
from scoring.models import Inspection, InspectionMark
from scoring.queries.inspections import assessors_for, load_inspection
from scoring.services.ledger import withdraw_deduction
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.reading import Pair, page, parsed, reader, turn_clock, words
from tests.scoring.working import errors, visit_of


@pytest.fixture
def season(season):
    turn_clock(season, NOON)
    return season


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def client(pair):
    return reader(pair.first)


@pytest.fixture
def address(season):
    return page("inspection-new", season)


def enter(season, pair, **values):
    """Return an inspection of 图书馆 entered by the first assessor."""
    reader(pair.first).post(page("inspection-new", season), visit_of(season, who=[pair.first], **values))
    return Inspection.objects.latest("pk")


def declare(season, actor, **days):
    """Declare that the actor has an interest in 图书馆."""
    Interest.objects.create(campaign=season, user_id=actor.user_id, department=department(season), **days)


def marks():
    return {
        mark.rule.code: (mark.result, mark.urged, mark.note) for mark in InspectionMark.objects.select_related("rule")
    }


def test_inspection_new_saves_visit_and_marks(season, pair, client, address):
    form = visit_of(season, who=[pair.first, pair.second], note="看到的")
    form |= {
        "result-B1": "no_fault",
        "result-B2": "not_applicable",
        "urged-B3": "1",
        "note-B3": "限期",
        "result-B4": "x",
    }
    response = client.post(address, form)
    saved = Inspection.objects.get()
    assert response["Location"] == page("inspection", season, saved.uuid)
    assert marks() == {
        "B1": ("no_fault", False, ""),
        "B2": ("not_applicable", False, ""),
        "B3": ("not_examined", True, "限期"),
    }
    assert (saved.entered_by_id, saved.entered_at.date().isoformat()) == (pair.first.user_id, "2009-12-28")
    assert saved.started_at.isoformat() == "2009-11-20T01:00:00+00:00"
    assert saved.assessors.count() == 2


def test_inspection_new_offers_assessors_without_an_interest(season, pair, client, address):
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    response = client.get(address, {"department": str(department(season).uuid)})
    offered = [name for name, _label in response.context["form"].fields["assessors"].choices]
    assert offered == ["first-2009", "second-2009"]
    assert User.objects.get(pk=own.user_id).username not in response.content.decode()
    assert response.context["form"]["assessors"].value() == ["first-2009"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"ended": "08:00"}, "ended", "The visit cannot end before it begins."),
        ({"day": "2009-12-29"}, "day", "2009-12-29 is in the future; today is 2009-12-28."),
        ({"day": "2009-08-31"}, "day", "Inspections lie between 2009-09-01 and 2010-01-31."),
        ({"day": "2009-12-28", "started": "23:00", "ended": ""}, "started", "The visit cannot begin in the future."),
        ({"started": "neun"}, "started", "Write the time as 14:30."),
        ({"started": "09:30+08:00"}, "started", "Write the time as 14:30."),
        ({"day": "0001-01-01"}, "day", "Inspections lie between 2009-09-01 and 2010-01-31."),
        ({"assessors": []}, "assessors", "Name at least one assessor."),
        ({"department": ""}, "department", "This field is required."),
    ],
)
def test_inspection_new_with_bad_input_comes_back_whole(season, pair, client, address, typed, field, sentence):
    form = visit_of(season, who=[pair.first], note="看到的") | {"note-B1": "限期整改"} | typed
    response = client.post(address, form)
    assert errors(response)[field] == [sentence]
    assert "看到的" in response.content.decode()
    assert ("限期整改" in response.content.decode()) is (field != "department")
    assert not Inspection.objects.exists()


def test_inspection_new_with_an_interested_assessor_is_refused(season, pair, client, address):
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    response = client.post(address, visit_of(season, who=[pair.first, own]))
    assert errors(response) == {
        "assessors": ["Only members of the team without an interest in the department assess it."]
    }


def test_inspection_new_in_an_own_department_is_refused_with_the_sentence(season, address):
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    response = reader(own).post(address, visit_of(season, who=[], note="看到的"))
    assert response.status_code == 403
    assert errors(response)["department"] == [
        "You have an interest in this department and take no part in its assessment."
    ]
    assert not Inspection.objects.exists()


def test_inspection_new_sent_twice_is_one_and_with_another_body_refused(season, pair, client, address):
    form = visit_of(season, who=[pair.first])
    assert client.post(address, form)["Location"] == client.post(address, form)["Location"]
    response = client.post(address, form | {"note": "anders"})
    assert errors(response) == {
        "__all__": ["This form was already used for another inspection, so nothing has been saved now."]
    }
    assert Inspection.objects.get().note == ""
    assert "anders" in response.content.decode()


def test_inspection_new_saved_by_a_rule_s_button_opens_its_deduction(season, pair, client, address):
    response = client.post(address, visit_of(season, who=[pair.first], deduct="B1"), follow=True)
    form = response.context["form"]
    assert (form["rule"].value(), form["happened_on"].value()) == ("B1", "2009-11-20")
    assert form["inspection"].value() == str(Inspection.objects.get().uuid)


def test_inspection_edit_changes_and_counts_the_version(season, pair, client):
    saved = enter(season, pair, **{"result-B1": "no_fault"})
    form = visit_of(season, who=[pair.first, pair.second], note="补记", version="1", uuid=saved.uuid)
    response = client.post(page("inspection-edit", season, saved.uuid), form)
    assert response.status_code == 302
    saved.refresh_from_db()
    assert (saved.note, saved.version, saved.assessors.count(), marks()) == ("补记", 2, 2, {})
    entry = AuditEntry.objects.get(act="inspection.update")
    assert (entry.before["note"], entry.after["note"]) == ("", "补记")


def test_inspection_edit_with_a_day_no_clock_can_turn_says_so(season, pair, client):
    saved = enter(season, pair)
    form = visit_of(season, who=[pair.first], day="0001-01-01", version="1", uuid=saved.uuid)
    response = client.post(page("inspection-edit", season, saved.uuid), form)
    assert errors(response)["day"] == ["Inspections lie between 2009-09-01 and 2010-01-31."]


@pytest.mark.parametrize("version", ["abc", "1.5", "9" * 5000])
def test_inspection_edit_with_a_version_that_is_none_writes_nothing(season, pair, client, version):
    saved = enter(season, pair)
    form = visit_of(season, who=[pair.first], note="补记", version=version, uuid=saved.uuid)
    response = client.post(page("inspection-edit", season, saved.uuid), form)
    assert "version" in errors(response)
    assert response.context["entry"].version == 0
    saved.refresh_from_db()
    assert (saved.note, saved.version) == ("", 1)


def test_inspection_edit_keeps_an_assessor_whose_interest_was_found_since(season, pair, client):
    saved = enter(season, pair, assessors=[f"{name}-2009" for name in ("first", "second")])
    declare(season, pair.second, starts_on=season.facts_from)
    address = page("inspection-edit", season, saved.uuid)
    assert client.get(address).context["form"]["assessors"].value() == ["first-2009", "second-2009"]
    form = visit_of(season, who=[pair.first, pair.second], note="补记", version="1", uuid=saved.uuid)
    assert client.post(address, form).status_code == 302
    saved.refresh_from_db()
    assert (saved.note, saved.assessors.count()) == ("补记", 2)


def test_assessors_are_those_without_an_interest_on_the_day(season, pair):
    declare(season, pair.second, starts_on=date(2009, 11, 10), ends_on=date(2009, 11, 20))
    free = [
        [one.username for one in assessors_for(department(season), on=date(2009, 11, day))] for day in (9, 10, 20, 21)
    ]
    assert free == [["first-2009", "second-2009"], ["first-2009"], ["first-2009"], ["first-2009", "second-2009"]]


def test_inspection_edit_sent_twice_changes_nothing_more(season, pair, client):
    saved = enter(season, pair)
    form = visit_of(season, who=[pair.first], note="补记", version="1", uuid=saved.uuid)
    for _time in range(2):
        assert client.post(page("inspection-edit", season, saved.uuid), form).status_code == 302
    saved.refresh_from_db()
    assert saved.version == 2


def test_inspection_edit_of_a_stale_text_shows_both_and_writes_nothing(season, pair, client):
    saved = enter(season, pair)
    address = page("inspection-edit", season, saved.uuid)
    theirs = visit_of(season, who=[pair.first], note="他人所写", version="1", uuid=saved.uuid) | {
        "result-B1": "no_fault"
    }
    client.post(address, theirs)
    mine = visit_of(season, who=[pair.first], note="我所写", version="1", uuid=saved.uuid) | {"urged-B2": "1"}
    response = client.post(address, mine)
    assert errors(response)["__all__"][0].startswith("Somebody else has changed this inspection meanwhile.")
    text = response.content.decode()
    assert "他人所写" in text
    assert "我所写" in text
    assert "Saved meanwhile: No fault" in words(parsed(response))
    saved.refresh_from_db()
    assert (saved.note, saved.version, list(marks())) == ("他人所写", 2, ["B1"])
    client.post(address, mine | {"version": str(response.context["entry"].version)})
    saved.refresh_from_db()
    assert (saved.note, saved.version, list(marks())) == ("我所写", 3, ["B2"])


def test_inspection_edit_is_for_its_assessors_and_the_lead(season, pair):
    saved = enter(season, pair)
    address = page("inspection-edit", season, saved.uuid)
    lead = make_actor(season, Role.TEAM_LEAD)
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    assert [reader(actor).get(address).status_code for actor in (pair.first, lead, pair.second, own)] == [
        200,
        200,
        403,
        403,
    ]


def test_inspection_shows_marks_lines_and_what_may_be_confirmed(season, pair):
    saved = enter(season, pair, **{"result-B1": "no_fault", "urged-B3": "1", "note-B3": "限期"})
    make_deduction(season, "B2", by=pair.first, inspection=saved)
    response = reader(pair.second).get(page("inspection", season, saved.uuid))
    detail = response.context["detail"]
    assert detail.counts == {"not_examined": 26, "no_fault": 1, "not_applicable": 0, "deducted": 1}
    assert detail.confirmable == 1
    assert "Confirm its 1 line" in words(parsed(response))


def test_inspection_shows_its_department_neither_names_nor_notes_nor_unconfirmed_lines(season, pair):
    saved = enter(season, pair, note="内部", **{"urged-B3": "1", "note-B3": "限期", "note-B4": "疑点"})
    make_deduction(season, "B2", by=pair.first, inspection=saved)
    head = make_actor(season, Role.HEAD, department=department(season))
    text = words(parsed(reader(head).get(page("inspection", season, saved.uuid))))
    assert "限期" in text
    assert "Assessment team" in text
    for hidden in ("内部", "疑点", "first-2009", "−1.00"):
        assert hidden not in text
    other = make_actor(season, Role.HEAD, department=department(season, "教务处"))
    assert reader(other).get(page("inspection", season, saved.uuid)).status_code == 404


@pytest.mark.parametrize("role", [Role.HEAD, Role.ASSESSOR])
def test_inspection_tells_its_department_of_clean_rules_only_once_no_line_waits(season, pair, role):
    """Whoever reads which rules were found clean, and which not examined, would know where a line waits."""
    saved = enter(season, pair, **{"result-B1": "no_fault", "urged-B3": "1"})
    confirmed = make_deduction(season, "S1a", by=pair.first, confirmed_by=pair.second, inspection=saved)
    waiting = make_deduction(season, "B2", by=pair.first, inspection=saved)
    own = make_actor(season, role, department=department(season))

    def shown(actor):
        detail = load_inspection(actor, saved)
        return [rule.priced.code for group in detail.groups for rule in group.rules]

    assert shown(own) == ["S1a", "B3"]
    assert len(shown(pair.second)) == 28
    text = words(parsed(reader(own).get(page("inspection", season, saved.uuid))))
    for betraying in ("No fault", "Not examined", "Not applicable"):
        assert betraying not in text
    withdraw_deduction(waiting, by=pair.first, at=NOON, because="看错")
    assert len(shown(own)) == 28
    assert confirmed.amount == 1


def test_inspection_confirm_confirms_all_its_lines(season, pair):
    saved = enter(season, pair)
    lines = [make_deduction(season, code, by=pair.first, inspection=saved) for code in ("B2", "S1a")]
    reader(pair.second).post(page("inspection-confirm", season, saved.uuid))
    for line in lines:
        line.refresh_from_db()
    assert [line.state for line in lines] == ["confirmed", "confirmed"]


def test_inspection_confirm_in_an_own_department_is_refused(season, pair):
    saved = enter(season, pair)
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    assert reader(own).post(page("inspection-confirm", season, saved.uuid)).status_code == 403
    assert reader(pair.second).post(page("inspection-confirm", season, uuid.uuid4())).status_code == 404


def test_inspection_form_shows_what_was_found_before(season, pair, client, address):
    enter(season, pair, **{"urged-B3": "1", "note-B3": "限期"})
    make_deduction(season, "B2", by=pair.first)
    response = client.get(address, {"department": str(department(season).uuid)})
    text = words(parsed(response))
    assert "Urged on 2009-11-20 限期" in text
    assert "1 deduction so far" in text


@pytest.mark.parametrize("number", [1, 3])
def test_inspections_asks_the_same_queries_at_any_size(season, pair, number, django_assert_num_queries):
    for _one in range(number):
        make_deduction(season, "P1", by=pair.first, inspection=enter(season, pair))
    client = reader(pair.second)
    with django_assert_num_queries(10):
        response = client.get(page("inspections", season))
    assert [row.lines for row in response.context["page"].rows] == [1] * number
