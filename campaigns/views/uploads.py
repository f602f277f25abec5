"""Files sent ahead of their form, in a request of their own or in the plain form itself."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.forms.files import PostedData, WaitingFile
from campaigns.requests import PortalRequest
from campaigns.views.sending import send_file
from qualityseason.errors import Refused
from qualityseason.intake.kinds import refused as refusal_of
from qualityseason.intake.spooling import files_without_room
from qualityseason.models import StoredFile
from qualityseason.services.files import safe_name
from qualityseason.services.uploads import take_upload
from qualityseason.text import parse_count, parse_uuid
from qualityseason.typed import typed_again

REFUSED = "_refused_uploads"
WORTH_ANOTHER_TRY = frozenset({"incomplete", "disk_full", "waiting"})  # refusals that do not lie in the file


@require_POST
def upload(request: PortalRequest, campaign: str) -> HttpResponse:
    """Take one file and answer with its id, or with the sentence why not."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise refusal_of("disk_full" if files_without_room(request) else "incomplete")
        _require_whole(request, file)
        stored = _take(request, file)
    except Refused as refused:
        code = refused.refusal_code
        answer = {"problem": str(refused.sentence), "again": code in WORTH_ANOTHER_TRY}
        return JsonResponse(answer, status=507 if code == "disk_full" else 422)
    return JsonResponse({"uuid": str(stored.uuid), "name": stored.name, "size": stored.size}, status=201)


@require_safe
def uploaded(request: PortalRequest, campaign: str, uuid: UUID) -> FileResponse:
    """Send an upload that waits to be attached back to the person who made it, and to nobody else."""
    own = StoredFile.objects.filter(stored_by=request.user, campaign_id=request.campaign.pk, is_upload=True)
    return send_file(get_object_or_404(own, uuid=uuid))


def posted(request: PortalRequest, *fields: str, path: str = "") -> QueryDict | None:
    """Return what a form with files is bound to: the POST, else what was typed (for `path`) before the login, or None.

    Files that came in the plain form are judged and kept first and stand in the data by their ids; those refused are
    told by `show_refused_uploads`.
    """
    typed = request.POST if request.method == "POST" else typed_again(request, path=path)
    if typed is None:
        return None
    data = PostedData(mutable=True)
    for name, values in typed.lists():
        data.setlist(name, list(values))
    refusals: list[tuple[str, str, Refused]] = []
    if request.method == "POST":
        for field in fields or ("files",):
            for file in request.FILES.getlist(field):
                try:
                    data.appendlist(field, str(_take(request, file).uuid))
                except Refused as refused:
                    refusals.append((field, file.name or "", refused))
        refusals += [(field, name, refusal_of("disk_full")) for field, name in files_without_room(request)]
    setattr(request, REFUSED, refusals)
    data.waiting = _waiting(request, [text for field in fields or ("files",) for text in data.getlist(field)])
    data._mutable = False
    return data


def show_refused_uploads(request: PortalRequest, form: forms.BaseForm) -> None:
    """Put the refusals of the files that came with the form at their field; the form is then not valid."""
    if not form.is_bound:
        return
    for field, name, refused in getattr(request, REFUSED, ()):
        if form.has_error(field, "required"):  # something was chosen; why it is not there stands below
            del form.errors[field]
        sentence = _("%(field)s: %(error)s") % {"field": safe_name(name), "error": refused.sentence}
        form.add_error(field if field in form.fields else None, sentence)


def _take(request: PortalRequest, file: UploadedFile[bytes]) -> StoredFile:
    return take_upload(
        cast(BinaryIO, file),
        file.name or "",
        size=file.size,
        by_id=request.user.pk,
        campaign_id=request.campaign.pk,
    )


def _require_whole(request: PortalRequest, file: UploadedFile[bytes]) -> None:
    """Refuse a file of another size than its sender told."""
    try:
        told = parse_count(request.GET.get("size", ""))
    except ValueError:
        return
    if told != file.size:
        raise refusal_of("incomplete")


def _waiting(request: PortalRequest, texts: list[str]) -> dict[UUID, WaitingFile]:
    uuids = [uuid for uuid in map(parse_uuid, texts) if uuid is not None]
    if not uuids:
        return {}
    own = StoredFile.objects.filter(stored_by=request.user, campaign_id=request.campaign.pk, is_upload=True)
    return {
        stored.uuid: WaitingFile(
            stored.uuid,
            stored.name,
            stored.size,
            reverse("campaigns:uploaded", args=[request.campaign.slug, stored.uuid]),
        )
        for stored in own.filter(uuid__in=uuids)
    }
