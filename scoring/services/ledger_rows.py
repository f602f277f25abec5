"""Rows of the ledger: how one is made, withdrawn and told to the audit log. Callers hold the department's lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from campaigns.actors import Actor
from campaigns.models import Attachment
from qualityseason.services import audit
from scoring.enums import Once
from scoring.models import Deduction, RuleVersion
from scoring.services.drafts import DeductionDraft
from scoring.services.finding_lines import release_finding

OWNER = "deduction"  # of files


def insert_line(
    draft: DeductionDraft, version: RuleVersion, period: str, key: str | None, *, by: Actor, at: datetime
) -> Deduction:
    """Write the line a draft asks for under that version of its rule; returns it."""
    return Deduction.objects.create(
        uuid=draft.uuid,
        body_hash=draft.body_hash(),
        campaign_id=draft.charged.campaign_id,
        visited=draft.visited_department,
        charged=draft.charged,
        category_id=draft.rule.category_id,
        rule=draft.rule,
        rule_version=version,
        text=version.text,
        points=version.points,
        quantity=draft.quantity,
        amount=version.points * draft.quantity,
        subject_person_id=draft.subject.person_id,
        subject_class_id=draft.subject.class_id,
        subject_label=draft.subject.label or (period if draft.rule.once == Once.MONTH else ""),
        period=period,
        happened_on=draft.happened_on,
        note=draft.note,
        answers=draft.answers,
        inspection=draft.inspection,
        finding=draft.finding,
        batch=draft.batch,
        replaces=draft.replaces,
        charge_key=key,
        recorded_by_id=by.user_id,
        recorded_at=at,
    )


def withdraw_line(line: Deduction, *, by: Actor, at: datetime, because: str) -> None:
    """Withdraw a standing line and let the finding it charged go."""
    line.withdrawn_by_id, line.withdrawn_at, line.withdrawn_because = by.user_id, at, because
    line.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    release_finding(line)
    audit_line("deduction.withdraw", line, by=by, at=at, after={"because": because})


def carry_files(old: Deduction, new: Deduction) -> None:
    """Let the files that stand at a line stand at the one in its place, too: who added them, and when, stays."""
    for file in Attachment.objects.current().of_owner(OWNER, old.uuid):
        file.pk, file.uuid, file.owner_uuid, file.replaces = None, uuid4(), new.uuid, None
        file._state.adding = True
        file.save(force_insert=True)


def body_of(line: Deduction) -> dict[str, Any]:
    """Return what the audit log keeps of a line."""
    return {
        "charged": line.charged.name,
        "rule": line.rule.code,
        "quantity": line.quantity,
        "amount": line.amount,
        "happened_on": line.happened_on,
        "charge_key": line.charge_key,
    }


def audit_line(act: str, line: Deduction, *, by: Actor, at: datetime, after: dict[str, Any] | None = None) -> None:
    """Write an act on a line into the audit log."""
    audit.record(
        act,
        line,
        by_id=by.user_id,
        campaign_id=line.campaign_id,
        department_id=line.charged_id,
        at=at,
        after=after,
    )
