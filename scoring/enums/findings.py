"""Choices of findings: where one stands, what it rests on, which records silence may be read from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingState(models.TextChoices):
    """Where a finding stands."""

    OPEN = "open", _("Undecided")
    CHARGED = "charged", _("Charged")
    DISMISSED = "dismissed", _("Dismissed")
    GONE = "gone", _("Gone by itself")


DECIDED = frozenset({FindingState.CHARGED, FindingState.DISMISSED})


class Proof(models.TextChoices):
    """What a finding rests on; only what records prove proposes points."""

    PROVEN = "proven", _("Proven by the records")
    NO_RECORD = "no-record", _("No record on the portal")
    CONTRADICTED = "contradicted", _("The records contradict each other")


class RecordKind(models.TextChoices):
    """The kinds of records whose absence proves something once the office has announced that they count."""

    SESSION = "session", _("Study sessions and their minutes")
    PLAN = "plan", _("Plans")
    EVIDENCE = "evidence", _("Evidence of duties")
    POLICY = "policy", _("Measures that carry out own policies")
    SERVICE = "service", _("Service work")
    MONTHLY_REPORT = "monthly-report", _("Monthly reports on students")
    CIRCULAR = "circular", _("Circulars relayed and carried out")
    ASSIGNMENT = "assignment", _("Reports of assignments")
    PROBLEM = "problem", _("Answers to problems")
    SUMMARY = "summary", _("Closing summaries")
    VIOLATION = "violation", _("Consequences of serious violations")
