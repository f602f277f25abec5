"""What is owed: the own list and the matrix, one obligation, more time, another day for all, the text to remind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import FILED_OBLIGATIONS, RECORD_OBLIGATIONS, ObligationKind
from campaigns.exports import words
from campaigns.exports.obligations import chase_text, write_obligations
from campaigns.forms.obligations import ChaseFilter, ExtensionForm, HandInForm, MoveForm, ObligationFilter
from campaigns.models import Milestone, Obligation
from campaigns.policy import can_decide_for, can_hand_in, can_remind
from campaigns.queries.attachments import files_of
from campaigns.queries.chase import load_chase
from campaigns.queries.milestones import preview_move
from campaigns.queries.obligation_matrix import load_matrix
from campaigns.queries.obligation_pages import load_obligation, where_met
from campaigns.queries.obligations import OwedRow, owed_columns, owed_row, own_rows, sees_matrix
from campaigns.requests import PortalRequest
from campaigns.services import milestones as milestone_services
from campaigns.services import obligations as services
from campaigns.views.chasing import chase_of
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data

MET_HERE = FILED_OBLIGATIONS | {ObligationKind.PLAN_PAPER}  # on the obligation's own page
READ_BY_ALL = RECORD_OBLIGATIONS | {  # where it is met is
    ObligationKind.SESSION,
    ObligationKind.PLAN_ELECTRONIC,
    ObligationKind.NOTICE,
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def obligations(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show what the own departments owe, and the matrix, or one department's rows, to who oversees or receives."""
    actor, on = request.actor, day_of(request.at)
    own = own_rows(actor, on=on) if actor.departments else ()
    context = _lists(request, own) | {"own": own, "several": len(actor.departments) > 1, "on": on}
    if sees_matrix(actor):
        form = _filter(request)
        wanted = form.wanted()
        matrix = load_matrix(actor, on=on, wanted=wanted)
        context |= {
            "filter": form,
            "active": wanted.active,
            "matrix": matrix,
            "wanted": wanted,
            "query": request.GET.urlencode(),
            "can_chase": can_remind(actor),
            "can_export": actor.oversees,
            "chase": chase_of(request, wanted) if can_remind(actor) and wanted.show else "",
        }
        if wanted.department:
            found = [row for block in matrix.blocks for row in block.rows]
            context |= {"one": found[0] if found else None}
            context |= {f"one_{name}": rows for name, rows in _lists(request, found[0].rows if found else ()).items()}
    return render(request, "campaigns/obligations.html", context)


def _lists(request: PortalRequest, rows: Sequence[OwedRow]) -> dict[str, list[tuple[OwedRow, str]]]:
    """Return the rows with where each is met: those still open, and those done."""
    pairs = [(row, where_met(request.campaign, row)) for row in rows]
    open_ones = sorted((pair for pair in pairs if pair[0].is_open), key=lambda pair: pair[0].deadline)
    return {"not_done": open_ones, "done": [pair for pair in pairs if not pair[0].is_open]}


def _filter(request: PortalRequest, form: type[ObligationFilter] = ObligationFilter) -> ObligationFilter:
    columns = owed_columns(request.campaign, request.actor)
    return form(request.GET, campaign=request.campaign, columns=columns)


