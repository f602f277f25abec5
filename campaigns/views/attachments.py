"""Files in their places: sent to who sees the record, added, replaced, removed by who may change it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import hooks
from campaigns.forms.attachments import AddFilesForm, ReplaceFileForm
from campaigns.hooks import AttachmentOwner
from campaigns.queries.attachments import FoundAttachment, find_attachment
from campaigns.requests import PortalRequest
from campaigns.services import attachments as services
from campaigns.views.sending import send_file
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal


@require_safe
def attachment(request: PortalRequest, campaign: str, uuid: UUID) -> FileResponse:
    """Send a file to who sees its record; a private one to its uploader and the department's own heads."""
    found = _find(request, uuid)
    if not found.may_open or found.opens_by_click:
        raise Http404
    return send_file(found.attachment.file)


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_open(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponseBase:
    """Say that opening a private file is logged; on the click write it down and send the file."""
    found = _find(request, uuid)
    if not found.may_open:
        raise Http404
    if request.method != "POST":
        context = {"owner": found.owner, "back": found.owner.url(request.campaign, found.record)}
        return render(request, "campaigns/attachment_open.html", context | {"name": found.name})
    if found.opens_by_click:
        services.note_private_opening(found.attachment, by_id=request.user.pk, at=request.at)
    return send_file(found.attachment.file)


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_add(request: PortalRequest, campaign: str, kind: str, uuid: UUID) -> HttpResponse:
    """Add files to a record."""
    owner = hooks.attachment_owners.get(kind)
    if owner is None:
        raise Http404
    record = get_object_or_404(owner.records(request.actor), uuid=uuid)
    slot = request.GET.get("slot", "")
    if slot not in owner.slots:
        raise Http404
    _require_change(request, owner, record, slot)
    form = AddFilesForm(posted(request, "files"))
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            services.attach_uploads(
                form.cleaned_data["files"],
                campaign_id=request.campaign.pk,
                department_id=owner.department_id(record),
                owner_kind=kind,
                owner_uuid=record.uuid,
                slot=slot,
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The files are attached."))
            return redirect(owner.url(request.campaign, record))
    context = {"form": form, "owner": owner, "back": owner.url(request.campaign, record)}
    return render(request, "campaigns/attachment_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_replace(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Put a newer version in the place of a file."""
    found = _changeable(request, uuid)
    back = found.owner.url(request.campaign, found.record)
    form = ReplaceFileForm(posted(request, "files"))
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            services.replace_attachment(
                found.attachment, form.cleaned_data["files"][0], by_id=request.user.pk, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The new version is in its place; the earlier one stays readable."))
            return redirect(back)
    context = {"form": form, "owner": found.owner, "back": back, "attachment": found.attachment}
    return render(request, "campaigns/attachment_replace.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_remove(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Ask, and take a file out of its place."""
    found = _changeable(request, uuid)
    back = found.owner.url(request.campaign, found.record)
    problem = ""
    if request.method == "POST":
        try:
            services.remove_attachment(found.attachment, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            problem = str(refused.sentence)
        else:
            messages.success(request, _("“%(name)s” is removed.") % {"name": found.attachment.file.name})
            return redirect(back)
    context = {"owner": found.owner, "back": back, "attachment": found.attachment, "problem": problem}
    return render(request, "campaigns/attachment_remove.html", context)


def _find(request: PortalRequest, uuid: UUID) -> FoundAttachment:
    found = find_attachment(request.actor, uuid)
    if found is None:
        raise Http404
    return found


def _changeable(request: PortalRequest, uuid: UUID) -> FoundAttachment:
    found = _find(request, uuid)
    if not found.may_open and found.attachment.removed_by_id != request.user.pk:  # who presses the button twice
        raise Http404
    _require_change(request, found.owner, found.record, found.attachment.slot)
    return found


def _require_change(request: PortalRequest, owner: AttachmentOwner, record: Any, slot: str) -> None:
    if owner.may_fill(request.actor, record, slot):
        return
    department_id = owner.department_id(record)
    if request.actor.is_interested_in(department_id) and department_id not in request.actor.departments:
        raise ConflictOfInterest(_("You have an interest in this department and change nothing of its records."))
    raise PermissionDenied(_("You may read these files, but not change them."))
