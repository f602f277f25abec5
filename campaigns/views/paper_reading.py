"""A plan or summary brought in as the Word file the department has, and checked entry by entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns.facts.plan_readings import ReadPlan
from campaigns.forms.paper_readings import BringInForm, CheckForm, seen_of
from campaigns.imports.plan_files import endings_of, kind_of, read_paper_file
from campaigns.models import Plan, PlanReading, SummaryReading
from campaigns.models.any_paper import AnyPaper, AnyReading, PaperModel
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.paper_readings import find_reading, on_table, open_readings
from campaigns.requests import PortalRequest
from campaigns.services import paper_readings as services
from campaigns.views.paper_access import to, writable_paper
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.models import StoredFile
from qualityseason.services.files import path_of
from qualityseason.typed import form_data

SHOWN_PROBLEMS = 100


def bring_in(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Take a Word file, of a plan also the Excel template; or read the stored Word file once more."""
    paper = writable_paper(request, model, uuid)
    if request.method == "POST" and request.POST.get("act") == "again":
        return _read_again(request, paper)
    form = BringInForm(posted(request, "files"), endings=endings_of(model))
    show_refused_uploads(request, form)
    read: ReadPlan | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["files"][0]
        try:
            kind = kind_of(_name_of(request, upload), model)
            store_only = request.POST.get("act") == "store" and kind == services.WORD
            read = None if store_only else _read(paper, _own_upload(request, upload), kind)
            if read is None or not read.problems:
                brought = services.bring_in(
                    paper, upload=upload, kind=kind, read=read, by_id=request.user.pk, at=request.at
                )
                return _after(request, paper, brought, was_read=read is not None)
        except Refused as refused:
            add_refusal(form, refused)
    return render(request, "campaigns/paper_bring_in.html", _bring_in_context(paper, form, read))


def reading(request: PortalRequest, model: PaperModel, uuid: UUID, reading: UUID) -> HttpResponse:
    """Show what a file says beside what was understood, each entry to be corrected, taken over or left out."""
    paper = writable_paper(request, model, uuid)
    found = find_reading(paper, reading)
    if found is None:
        raise Http404
    if found.settled_at is not None:
        messages.info(request, _("This file has been dealt with already; its text is taken over as far as chosen."))
        return to(paper, "write")
    table, book = on_table(paper), DepartmentBook(request.campaign)
    form = CheckForm(form_data(request), content=found.content, table=table, book=book)
    if request.method == "POST":
        try:
            answer = _act_on(request, paper, found, form)
        except Refused as refused:
            if refused.refusal_code == "stale" and isinstance(refused.existing, PlanReading | SummaryReading):
                found = refused.existing
                form.show_theirs(found.content)
            form.refuse(refused)
        else:
            if answer is not None:
                return answer
    context = {
        "paper": paper,
        "reading": found,
        "form": form,
        "seen": seen_of(table),
        "version": found.content["version"],
    }
    return render(request, "campaigns/paper_reading.html", context)


def _act_on(request: PortalRequest, paper: AnyPaper, found: AnyReading, form: CheckForm) -> HttpResponse | None:
    """Do what the button says; None when the form must be shown again."""
    who: dict[str, Any] = {"by_id": request.user.pk, "at": request.at}
    act = request.POST.get("act")
    if act == "drop":
        services.settle_reading(found, **who)
        messages.info(request, _("Nothing was taken over from “%(name)s”.") % {"name": found.attachment.file.name})
        return to(paper, "write")
    if not form.is_valid():
        return None
    if act == "keep":
        services.save_check(found, version=form.version, entries=form.entries(), **who)
        messages.success(request, _("Kept. Nothing is taken over yet; go on here when you like."))
        return to(paper, "reading", found.uuid)
    counts = services.take_over(found, version=form.version, entries=form.entries(), seen=form.seen, **who)
    if isinstance(paper, Plan):
        messages.success(request, _("Taken over: parts and sections %(parts)d, items %(items)d.") % counts)
    else:
        messages.success(request, _("Taken over: parts and sections %(parts)d.") % counts)
    return to(paper, "write")


def _read_again(request: PortalRequest, paper: AnyPaper) -> HttpResponse:
    if paper.word_file is None:
        raise Http404
    try:
        read = _read(paper, paper.word_file.file, services.WORD)
        reading = services.keep_reading(
            paper, paper.word_file, read=read, kind=services.WORD, by_id=request.user.pk, at=request.at
        )
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return to(paper, "bring-in")
    return _after(request, paper, services.Brought(paper.word_file, reading, is_same_file=True), was_read=True)


def _read(paper: AnyPaper, stored: StoredFile, kind: str) -> ReadPlan:
    with path_of(stored).open("rb") as file:
        return read_paper_file(file, kind=kind, paper=paper, table=on_table(paper))


def _own_upload(request: PortalRequest, uuid: UUID) -> StoredFile:
    own = StoredFile.objects.filter(stored_by=request.user, campaign_id=request.campaign.pk)
    stored = own.filter(uuid=uuid).first()
    if stored is None or not path_of(stored).exists():
        raise Refused(_("This file is not there any more. Upload it again."), field="files", code="gone")
    return stored


def _name_of(request: PortalRequest, uuid: UUID) -> str:
    return _own_upload(request, uuid).name


def _after(request: PortalRequest, paper: AnyPaper, brought: services.Brought, *, was_read: bool) -> HttpResponse:
    """Go on to the check, or say why there is none."""
    name = brought.attachment.file.name
    if brought.reading is not None:
        return to(paper, "reading", brought.reading.uuid)
    if was_read:
        messages.info(
            request,
            _("“%(name)s” says nothing that is not here already; there is nothing to change.") % {"name": name},
        )
    elif brought.is_same_file:
        messages.info(request, _("“%(name)s” is stored already; nothing was changed.") % {"name": name})
    else:
        messages.success(
            request,
            _("“%(name)s” is stored as the official text. It can be submitted as it is.") % {"name": name},
        )
    return to(paper)


def _bring_in_context(paper: AnyPaper, form: BringInForm, read: ReadPlan | None) -> dict[str, Any]:
    problems = read.problems if read else ()
    return {
        "paper": paper,
        "form": form,
        "readings": open_readings(paper),
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
    }
