"""Sheets: upload, see what was understood, bring in, take back."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import hooks
from campaigns.enums import ImportKind, RegisterCode
from campaigns.forms.imports import UploadForm, WithdrawForm
from campaigns.hooks import ImportKindSpec
from campaigns.imports.archive import ENDING
from campaigns.imports.template import make_template
from campaigns.models import ImportBatch
from campaigns.policy import importable_kinds
from campaigns.queries.column_layouts import errors_as_named, matched_columns, needs_matching
from campaigns.queries.imports import job_of, list_imports, standing_copy, state_of
from campaigns.requests import PortalRequest
from campaigns.services import import_requests as services
from campaigns.services.imports import MEDIA_TYPE, Upload
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.models import StoredFile
from qualityseason.services.files import path_of


@require_safe
def imports(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the sheets brought in, and offer the kinds one may bring in."""
    allowed = importable_kinds(request.actor)
    if not allowed:
        raise PermissionDenied
    page = list_imports(
        request.actor, older_than=_uuid(request.GET.get("older")), newer_than=_uuid(request.GET.get("newer"))
    )
    context = {
        "kinds": [(kind.value, kind.label) for kind in ImportKind if kind in allowed and kind in hooks.import_kinds],
        "rows": page.rows,
        "older_url": f"?older={page.older}" if page.older else "",
        "newer_url": f"?newer={page.newer}" if page.newer else "",
    }
    return render(request, "campaigns/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: PortalRequest, campaign: str, kind: str) -> HttpResponse:
    """Take a file and start its dry run."""
    spec = _spec(request, kind)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        upload = Upload(file.chunks(), file.name)
        batch = services.upload_sheet(request.campaign, kind, upload=upload, by=request.actor, at=request.at)
        return redirect("campaigns:import", campaign, batch.uuid)
    context = {
        "form": form,
        "kind": kind,
        "label": ImportKind(kind).label,
        "columns": spec.columns_of(request.campaign),
    }
    return render(request, "campaigns/import_new.html", context)


@require_safe
def import_template(request: PortalRequest, campaign: str, kind: str) -> FileResponse:
    """Send an empty sheet of this kind."""
    spec = _spec(request, kind)
    label = str(ImportKind(kind).label)
    content = io.BytesIO(make_template(spec.columns_of(request.campaign), title=label))
    return _attachment(content, f"{label}{ENDING}")


@require_safe
def import_batch(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what was understood of a sheet, its errors, and what may be done."""
    return _show(request, _batch(request, uuid), WithdrawForm())


@require_POST
def import_apply(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Bring a checked sheet in, in the background."""
    batch = _batch(request, uuid)
    try:
        services.start_apply(batch, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("campaigns:import", campaign, batch.uuid)


@require_safe
def import_annotated(request: PortalRequest, campaign: str, uuid: UUID) -> FileResponse:
    """Send the uploaded sheet with its errors coloured and written out."""
    batch = _batch(request, uuid)
    if not services.may_read_rows(batch, request.actor):
        raise Http404
    stored = get_object_or_404(StoredFile, uuid=_uuid(batch.report.get("annotated")))
    return _attachment(path_of(stored).open("rb"), stored.name)


@require_POST
def import_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a whole import back, in the background."""
    batch = _batch(request, uuid)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            services.start_withdrawal(batch, by=request.actor, at=request.at, because=form.cleaned_data["because"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("campaigns:import", campaign, batch.uuid)
    return _show(request, batch, form)


def _spec(request: PortalRequest, kind: str) -> ImportKindSpec:
    spec = hooks.import_kinds.get(kind)
    if spec is None:
        raise Http404
    if kind not in importable_kinds(request.actor):
        raise PermissionDenied
    return spec


def _batch(request: PortalRequest, uuid: UUID) -> ImportBatch:
    visible = ImportBatch.objects.visible_to(request.actor, kinds=importable_kinds(request.actor))
    return get_object_or_404(visible.select_related("uploaded_by", "withdrawn_by"), uuid=uuid)


def _show(request: PortalRequest, batch: ImportBatch, form: WithdrawForm) -> HttpResponse:
    spec = hooks.import_kinds[batch.kind]
    job = job_of(batch)
    state, label = state_of(batch, job)
    running = job is not None and not job.is_over
    asked_here = job is not None and job.asked_by_id == request.user.pk
    reads_rows = services.may_read_rows(batch, request.actor)
    context = {
        "batch": batch,
        "kind": batch.kind,
        "kind_label": ImportKind(batch.kind).label,
        "state": state,
        "state_label": label,
        "job": job if running else None,
        "job_url": reverse("job", args=[job.uuid]) if running and asked_here and job is not None else "",
        "problem": job.why_failed if job is not None and asked_here and not running else "",
        "report": batch.report,
        "reads_rows": reads_rows,
        "needs_matching": not running and needs_matching(batch),
        "matched": matched_columns(batch),
        "errors": errors_as_named(batch),
        "may_match": not running and services.may_match(batch, request.actor),
        "list_url": _list_url(request, batch.kind),
        "shown": [
            row | {"cells": list(zip(spec.shown, row["cells"], strict=False))} for row in batch.report.get("shown", ())
        ],
        "standing": standing_copy(batch),
        "may_apply": not running and services.may_apply(batch, request.actor),
        "may_withdraw": not running and services.may_withdraw(batch, request.actor),
        "form": form,
    }
    return render(request, "campaigns/import.html", context)


def _list_url(request: PortalRequest, kind: str) -> str:
    """Return where the rows of a register stand, '' for other kinds."""
    code = next((code for code in RegisterCode if code.responsibility == kind), None)
    return reverse("campaigns:register", args=[request.campaign.slug, code.value]) if code else ""


def _attachment(content: io.BufferedIOBase, name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name)
    response["Content-Type"] = MEDIA_TYPE
    response["Cache-Control"] = "private, no-store"
    return response


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
