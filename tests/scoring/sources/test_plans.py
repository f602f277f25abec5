"""Plans as facts: what was submitted counts, not what is being written; marks; duties and what is owed."""

from datetime import date

import pytest

from campaigns.enums import MarkReason, ObligationKind, Role
from campaigns.models import Attachment, Obligation, PlanItem
from campaigns.services.duties import change_duty, end_duty
from campaigns.services.obligations import extend_obligation, make_obligations
from campaigns.services.plan_marks import mark_item, withdraw_mark
from scoring.queries.sources.plans import read_plan
from scoring.services.announcements import announce
from tests.campaigns.flow_working import HEAD, IN_TIME, LATE, LATER, actor, give_back, make_plan, submit
from tests.campaigns.handing_in import make_attachment
from tests.campaigns.writing_working import make_duty
from tests.factories import department, make_actor
from tests.scoring.sources.paper_rows import DAY, HOME, OTHER, merge, read, shown


@pytest.fixture
def head(season):
    return actor(season, HEAD, place=HOME)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def plan(season):
    return make_plan(season)


def facts_of(season, **values):
    return read(read_plan, season, **values)


def items_of(plan):
    return list(PlanItem.objects.filter(plan=plan, removed_at__isnull=True))


def serve(plan, duty, place=0):
    items_of(plan)[place].duties.add(duty)


def mark(plan, by, *, place=0, reason=MarkReason.NOT_CONCRETE, number=1):
    target = items_of(plan)[place].uuid
    return mark_item(plan, number=number, target=target, reason=reason, note="没有频次", by=by, at=LATER)


def again(plan, head, office, at=LATER, **changed):
    """Return the plan to the department, change its first item and submit it again."""
    give_back(plan, office, at=at)
    PlanItem.objects.filter(pk=items_of(plan)[0].pk).update(**changed)
    return submit(plan, head, at=at)


def test_department_without_anything(season):
    facts = facts_of(season)
    assert (facts.uuid, facts.texts, facts.marks, facts.duties, facts.elsewhere) == (None, (), (), (), {})


def test_draft_is_no_plan(season, plan):
    serve(plan, make_duty(season))
    facts = facts_of(season)
    assert (facts.uuid, facts.texts, facts.latest) == (None, (), None)
    assert facts.owed.deadline == date(2009, 11, 6)


def test_what_is_changed_after_submitting_is_not_read(season, plan, head, office):
    submit(plan, head, at=IN_TIME)
    give_back(plan, office)
    PlanItem.objects.filter(plan=plan).update(incentive="表彰")
    facts = facts_of(season)
    assert [item.incentive for item in facts.latest.items] == ["", ""]
    assert facts.owed is None


def test_every_version_is_read_oldest_first_by_its_day(season, plan, head, office):
    submit(plan, head, at=IN_TIME)
    again(plan, head, office, incentive="表彰")
    facts = facts_of(season)
    assert facts.uuid == plan.uuid
    assert [(text.number, text.submitted_on) for text in facts.texts] == [
        (1, date(2009, 11, 6)),
        (2, date(2009, 11, 20)),
    ]
    assert [text.items[0].incentive for text in facts.texts] == ["", "表彰"]


def test_word_file_of_a_version_is_read_by_name_and_content(season, plan, head):
    attachment = make_attachment(season, plan.department, kind="plan", owner=plan, by_id=head.user_id, at=LATE)
    plan.word_file = attachment
    plan.save()
    submit(plan, head)
    stored = Attachment.objects.select_related("file").get(pk=attachment.pk).file
    word = facts_of(season).latest.word
    assert (word.name, word.sha256) == ("a.pdf", stored.sha256)


def test_marks_are_read_with_the_item_as_it_was_marked_but_not_withdrawn_ones(season, plan, head, office, assessor):
    submit(plan, head, at=IN_TIME)
    kept = mark(plan, assessor)
    withdraw_mark(mark(plan, assessor, place=1), by=assessor, at=LATER)
    again(plan, head, office, measure="每周一检查")
    (note,) = facts_of(season).marks
    assert (note.uuid, note.page, note.reason, note.note) == (kept.uuid, plan.uuid, "not-concrete", "没有频次")
    assert (note.noted_on, note.version, note.submitted_on) == (date(2009, 11, 20), 1, date(2009, 11, 6))
    assert (note.item.title, note.item.measure) == ("借阅服务", "借阅服务的举措")


def test_standing_duties_of_the_department_alone_are_read(season, plan, head, office):
    first = make_duty(season, "1", "采购图书", source="24号文")
    end_duty(make_duty(season, "2", "装订"), by_id=office.user_id, at=LATER)
    make_duty(season, "3", "体育场地", home=OTHER)
    (duty,) = facts_of(season).duties
    assert (duty.uuid, duty.number, duty.text, duty.source) == (first.uuid, "1", "采购图书", "24号文")
    assert duty.page == department(season, HOME).uuid


def test_extension_is_the_deadline_and_what_is_met_is_not_owed(season, plan, head, office):
    row = Obligation.objects.get(department__name=HOME, kind=ObligationKind.PLAN_ELECTRONIC)
    extend_obligation(row, until=date(2009, 11, 25), reason="搬迁", version="2009-11-06", by=office, at=IN_TIME)
    owed = facts_of(season).owed
    assert (owed.uuid, owed.name, owed.deadline) == (row.uuid, "活动方案电子文档", date(2009, 11, 25))
    submit(plan, head)
    assert facts_of(season).owed is None


