"""The pages of the records a finding rests on, for who may open them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from campaigns.actors import Actor
from campaigns.enums import RegisterCode
from campaigns.queries.registers import rows_to_open
from campaigns.registers import REGISTERS
from qualityseason import policy
from scoring.queries.sources import LINKS


def may_open(actor: Actor, name: str) -> bool:
    """Whether the actor's roles open the url of that name."""
    access = policy.TABLE.get(name)
    return access is not None and (access.roles is None or not actor.roles.isdisjoint(access.roles))


def open_rows(actor: Actor, facts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the rows of registers among these records that the actor may open. One query for each register."""
    named: dict[RegisterCode, set[str]] = defaultdict(set)
    for fact in facts:
        if fact["kind"] in RegisterCode.values:
            named[RegisterCode(fact["kind"])].add(fact["page"])
    found = (rows_to_open(actor, REGISTERS[code]).filter(uuid__in=uuids) for code, uuids in named.items())
    return frozenset(str(uuid) for rows in found for uuid in rows.values_list("uuid", flat=True))


def page_of(actor: Actor, slug: str, fact: Mapping[str, Any], *, rows: Collection[str]) -> str:
    """Return the address of a record's page, '' where the actor may open none; ``rows`` come from `open_rows`."""
    kind, page = fact["kind"], fact["page"]
    name = LINKS.get(kind, "")
    if not may_open(actor, name) or (kind in RegisterCode.values and page not in rows):
        return ""
    try:
        return reverse(name, args=[slug, kind, page] if kind in RegisterCode.values else [slug, page])
    except NoReverseMatch:
        return ""
