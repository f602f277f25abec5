from campaigns.facts.layouts import SheetHeading, SheetHeadings
from campaigns.facts.plans import FileContent, ItemContent, PartContent, PlanContent
from campaigns.facts.sheets import (
    Cell,
    Column,
    SheetContent,
    SheetError,
    SheetRow,
    ShownRow,
    UnderstoodRow,
    Written,
)

__all__ = [
    "Cell",
    "Column",
    "FileContent",
    "ItemContent",
    "PartContent",
    "PlanContent",
    "SheetContent",
    "SheetError",
    "SheetHeading",
    "SheetHeadings",
    "SheetRow",
    "ShownRow",
    "UnderstoodRow",
    "Written",
]
