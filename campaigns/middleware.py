"""Who is asking, and may they: the policy table is held against every url here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign
from campaigns.queries.actors import load_actor
from qualityseason import clock, policy


class ActorMiddleware:
    """Puts `request.campaign`, `request.actor` and `request.at` there, and refuses who has no business here.

    Anonymous goes to the login page and back; a campaign one has no membership in is 404; a role the table does not
    name is 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.campaign = request.actor = None
        request.at = clock.now()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Look the url up in the policy table before its view runs."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        access = policy.TABLE.get(name)
        if access is None:
            raise ImproperlyConfigured(f"url {name!r} is not in the policy table")
        if access.public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if "campaign" in kwargs:
            self._load(request, kwargs["campaign"])
        if access.roles is not None and (request.actor is None or request.actor.roles.isdisjoint(access.roles)):
            raise PermissionDenied
        return None

    def _load(self, request: HttpRequest, slug: str) -> None:
        request.campaign = get_object_or_404(Campaign, slug=slug)
        request.at = clock.now(request.campaign)
        request.actor = load_actor(request.user, request.campaign, on=clock.day_of(request.at))
        if request.actor is None:
            raise Http404
