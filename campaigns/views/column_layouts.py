"""Saying once which column of a sheet is which of ours."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns import hooks
from campaigns.enums import ImportKind
from campaigns.forms.column_layouts import MatchForm
from campaigns.models import ImportBatch
from campaigns.policy import importable_kinds
from campaigns.queries.column_layouts import headings_of, proposal_for
from campaigns.requests import PortalRequest
from campaigns.services.column_layouts import match_columns
from campaigns.services.import_requests import may_match, may_read_rows
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def import_match(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show our columns with the sheet's headings to choose from, filled in as far as they are like."""
    visible = ImportBatch.objects.visible_to(request.actor, kinds=importable_kinds(request.actor))
    batch = get_object_or_404(visible.select_related("campaign"), uuid=uuid)
    if not may_read_rows(batch, request.actor):
        raise Http404
    if not may_match(batch, request.actor):
        messages.info(request, _("There is nothing to match in this sheet now."))
        return redirect("campaigns:import", campaign, batch.uuid)
    rows = headings_of(batch)
    at = _number(request.GET.get("at"))
    if at >= len(rows):
        raise Http404
    columns = hooks.import_kinds[batch.kind].columns
    form = MatchForm(
        form_data(request), columns=columns, headings=rows[at], initial=proposal_for(batch, rows[at], columns)
    )
    if request.method == "POST" and form.is_valid():
        try:
            match_columns(batch, rows[at], form.mapping(), by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(
                request, _("Remembered. The sheet is checked again; the next one like it needs no matching.")
            )
            return redirect("campaigns:import", campaign, batch.uuid)
    context = {
        "batch": batch,
        "kind_label": ImportKind(batch.kind).label,
        "form": form,
        "headings": rows[at],
        "others": [(number, row) for number, row in enumerate(rows) if number != at],
        "columns": [(form[column.key], column) for column in columns],
    }
    return render(request, "campaigns/import_match.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0
