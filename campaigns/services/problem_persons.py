"""Persons a problem concerns: how each was handled by the rules, counselled, and used to teach others."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import ProblemAnswer, ProblemPerson, StaffMember, StudentClass
from campaigns.services.assignment_reports import require_reporter
from campaigns.services.problem_answers import lock_answer, require_standing
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import MAXIMUM_TEXT, clean, squeeze, tidy

MAXIMUM_LABEL = 64
PARTS = (("handling", "handled_on"), ("counselling", "counselled_on"), ("teaching", "taught_on"))


@dataclass(frozen=True)
class Dealing:
    """The three parts of dealing with a person, each in words and with its day; each may come later."""

    handling: str = ""
    handled_on: date | None = None
    counselling: str = ""
    counselled_on: date | None = None
    teaching: str = ""
    taught_on: date | None = None


@transaction.atomic
def add_person(
    answer: ProblemAnswer,
    dealing: Dealing,
    *,
    uuid: UUID,
    person: StaffMember | None = None,
    label: str = "",
    by: Actor,
    at: datetime,
) -> ProblemPerson:
    """Return a person the problem concerns: one of the staff list, or whom the `label` names.

    The same `uuid` with the same words returns the first. Raises Refused at the field that is wrong.
    """
    answer = lock_answer(answer)
    require_reporter(by, answer.department)
    require_standing(answer)
    label = str(person)[:MAXIMUM_LABEL] if person is not None else _label(answer, label)
    dealing = _judged(answer, dealing, today=day_of(at))
    row = ProblemPerson(uuid=uuid, answer=answer, person=person, label=label, **vars(dealing))
    first = ProblemPerson.objects.filter(uuid=uuid).first()
    if first is not None:
        if (first.answer_id, first.label, _said(first)) == (answer.pk, label, _said(row)):
            return first
        raise Refused(_("This form has been sent before with other words. Open a new one."), code="reused")
    if ProblemPerson.objects.filter(answer=answer, label=label, removed_at__isnull=True).exists():
        message = _("%(person)s is listed here already. Open that row to add to it.")
        raise Refused(message % {"person": label}, field="person", code="listed")
    row.save()
    _record("problem.person.add", row, answer, by=by, at=at, after={"label": label} | _said(row))
    return row


@transaction.atomic
def change_person(row: ProblemPerson, dealing: Dealing, *, version: int, by: Actor, at: datetime) -> ProblemPerson:
    """Write down, or put otherwise, how a person was dealt with; refused as stale with another `version`."""
    answer, row = _locked(row, by)
    dealing = _judged(answer, dealing, today=day_of(at))
    before = _said(row)
    if row.removed_at is None and before == vars(dealing):
        return row
    if row.removed_at is not None:
        message = _("%(person)s was taken off the list meanwhile. Add the row anew if it belongs there.")
        raise Refused(message % {"person": row.label}, code="removed", existing=row)
    if version != row.version:
        message = _("Somebody else changed this row meanwhile. What stands there now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=row)
    for name, value in vars(dealing).items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*vars(dealing), "version"])
    _record("problem.person.change", row, answer, by=by, at=at, before=before, after=_said(row))
    return row


@transaction.atomic
def remove_person(row: ProblemPerson, *, by: Actor, at: datetime) -> ProblemPerson:
    """Take a person off the list; the row stays. A second time changes nothing."""
    answer, row = _locked(row, by)
    if row.removed_at is None:
        row.removed_at = at
        row.version += 1
        row.save(update_fields=["removed_at", "version"])
        _record("problem.person.remove", row, answer, by=by, at=at, before={"label": row.label} | _said(row))
    return row


def _locked(row: ProblemPerson, by: Actor) -> tuple[ProblemAnswer, ProblemPerson]:
    answer = lock_answer(ProblemAnswer(pk=row.answer_id))
    require_reporter(by, answer.department)
    require_standing(answer)
    return answer, ProblemPerson.objects.get(pk=row.pk)


def _label(answer: ProblemAnswer, label: str) -> str:
    label = clean(label)
    if not 0 < len(label) <= MAXIMUM_LABEL:
        message = _("Say whom it concerns: somebody of the staff list, a student by class and number, or others.")
        raise Refused(message, field="person", code="person")
    classes = StudentClass.objects.filter(campaign_id=answer.problem.campaign_id).values_list(
        "squeezed_name", flat=True
    )
    named = next((name for name in classes if name in squeeze(label)), None)
    if named is not None and not squeeze(label).replace(named, "", 1).isascii():
        message = _("Students appear as class and number alone, without their names. Use the two fields for students.")
        raise Refused(message, field="label", code="student")
    return label


def _judged(answer: ProblemAnswer, dealing: Dealing, *, today: date) -> Dealing:
    """Return the three parts tidied; a part in words has its day, and a day its words."""
    first = answer.problem.campaign.facts_from
    values: dict[str, Any] = {field.name: getattr(dealing, field.name) for field in fields(dealing)}
    for said, on in PARTS:
        text, day = tidy(values[said]), values[on]
        if len(text) > MAXIMUM_TEXT:
            raise Refused(_("At most 2000 characters."), field=said, code="long")
        if text and day is None:
            raise Refused(_("Say on which day that was."), field=on, code="day")
        if day is not None and not text:
            raise Refused(_("Say what was done on that day, or leave the day empty."), field=said, code="text")
        if day is not None and not first <= day <= today:
            message = _("%(day)s does not lie between %(first)s and today, %(today)s.")
            words = {"day": day.isoformat(), "first": first.isoformat(), "today": today.isoformat()}
            raise Refused(message % words, field=on, code="when")
        values[said] = text
    return Dealing(**values)


def _said(row: ProblemPerson) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(Dealing)}


def _record(
    act: str,
    row: ProblemPerson,
    answer: ProblemAnswer,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        row,
        by_id=by.user_id,
        campaign_id=answer.problem.campaign_id,
        department_id=answer.department_id,
        at=at,
        before=before,
        after=after,
    )
