"""Request id for every answer; a forced change of a one-time password."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from qualityseason.tracing import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID_HEADER = "X-Request-ID"
SAFE_ID = re.compile(r"^[A-Za-z0-9-]{1,36}$")


class RequestIdMiddleware:
    """Gives each request an id that stands in the log, the audit entry and the answer's header."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        token = request_id.set(given if SAFE_ID.match(given) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response[REQUEST_ID_HEADER] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class PasswordChangeMiddleware:
    """Sends whoever holds a one-time password to the page that replaces it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        open_pages = {reverse("password"), reverse("logout"), reverse("language")}
        user = request.user
        if user.is_authenticated and user.must_change_password and request.path not in open_pages:
            return redirect("password")
        return self.get_response(request)


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Speaks the portal's language unless the reader has chosen another; the browser's own wish is not asked."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the cookie, else the portal's."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
