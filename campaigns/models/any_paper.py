"""Either sort of text that departments hand in, for what is the same with both."""

from __future__ import annotations

from typing import TypeVar

from campaigns.models.plans import Plan, PlanPart, PlanReading, PlanVersion
from campaigns.models.summaries import Summary, SummaryPart, SummaryReading, SummaryVersion

AnyPaper = Plan | Summary
AnyPart = PlanPart | SummaryPart
AnyVersion = PlanVersion | SummaryVersion
AnyReading = PlanReading | SummaryReading
PaperModel = type[Plan] | type[Summary]
P = TypeVar("P", bound=AnyPaper)  # the same text that was given
