"""The register of the leading group's decisions, one of them, and recording one about the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import DecisionKind, Role
from campaigns.models import Decision, Department
from campaigns.queries.attachments import files_of
from campaigns.requests import PortalRequest
from campaigns.views.lists import chosen
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.text import clean, parse_count, parse_uuid
from scoring.forms.decisions import SIMPLE, DecisionForm, NumbersForm, RegisterFilter
from scoring.forms.rank_decisions import CommendedForm, RankTieForm
from scoring.models import Publication
from scoring.policy import can_record_decision
from scoring.queries.commendations import load_commend_page
from scoring.queries.decisions import concerns_interest, decisions_seen, latest_decision, load_decision, load_register
from scoring.queries.ranking import load_ranking
from scoring.queries.ties import Tie, standing_tie_decision, ties_of
from scoring.services import decisions as services
from scoring.services.rank_decisions import decide_commended, decide_rank_tie, require_free_of_tie

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])
MOST = 100_000  # points of a season's full mark, far above any
RECORDED_HERE = (
    DecisionKind.CONVERSION,
    DecisionKind.COMMENDED_NUMBER,
    DecisionKind.COMMENDED,
    DecisionKind.VISIBILITY,
)  # a tie is decided from the ranking, the basis from the benchmarks
SERVICES: Mapping[str, Callable[..., Decision]] = {
    DecisionKind.CONVERSION: services.decide_conversion,
    DecisionKind.COMMENDED_NUMBER: services.decide_numbers,
    DecisionKind.VISIBILITY: services.decide_visibility,
}


@require_safe
def decisions(request: PortalRequest, campaign: str) -> HttpResponse:
    """List all decisions of the season, latest first, or those of a kind."""
    form = RegisterFilter(request.GET, kinds=[(kind.value, str(kind.label)) for kind in DecisionKind])
    filters = chosen(form)
    may_record = can_record_decision(request.actor)
    context = {
        "register": load_register(request.actor, kind=filters.get("kind", "")),
        "filter": form,
        "active": len(filters),
        "kinds": [(kind.value, kind.label) for kind in RECORDED_HERE] if may_record else [],
    }
    return render(request, "scoring/decisions.html", context)


@require_safe
def decision(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one decision: what it set, who was there, its minutes; not one about a department of own interest."""
    found = get_object_or_404(decisions_seen(request.actor).select_related("campaign", "recorded_by"), uuid=uuid)
    if concerns_interest(request.actor, found):
        raise ConflictOfInterest(_("This decision concerns a department you have an interest in."))
    context = {
        "page": load_decision(request.actor, found),
        "files": files_of(request.actor, "decision", [found.uuid], campaign=request.campaign).get(found.uuid, ()),
        "may_add_files": can_record_decision(request.actor),
    }
    return render(request, "scoring/decision.html", context)


@READ_WRITE
def decision_new(request: PortalRequest, campaign: str, kind: str) -> HttpResponse:
    """Record a decision of one kind; those that other pages prepare are sent there."""
    if kind in SIMPLE:
        return _record_simple(request, DecisionKind(kind))
    if kind == DecisionKind.RANK_TIE:
        return _record_tie(request)
    if kind == DecisionKind.COMMENDED:
        return _record_commended(request)
    if kind == DecisionKind.BASIS:
        return redirect("scoring:basis-decide", campaign)
    raise Http404


