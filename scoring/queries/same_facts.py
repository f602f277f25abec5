"""Which undecided findings a hand-made line may be about, so that one fact is not charged twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from campaigns.models import Department
from scoring.enums import SubjectKind
from scoring.facts import Subject
from scoring.models import Finding, Rule
from scoring.queries.finding_words import why

OFFERED = 12  # findings offered at most, those nearest in time


@dataclass(frozen=True)
class SameFact:
    """A finding that may be the fact somebody records by hand."""

    uuid: UUID
    code: str
    sentence: str
    subject: str
    happened_on: date


def same_facts(
    actor: Actor, rule: Rule, charged: Department, subject: Subject, *, happened_on: date
) -> tuple[SameFact, ...]:
    """Return the open findings of the rule's family and this department a line may be about, nearest days first.

    None where the charge key finds the same fact by itself: the rule has a once-rule and its subject is no text. One
    query.
    """
    if rule.once and (subject.is_known or rule.subject in (SubjectKind.NONE, SubjectKind.MONTH)):
        return ()
    open_ones = Finding.objects.decidable_by(actor).filter(charged=charged, rule__family=rule.family)
    rows = open_ones.filter(_may_be(subject)).select_related("rule").defer("facts")
    near = sorted(rows, key=lambda finding: abs(finding.happened_on - happened_on))
    return tuple(
        SameFact(one.uuid, one.rule.code, why(one), one.subject_label, one.happened_on) for one in near[:OFFERED]
    )


def _may_be(subject: Subject) -> Q:
    """A known person or class is not another one."""
    if subject.person_id is not None:
        return Q(subject_person__isnull=True) | Q(subject_person_id=subject.person_id)
    if subject.class_id is not None:
        return Q(subject_class__isnull=True) | Q(subject_class_id=subject.class_id)
    return Q()
