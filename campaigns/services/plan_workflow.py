"""A plan's way: the head asked, submitted, returned with remarks, approved. The only writer of its states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.calculations.plan_text import says_nothing
from campaigns.calculations.plans import digest_of, version_code
from campaigns.enums import ObligationKind, PlanAct, PlanState, Role
from campaigns.facts import PlanContent
from campaigns.models import Delegation, Plan, PlanEvent, PlanRemark, PlanVersion
from campaigns.queries.plan_content import content_of
from campaigns.services.attachments import attach_uploads
from campaigns.services.obligations import meet_obligations
from campaigns.services.plan_steps import (
    go,
    latest_version,
    locked,
    not_allowed,
    require_office,
    require_state,
    understood_note,
)
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import tidy

SIGNED = "signed"  # the slot of the signed paper


@dataclass(frozen=True)
class Submission:
    """What a submission led to: new unless it was sent before, unchanged when it says what the version before says."""

    version: PlanVersion
    is_new: bool
    is_unchanged: bool


@transaction.atomic
def request_confirmation(plan: Plan, *, by: Actor, at: datetime, note: str = "") -> Plan:
    """Ask the head to read and submit the plan (请负责人确认); asked again it stays as it is.

    Raises Refused when the plan says nothing or is in other hands.
    """
    plan = locked(plan)
    if plan.state == PlanState.REQUESTED:
        return plan
    if not policy.can_hand_in(by, plan.department_id):
        raise not_allowed(by, plan)
    require_state(plan, PlanAct.REQUESTED)
    _require_words(content_of(plan))
    return go(plan, PlanAct.REQUESTED, by=by, at=at, note=understood_note(note, "note"))


@transaction.atomic
def recall_plan(plan: Plan, *, by: Actor, at: datetime) -> Plan:
    """Take the plan back to the draft before the head has submitted it."""
    plan = locked(plan)
    if not policy.can_hand_in(by, plan.department_id):
        raise not_allowed(by, plan)
    if plan.state == PlanState.DRAFT:
        return plan
    require_state(plan, PlanAct.RECALLED)
    return go(plan, PlanAct.RECALLED, by=by, at=at)


@transaction.atomic
def submit_plan(
    plan: Plan, *, by: Actor, digest: str, at: datetime, signed: Sequence[UUID] = (), note: str = ""
) -> Submission:
    """Submit the text whose `digest` the person has seen, for good, as the next version.

    The first complete submission is the electronic receipt: its time meets what is owed, late or not. The office does
    it with the signed paper and a note. The same text sent twice is one version. Raises Refused: `stale` when the text
    is another by now, `empty`, `state`, `signed`, `note`.
    """
    plan = locked(plan)
    content = content_of(plan)
    now = digest_of(content)
    last = latest_version(plan)
    if plan.state == PlanState.SUBMITTED and last is not None and last.digest == digest and _may_submit(by, plan):
        return Submission(last, is_new=False, is_unchanged=False)
    require_state(plan, PlanAct.SUBMITTED)
    if not policy.can_submit_plan(by, plan):
        raise not_allowed(by, plan)
    _require_words(content)
    if digest != now:
        message = _("The plan was changed after you opened this page. This is the new text: read it, then submit.")
        raise Refused(message, code="stale")
    note = understood_note(note, "note")
    if is_for_department(by, plan):
        _take_paper(plan, signed, note, by=by, at=at)
    version = _make_version(plan, content, now, last, by=by, at=at)
    plan.submitted_at = plan.submitted_at or at
    plan.approved_at = None
    plan.save(update_fields=["submitted_at", "approved_at"])
    head_id = handed_over_by(by, plan, at=at)
    go(plan, PlanAct.SUBMITTED, by=by, at=at, version=version, note=note, on_behalf_of=head_id)
    meet_obligations(
        plan.department,
        ObligationKind.PLAN_ELECTRONIC,
        met_at=plan.submitted_at,
        by_kind="plan-version",
        by_uuid=version.uuid,
        by_id=by.user_id,
        at=at,
    )
    return Submission(version, is_new=True, is_unchanged=last is not None and last.digest == now)


@transaction.atomic
def return_plan(plan: Plan, *, by: Actor, number: int, note: str, remarks: Mapping[UUID, str], at: datetime) -> Plan:
    """Give version `number` back to the department with remarks to items and parts, or a general note.

    Raises Refused: `stale` when a newer version has come, `remarks` when nothing was written, `state`.
    """
    plan = locked(plan)
    require_office(by, plan)
    note = understood_note(note, "note")
    written = {target: understood_note(text, f"remark-{target}") for target, text in remarks.items() if tidy(text)}
    version = _require_version(plan, number)
    if plan.state == PlanState.RETURNED and _was_returned(version, note, written):
        return plan
    require_state(plan, PlanAct.RETURNED)
    if not note and not written:
        raise Refused(_("Say what the department shall mend: in general, or at an item."), field="note", code="remarks")
    known = _targets(version)
    for target in written:
        if str(target) not in known:
            message = _("One of the remarks belongs to nothing in this version. Move it to the general note.")
            raise Refused(message, field="note", code="target")
    PlanRemark.objects.bulk_create(
        PlanRemark(version=version, target=target, text=text) for target, text in written.items()
    )
    plan.approved_at = None
    plan.save(update_fields=["approved_at"])
    return go(plan, PlanAct.RETURNED, by=by, at=at, version=version, note=note, remarks=len(written))


@transaction.atomic
def approve_plan(plan: Plan, *, by: Actor, number: int, at: datetime, note: str = "") -> Plan:
    """Approve version `number`; a second time changes nothing. Raises Refused `stale` or `state`."""
    plan = locked(plan)
    require_office(by, plan)
    version = _require_version(plan, number)
    if plan.state == PlanState.APPROVED:
        return plan
    require_state(plan, PlanAct.APPROVED)
    plan.approved_at = at
    plan.save(update_fields=["approved_at"])
    return go(plan, PlanAct.APPROVED, by=by, at=at, version=version, note=understood_note(note, "note"))


def is_for_department(by: Actor, plan: Plan) -> bool:
    """Whether the actor would submit as the office, on the department's behalf."""
    place = plan.department_id
    return by.has(Role.OFFICE) and place not in by.headed and place not in by.delegated