def _record_simple(request: PortalRequest, kind: DecisionKind) -> HttpResponse:
    """Record the percentages, the numbers to commend or the visibility."""
    standing = latest_decision(request.campaign, kind)
    options: dict[str, Any] = {"campaign": request.campaign} if SIMPLE[kind] is NumbersForm else {}
    form = SIMPLE[kind](posted(request), standing=standing, needs_paper=_needs_paper(request), **options)
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            made = SERVICES[kind](request.campaign, form.draft, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            standing = latest_decision(request.campaign, kind)
            form.refuse(refused, standing)
        else:
            return _to_decision(request, made)
    return _form_page(request, form, standing, title=str(kind.label), is_conversion=kind == DecisionKind.CONVERSION)


def _record_tie(request: PortalRequest) -> HttpResponse:
    """Record the order of the departments of `?block=` tied at `?total=`."""
    block, total = clean(request.GET.get("block")), _total(request)
    found = next(
        (tie for tie in ties_of(load_ranking(request.campaign)) if (tie.block, tie.total) == (block, total)), None
    )
    if found is None and request.method != "POST":
        raise Http404
    if found is not None:
        require_free_of_tie(request.actor, found)
    tied, rank = _tied_as_sent(request, found)
    uuids = [uuid for uuid, _name in tied]
    standing = standing_tie_decision(request.campaign, total=total, departments=uuids)
    form = RankTieForm(posted(request), tied=tied, rank=rank, standing=standing, needs_paper=_needs_paper(request))
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            made = decide_rank_tie(
                request.campaign, form.draft, block=block, total=total, **form.values, by=request.actor, at=request.at
            )
        except Refused as refused:
            standing = standing_tie_decision(request.campaign, total=total, departments=uuids)
            form.refuse(refused, standing)
        else:
            return _to_decision(request, made)
    title = _("Tie at rank %(rank)s") % {"rank": rank}
    return _form_page(request, form, standing, title=title, tie=found, total=total)


def _record_commended(request: PortalRequest) -> HttpResponse:
    """Record who of the current publication is commended."""
    page = load_commend_page(request.actor, request.campaign)
    if page is None:
        return render(request, "scoring/decision_commended.html", {"page": None})
    data = posted(request)
    form = CommendedForm(
        data,
        standing=page.standing,
        needs_paper=_needs_paper(request),
        initial={"publication": str(page.publication.uuid)},
    )
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        named = Publication.objects.visible_to(request.actor).confirmed().select_related("snapshot")
        publication = named.filter(uuid=form.cleaned_data["publication"]).first() or page.publication
        try:
            made = decide_commended(
                request.campaign,
                form.draft,
                publication=publication,
                **form.values,
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            page = load_commend_page(request.actor, request.campaign) or page
            form.refuse(refused, page.standing)
            form.rest_on(page.publication.uuid, refused)
        else:
            return _to_decision(request, made)
    context = {"form": form, "page": page, "ticks": form.ticks, "is_office": _needs_paper(request)}
    return render(request, "scoring/decision_commended.html", context)


def _form_page(
    request: PortalRequest, form: DecisionForm, standing: Decision | None, *, title: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "standing": standing, "title": title, "is_office": _needs_paper(request)}
    return render(request, "scoring/decision_form.html", context | more)


def _to_decision(request: PortalRequest, made: Decision) -> HttpResponse:
    messages.success(request, _("The decision is recorded."))
    return redirect("scoring:decision", request.campaign.slug, made.uuid)


def _needs_paper(request: PortalRequest) -> bool:
    return not request.actor.has(Role.LEADERSHIP)


def _total(request: PortalRequest) -> Decimal:
    try:
        total = Decimal(clean(request.GET.get("total")) or "x")
    except InvalidOperation as error:
        raise Http404 from error
    if not total.is_finite() or not 0 <= total <= MOST:
        raise Http404
    return total


def _tied_as_sent(request: PortalRequest, found: Tie | None) -> tuple[list[tuple[UUID, str]], int]:
    """Return the departments the form shows and their first rank: as they were sent, else as they are tied."""
    sent = {uuid for text in request.POST.getlist("tied") if (uuid := parse_uuid(text)) is not None}
    if request.method != "POST" or (found is not None and found.uuids == sent):
        assert found is not None  # noqa: S101  # asked for before
        return [(row.uuid, row.department) for row in found.rows], found.rank
    rows = Department.objects.visible_to(request.actor).filter(uuid__in=sent).order_by("order")
    tied = list(rows.values_list("uuid", "name"))
    ranks = []
    for uuid, _name in tied:
        try:
            ranks.append(parse_count(request.POST.get(f"rank_{uuid.hex}", "")))
        except ValueError:
            continue
    return tied, min(ranks, default=1)
