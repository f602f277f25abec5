"""Checking what constraints can't: what a department owes towards its notices, and the days its lines were told."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q
from django.utils.translation import gettext as _

from campaigns.enums import ObligationKind
from campaigns.models import Department, Obligation
from qualityseason.clock import day_of
from scoring.calculations import appeal_until
from scoring.models import Deduction
from scoring.services.notices import KEY


def check_notices(department: Department, *, appeal_days: int) -> Iterator[str]:
    """Yield a sentence for everything that does not fit; `appeal_days` are the campaign's. Three queries."""
    lines = Deduction.objects.filter(charged=department)
    untold = lines.confirmed().filter(told_at__isnull=True)
    oldest = untold.order_by("confirmed_at").values_list("confirmed_at", flat=True).first()
    owed = Obligation.objects.filter(department=department, kind=ObligationKind.NOTICE, key=KEY).open().first()
    if oldest is None and owed is not None:
        yield _("Notices are owed, but the department was told of every deduction.")
    elif oldest is not None and owed is None:
        yield _("There are deductions the department was not told of, but no notice is owed.")
    elif oldest is not None and owed is not None:
        due_on = appeal_until(day_of(oldest), appeal_days)
        if owed.due_on != due_on:
            words = {"day": owed.due_on.isoformat(), "right": due_on.isoformat()}
            yield _("Notices are owed by %(day)s, but by the oldest deduction it is %(right)s.") % words
    whole = Q(told_by__isnull=False, appeal_until__isnull=False, told_at__gte=F("confirmed_at"))
    none = Q(told_by__isnull=True, appeal_until__isnull=True, notice__isnull=True)
    fits = Q(whole, told_at__isnull=False) | Q(none, told_at__isnull=True)
    of_another = Q(notice__isnull=False) & ~Q(notice__department_id=F("charged_id"))
    for uuid in lines.filter(~fits | of_another).order_by("pk").values_list("uuid", flat=True):
        yield _("Deduction %(uuid)s: who told the department, when, and until when it may be appealed don't fit.") % {
            "uuid": uuid
        }
