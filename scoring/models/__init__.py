from scoring.models.findings import Announcement, Detection, Finding
from scoring.models.inspections import Inspection, InspectionMark
from scoring.models.ledger import Deduction, Tally
from scoring.models.rulebook import Category, Rule, Rulebook, RuleVersion

__all__ = [
    "Announcement",
    "Category",
    "Deduction",
    "Detection",
    "Finding",
    "Inspection",
    "InspectionMark",
    "Rule",
    "RuleVersion",
    "Rulebook",
    "Tally",
]
