"""Closing summaries and materials: begun, written, submitted, returned, approved, received; and what they meet."""

import uuid
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import ObligationKind, PlanState, ResponsibilityCode, Role
from campaigns.models import (
    Interest,
    Obligation,
    PlanVersion,
    Receipt,
    Summary,
    SummaryPart,
    SummaryRemark,
)
from campaigns.queries.paper_gaps import paper_gaps
from campaigns.queries.receipts import receipts_page
from campaigns.services.paper_parts import add_section, save_part
from campaigns.services.paper_workflow import recall_paper, request_confirmation
from campaigns.services.receipts import receive_electronic
from campaigns.services.summaries import start_summary
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, StoredFile
from tests.campaigns.flow_working import HEAD, OFFICE, STAFF, actor, again, hand_over
from tests.campaigns.people_working import actor_of, make_receiver
from tests.campaigns.summary_working import (
    EXPERIENCE,
    FEATURE,
    FIVE,
    SUMMARY,
    approve,
    begin,
    give_back,
    submit,
    write,
    writer_of,
)
from tests.factories import NOON, SHANGHAI, department

LATE = datetime(2010, 1, 2, 9, 0, tzinfo=SHANGHAI)  # two days after the 31st
LATER = datetime(2010, 1, 5, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def head(season):
    return actor(season, HEAD, place="图书馆", name="王馆长", at=NOON)


@pytest.fixture
def liaison(season):
    return writer_of(season)


@pytest.fixture
def office(season):
    return actor(season, OFFICE, name="办公室小陈", at=NOON)


@pytest.fixture
def summary(season, liaison):
    return begin(season, liaison)


def owed(season, kind=ObligationKind.SUMMARY):
    return Obligation.objects.get(department=department(season), kind=kind)


def upload(by):
    return StoredFile.objects.create(
        sha256="a" * 64,
        name="签字稿.pdf",
        media_type="application/pdf",
        size=3,
        stored_by_id=by.user_id,
        is_upload=True,
    )


# --- begun


def test_summary_is_begun_once_in_the_parts_of_the_season(season, summary, head):
    parts = SummaryPart.objects.filter(summary=summary)
    assert [(part.code, part.title) for part in parts] == [
        ("part-1", "实施成效"),
        ("part-2", "存在的问题"),
        ("part-3", "原因剖析"),
        ("part-4", "问题处理"),
        ("part-5", "改进举措"),
    ]
    assert begin(season, head) == summary
    assert summary.title.startswith("图书馆")
    assert AuditEntry.objects.get(act="summary.start").after["kind"] == "summary"


def test_materials_are_as_many_as_wanted_and_one_form_makes_one(season, liaison):
    first = uuid.uuid4()
    made = [begin(season, liaison, kind=kind, new=first if kind == FEATURE else None) for kind in (FEATURE, EXPERIENCE)]
    assert begin(season, liaison, kind=FEATURE, new=first) == made[0]
    begin(season, liaison, kind=FEATURE)
    assert Summary.objects.filter(kind=FEATURE).count() == 2
    assert not SummaryPart.objects.exists()
    with pytest.raises(Refused) as refusal:
        begin(season, liaison, kind=EXPERIENCE, new=first)
    assert refusal.value.refusal_code == "used"


def test_thirty_materials_are_enough(season, liaison, monkeypatch):
    monkeypatch.setattr("campaigns.services.summaries.MAXIMUM_PIECES", 1)
    begin(season, liaison, kind=FEATURE)
    with pytest.raises(Refused) as refusal:
        begin(season, liaison, kind=FEATURE)
    assert refusal.value.refusal_code == "many"
    begin(season, liaison)  # the summary is none of them


def test_who_has_an_interest_begins_nothing(season, office):
    place = department(season)
    Interest.objects.create(
        campaign=season, user_id=office.user_id, department=place, reason="配偶", starts_on=season.starts_on
    )
    with pytest.raises(ConflictOfInterest):
        start_summary(place, kind=SUMMARY, uuid=uuid.uuid4(), by=again(season, office, NOON), at=NOON)
    assert not Summary.objects.exists()


# --- written


def test_stale_part_is_refused_and_nothing_lost(summary, liaison):
    part = SummaryPart.objects.get(summary=summary, code="part-2")
    save_part(part, version=1, text="甲写的", by_id=liaison.user_id, at=NOON)
    with pytest.raises(Refused) as refusal:
        save_part(part, version=1, text="乙写的", by_id=liaison.user_id, at=NOON)
    assert (refusal.value.refusal_code, refusal.value.existing.text) == ("stale", "甲写的")
    assert AuditEntry.objects.get(act="summary.part.save").after["text"] == "甲写的"


def test_gaps_are_the_parts_still_empty(summary, liaison):
    write(summary, liaison, parts=["实施成效", "原因剖析"])
    assert [part.title for part in paper_gaps(summary).parts] == ["存在的问题", "问题处理", "改进举措"]
    write(summary, liaison)
    assert paper_gaps(summary).count == 0


def test_submitted_summary_is_closed_to_writers(summary, liaison, head):
    write(summary, liaison)
    submit(summary, head)
    part = SummaryPart.objects.filter(summary=summary).first()
    with pytest.raises(Refused) as refusal:
        save_part(part, version=part.version, text="后来", by_id=liaison.user_id, at=NOON)
    assert refusal.value.refusal_code == "closed"
    with pytest.raises(Refused):
        add_section(summary, uuid=uuid.uuid4(), title="另", text="", by_id=liaison.user_id, at=NOON)


# --- handed in


def test_liaison_asks_the_head_who_submits(season, summary, liaison, head):
    write(summary, liaison)
    request_confirmation(summary, by=liaison, at=NOON)
    recall_paper(summary, by=liaison, at=NOON)
    request_confirmation(summary, by=liaison, at=NOON)
    version = submit(summary, head)
    assert (summary.state, version.number, len(version.code)) == (PlanState.SUBMITTED, 1, 9)
    assert [part["title"] for part in version.content["parts"]] == FIVE
    assert [event.act for event in summary.events.all()] == ["requested", "recalled", "requested", "submitted"]


def test_empty_summary_is_not_submitted_but_an_incomplete_one_is(season, summary, liaison, head):
    with pytest.raises(Refused) as refusal:
        submit(summary, head)
    assert refusal.value.refusal_code == "empty"
    write(summary, liaison, parts=["实施成效"])
    assert submit(summary, head).number == 1


def test_first_submission_meets_the_summary_late_or_not(season, summary, liaison, head, office):
    write(summary, liaison)
    submit(summary, head, at=LATE)
    row = owed(season)
    assert (row.met_at, row.met_by_kind, row.met_by_uuid) == (LATE, "summary", summary.uuid)
    give_back(summary, office, at=LATE)
    submit(summary, head, at=LATER)
    assert (owed(season).met_at, summary.submitted_at) == (LATE, LATE)
    assert owed(season, ObligationKind.PIECE).met_at is None


def test_first_material_meets_what_is_owed_of_materials(season, liaison, head):
    for kind, at in ((FEATURE, NOON), (EXPERIENCE, LATE)):
        piece = begin(season, liaison, kind=kind)
        write(piece, liaison)
        submit(piece, head, at=at)
    assert (owed(season, ObligationKind.PIECE).met_at, owed(season).met_at) == (NOON, None)


def test_liaison_does_not_submit_but_a_delegate_does(season, summary, liaison, head):
    write(summary, liaison)
    with pytest.raises(PermissionDenied):
        submit(summary, liaison)
    submit(summary, hand_over(season, head, liaison, at=datetime(2009, 12, 21, 9, 0, tzinfo=SHANGHAI)))
    assert summary.events.get().on_behalf_of_id == head.user_id


def test_office_submits_with_the_signed_paper_alone(summary, liaison, office):
    write(summary, liaison)
    with pytest.raises(Refused) as refusal:
        submit(summary, office, note="馆长已签字")
    assert refusal.value.refusal_code == "signed"
    submit(summary, office, note="馆长已签字", signed=[upload(office).uuid])
    assert (summary.state, summary.events.get().note) == (PlanState.SUBMITTED, "馆长已签字")


def test_office_returns_with_remarks_to_parts_and_approves_the_next(season, summary, liaison, head, office):
    write(summary, liaison)
    submit(summary, head)
    part = summary.parts.first()
    give_back(summary, office, note="", remarks={part.uuid: "写出数字"})
    assert (summary.state, SummaryRemark.objects.get().text) == (PlanState.RETURNED, "写出数字")
    submit(summary, head)
    approve(summary, office)
    assert (summary.state, summary.approved_at, summary.versions.count()) == (PlanState.APPROVED, NOON, 2)


def test_who_has_an_interest_decides_nothing(season, summary, liaison, head, office):
    write(summary, liaison)
    submit(summary, head)
    Interest.objects.create(
        campaign=season,
        user_id=office.user_id,
        department=summary.department,
        reason="配偶",
        starts_on=season.starts_on,
    )
    with pytest.raises(ConflictOfInterest):
        approve(summary, again(season, office, NOON))


def test_code_of_a_summary_names_no_plan(season, summary, liaison, head, monkeypatch):
    codes = iter(["AAAA-2222", "BBBB-2222"])
    monkeypatch.setattr("campaigns.services.paper_workflow.version_code", lambda *args, **values: next(codes))
    from tests.campaigns.people_working import make_version

    make_version(season, "工会", code="AAAA-2222")
    write(summary, liaison)
    assert submit(summary, head).code == "BBBB-2222"
    assert PlanVersion.objects.count() == 1


# --- received


@pytest.fixture
def personnel(season):
    return actor_of(make_receiver(season, ResponsibilityCode.ELECTRONIC_RECEIVER, "组织人事处"), season)


def test_e_copy_is_confirmed_once_with_the_day_it_was_submitted(season, summary, liaison, head, personnel):
    write(summary, liaison)
    version = submit(summary, head, at=LATE)
    page = receipts_page(personnel, on=LATER.date())
    assert [(row.what, row.days_late) for row in page.electronic] == [(str(SUMMARY.label), 2)]
    assert page.paper == ()
    receipt = receive_electronic(version, by=personnel, at=LATER)
    assert receive_electronic(version, by=personnel, at=LATER) == receipt
    assert (receipt.submitted, receipt.version, receipt.received_on) == (version, None, LATE.date())
    assert (receipt.number, receipt.obligation) == (1, owed(season))
    page = receipts_page(personnel, on=LATER.date())
    assert (page.electronic, [(row.number, row.days_late) for row in page.rows]) == ((), [(1, 2)])


def test_superseded_summary_is_not_confirmed(summary, liaison, head, office, personnel):
    write(summary, liaison)
    first = submit(summary, head)
    give_back(summary, office)
    submit(summary, head)
    with pytest.raises(Refused) as refusal:
        receive_electronic(first, by=personnel, at=NOON)
    assert refusal.value.refusal_code == "superseded"
    assert not Receipt.objects.exists()


def test_only_the_material_that_was_owed_is_late(season, liaison, head, personnel):
    for kind, at in ((FEATURE, LATE), (EXPERIENCE, LATER)):
        piece = begin(season, liaison, kind=kind)
        write(piece, liaison)
        receive_electronic(submit(piece, head, at=at), by=personnel, at=LATER)
    rows = receipts_page(personnel, on=LATER.date()).rows
    assert [(row.what, row.days_late) for row in rows] == [(str(EXPERIENCE.label), 0), (str(FEATURE.label), 2)]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR])
def test_others_confirm_nothing(season, summary, liaison, head, role):
    write(summary, liaison)
    version = submit(summary, head)
    with pytest.raises(PermissionDenied):
        receive_electronic(version, by=actor(season, role, username="other"), at=NOON)


def test_liaison_of_another_department_asks_nothing(season, summary, liaison):
    write(summary, liaison)
    with pytest.raises(PermissionDenied):
        request_confirmation(summary, by=actor(season, STAFF, place="工会"), at=NOON)