def handed_over_by(by: Actor, plan: Plan, *, at: datetime) -> int | None:
    """Return the head on whose behalf the actor submits (某某代某某), None for a head and for the office."""
    place = plan.department_id
    if place in by.headed or place not in by.delegated:
        return None
    held = Delegation.objects.filter(department_id=place, delegate_id=by.user_id).in_force(on=day_of(at))
    return held.order_by("-given_at").values_list("head_id", flat=True).first()


def _may_submit(by: Actor, plan: Plan) -> bool:
    place = plan.department_id
    return place in by.headed or place in by.delegated or policy.can_decide_for(by, place)


def _require_words(content: PlanContent) -> None:
    if says_nothing(content):
        message = _("The plan says nothing yet: write a part or an item, or bring in the Word file, then submit.")
        raise Refused(message, code="empty")


def _require_version(plan: Plan, number: int) -> PlanVersion:
    version = latest_version(plan)
    if version is None or version.number != number:
        message = _("The department has submitted a newer version. What you wrote is kept; read the new text first.")
        raise Refused(message, code="stale", existing=version)
    return version


def _take_paper(plan: Plan, signed: Sequence[UUID], note: str, *, by: Actor, at: datetime) -> None:
    if not signed:
        message = _("Attach the paper the head has signed; without it only the head submits.")
        raise Refused(message, field="files", code="signed")
    if not note:
        message = _("Say why the office submits for the department, and who signed when.")
        raise Refused(message, field="note", code="note")
    attach_uploads(
        signed,
        campaign_id=plan.campaign_id,
        department_id=plan.department_id,
        owner_kind="plan",
        owner_uuid=plan.uuid,
        slot=SIGNED,
        by_id=by.user_id,
        at=at,
    )


def _make_version(
    plan: Plan, content: PlanContent, digest: str, last: PlanVersion | None, *, by: Actor, at: datetime
) -> PlanVersion:
    number = last.number + 1 if last else 1
    seed = f"{plan.campaign.slug}/{plan.department.uuid}"
    code, bump = version_code(digest, department=seed, number=number), 0
    while PlanVersion.objects.filter(code=code).exists():
        bump += 1
        code = version_code(digest, department=f"{seed}/{bump}", number=number)
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        code=code,
        content=content.as_json(),
        digest=digest,
        word_file=plan.word_file,
        submitted_at=at,
        submitted_by_id=by.user_id,
    )


def _was_returned(version: PlanVersion, note: str, remarks: dict[UUID, str]) -> bool:
    """Whether the version was returned with these very words, so that this is the same click again."""
    event = PlanEvent.objects.filter(version=version, act=PlanAct.RETURNED, note=note).exists()
    return event and dict(PlanRemark.objects.filter(version=version).values_list("target", "text")) == remarks


def _targets(version: PlanVersion) -> frozenset[str]:
    return frozenset(entry["uuid"] for name in ("parts", "items") for entry in version.content[name])
