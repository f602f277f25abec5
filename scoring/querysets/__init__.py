from scoring.querysets.decisions import (
    AppealQuerySet,
    BenchmarkQuerySet,
    DisplayQuerySet,
    InterpretationQuerySet,
    NoticeQuerySet,
    ObjectionQuerySet,
    PublicationQuerySet,
    SupplementQuerySet,
)
from scoring.querysets.ledger import (
    AnnouncementQuerySet,
    DeductionQuerySet,
    FindingQuerySet,
    InspectionQuerySet,
    RuleVersionQuerySet,
    TallyQuerySet,
)

__all__ = [
    "AnnouncementQuerySet",
    "AppealQuerySet",
    "BenchmarkQuerySet",
    "DeductionQuerySet",
    "DisplayQuerySet",
    "FindingQuerySet",
    "InspectionQuerySet",
    "InterpretationQuerySet",
    "NoticeQuerySet",
    "ObjectionQuerySet",
    "PublicationQuerySet",
    "RuleVersionQuerySet",
    "SupplementQuerySet",
    "TallyQuerySet",
]
