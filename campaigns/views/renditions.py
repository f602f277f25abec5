"""Page pictures of attached files, for those whose device cannot open the file."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.queries.attachments import FoundAttachment, find_attachment
from campaigns.requests import PortalRequest
from qualityseason.errors import Refused
from qualityseason.queries.renditions import page_file, pages_of
from qualityseason.services.files import path_of
from qualityseason.services.renditions import ask_for_pages

KEPT_SECONDS = 24 * 60 * 60  # by the reader's own browser; the address names one content for good


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_pages(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the pages of a file as pictures; a POST asks for them to be made."""
    found = _find(request, uuid)
    problem = ""
    if request.method == "POST":
        try:
            ask_for_pages(found.attachment.file, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            problem = str(refused.sentence)
        else:
            return redirect("campaigns:attachment-pages", campaign, uuid)
    context = {
        "attachment": found.attachment,
        "owner": found.owner,
        "back": found.owner.url(request.campaign, found.record),
        "pages": pages_of(found.attachment.file),
        "problem": problem,
        "poll_url": request.path,
    }
    return render(request, "campaigns/attachment_pages.html", context)


@require_safe
def attachment_page(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> FileResponse:
    """Send the picture of one page to who may open the file."""
    found = _find(request, uuid)
    image = page_file(found.attachment.file, number)
    if image is None:
        raise Http404
    try:
        content = path_of(image).open("rb")
    except FileNotFoundError as error:
        raise Http404(_("This picture is missing.")) from error
    response = FileResponse(content, content_type=image.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _find(request: PortalRequest, uuid: UUID) -> FoundAttachment:
    """Return the attachment; one opened by a logged click alone has no pages."""
    found = find_attachment(request.actor, uuid)
    if found is None or not found.may_open or found.opens_by_click:
        raise Http404
    return found
