"""The text to copy beside every “not yet” filter: `{% include "campaigns/_chase_text.html" with text=chase only %}`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from campaigns.enums import ObligationKind
from campaigns.exports.obligations import chase_text
from campaigns.policy import can_remind
from campaigns.queries.chase import chase_lines, load_chase
from campaigns.queries.obligations import ANY, Wanted
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.text import clean, parse_uuid


def chase_of(
    request: PortalRequest,
    wanted: Wanted | None = None,
    *,
    kinds: Collection[ObligationKind] = (),
    keys: Collection[str] = (),
) -> str:
    """Return the text that asks for what is owed and not met; '' for all but the office, or when nothing is. One query.

    `kinds` and `keys` narrow it to a list's own rows: `kinds=[ObligationKind.CIRCULAR], keys=[str(circular.uuid)]`.
    """
    if not can_remind(request.actor):
        return ""
    on = day_of(request.at)
    items = load_chase(request.actor, on=on, wanted=wanted or Wanted(show=ANY), kinds=kinds, keys=keys)
    return chase_text(items, campaign=request.campaign.name, on=on, with_more_time=False)


def chase_beside(request: PortalRequest, *kinds: ObligationKind, active: bool) -> str:
    """Return the text beside a list's filter, narrowed to its block and department; '' while nothing is filtered."""
    if not active:
        return ""
    block, department = clean(request.GET.get("block")), parse_uuid(request.GET.get("department"))
    return chase_of(request, Wanted(show=ANY, block=block, department=department), kinds=kinds)


def chase_for_gaps(request: PortalRequest, missing: Mapping[str, Sequence[str]]) -> str:
    """Return the text that asks departments (by name of the gap) for what has no day; '' as `chase_of`. No query."""
    if not can_remind(request.actor):
        return ""
    items = [item for name, departments in missing.items() for item in chase_lines(name, departments)]
    return chase_text(items, campaign=request.campaign.name, on=day_of(request.at), with_more_time=False)
