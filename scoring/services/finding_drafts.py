"""The deduction that charges a finding as it stands."""

from __future__ import annotations

from uuid import uuid5

from django.conf import settings
from django.utils import translation

from scoring.calculations import text_key
from scoring.facts import Subject
from scoring.models import Finding
from scoring.queries.finding_words import why
from scoring.services.drafts import DeductionDraft
from scoring.services.once import replaced_by


def draft_of(finding: Finding) -> DeductionDraft:
    """Return the deduction that charges the finding as it stands; its uuid is the same every time."""
    if finding.subject_person is not None:
        person = finding.subject_person
        subject = Subject(finding.subject_label, person_id=person.pk, key=f"person:{person.uuid}")
    elif finding.subject_class is not None:
        subject = Subject(
            finding.subject_label, class_id=finding.subject_class_id, key=f"class:{finding.subject_class.uuid}"
        )
    else:
        subject = Subject(finding.subject_label, key=text_key(finding.subject_label, finding.rule.subject))
    return DeductionDraft(
        uuid=uuid5(finding.uuid, finding.fingerprint + str(finding.deductions.count())),
        charged=finding.charged,
        rule=finding.rule,
        quantity=finding.quantity,
        happened_on=finding.happened_on,
        subject=subject,
        month=finding.period if finding.rule.once == "month" else "",
        note=_note(finding),
        replaces=replaced_by(finding),
        finding=finding,
    )


def _note(finding: Finding) -> str:
    """Return why in the portal's language: others read it in the ledger."""
    with translation.override(settings.LANGUAGE_CODE):
        return why(finding)
