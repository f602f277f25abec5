"""Papers made from a frozen result: each is known by the short code printed on it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from campaigns.calculations.plans import version_code
from campaigns.models import Department
from scoring.enums import DEPARTMENT_PAPERS, PaperKind
from scoring.models import PrintedCopy, Snapshot


def copy_code(snapshot: Snapshot, *, kind: PaperKind, department: Department | None = None, at: datetime) -> str:
    """Return the code of this paper of the snapshot, as printed (7KQM-2X9A); made once, the same ever after.

    `department` is given for papers of one department and for those alone (ValueError otherwise).
    """
    if (kind in DEPARTMENT_PAPERS) != (department is not None):
        raise ValueError(f"{kind}: a paper of one department names it, others name none")
    found = _code_of(snapshot, kind, department)
    if found is not None:
        return found
    whose, bump = str(department.uuid) if department is not None else "", 0
    while True:
        code = version_code(snapshot.sha256, department=f"{snapshot.uuid}/{kind}/{whose}", number=bump)
        try:
            with transaction.atomic():
                copy = PrintedCopy.objects.create(
                    code=code,
                    campaign_id=snapshot.campaign_id,
                    kind=kind,
                    snapshot=snapshot,
                    department=department,
                    made_at=at,
                )
        except IntegrityError:  # made in the same moment, or another paper has this code
            found = _code_of(snapshot, kind, department)
            if found is not None:
                return found
            bump += 1
        else:
            return copy.code


def _code_of(snapshot: Snapshot, kind: PaperKind, department: Department | None) -> str | None:
    rows = PrintedCopy.objects.filter(snapshot=snapshot, kind=kind, department=department)
    return rows.values_list("code", flat=True).first()
