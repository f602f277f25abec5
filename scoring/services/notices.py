"""Telling departments of deductions: a head or liaison opens the notice, or the office hands the printed one over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind
from campaigns.models import Department, Obligation
from campaigns.services.attachments import attach_uploads
from campaigns.services.obligations import OWNER as OBLIGATION
from campaigns.services.obligations import meet_obligations, owe, reopen_obligations
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy
from scoring import policy
from scoring.calculations import appeal_until
from scoring.models import Deduction, Notice
from scoring.querysets import DeductionQuerySet
from scoring.services.tallies import lock_departments

KEY = "deductions"  # of the one obligation a department has towards its notices
OWNER = "notice"  # files: the signed copy of the printed notice
MAXIMUM_NAME, MAXIMUM_NOTE = 50, 300


def open_notices(lines: Iterable[Deduction], *, by: Actor, at: datetime) -> list[Deduction]:
    """Tell a department of its lines because a head or liaison opened them; returns those told only now.

    Who looks as another, and who does not belong to the department, tells nobody. The appeal window begins here.
    """
    untold = [line for line in lines if line.told_at is None and policy.can_open_notice(by, line)]
    if not untold:
        return []
    departments = sorted({line.charged_id for line in untold})
    with transaction.atomic():
        lock_departments(departments)
        rows = Deduction.objects.confirmed().filter(pk__in=[line.pk for line in untold], told_at__isnull=True)
        fresh = list(rows.select_related("campaign").order_by("pk"))
        for line in fresh:
            _tell(line, at=at, by_id=by.user_id)
            _audit(line, by_id=by.user_id, at=at)
        if fresh:
            for department_id in departments:
                owe_notices(department_id, by_id=by.user_id, at=at)
    return fresh


def hand_over_notice(
    department: Department,
    *,
    uuid: UUID,
    lines: Sequence[UUID],
    handed_on: date,
    received_by: str,
    note: str = "",
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Notice:
    """Record that the printed notice (扣分告知单) of these lines was handed over; the appeal window begins that day.

    Sent twice it is recorded once; lines told meanwhile keep their first day. Raises ConflictOfInterest,
    PermissionDenied, or Refused at `lines`, `handed_on`, `received_by` or `note`.
    """
    if by.is_interested_in(department.pk):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    if not policy.can_hand_over(by) or department.campaign_id != by.campaign_id:
        raise PermissionDenied
    wanted = Notice(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        handed_on=handed_on,
        received_by=clean(received_by),
        note=tidy(note),
        recorded_by_id=by.user_id,
        recorded_at=at,
    )
    with transaction.atomic():
        lock_departments([department.pk])
        there = Notice.objects.filter(uuid=uuid).first()
        if there is not None:
            return _answer_again(there, wanted, lines)
        rows = list(_untold(department.pk).filter(uuid__in=lines).select_related("campaign").order_by("pk"))
        _require_handable(wanted, rows, on=day_of(at))
        try:
            with transaction.atomic():
                wanted.save(force_insert=True)
        except IntegrityError as error:  # sent in this moment for another department
            raise _reused() from error
        noon = timezone.make_aware(datetime.combine(handed_on, time(12)))
        for line in rows:
            _tell(line, at=min(at, max(noon, line.confirmed_at or noon)), by_id=by.user_id, notice=wanted)
            _audit(line, by_id=by.user_id, at=at, after={"notice": uuid})
        attach_uploads(
            uploads,
            campaign_id=department.campaign_id,
            department_id=department.pk,
            owner_kind=OWNER,
            owner_uuid=uuid,
            by_id=by.user_id,
            at=at,
        )
        audit.record(
            "notice.hand-over",
            wanted,
            by_id=by.user_id,
            campaign_id=department.campaign_id,
            department_id=department.pk,
            at=at,
            after={"handed_on": handed_on, "received_by": wanted.received_by, "lines": [line.uuid for line in rows]},
        )
        owe_notices(department.pk, by_id=by.user_id, at=at)
    return wanted


def owe_notices(department_id: int, *, by_id: int, at: datetime) -> None:
    """Bring what the department owes towards its notices up to date: one row, open while a line is untold.

    It is due so many days after the oldest untold line was confirmed as the campaign gives for an appeal. The caller
    holds the department's lock. Two queries while nothing changes.
    """
    oldest = _untold(department_id).order_by("confirmed_at").values_list("confirmed_at", flat=True).first()
    owed = Obligation.objects.filter(department_id=department_id, kind=ObligationKind.NOTICE, key=KEY)
    there = owed.select_related("department__campaign").first()
    if oldest is None:
        if there is not None:
            meet_obligations(
                there.department,
                ObligationKind.NOTICE,
                key=KEY,
                met_at=at,
                by_kind=OBLIGATION,
                by_uuid=there.uuid,
                by_id=by_id,
                at=at,
            )
        return
    if there is not None:
        department = there.department
    else:
        department = Department.objects.select_related("campaign").get(pk=department_id)
    due_on = appeal_until(day_of(oldest), department.campaign.appeal_days)
    if there is not None and there.met_at is not None:
        reopen_obligations(by_kind=OBLIGATION, by_uuid=there.uuid, by_id=by_id, at=at)
    elif there is not None and there.due_on == due_on and there.dropped_at is None:
        return
    owe(department, ObligationKind.NOTICE, key=KEY, name="", due_on=due_on)


def _untold(department_id: int) -> DeductionQuerySet[Deduction]:
    return Deduction.objects.confirmed().filter(charged_id=department_id, told_at__isnull=True)


def _answer_again(there: Notice, wanted: Notice, lines: Sequence[UUID]) -> Notice:
    """Return the notice recorded by the same form before; raises Refused where another was sent under its uuid."""
    body = ("department_id", "handed_on", "received_by", "note", "recorded_by_id")
    is_same = all(getattr(there, name) == getattr(wanted, name) for name in body)
    told = set(there.lines.values_list("uuid", flat=True))
    if is_same and told <= set(lines) and not _untold(there.department_id).filter(uuid__in=lines).exists():
        return there
    raise _reused()


def _reused() -> Refused:
    return Refused(_("This form was sent before with other words. Open it anew."), code="reused")


def _require_handable(wanted: Notice, rows: Sequence[Deduction], *, on: date) -> None:
    if not 0 < len(wanted.received_by) <= MAXIMUM_NAME:
        raise Refused(_("Write who received it, at most 50 characters."), field="received_by", code="name")
    if len(wanted.note) > MAXIMUM_NOTE:
        raise Refused(_("At most 300 characters."), field="note", code="long")
    if not rows:
        raise Refused(_("Choose deductions the department has not been told of yet."), field="lines", code="none")
    first = max(day_of(line.confirmed_at) for line in rows if line.confirmed_at is not None)
    if not first <= wanted.handed_on <= on:
        sentence = _("Write a day from %(first)s, when the last of them was confirmed, to today, %(last)s.")
        words = {"first": first.isoformat(), "last": on.isoformat()}
        raise Refused(sentence % words, field="handed_on", code="day")


def _tell(line: Deduction, *, at: datetime, by_id: int, notice: Notice | None = None) -> None:
    line.told_at, line.told_by_id, line.notice = at, by_id, notice
    line.appeal_until = appeal_until(day_of(at), line.campaign.appeal_days)
    line.save(update_fields=["told_at", "told_by", "notice", "appeal_until"])


def _audit(line: Deduction, *, by_id: int, at: datetime, after: dict[str, object] | None = None) -> None:
    audit.record(
        "deduction.tell",
        line,
        by_id=by_id,
        campaign_id=line.campaign_id,
        department_id=line.charged_id,
        at=at,
        after={"appeal_until": line.appeal_until} | (after or {}),
    )
