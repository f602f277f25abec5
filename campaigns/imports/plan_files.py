"""A text that was brought as a file: a plan as Word or our Excel template, a summary as Word."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from campaigns.facts.plan_readings import ReadPlan
from campaigns.imports.due_words import due_of
from campaigns.imports.plan_sheet import read_plan_sheet
from campaigns.imports.word_plan import read_word_plan
from campaigns.models import Plan
from campaigns.models.any_paper import AnyPaper, PaperModel
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.paper_readings import OnTable
from campaigns.services.paper_readings import SHEET, WORD
from qualityseason.errors import Refused
from qualityseason.intake.kinds import ending_of

KINDS = {"docx": WORD, "xlsx": SHEET}


def endings_of(model: PaperModel) -> tuple[str, ...]:
    """Return the endings of the files such a text is brought in as."""
    return tuple(KINDS) if model is Plan else ("docx",)


def kind_of(name: str, model: PaperModel) -> str:
    """Return how a file is read, by its ending; raises Refused on the field `files` for any other."""
    ending = ending_of(name)
    if ending in endings_of(model):
        return KINDS[ending]
    if model is Plan:
        message = _("A plan is brought in as a .docx file or as the Excel template of this page. Choose one of these.")
    else:
        message = _("Summaries and materials are brought in as a .docx file. Save it as .docx and choose it again.")
    raise Refused(message, field="files", code="kind")


def read_paper_file(file: BinaryIO, *, kind: str, paper: AnyPaper, table: OnTable) -> ReadPlan:
    """Return what the file says; raises Refused on the field `files` where it cannot be read."""
    if kind == SHEET:
        return read_plan_sheet(file, table=table, book=DepartmentBook(paper.campaign))
    is_plan = isinstance(paper, Plan)
    listed = [{"code": part.code, "name": part.title} for part in table.parts if part.code]
    read = read_word_plan(file, parts=listed, with_items=is_plan)
    days = {"starts_on": paper.campaign.starts_on, "ends_on": paper.campaign.ends_on}
    return replace(read, items=tuple(replace(item, due=due_of(item.due, **days)) for item in read.items))
