"""Who is asking, and may they: the policy table is held against every url here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from campaigns.actors import Actor
from campaigns.models import Campaign
from campaigns.queries.actors import load_actor, seen_as
from campaigns.services.seeing_as import note_seen
from qualityseason import clock, policy
from qualityseason.models import User
from qualityseason.typed import keep_typed, page_typed_on

SEEING_AS = "seeing_as"  # in the session: slug of a season → uuid of the department it is seen as
AS_ONESELF = frozenset({"campaigns:see-as", "campaigns:see-as-end"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ActorMiddleware:
    """Puts `request.campaign`, `request.actor` and `request.at` there, and refuses who has no business here.

    Anonymous goes to the login page and back, and what was typed waits there; a campaign one has no membership in is
    404; a role the table does not name is 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _put(request, campaign=None, actor=None, at=clock.now())
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
        if not isinstance(request.user, User):
            return _to_login(request)
        actor = _load(request, request.user, kwargs["campaign"], name) if "campaign" in kwargs else None
        if access.roles is not None and (actor is None or actor.roles.isdisjoint(access.roles)):
            raise PermissionDenied
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        keep_typed(request)
    htmx = getattr(request, "htmx", None)
    if htmx:  # a piece of a page: the whole page goes to the login, and back to where it was
        redirect = redirect_to_login(htmx.current_url_abs_path or page_typed_on(request))
        return HttpResponseClientRedirect(redirect.url)
    return redirect_to_login(page_typed_on(request))


def _load(request: HttpRequest, user: User, slug: str, name: str) -> Actor:
    campaign = get_object_or_404(Campaign.objects.select_related("contest"), slug=slug)  # the navigation asks for it
    at = clock.now(campaign)
    actor = load_actor(user, campaign, on=clock.day_of(at))
    if actor is None:
        raise Http404
    department = request.session.get(SEEING_AS, {}).get(slug)
    seen = seen_as(actor, department) if department and name not in AS_ONESELF else None
    _put(request, campaign=campaign, actor=seen or actor, at=at)
    if seen is not None:
        _look_only(request, seen)
    return seen or actor


def _look_only(request: HttpRequest, seen: Actor) -> None:
    """Log that a page is opened as a department sees it; whoever looks as somebody else writes nothing."""
    if request.method not in SAFE:
        raise PermissionDenied(_("You are looking at the portal as a department sees it: nothing can be written."))
    note_seen(seen, path=request.get_full_path(), at=clock.now(getattr(request, "campaign", None)))


def _put(request: HttpRequest, **values: Any) -> None:
    """Put on the request what `campaigns.requests.PortalRequest` promises to views."""
    for name, value in values.items():
        setattr(request, name, value)
