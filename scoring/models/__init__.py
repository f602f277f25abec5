from scoring.models.appeals import Appeal, Notice
from scoring.models.findings import Announcement, Detection, Finding
from scoring.models.inspections import Inspection, InspectionMark
from scoring.models.ledger import Deduction, Tally
from scoring.models.publications import DashboardVisit, Display, Objection, PrintedCopy, Publication, Snapshot
from scoring.models.rulebook import Category, Rule, Rulebook, RuleVersion
from scoring.models.supplements import Benchmark, Interpretation, Supplement, SupplementChange

__all__ = [
    "Announcement",
    "Appeal",
    "Benchmark",
    "Category",
    "DashboardVisit",
    "Deduction",
    "Detection",
    "Display",
    "Finding",
    "Inspection",
    "InspectionMark",
    "Interpretation",
    "Notice",
    "Objection",
    "PrintedCopy",
    "Publication",
    "Rule",
    "RuleVersion",
    "Rulebook",
    "Snapshot",
    "Supplement",
    "SupplementChange",
    "Tally",
]
