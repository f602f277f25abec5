"""The way of a text handed in: the head asked, submitted, returned with remarks, approved.

The only writer of the states of plans and summaries.
"""

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
from campaigns.enums import PlanAct, PlanState, Role
from campaigns.facts import PlanContent
from campaigns.models import Delegation, Plan, PlanVersion, SummaryVersion
from campaigns.models.any_paper import AnyPaper, AnyVersion
from campaigns.queries.paper_content import content_of
from campaigns.services.attachments import attach_uploads
from campaigns.services.obligations import meet_obligations
from campaigns.services.paper_steps import (
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

    version: AnyVersion
    is_new: bool
    is_unchanged: bool


@transaction.atomic
def request_confirmation(paper: AnyPaper, *, by: Actor, at: datetime, note: str = "") -> AnyPaper:
    """Ask the head to read and submit the text (请负责人确认); asked again it stays as it is.

    Raises Refused when it says nothing or is in other hands.
    """
    paper = locked(paper)
    if paper.state == PlanState.REQUESTED:
        return paper
    if not policy.can_hand_in(by, paper.department_id):
        raise not_allowed(by, paper)
    require_state(paper, PlanAct.REQUESTED)
    _require_words(paper, content_of(paper))
    return go(paper, PlanAct.REQUESTED, by=by, at=at, note=understood_note(note, "note"))


@transaction.atomic
def recall_paper(paper: AnyPaper, *, by: Actor, at: datetime) -> AnyPaper:
    """Take the text back to the draft before the head has submitted it."""
    paper = locked(paper)
    if not policy.can_hand_in(by, paper.department_id):
        raise not_allowed(by, paper)
    if paper.state == PlanState.DRAFT:
        return paper
    require_state(paper, PlanAct.RECALLED)
    return go(paper, PlanAct.RECALLED, by=by, at=at)


@transaction.atomic
def submit_paper(
    paper: AnyPaper, *, by: Actor, digest: str, at: datetime, signed: Sequence[UUID] = (), note: str = ""
) -> Submission:
    """Submit the text whose `digest` the person has seen, for good, as the next version.

    The first complete submission is the electronic receipt: its time meets what is owed, late or not. The office does
    it with the signed paper and a note. The same text sent twice is one version. Raises Refused: `stale` when the text
    is another by now, `empty`, `state`, `signed`, `note`.
    """
    paper = locked(paper)
    content = content_of(paper)
    now = digest_of(content)
    last = latest_version(paper)
    if paper.state == PlanState.SUBMITTED and last is not None and last.digest == digest and _may_submit(by, paper):
        return Submission(last, is_new=False, is_unchanged=False)
    require_state(paper, PlanAct.SUBMITTED)
    if not policy.can_submit_plan(by, paper):
        raise not_allowed(by, paper)
    _require_words(paper, content)
    if digest != now:
        message = _("The %(paper)s was changed after you opened this page. This is the new text: read it, then submit.")
        raise Refused(message % {"paper": paper.noun}, code="stale")
    note = understood_note(note, "note")
    if is_for_department(by, paper):
        _take_paper(paper, signed, note, by=by, at=at)
    version = _make_version(paper, content, now, last, by=by, at=at)
    paper.submitted_at = paper.submitted_at or at
    paper.approved_at = None
    paper.save(update_fields=["submitted_at", "approved_at"])
    head_id = handed_over_by(by, paper, at=at)
    go(paper, PlanAct.SUBMITTED, by=by, at=at, version=version, note=note, on_behalf_of=head_id)
    is_plan = isinstance(paper, Plan)
    meet_obligations(
        paper.department,
        paper.obligation,
        met_at=paper.submitted_at,
        by_kind="plan-version" if is_plan else paper.SORT,
        by_uuid=version.uuid if is_plan else paper.uuid,
        by_id=by.user_id,
        at=at,
    )
    return Submission(version, is_new=True, is_unchanged=last is not None and last.digest == now)


@transaction.atomic
def return_paper(
    paper: AnyPaper, *, by: Actor, number: int, note: str, remarks: Mapping[UUID, str], at: datetime
) -> AnyPaper:
    """Give version `number` back to the department with remarks to items and parts, or a general note.

    Raises Refused: `stale` when a newer version has come, `remarks` when nothing was written, `state`.
    """
    paper = locked(paper)
    require_office(by, paper)
    note = understood_note(note, "note")
    written = {target: understood_note(text, f"remark-{target}") for target, text in remarks.items() if tidy(text)}
    version = _require_version(paper, number)
    if paper.state == PlanState.RETURNED and _was_returned(version, note, written):
        return paper
    require_state(paper, PlanAct.RETURNED)
    if not note and not written:
        raise Refused(_("Say what the department shall mend: in general, or at an item."), field="note", code="remarks")
    known = _targets(version)
    for target in written:
        if str(target) not in known:
            message = _("One of the remarks belongs to nothing in this version. Move it to the general note.")
            raise Refused(message, field="note", code="target")
    for target, text in written.items():
        version.remarks.create(target=target, text=text)
    paper.approved_at = None
    paper.save(update_fields=["approved_at"])
    return go(paper, PlanAct.RETURNED, by=by, at=at, version=version, note=note, remarks=len(written))


@transaction.atomic
def approve_paper(paper: AnyPaper, *, by: Actor, number: int, at: datetime, note: str = "") -> AnyPaper:
    """Approve version `number`; a second time changes nothing. Raises Refused `stale` or `state`."""
    paper = locked(paper)
    require_office(by, paper)
    version = _require_version(paper, number)
    if paper.state == PlanState.APPROVED:
        return paper
    require_state(paper, PlanAct.APPROVED)
    paper.approved_at = at
    paper.save(update_fields=["approved_at"])
    return go(paper, PlanAct.APPROVED, by=by, at=at, version=version, note=understood_note(note, "note"))


def is_for_department(by: Actor, paper: AnyPaper) -> bool:
    """Whether the actor would submit as the office, on the department's behalf."""
    place = paper.department_id
    return by.has(Role.OFFICE) and place not in by.headed and place not in by.delegated


def handed_over_by(by: Actor, paper: AnyPaper, *, at: datetime) -> int | None:
    """Return the head on whose behalf the actor submits (某某代某某), None for a head and for the office."""
    place = paper.department_id
    if place in by.headed or place not in by.delegated:
        return None
    held = Delegation.objects.filter(department_id=place, delegate_id=by.user_id).in_force(on=day_of(at))
    return held.order_by("-given_at").values_list("head_id", flat=True).first()


def _may_submit(by: Actor, paper: AnyPaper) -> bool:
    place = paper.department_id
    return place in by.headed or place in by.delegated or policy.can_decide_for(by, place)


def _require_words(paper: AnyPaper, content: PlanContent) -> None:
    if says_nothing(content):
        message = _("The %(paper)s says nothing yet: write its text, or bring in the Word file, then submit.")
        raise Refused(message % {"paper": paper.noun}, code="empty")


def _require_version(paper: AnyPaper, number: int) -> AnyVersion:
    version = latest_version(paper)
    if version is None or version.number != number:
        message = _("The department has submitted a newer version. What you wrote is kept; read the new text first.")
        raise Refused(message, code="stale", existing=version)
    return version


def _take_paper(paper: AnyPaper, signed: Sequence[UUID], note: str, *, by: Actor, at: datetime) -> None:
    if not signed:
        message = _("Attach the paper the head has signed; without it only the head submits.")
        raise Refused(message, field="files", code="signed")
    if not note:
        message = _("Say why the office submits for the department, and who signed when.")
        raise Refused(message, field="note", code="note")
    attach_uploads(
        signed,
        campaign_id=paper.campaign_id,
        department_id=paper.department_id,
        owner_kind=paper.SORT,
        owner_uuid=paper.uuid,
        slot=SIGNED,
        by_id=by.user_id,
        at=at,
    )


def _make_version(
    paper: AnyPaper, content: PlanContent, digest: str, last: AnyVersion | None, *, by: Actor, at: datetime
) -> AnyVersion:
    number = last.number + 1 if last else 1
    owner = paper.department.uuid if isinstance(paper, Plan) else paper.uuid
    seed = f"{paper.campaign.slug}/{owner}"
    code, bump = version_code(digest, department=seed, number=number), 0
    while _is_taken(code):
        bump += 1
        code = version_code(digest, department=f"{seed}/{bump}", number=number)
    return paper.versions.create(
        number=number,
        code=code,
        content=content.as_json(),
        digest=digest,
        word_file=paper.word_file,
        submitted_at=at,
        submitted_by_id=by.user_id,
    )


def _is_taken(code: str) -> bool:
    """Whether the code names a version already, of whatever text: on paper it must name one alone."""
    return any(model.objects.filter(code=code).exists() for model in (PlanVersion, SummaryVersion))


def _was_returned(version: AnyVersion, note: str, remarks: dict[UUID, str]) -> bool:
    """Whether the version was returned with these very words, so that this is the same click again."""
    event = version.events.filter(act=PlanAct.RETURNED, note=note).exists()
    return event and dict(version.remarks.values_list("target", "text")) == remarks


def _targets(version: AnyVersion) -> frozenset[str]:
    return frozenset(entry["uuid"] for name in ("parts", "items") for entry in version.content[name])
