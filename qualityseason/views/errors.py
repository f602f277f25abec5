"""Error pages; each shows the request's number, which stands in the log too."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from qualityseason.tracing import request_id
from qualityseason.typed import typed_fields


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read; without the request's context, which may be what is wrong."""
    return HttpResponse(render_to_string("400.html", {"request_id": request_id.get()}), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What the role does not allow, with the sentence of PermissionDenied or ConflictOfInterest if it has one."""
    context = {"exception": str(exception or ""), "request_id": request_id.get()}
    return render(request, "403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing there, or nothing one may know of: both read the same."""
    return render(request, "404.html", {"request_id": request_id.get()}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own mistake; rendered without any context that could fail again."""
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is old (a login in another tab renewed it): offers to send the same fields again.

    Only when the browser says that the form stood on this host: another site must not get its form one tap away
    from being taken.
    """
    at_login = request.path == reverse("login")
    context = {
        "request_id": request_id.get(),
        "fields": [] if at_login or not _came_from_here(request) else typed_fields(request.POST),
        "has_files": bool(request.FILES),
        "at_login": at_login,
        "action": request.get_full_path(),
    }
    return render(request, "403_csrf.html", context, status=403)


def _came_from_here(request: HttpRequest) -> bool:
    here = (request.scheme, request.get_host())
    for header in ("Origin", "Referer"):
        said = request.headers.get(header)
        if said is not None:
            return urlsplit(said)[:2] == here
    return False
