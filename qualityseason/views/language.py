"""Switching the language: a cookie, and back to the page; only addresses of this host are gone back to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Set the language posted as `language` and go back to `next`."""
    return set_language(request)
