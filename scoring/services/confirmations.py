"""What departments owe to a publication: each signs the confirmation (扣分确认单) of its result."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.enums import ObligationKind
from campaigns.models import Department, Obligation
from campaigns.services.obligations import drop_obligations, owe
from scoring.models import Publication
from scoring.queries.published import changes_of


def owe_confirmations(publication: Publication, *, at: datetime) -> None:
    """Ask the departments for their signed confirmation, within the transaction that publishes.

    On a correction only those sign anew whose own figures are others, and those who had not signed the one it replaces:
    of that nothing is owed any more.
    """
    key, kind = str(publication.uuid), ObligationKind.CONFIRMATION
    signing = Department.objects.filter(campaign_id=publication.campaign_id, closed_on__isnull=True).order_by("pk")
    if publication.replaces is not None:
        replaced = str(publication.replaces.uuid)
        unsigned = Obligation.objects.filter(kind=kind, key=replaced, met_at__isnull=True, dropped_at__isnull=True)
        waiting = list(unsigned.select_related("department"))
        for obligation in waiting:
            drop_obligations(kind, key=replaced, at=at, department=obligation.department)
        changed = [change.department for change in changes_of(publication.changes) if change.is_own]
        anew = [obligation.department_id for obligation in waiting]
        signing = signing.filter(Q(uuid__in=changed) | Q(pk__in=anew))
    name = _("Result published as No. %(number)d") % {"number": publication.number or 0}
    for department in signing:
        owe(department, kind, key=key, name=name, due_on=publication.sign_until)
