"""Hearing, from the audit log, whose records an act has changed."""

from __future__ import annotations

from django.db import models

from campaigns import hooks
from campaigns.enums import ObligationKind
from campaigns.models import Circular, Obligation, Problem
from qualityseason.models import AuditEntry

FOLLOWING = frozenset({ObligationKind.NOTICE, ObligationKind.CONFIRMATION})  # owed for points: no facts of the season
OF_EVERYBODY = ("department.", "import.", "milestone.")  # acts that change the records of any department


def hear_act(entry: AuditEntry, record: models.Model) -> None:
    """Tell whose facts an act of the campaign side has changed; every act is in the audit log, so none is missed."""
    if entry.campaign_id is None or record._meta.app_label != "campaigns":
        return
    if isinstance(record, Obligation) and record.kind in FOLLOWING:
        return
    if entry.act.startswith(OF_EVERYBODY):
        hooks.tell_facts_changed(entry.campaign_id, None)
        return
    departments = {entry.department_id, *(getattr(record, name, None) for name in ("department_id", "organiser_id"))}
    if isinstance(record, Circular):
        departments |= set(record.recipients.values_list("department_id", flat=True))
    elif isinstance(record, Problem):
        departments |= set(record.answers.values_list("department_id", flat=True))
    known = frozenset(pk for pk in departments if pk is not None)
    if known:
        hooks.tell_facts_changed(entry.campaign_id, known)
