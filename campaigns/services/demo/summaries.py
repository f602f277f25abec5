"""The demo's closing summaries and materials: written, waiting, submitted, returned, approved."""

from __future__ import annotations

from datetime import timedelta

from campaigns.calculations.plans import digest_of
from campaigns.enums import PlanState, SummaryKind
from campaigns.models import Department, Summary, SummaryPart
from campaigns.queries.paper_content import content_of
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.paper_parts import add_section, save_part
from campaigns.services.paper_title import rename_paper
from campaigns.services.paper_workflow import approve_paper, request_confirmation, return_paper, submit_paper
from campaigns.services.summaries import start_summary

HOUR = timedelta(hours=1)
STATES = (PlanState.DRAFT, PlanState.REQUESTED, PlanState.SUBMITTED, PlanState.RETURNED, PlanState.APPROVED)


def write_summaries(paperwork: Paperwork) -> None:
    """Let departments write what the data say of them, and the office decide."""
    data = paperwork.data["summaries"]
    states = {name: state for state in STATES for name in data[state]}
    for department in paperwork.departments:
        if department.name in states:
            texts = data["parts"][:-2] if department.name in data["incomplete"] else data["parts"]
            _write(paperwork, department, SummaryKind.SUMMARY, texts, state=states[department.name])
    places = {each.name: each for each in paperwork.departments}
    for name, kind, title, state in data["pieces"]:
        _write(paperwork, places[name], SummaryKind(kind), [data["piece_text"]], state=state, title=title)


def _write(
    paperwork: Paperwork, department: Department, kind: SummaryKind, texts: list[str], *, state: str, title: str = ""
) -> None:
    liaison, at = (
        paperwork.liaison(department),
        paperwork.moment(paperwork.data["summaries"]["begun_on"], 9, department.order),
    )
    summary = start_summary(department, kind=kind, uuid=paperwork.uuid(), by=liaison, at=at)
    by_id = liaison.user_id
    if title:
        rename_paper(summary, title=title, seen=summary.title, by_id=by_id, at=at)
        add_section(summary, uuid=paperwork.uuid(), title=title, text=texts[0], by_id=by_id, at=at + HOUR)
    else:
        for part, text in zip(SummaryPart.objects.filter(summary=summary).order_by("order"), texts, strict=False):
            save_part(part, version=part.version, text=text, title=part.title, by_id=by_id, at=at + HOUR)
    _send(paperwork, Summary.objects.get(pk=summary.pk), department, state)


def _send(paperwork: Paperwork, summary: Summary, department: Department, state: str) -> None:
    if state == PlanState.DRAFT:
        return
    begun_on = paperwork.data["summaries"]["begun_on"]
    asked = paperwork.moment(begun_on + timedelta(days=2), 9, department.order)
    request_confirmation(summary, by=paperwork.liaison(department), at=asked)
    if state == PlanState.REQUESTED:
        return
    summary.refresh_from_db()
    submit_paper(summary, by=paperwork.head(department), digest=digest_of(content_of(summary)), at=asked + HOUR)
    summary.refresh_from_db()
    office, decided = (
        paperwork.actor("office"),
        paperwork.moment(paperwork.data["summaries"]["begun_on"] + timedelta(days=3), 15, department.order),
    )
    if state == PlanState.RETURNED:
        note = paperwork.data["summaries"]["return_note"]
        return_paper(summary, by=office, number=1, note=note, remarks={}, at=decided)
    elif state == PlanState.APPROVED:
        approve_paper(summary, by=office, number=1, at=decided)