@require_safe
def obligations_export(request: PortalRequest, campaign: str) -> HttpResponse:
    """Send the matrix, filtered as on its page, as a workbook."""
    on, wanted = day_of(request.at), _filter(request).wanted()
    with translation.override(PAPER_LANGUAGE):
        matrix = load_matrix(request.actor, on=on, wanted=wanted)
    name = words.FILE % {"season": request.campaign.name, "day": on.isoformat()}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "obligations.xlsx"
        write_obligations(matrix, path, heading=name.removesuffix(".xlsx"), college=request.campaign.college)
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
def obligations_chase(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show a text for the chat group: what, by when, who has not; filtered as the matrix."""
    on, form = day_of(request.at), _filter(request, ChaseFilter)
    wanted = form.wanted()
    more_time = bool(form.cleaned_data.get("more_time"))
    items = load_chase(request.actor, on=on, wanted=wanted)
    context = {
        "filter": form,
        "active": wanted.active + more_time,
        "text": chase_text(items, campaign=request.campaign.name, on=on, with_more_time=more_time),
        "left_out": [] if more_time else [item for item in items if item.more_time],
        "query": request.GET.urlencode(),
    }
    return render(request, "campaigns/chase.html", context)


@require_safe
def obligation(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one obligation: how it is met, by what it was, its files, every decision on its day."""
    found = _obligation(request, uuid)
    page = load_obligation(request.campaign, request.actor, found, on=day_of(request.at))
    files = files_of(request.actor, services.OWNER, [found.uuid], campaign=request.campaign).get(found.uuid, ())
    hands_in = can_hand_in(request.actor, found.department_id)
    context = {
        "page": page,
        "row": page.row,
        "met_at_url": where_met(request.campaign, page.row),
        "files": [file for file in files if file.slot != services.PAPER],
        "papers": [file for file in files if file.slot == services.PAPER],
        "paper_slot": services.PAPER,
        "can_change": hands_in,
        "can_hand_in": hands_in and page.row.kind in FILED_OBLIGATIONS,
        "takes_files": page.row.kind in FILED_OBLIGATIONS,
        "can_extend": can_decide_for(request.actor, found.department_id),
        "shows_way": page.row.is_open
        and (page.row.kind in READ_BY_ALL or (hands_in and page.row.kind not in MET_HERE)),
    }
    return render(request, "campaigns/obligation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_hand_in(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Hand in files, the first time or more of them."""
    found = _obligation(request, uuid)
    if found.kind not in FILED_OBLIGATIONS:
        raise Http404
    if not can_hand_in(request.actor, found.department_id):
        raise ConflictOfInterest(
            _("You do not hand in for this department: its own people do, or another of the office.")
        )
    form = HandInForm(posted(request), initial={"version": services.note_mark(found), "note": found.note})
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.hand_in(
                found,
                uploads=data["files"],
                note=data["note"],
                version=data["version"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            form.add_stale(refused, services.note_mark(_obligation(request, uuid)))
        else:
            messages.success(request, _("Handed in: %(name)s.") % {"name": found.label})
            return redirect("campaigns:obligation", request.campaign.slug, found.uuid)
    context = {"form": form, "row": owed_row(found, on=day_of(request.at))}
    return render(request, "campaigns/obligation_hand_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_extend(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Decide that one department has more time; says first what that changes."""
    found = _obligation(request, uuid)
    if not can_decide_for(request.actor, found.department_id):
        raise ConflictOfInterest(_("You have an interest in this department: another of the office decides."))
    form = ExtensionForm(form_data(request), initial={"version": found.deadline.isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_obligation(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            form.add_stale(refused, _obligation(request, uuid).deadline.isoformat())
        else:
            messages.success(request, _("%(department)s has another last day.") % {"department": found.department.name})
            return redirect("campaigns:obligation", request.campaign.slug, found.uuid)
    context = {"form": form, "row": owed_row(_obligation(request, uuid), on=day_of(request.at))}
    return render(request, "campaigns/obligation_extend.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_move(request: PortalRequest, campaign: str, code: str) -> HttpResponse:
    """Move a milestone for all: first the preview, which writes nothing, then the decision that rests on it."""
    owed = Milestone.objects.filter(campaign=request.campaign).exclude(obligation="")
    milestone = get_object_or_404(owed, code=code)
    form = MoveForm(form_data(request))
    preview = None
    if request.method == "POST" and form.is_valid():
        until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
        try:
            if "confirm" in request.POST:
                milestone_services.move_milestone(milestone, **form.cleaned_data, by=request.actor, at=request.at)
                moved = {"name": milestone.name, "day": until.isoformat()}
                messages.success(request, _("%(name)s is now due on %(day)s for all.") % moved)
                return redirect("campaigns:obligations", request.campaign.slug)
            milestone_services.refuse_move(milestone, until=until, reason=reason)
        except Refused as refused:
            add_refusal(form, refused)
            milestone.refresh_from_db()
            is_stale = refused.refusal_code == "stale"
        else:
            is_stale = False
        if is_stale or form.is_valid():
            preview = preview_move(milestone, until=until, on=day_of(request.at))
            form.rest_on(preview.digest)
            milestone_services.refuse_own(preview, request.actor)
    context = {"form": form, "milestone": milestone, "preview": preview}
    return render(request, "campaigns/milestone_move.html", context)


def _obligation(request: PortalRequest, uuid: UUID) -> Obligation:
    rows = Obligation.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("milestone", "department", "department__plan", "met_by"),
        uuid=uuid,
    )
