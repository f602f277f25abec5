"""What is said of a problem, judged and tidied before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import TaskState
from campaigns.models import Department, ProblemAnswer
from campaigns.policy import can_raise_problem
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.text import MAXIMUM_TEXT, tidy

MAXIMUM_TITLE = 200
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class ProblemDraft:
    """What is wrong, when it was found, and by when it is answered."""

    title: str
    text: str
    found_on: date
    due_on: date


def judged(draft: ProblemDraft, *, departments: Sequence[Department], at: datetime) -> ProblemDraft:
    """Return the draft tidied; raises Refused at the field that is wrong."""
    if not departments:
        raise Refused(_("Choose at least one department."), field="departments", code="nobody")
    first, today = departments[0].campaign.facts_from, day_of(at)
    title, text = " ".join(tidy(draft.title).split()), tidy(draft.text)
    if not 0 < len(title) <= MAXIMUM_TITLE:
        raise Refused(_("Say what the problem is, in at most 200 characters."), field="title", code="title")
    if len(text) > MAXIMUM_TEXT:
        raise Refused(_("At most 2000 characters."), field="text", code="long")
    words = {
        "day": draft.found_on.isoformat(),
        "today": today.isoformat(),
        "first": first.isoformat(),
        "due": draft.due_on.isoformat(),
    }
    if draft.found_on > today:
        message = _("%(day)s is in the future; today is %(today)s.")
        raise Refused(message % words, field="found_on", code="future")
    if draft.found_on < first:
        message = _("%(day)s is before the season's first day, %(first)s. Look at the year again.")
        raise Refused(message % words, field="found_on", code="before")
    if draft.due_on < draft.found_on:
        message = _("%(due)s is before the day it was found, %(day)s. Write that day or a later one.")
        raise Refused(message % words, field="due_on", code="order")
    if draft.due_on > draft.found_on + LONGEST:
        message = _("%(due)s is more than a year after %(day)s. Look at the year again.")
        raise Refused(message % words, field="due_on", code="far")
    return ProblemDraft(title, text, draft.found_on, draft.due_on)


def require_named(departments: Sequence[Department], *, by: Actor) -> None:
    """Raise ConflictOfInterest or Refused for a department the actor raises no problem about."""
    for department in departments:
        if department.campaign_id != by.campaign_id:
            raise PermissionDenied
        if can_raise_problem(by, department.pk):
            continue
        words = {"department": department.name}
        if by.oversees:
            message = _("You have an interest in %(department)s: somebody else raises and judges its problems.")
            raise ConflictOfInterest(message % words)
        message = _("%(department)s is your own department. Name the others that are to answer.")
        raise Refused(message % words, field="departments", code="own")


def judge_answers(draft: ProblemDraft, named: Iterable[ProblemAnswer], removed: Sequence[ProblemAnswer]) -> None:
    """Refuse what would contradict answers given already."""
    for answer in removed:
        if answer.state != TaskState.GIVEN:
            message = _("%(department)s has answered already and stays named. Withdraw the whole problem instead.")
            raise Refused(message % {"department": answer.department.name}, field="departments", code="answered")
    for answer in named:
        if answer.answered_on is not None and answer.answered_on < draft.found_on:
            message = _("%(department)s answered on %(day)s already: it cannot have been found later.")
            words = {"department": answer.department.name, "day": answer.answered_on.isoformat()}
            raise Refused(message % words, field="found_on", code="after_answer")
