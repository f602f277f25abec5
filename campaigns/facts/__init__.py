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
    "SheetRow",
    "ShownRow",
    "UnderstoodRow",
    "Written",
]
