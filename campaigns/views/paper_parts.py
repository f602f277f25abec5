"""Writing a plan or summary on the page: the page of its writers, its title, its parts of prose and free sections.

Each part is edited in a form of its own: on a page of its own, or where htmx is there, in its place on the page.
"""

from __future__ import annotations

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from campaigns.forms.paper_parts import PartForm, SectionForm, TitleForm
from campaigns.models.any_paper import AnyPaper, AnyPart, PaperModel
from campaigns.queries.attachments import files_of
from campaigns.queries.paper_readings import title_of_file
from campaigns.queries.paper_writing import hints_of, remark_on, state_at, was_section
from campaigns.requests import PortalRequest
from campaigns.services import paper_parts as services
from campaigns.services.paper_title import rename_paper
from campaigns.views.paper_access import (
    address,
    handed_paper,
    refuse_closed,
    status_of,
    to,
    writable_paper,
    writing_context,
)
from campaigns.views.paper_conflicts import Conflict, conflict_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import SESSION_KEY, form_data

WRITING_FORMS = ("title", "part", "section-new", "item", "item-new")


def write(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Show the whole text to its writers, with what is still missing."""
    paper = writable_paper(request, model, uuid)
    files = files_of(request.actor, paper.SORT, [paper.uuid], campaign=request.campaign).get(paper.uuid, ())
    own = [file for file in files if not file.slot]  # enclosed with it, neither its Word text nor signed paper
    context = writing_context(request, paper) | {"waiting": _typed_before(request, paper), "files": own}
    return render(request, "campaigns/paper_write.html", context)


def title(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Change the title; the one the brought Word file calls itself by is offered."""
    paper = handed_paper(request, model, uuid)
    if request.method != "POST":
        refuse_closed(request, paper)
    form = TitleForm(form_data(request), initial={"title": paper.title, "seen": paper.title})
    standing, status = "", 200
    if request.method == "POST" and form.is_valid():
        sent = {"title": form.cleaned_data["title"], "seen": form.cleaned_data["seen"]}
        try:
            rename_paper(paper, **sent, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            status = status_of(refused)
            if refused.refusal_code == "stale" and isinstance(refused.existing, model):
                standing = refused.existing.title
        else:
            messages.success(request, _("Saved."))
            return to(paper, "write")
    context = {
        "paper": paper,
        "form": form,
        "seen": standing or form["seen"].value(),
        "standing": standing,
        "offered": title_of_file(paper),
    }
    return render(request, "campaigns/paper_title.html", context, status=status)


def part(request: PortalRequest, model: PaperModel, uuid: UUID, part: UUID) -> HttpResponse:
    """Write one part of prose, or rename and write a free section; `move` lets a section change its place."""
    paper = handed_paper(request, model, uuid)
    row = paper.parts.filter(uuid=part).select_related("changed_by").first()
    if row is None:
        return _gone_section(request, paper, part)
    if request.method != "POST":
        refuse_closed(request, paper)
        if request.htmx and "card" in request.GET:
            return part_card(request, paper, row.uuid)
    elif "move" in request.POST:
        return _moved(request, paper, row)
    form = _part_form(request, paper, row)
    if request.method == "POST" and form.is_valid():
        sent = {"title": form.cleaned_data.get("title", row.title), "text": form.cleaned_data["text"]}
        try:
            version = form.cleaned_data["version"] or 0
            services.save_part(row, version=version, **sent, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            return _refused_part(request, paper, row, form, refused, sent)
        return _saved_part(request, paper, row.uuid)
    return part_page(request, paper, form, row=row)


def section_new(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Add a free section with a title of its own."""
    paper = handed_paper(request, model, uuid)
    if request.method != "POST":
        refuse_closed(request, paper)
    form = SectionForm(form_data(request), initial={"uuid": uuids.uuid4()}, mark="section")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = data["uuid"] or uuids.uuid4()
        try:
            made = services.add_section(
                paper, uuid=new, title=data["title"], text=data["text"], by_id=request.user.pk, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
            return part_page(request, paper, form, row=None, status=status_of(refused))
        return _saved_part(request, paper, made.uuid, added=True)
    return part_page(request, paper, form, row=None)


def section_remove(request: PortalRequest, model: PaperModel, uuid: UUID, part: UUID) -> HttpResponse:
    """Ask, then take a free section out of the text."""
    paper = writable_paper(request, model, uuid)
    row = paper.parts.filter(uuid=part, code="").first()
    if row is None:
        raise Http404
    if request.method == "POST":
        sent = request.POST.get("version", "")
        try:
            version = int(sent) if sent.isdecimal() and len(sent) < 9 else 0  # no version is longer
            services.remove_section(row, version=version, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            messages.error(request, refused.sentence)
            return to(paper, "section-remove", row.uuid)
        messages.success(request, _("“%(title)s” is removed.") % {"title": row.title})
        return to(paper, "write")
    return render(request, "campaigns/paper_part_remove.html", {"paper": paper, "part": row})


def part_page(
    request: PortalRequest,
    paper: AnyPaper,
    form: PartForm | SectionForm,
    *,
    row: AnyPart | None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form of a part: as a piece to htmx, else on a page of its own."""
    context = {
        "paper": paper,
        "form": form,
        "part": row,
        "conflict": conflict,
        "action": address(paper, "part", row.uuid) if row else address(paper, "section-new"),
        "remark": remark_on(paper, row.uuid) if row else "",
    }
    template = "campaigns/paper_part_form.html" if request.htmx else "campaigns/paper_part.html"
    return render(request, template, context, status=status)


def part_card(request: PortalRequest, paper: AnyPaper, uuid: UUID, *, added: bool = False) -> HttpResponse:
    """Answer htmx with the part as it reads now, and what is missing brought up to date."""
    context = writing_context(request, paper)
    part = context["writing"].part(uuid)
    if part is None:
        raise Http404
    return render(request, "campaigns/paper_part_saved.html", context | {"part": part, "added": added})


def _part_form(request: PortalRequest, paper: AnyPaper, row: AnyPart, **values: Any) -> PartForm | SectionForm:
    initial = {"version": row.version, "title": row.title, "text": row.text} | values
    data = None if values else form_data(request)
    if not row.code:
        return SectionForm(data, initial=initial, mark=f"part-{row.pk}")
    hint = hints_of(paper).get(row.code, "")
    return PartForm(data, initial=initial, mark=f"part-{row.pk}", label=row.title, hint=hint)


def _refused_part(
    request: PortalRequest,
    paper: AnyPaper,
    row: AnyPart,
    form: PartForm | SectionForm,
    refused: Refused,
    sent: dict[str, str],
) -> HttpResponse:
    if refused.refusal_code == "gone":
        return _gone_section(request, paper, row.uuid)
    if refused.refusal_code != "stale":
        add_refusal(form, refused)
        return part_page(request, paper, form, row=row, status=status_of(refused))
    standing = paper.parts.select_related("changed_by").get(pk=row.pk)
    mine = sent if not standing.code else {"text": sent["text"]}
    base = state_at(standing, version=form.cleaned_data["version"] or 0)
    conflict = conflict_of(standing, form, theirs=services.part_state(standing), mine=mine, base=base)
    again = _part_form(request, paper, standing, **conflict.proposal)
    return part_page(request, paper, again, row=standing, conflict=conflict)


def _saved_part(request: PortalRequest, paper: AnyPaper, uuid: UUID, *, added: bool = False) -> HttpResponse:
    if request.htmx:
        return part_card(request, paper, uuid, added=added)
    messages.success(request, _("Saved."))
    return redirect(address(paper, "write") + f"#part-{uuid}")


def _moved(request: PortalRequest, paper: AnyPaper, row: AnyPart) -> HttpResponse:
    refuse_closed(request, paper)
    position = request.POST.get("position", "")
    if position.isdecimal() and len(position) < 4:  # no place is longer
        up = request.POST["move"] == "up"
        services.move_section(row, position=int(position), up=up, by_id=request.user.pk, at=request.at)
    return redirect(address(paper, "write") + f"#part-{row.uuid}")


def _gone_section(request: PortalRequest, paper: AnyPaper, uuid: UUID) -> HttpResponse:
    """Offer what was typed into a section somebody else has removed as a new one; 404 for any other id."""
    if request.method != "POST" or not was_section(paper, uuid):
        raise Http404
    values = {"title": request.POST.get("title", ""), "text": request.POST.get("text", "")}
    form = SectionForm(values | {"uuid": str(uuids.uuid4())}, mark="section")
    form.add_error(
        None, _("Somebody else has removed this section meanwhile. Save to put your text back as a new one.")
    )
    return part_page(request, paper, form, row=None)


def _typed_before(request: PortalRequest, paper: AnyPaper) -> list[str]:
    """Return the addresses of this text's forms in which something waits that was typed before the session ended."""
    forms = {f"{paper.SORT}-{name}" for name in WRITING_FORMS}
    waiting = []
    for path in request.session.get(SESSION_KEY, {}):
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if found.url_name in forms and found.kwargs.get("uuid") == paper.uuid:
            waiting.append(path)
    return waiting
