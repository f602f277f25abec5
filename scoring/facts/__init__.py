from scoring.facts.detection import (
    Department,
    Detector,
    Fact,
    FileFact,
    Person,
    RuleTerms,
    Season,
    Suspicion,
    Terms,
    named,
)
from scoring.facts.ledger import RuleSum, Subject, TierResult

__all__ = [
    "Department",
    "Detector",
    "Fact",
    "FileFact",
    "Person",
    "RuleSum",
    "RuleTerms",
    "Season",
    "Subject",
    "Suspicion",
    "Terms",
    "TierResult",
    "named",
]
