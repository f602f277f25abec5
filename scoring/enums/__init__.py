from scoring.enums.findings import FindingState, Proof, RecordKind
from scoring.enums.ledger import (
    REQUIRED_SUBJECTS,
    STORED_RESULTS,
    TRANSITIONS,
    Attribution,
    Basis,
    DeductionState,
    InspectionKind,
    MarkResult,
    Once,
    Sight,
    SubjectKind,
)

__all__ = [
    "REQUIRED_SUBJECTS",
    "STORED_RESULTS",
    "TRANSITIONS",
    "Attribution",
    "Basis",
    "DeductionState",
    "FindingState",
    "InspectionKind",
    "MarkResult",
    "Once",
    "Proof",
    "RecordKind",
    "Sight",
    "SubjectKind",
]
