"""A plan that was brought as a file: a Word file or our Excel template, read the one way or the other."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from campaigns.facts.plan_readings import ReadPlan
from campaigns.imports.due_words import due_of
from campaigns.imports.plan_sheet import read_plan_sheet
from campaigns.imports.word_plan import read_word_plan
from campaigns.models import Campaign
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.plan_readings import PlanOnTable
from campaigns.services.plan_readings import SHEET, WORD
from qualityseason.errors import Refused
from qualityseason.intake.kinds import ending_of

KINDS = {"docx": WORD, "xlsx": SHEET}


def kind_of(name: str) -> str:
    """Return how a file is read, by its ending; raises Refused on the field `files` for any other."""
    kind = KINDS.get(ending_of(name))
    if kind is None:
        message = _("A plan is brought in as a .docx file or as the Excel template of this page. Choose one of these.")
        raise Refused(message, field="files", code="kind")
    return kind


def read_plan_file(
    file: BinaryIO, *, kind: str, campaign: Campaign, table: PlanOnTable, book: DepartmentBook
) -> ReadPlan:
    """Return what the file says; raises Refused on the field `files` where it cannot be read."""
    if kind == SHEET:
        return read_plan_sheet(file, table=table, book=book)
    listed = [{"code": part.code, "name": part.title} for part in table.parts if part.code]
    read = read_word_plan(file, parts=listed)
    days = {"starts_on": campaign.starts_on, "ends_on": campaign.ends_on}
    return replace(read, items=tuple(replace(item, due=due_of(item.due, **days)) for item in read.items))
