"""The duties of departments: added, reworded, ended. The only writer of these rows besides the sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Department, Duty
from campaigns.queries.duties import duty_state
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy

MAXIMUM_NUMBER = 16
MAXIMUM_TEXT = 1000
MAXIMUM_SOURCE = 100


@transaction.atomic
def add_duty(
    department: Department,
    *,
    number: str,
    text: str,
    source: str = "",
    is_sample: bool = False,
    by_id: int | None,
    at: datetime,
) -> Duty:
    """Return a new duty of the department; raises Refused at `number`, `text` or `source`."""
    _lock(department.pk)
    duty = Duty(campaign_id=department.campaign_id, department=department, is_sample=is_sample)
    _fill(duty, number=number, text=text, source=source)
    duty.save()
    _record("duty.add", duty, by_id=by_id, at=at, after=duty_state(duty))
    return duty


@transaction.atomic
def change_duty(duty: Duty, *, number: str, text: str, source: str, by_id: int | None, at: datetime) -> Duty:
    """Reword a duty: plan versions keep what they printed, the audit log what it said; it is no sample any longer."""
    _lock(duty.department_id)
    duty = _standing(duty)
    before = duty_state(duty)
    _fill(duty, number=number, text=text, source=source)
    if duty_state(duty) == before:
        raise Refused(_("Nothing would change: this is what the duty says already."), field="text", code="same")
    duty.is_sample = False
    duty.save(update_fields=["number", "text", "source", "is_sample"])
    _record("duty.change", duty, by_id=by_id, at=at, before=before, after=duty_state(duty))
    return duty


@transaction.atomic
def end_duty(duty: Duty, *, by_id: int | None, at: datetime) -> Duty:
    """End a duty; it stays, because plans name it."""
    _lock(duty.department_id)
    duty = _standing(duty)
    duty.ended_at = at
    duty.save(update_fields=["ended_at"])
    _record("duty.end", duty, by_id=by_id, at=at, before={"ended_at": None}, after={"ended_at": at})
    return duty


def _standing(duty: Duty) -> Duty:
    duty = Duty.objects.select_related("department").get(pk=duty.pk)
    if duty.ended_at is not None:
        raise Refused(_("This duty has ended already."), code="ended", existing=duty)
    return duty


def _fill(duty: Duty, *, number: str, text: str, source: str) -> None:
    number, text, source = " ".join(clean(number).split()), tidy(text), tidy(source)
    if not 0 < len(number) <= MAXIMUM_NUMBER:
        raise Refused(_("Give the duty's number, at most 16 characters."), field="number", code="number")
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Write the duty in at most 1000 characters."), field="text", code="text")
    if len(source) > MAXIMUM_SOURCE:
        raise Refused(_("Name the document in at most 100 characters."), field="source", code="source")
    others = Duty.objects.filter(department_id=duty.department_id, number=number, ended_at__isnull=True)
    taken = others.exclude(pk=duty.pk).first()
    if taken is not None:
        words = {"number": number, "text": taken.text[:40]}
        message = _("The department has a duty %(number)s already: “%(text)s”. Choose another number.") % words
        raise Refused(message, field="number", code="taken", existing=taken)
    duty.number, duty.text, duty.source = number, text, source


def _lock(department_id: int) -> None:
    """Let one change of a department's duties after the other in, so that a number taken meanwhile is seen."""
    Department.objects.select_for_update(no_key=True).get(pk=department_id)


def _record(act: str, duty: Duty, *, by_id: int | None, at: datetime, **states: Any) -> None:
    audit.record(
        act, duty, by_id=by_id, campaign_id=duty.campaign_id, department_id=duty.department_id, at=at, **states
    )
