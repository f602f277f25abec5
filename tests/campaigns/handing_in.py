"""One record of everything a department hands in, for tests that need an object of each kind."""

import hashlib
from datetime import timedelta

from campaigns.enums import ReceiptKind
from campaigns.facts import PlanContent
from campaigns.models import (
    Attachment,
    Attendance,
    Contest,
    ContestEntry,
    Delegation,
    DepartmentLeader,
    Invitation,
    Obligation,
    Plan,
    PlanItem,
    PlanMark,
    PlanPart,
    PlanReading,
    PlanVersion,
    Proposal,
    Receipt,
    Sitting,
    StudySession,
    Suggestion,
    Volume,
)
from qualityseason.models import StoredFile
from tests.factories import make_user

READ_NOTHING = {"version": 1, "kind": "word", "title": "", "parts": [], "items": []}


def make_file(*, by_id, content="x", is_upload=False, name="a.pdf"):
    """Return the row of a file whose content is not in the store."""
    return StoredFile.objects.create(
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        name=name,
        media_type="application/pdf",
        size=len(content),
        stored_by_id=by_id,
        is_upload=is_upload,
    )


def make_attachment(season, place, *, kind, owner, by_id, at, **values):
    """Return a file attached to a record."""
    return Attachment.objects.create(
        campaign=season,
        department=place,
        owner_kind=kind,
        owner_uuid=owner.uuid,
        file=values.pop("file", None) or make_file(by_id=by_id),
        added_by_id=by_id,
        added_at=at,
        **values,
    )


def make_submitted_plan(season, place, *, by_id, at, number=1, state="returned"):
    """Return the plan of a department with one part, one item and one version that says nothing."""
    plan = Plan.objects.create(
        campaign=season, department=place, title="方案", state=state, created_at=at, submitted_at=at, changed_at=at
    )
    PlanPart.objects.create(plan=plan, code="", title="其他", text="正文")
    PlanItem.objects.create(plan=plan, title="条目")
    PlanVersion.objects.create(
        plan=plan,
        number=1,
        code=f"AAAA-{number:04}",
        content=PlanContent(title="方案").as_json(),
        digest="0" * 64,
        submitted_at=at,
        submitted_by_id=by_id,
    )
    return plan


def make_handed_in(season, place, person, *, by_id, number, at):
    """Return the objects of the urls that name one, by the name of the url."""
    obligation = Obligation.objects.filter(campaign=season, department=place).order_by("pk").first()
    attachment = make_attachment(season, place, kind="obligation", owner=obligation, by_id=by_id, at=at)
    session = StudySession.objects.create(
        campaign=season, department=place, topic="学习", entered_by_id=by_id, entered_at=at
    )
    Sitting.objects.create(session=session, starts_at=at)
    invitation = Invitation.objects.create(session=session, post="in-charge", name="某某", invited_on=at.date())
    leave = Attendance.objects.create(session=session, person=person, status="sick")
    suggestion = Suggestion.objects.create(session=session, text="建议")
    plan = make_submitted_plan(season, place, by_id=by_id, at=at, number=number)
    version = plan.versions.get()
    PlanReading.objects.create(plan=plan, attachment=attachment, content=READ_NOTHING, read_by_id=by_id, read_at=at)
    mark = PlanMark.objects.create(
        plan=plan, version=version, target=plan.items.get().uuid, reason="not-concrete", by_id=by_id, at=at
    )
    receipt = Receipt.objects.create(
        campaign=season,
        number=1,
        kind=ReceiptKind.ELECTRONIC,
        department=place,
        version=version,
        received_on=at.date(),
        received_by_id=by_id,
        entered_at=at,
    )
    contest = Contest.objects.create(campaign=season, judged_until=at.date(), opened_by_id=by_id, opened_at=at)
    entry = ContestEntry.objects.create(contest=contest, plan=plan, version=version)
    volume = Volume.objects.create(
        campaign=season,
        kind="plans",
        digest="0",
        file=attachment.file,
        pages=1,
        entries=1,
        made_by_id=by_id,
        made_at=at,
    )
    proposal = Proposal.objects.create(
        campaign=season,
        department=place,
        kind="staff-leave",
        staff_member=person,
        values={"ends_on": at.date().isoformat()},
        reason="调走",
        proposed_by_id=by_id,
        proposed_at=at,
    )
    leader = DepartmentLeader.objects.create(campaign=season, department=place, post="liaison", name="某某")
    delegation = Delegation.objects.create(
        campaign=season,
        department=place,
        head_id=by_id,
        delegate=make_user(f"delegate-{number}"),
        starts_on=at.date(),
        ends_on=at.date() + timedelta(days=1),
        given_at=at,
    )
    objects = {
        "obligation": obligation,
        "obligation-hand-in": obligation,
        "obligation-extend": obligation,
        "uploaded": make_file(by_id=by_id, is_upload=True),
        "attachment": attachment,
        "attachment-open": attachment,
        "attachment-pages": attachment,
        "attachment-page": attachment,
        "attachment-add": obligation,
        "attachment-replace": attachment,
        "attachment-remove": attachment,
        "proposal": proposal,
        "leader-remove": leader,
        "delegation-end": delegation,
        "invitation-remark": invitation,
        "invitation-answer": invitation,
        "leave": leave,
        "suggestion-add": session,
        "suggestion": suggestion,
        "plan-mark-withdraw": mark,
        "receipt-electronic": version,
        "receipt": receipt,
        "receipt-print": receipt,
        "contest-ballot": entry,
        "volume-file": volume,
    }
    objects |= dict.fromkeys(["session", *(f"session-{name}" for name in SESSION_PAGES)], session)
    objects |= dict.fromkeys(["plan", *(f"plan-{name}" for name in PLAN_PAGES)], plan)
    return {f"campaigns:{name}": found for name, found in objects.items()}


SESSION_PAGES = ("edit", "cancel", "roll", "minutes", "sign-in")
PLAN_PAGES = (
    "write",
    "title",
    "part",
    "section-new",
    "section-remove",
    "item-new",
    "item",
    "item-remove",
    "item-move",
    "template",
    "bring-in",
    "reading",
    "request",
    "recall",
    "submit",
    "review",
    "approve",
    "version",
    "changes",
    "print",
    "marks",
)
