"""What somebody wants to record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from campaigns.models import Department, ImportBatch
from scoring.facts import Subject
from scoring.models import Deduction, Finding, Inspection, Rule


@dataclass(frozen=True)
class DeductionDraft:
    """What somebody wants to record; `visited` is the charged department unless said otherwise.

    `finding` names the fact the records show, whose charge key the line then shares. `month` (2009-11) serves rules
    charged per month, by default that of `happened_on`. `files` are the person's own uploads; they are no part of the
    body, since a form sent twice without script uploads its files twice.
    """

    uuid: UUID
    charged: Department
    rule: Rule
    quantity: int
    happened_on: date
    subject: Subject = field(default_factory=Subject)
    month: str = ""
    note: str = ""
    visited: Department | None = None
    inspection: Inspection | None = None
    answers: dict[str, str] = field(default_factory=dict)
    replaces: Deduction | None = None
    finding: Finding | None = None
    batch: ImportBatch | None = None
    files: Sequence[UUID] = ()

    @property
    def visited_department(self) -> Department:
        """The department visited."""
        return self.visited or (self.inspection.department if self.inspection else self.charged)

    def body_hash(self) -> str:
        """Return the sha256 of everything said, so that the same uuid with another body is noticed."""
        body = {
            "charged": str(self.charged.uuid),
            "visited": str(self.visited_department.uuid),
            "rule": self.rule.code,
            "quantity": self.quantity,
            "happened_on": self.happened_on.isoformat(),
            "subject": self.subject.key or self.subject.label,
            "month": self.month,
            "note": self.note,
            "inspection": str(self.inspection.uuid) if self.inspection else "",
            "answers": self.answers,
            "replaces": str(self.replaces.uuid) if self.replaces else "",
        }
        if self.finding is not None:
            body["finding"] = str(self.finding.uuid)
        return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