def test_what_is_owed_no_more_is_not_read(season, plan):
    Obligation.objects.filter(kind=ObligationKind.PLAN_ELECTRONIC).update(dropped_at=LATER)
    assert facts_of(season).owed is None


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow(season, office, assessor, rows, django_assert_num_queries):
    plan = make_plan(season, items=[f"条目{number}" for number in range(rows)])
    head = actor(season, HEAD, place=HOME)
    for number in range(rows):
        serve(plan, make_duty(season, str(number)), number)
    submit(plan, head, at=IN_TIME)
    for number in range(rows):
        mark(plan, assessor, place=number)
    for _number in range(rows - 1):
        again(plan, head, office)
    place = department(season, HOME)
    with django_assert_num_queries(5):
        facts = read_plan(place, DAY)
    assert (len(facts.texts), len(facts.marks), len(facts.duties), len(facts.latest.items)) == (rows,) * 4


# --- with its detectors


def test_item_without_incentive_is_shown_until_it_is_mended_however_late(season, plan, head, office):
    PlanItem.objects.filter(plan=plan, title="开放时间").update(incentive="表彰")
    submit(plan, head, at=IN_TIME)
    key = f"P2|plan-item:{items_of(plan)[0].uuid}"
    assert shown(season, "P2") == [(key, 1, "proven", date(2009, 11, 6))]
    assert shown(season, "P5") == []
    again(plan, head, office, incentive="表彰")
    assert shown(season, "P2") == []


def test_item_without_service_is_shown_unless_it_names_a_department(season, plan, head):
    PlanItem.objects.filter(plan=plan).update(service="")
    first, second = items_of(plan)
    second.cooperating.add(department(season, OTHER))
    submit(plan, head)
    assert shown(season, "P5") == [(f"P5|plan-item:{first.uuid}", 1, "proven", date(2009, 11, 10))]


def test_duty_reworded_or_numbered_anew_stays_served(season, plan, head, office):
    reworded, renumbered = make_duty(season, "1", "采购图书"), make_duty(season, "2", "装订期刊")
    missing = make_duty(season, "3", "读者培训")
    serve(plan, reworded)
    serve(plan, renumbered, 1)
    submit(plan, head, at=IN_TIME)
    change_duty(reworded, number="1", text="采购图书和期刊", source="", by_id=office.user_id, at=LATER)
    change_duty(renumbered, number="9", text="装订期刊", source="", by_id=office.user_id, at=LATER)
    assert shown(season, "P3") == [(f"P3|duty:{missing.uuid}", 1, "proven", date(2009, 11, 6))]


def test_department_without_a_plan_gets_no_points_for_days_before_the_announcement(season, office):
    make_obligations(season)
    duty = make_duty(season)
    key = f"P3|duty:{duty.uuid}"
    assert shown(season, "P3", on=date(2009, 11, 6)) == []
    assert shown(season, "P3") == [(key, 1, "no-record", date(2009, 11, 6))]
    announce(season, kind="plan", starts_on=date(2009, 11, 6), by=office, at=IN_TIME)
    assert shown(season, "P3") == [(key, 1, "proven", date(2009, 11, 6))]


def test_marked_items_are_shown_until_rewritten(season, plan, head, office, assessor):
    submit(plan, head, at=IN_TIME)
    mark(plan, assessor)
    mark(plan, assessor, reason=MarkReason.BELOW_STANDARD)
    first = items_of(plan)[0]
    assert shown(season, "P1") == [(f"P1|plan-item:{first.uuid}", 1, "proven", date(2009, 11, 6))]
    assert shown(season, "P4") == [(f"P4|plan-item:{first.uuid}", 1, "proven", date(2009, 11, 6))]
    again(plan, head, office, standard="等候不超过3分钟")
    assert (shown(season, "P1"), shown(season, "P4")) == ([], [])


def test_duty_of_a_merged_department_is_served_by_the_plan_it_was_in(season, plan, head, office):
    serve(plan, make_duty(season, "1", "采购图书"))
    submit(plan, head, at=IN_TIME)
    theirs = make_plan(season, OTHER)
    there, missing = make_duty(season, "1", "体育场地", home=OTHER), make_duty(season, "2", "运动会", home=OTHER)
    serve(theirs, there)
    submit(theirs, actor(season, HEAD, place=OTHER), at=IN_TIME)
    assert shown(season, "P3") == []
    merge(season, office)
    there.refresh_from_db()
    assert (there.number, there.department.name) == ("2", HOME)
    assert facts_of(season).elsewhere == {there.uuid: ("1 体育场地",)}
    assert shown(season, "P3") == [(f"P3|duty:{missing.uuid}", 1, "proven", date(2009, 11, 6))]
    assert shown(season, "P3", home=OTHER) == []


def test_plan_of_another_season_or_department_is_not_read(season, plan, head):
    other = make_plan(season, OTHER)
    submit(other, actor(season, HEAD, place=OTHER))
    assert facts_of(season).texts == ()
    assert len(facts_of(season, home=OTHER).texts) == 1


def test_item_leads_to_the_page_of_its_plan(season, plan, head):
    submit(plan, head)
    facts = facts_of(season)
    item = facts.item_fact(facts.latest.items[0], facts.latest)
    assert (item.page, item.frozen()["values"]["measure"]) == (plan.uuid, "借阅服务的举措")
