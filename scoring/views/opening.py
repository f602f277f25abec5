"""Whether a request shows its page to somebody: fetched ahead, or asked for its head alone, it tells nobody."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from campaigns.requests import PortalRequest
from scoring import policy
from scoring.models import Deduction
from scoring.services.notices import open_notices

AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # headers by which a browser says that nobody looks yet


def is_fetched_ahead(request: PortalRequest) -> bool:
    """Whether a browser fetches the page before anybody asked for it."""
    said = " ".join(request.headers.get(name, "") for name in AHEAD).casefold()
    return "prefetch" in said or "prerender" in said or "preview" in said


def not_ahead() -> HttpResponse:
    """Return the answer by which a browser drops what it fetched ahead and asks again once somebody looks."""
    return HttpResponse(status=503, headers={"Cache-Control": "private, no-store"})


def waits_for_a_look(request: PortalRequest, lines: Iterable[Deduction]) -> bool:
    """Whether the page would tell its department of one of these lines, but is only fetched ahead."""
    return is_fetched_ahead(request) and any(
        line.told_at is None and policy.can_open_notice(request.actor, line) for line in lines
    )


def tell_by_opening(request: PortalRequest, lines: Iterable[Deduction]) -> frozenset[int]:
    """Tell the department of these lines if a head or liaison looks at them now; returns the ids of those told now."""
    if request.method != "GET":
        return frozenset()
    return frozenset(line.pk for line in open_notices(lines, by=request.actor, at=request.at))
