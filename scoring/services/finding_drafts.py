"""The deduction that charges a finding as it stands."""

from __future__ import annotations

from uuid import uuid5

from django.conf import settings
from django.utils import translation

from scoring.enums import Once
from scoring.models import Finding
from scoring.queries.finding_words import why
from scoring.queries.subjects import stored_subject
from scoring.services.drafts import DeductionDraft
from scoring.services.once import replaced_by


def draft_of(finding: Finding) -> DeductionDraft:
    """Return the deduction that charges the finding as it stands; its uuid is the same every time."""
    return DeductionDraft(
        uuid=uuid5(finding.uuid, finding.fingerprint + str(finding.deductions.count())),
        charged=finding.charged,
        rule=finding.rule,
        quantity=finding.quantity,
        happened_on=finding.happened_on,
        subject=stored_subject(finding),
        month=finding.period if finding.rule.once == Once.MONTH else "",
        note=_note(finding),
        replaces=replaced_by(finding),
        finding=finding,
    )


def _note(finding: Finding) -> str:
    """Return why in the portal's language: others read it in the ledger."""
    with translation.override(settings.LANGUAGE_CODE):
        return why(finding)
