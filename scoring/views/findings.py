"""The queue of findings and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from campaigns.requests import PortalRequest
from qualityseason.text import parse_uuid
from scoring.forms.findings import DismissForm, FindingFilterForm
from scoring.queries.finding_filters import TABS, FindingFilters, Tab, finding_choices
from scoring.queries.finding_page import load_finding, page_findings
from scoring.queries.findings import Facet, Queue, QueueCounts, count_findings, list_findings, neighbours_of

if TYPE_CHECKING:
    from scoring.facts.detection import Text


PLACES = ("after", "before")  # where to go on in the queue


@dataclass(frozen=True)
class TabLink:
    """A tab with its address and how many findings are in it."""

    label: Text
    url: str
    number: int
    is_shown: bool


@dataclass(frozen=True)
class FacetLink:
    """A rule or department with its address in the queue and how many findings it has there."""

    label: str
    url: str
    number: int
    is_chosen: bool


def findings(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show what the records prove and somebody has to decide."""
    return show_queue(request, request.GET)


def finding(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one finding: why, by which records, what changed, and what may be done."""
    return show_finding(request, uuid, QueryDict(request.GET.urlencode()))


def show_queue(
    request: PortalRequest, query: QueryDict, *, dismissing: DismissForm | None = None, ticked: Iterable[str] = ()
) -> HttpResponse:
    """Return the page of the queue an address asks for, with rows ticked and a reason typed where they were."""
    form = FindingFilterForm(query, choices=finding_choices(request.actor))
    filters = form.filters()
    after, before = (parse_uuid(query.get(place)) for place in PLACES)
    queue = list_findings(request.actor, filters, after=after, before=before)
    return render(
        request,
        "scoring/findings.html",
        {
            "queue": queue,
            "form": form,
            "tab": filters.tab,
            "tabs": tab_links(request, query, count := count_findings(request.actor, filters), filters.tab),
            "rules": facet_links(request, query, "rule", count.rules),
            "departments": facet_links(request, query, "department", count.departments),
            "reset_url": address(request, query, rule=None, department=None, block=None, category=None),
            "query": query.urlencode(),
            "may_decide_some": any(row.may_decide for row in queue.rows),
            "dismissing": dismissing or DismissForm(),
            "ticked": frozenset(ticked),
        }
        | _pages(request, query, queue),
    )


def show_finding(
    request: PortalRequest, uuid: UUID, query: QueryDict, *, dismissing: DismissForm | None = None
) -> HttpResponse:
    """Return the page of one finding, come to from the queue an address describes."""
    row = get_object_or_404(page_findings(request.actor), uuid=uuid)
    filters = filters_of(request, query)
    return render(
        request,
        "scoring/finding.html",
        {
            "page": load_finding(request.actor, request.campaign, row),
            "finding": row,
            "key": f"{row.uuid}.{row.fingerprint}",
            "around": neighbours_of(request.actor, row, filters),
            "query": query.urlencode(),
            "queue_url": address(request, query),
            "dismissing": dismissing or DismissForm(),
        },
    )


def filters_of(request: PortalRequest, query: Mapping[str, str]) -> FindingFilters:
    """Return the filters of a queue's address."""
    return FindingFilterForm(query, choices=finding_choices(request.actor)).filters()


def address(request: PortalRequest, query: QueryDict, **changed: str | None) -> str:
    """Return the address of the queue with some of its query changed; None takes a word out."""
    asked = query.copy()
    for name, value in changed.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    words = asked.urlencode()
    return reverse("scoring:findings", args=[request.campaign.slug]) + (f"?{words}" if words else "")


def tab_links(request: PortalRequest, query: QueryDict, counts: QueueCounts, shown: Tab) -> list[TabLink]:
    """Return the tabs, filters kept."""
    return [
        TabLink(
            tab.label,
            address(request, query, tab=tab.code if tab is not TABS[0] else None, after=None, before=None),
            counts.tabs[tab.code],
            tab is shown,
        )
        for tab in TABS
    ]


def facet_links(request: PortalRequest, query: QueryDict, name: str, facets: Iterable[Facet]) -> list[FacetLink]:
    """Return the rules or departments of the shown tab; that of the one chosen takes the filter off again."""
    return [
        FacetLink(
            f"{facet.value} {facet.label}" if name == "rule" else facet.label,
            address(
                request,
                query,
                after=None,
                before=None,
                **{name: None if query.get(name) == facet.value else facet.value},
            ),
            facet.number,
            query.get(name) == facet.value,
        )
        for facet in facets
    ]


def _pages(request: PortalRequest, query: QueryDict, queue: Queue) -> dict[str, str]:
    ends = {"after": queue.after, "before": queue.before}
    return {
        f"{place}_url": address(request, query, **dict.fromkeys(PLACES) | {place: str(uuid)}) if uuid else ""
        for place, uuid in ends.items()
    }
