"""What was typed into a form by somebody whose session had ended is there again after the login.

`ActorMiddleware` calls `keep_typed` before it sends a POST to the login page; the view of the form takes
`form_data(request)` where it would take `request.POST or None`.

It is there for the same person alone. A login leaves a cookie that outlives the session and says whose browser this
is; it renews the CSRF token too, so a form that passes that check stood there since the login the cookie tells of.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SESSION_KEY = "typed"
COOKIE = "typed_by"
MAXIMUM_SIZE = 160 * 1024  # characters of one form: an item of a plan with every field full
MAXIMUM_FORMS = 3  # in one session
KEPT = 60 * 60  # seconds
SECRET_WORDS = ("password", "csrf")


def typed_fields(data: QueryDict) -> list[tuple[str, str]]:
    """Return the (name, value) pairs of a form in their order, without passwords and tokens."""
    return [
        (name, value)
        for name, values in data.lists()
        if not any(word in name.casefold() for word in SECRET_WORDS)
        for value in values
        if isinstance(value, str)
    ]


def keep_typed(request: HttpRequest) -> None:
    """Keep the text fields of this POST in the session under its path; not files, nor too much, nor a stranger's."""
    whose = request.COOKIES.get(COOKIE)
    fields = typed_fields(request.POST)
    if not whose or not fields or sum(len(name) + len(value) for name, value in fields) > MAXIMUM_SIZE:
        return
    kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
    kept.pop(request.path, None)
    newest = dict(list(kept.items())[-(MAXIMUM_FORMS - 1) :])
    request.session[SESSION_KEY] = newest | {request.path: {"at": int(time.time()), "whose": whose, "fields": fields}}


def welcome(request: HttpRequest, response: HttpResponse) -> None:
    """Drop, at a login, what somebody else had typed on this browser, and mark the browser as this person's."""
    mark = salted_hmac(COOKIE, str(request.user.pk), algorithm="sha256").hexdigest()
    kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
    if kept:
        request.session[SESSION_KEY] = {path: form for path, form in kept.items() if form.get("whose") == mark}
    response.set_cookie(
        COOKIE,
        mark,
        max_age=settings.CSRF_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_typing_kept(request: HttpRequest) -> bool:
    """Whether something typed waits for whoever had signed in on this browser last."""
    kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
    whose = request.COOKIES.get(COOKIE)
    return any(form.get("whose") == whose and form["at"] + KEPT >= time.time() for form in kept.values())


def typed_again(request: HttpRequest, *, path: str = "") -> QueryDict | None:
    """Return, once, what was typed for `path` (default: this page) before the login, or None; tells the person."""
    kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
    found = kept.get(path or request.path)
    if found is None:
        return None
    request.session[SESSION_KEY] = {place: form for place, form in kept.items() if place != (path or request.path)}
    if found["at"] + KEPT < time.time():
        return None
    typed = QueryDict(mutable=True)
    for name, value in found["fields"]:
        typed.appendlist(name, value)
    messages.info(request, _("You had been signed out. What you typed is here again; nothing was saved yet."))
    return typed


def form_data(request: HttpRequest, *, path: str = "") -> QueryDict | None:
    """Return the data a form is bound to: the POST, else what was typed before the login, else None."""
    return request.POST if request.method == "POST" else typed_again(request, path=path)


def page_typed_on(request: HttpRequest) -> str:
    """Return where to go after the login: the page of this host the form stood on, else this address."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if request.method != "POST" or referer.netloc != request.get_host() or not referer.path.startswith("/"):
        return request.get_full_path()
    return f"{referer.path}?{referer.query}" if referer.query else referer.path
