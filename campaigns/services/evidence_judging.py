"""What evidence may say and prove, and what rests on it: each refusal a sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from campaigns.calculations.guessing import Tick
from campaigns.enums import EvidenceTarget, TaskState
from campaigns.models import Assignment, AssignmentReport, Attachment, Campaign, Department, Evidence, ProblemAnswer
from campaigns.queries.evidence_candidates import candidates_of
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_TEXT = 300


def judged_text(text: str) -> str:
    """Return the sentence tidied; raises Refused without one or with too long a one."""
    text = tidy(text)
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Say in one sentence what it shows, at most 300 characters."), field="text", code="text")
    return text


def judged_day(campaign: Campaign, day: date, *, at: datetime) -> None:
    """Raise Refused for a day the season does not count, or that has not come yet."""
    if not campaign.facts_from <= day <= campaign.facts_until:
        message = _("The season counts what happened from %(first)s to %(last)s. Look at the day again.")
        words = {"first": campaign.facts_from.isoformat(), "last": campaign.facts_until.isoformat()}
        raise Refused(message % words, field="happened_on", code="outside")
    today = day_of(at)
    if day > today:
        message = _("That day has not come yet: today is %(today)s. Evidence shows what has happened.")
        raise Refused(message % {"today": today.isoformat()}, field="happened_on", code="future")


def judged_ticks(department: Department, ticks: Sequence[Tick], *, standing: Collection[Tick] = ()) -> None:
    """Raise Refused for what this department's evidence cannot prove; what is `standing` may stay."""
    new = [tick for tick in ticks if tick not in standing]
    if not new:
        return
    campaign = department.campaign
    known = {candidate.tick for candidate in candidates_of(campaign, [department.pk])[department.pk]}
    for target, key in new:
        if (target, key) in known:
            continue
        if target == EvidenceTarget.MONTH:
            message = _("%(month)s is no working month of this season; these are: %(months)s.")
            words = {"month": key[:20], "months": "、".join(campaign.working_months)}
            raise Refused(message % words, field="targets", code="month")
        message = _(
            "One of the things ticked is not open any more, or not this department's. Look at the ticks and send again."
        )
        raise Refused(message, field="targets", code="target")


def require_free(evidence: Evidence, ticks: Collection[Tick], *, field: str | None = None) -> None:
    """Raise Refused, naming it, where an accepted assignment or answer among `ticks` rests on the evidence."""
    title = _accepted_on(evidence, ticks)
    if title:
        message = _("“%(title)s” has been accepted and rests on this evidence. It stays as it is.")
        raise Refused(message % {"title": title}, field=field, code="rests")


def keep_evidence(attachment: Attachment) -> None:
    """Raise Refused for a file of evidence on which something accepted rests."""
    evidence = Evidence.objects.select_for_update(of=("self",)).get(uuid=attachment.owner_uuid)
    require_free(evidence, list(evidence.links.values_list("target", "key")))


def _accepted_on(evidence: Evidence, ticks: Collection[Tick]) -> str:
    """Return the title of what was accepted when the evidence was there, '' where nothing was."""
    keys = {target: [key for one, key in ticks if one == target] for target in EvidenceTarget}
    if not keys[EvidenceTarget.ASSIGNMENT] and not keys[EvidenceTarget.PROBLEM]:
        return ""
    holders = _holders(evidence.department_id)
    tasks = Assignment.objects.select_for_update(of=("self",)).filter(
        uuid__in=keys[EvidenceTarget.ASSIGNMENT], department_id__in=holders, state=TaskState.ACCEPTED
    )
    for task in tasks:
        verdicts = AssignmentReport.objects.filter(assignment=task, verdict=TaskState.ACCEPTED)
        judged_at = verdicts.order_by("-judged_at").values_list("judged_at", flat=True).first()
        if judged_at is None or evidence.entered_at <= judged_at:
            return task.title
    answers = ProblemAnswer.objects.select_for_update(of=("self",)).filter(
        problem__uuid__in=keys[EvidenceTarget.PROBLEM],
        department_id__in=holders,
        state=TaskState.ACCEPTED,
    )
    for answer in answers.select_related("problem"):
        if answer.judged_at is None or evidence.entered_at <= answer.judged_at:
            return answer.problem.title
    return ""


def _holders(department_id: int) -> set[int]:
    """Return the department and all that ended in it: what was accepted of them stays theirs, their evidence moved."""
    found, fresh = {department_id}, {department_id}
    while fresh:
        ended = Department.objects.filter(closed_on__isnull=False, changes_out__successors__in=fresh)
        fresh = set(ended.values_list("pk", flat=True)) - found
        found |= fresh
    return found
