"""Sending a stored file: always as an attachment, never kept by what lies between."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404

from qualityseason.models import StoredFile
from qualityseason.services.files import path_of

log = logging.getLogger(__name__)


def send_file(stored: StoredFile) -> FileResponse:
    """Return the answer that hands over a stored file; who may have it was asked before."""
    try:
        content = path_of(stored).open("rb")
    except FileNotFoundError as error:
        log.error("the content %s of file %s is missing", stored.sha256, stored.uuid)
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
