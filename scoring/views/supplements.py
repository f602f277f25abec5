"""Supplements to the rulebook: the register, drafts with their preview, and the adoption by the leading group."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.enums import Role
from campaigns.models import Block
from campaigns.requests import PortalRequest
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.typed import form_data
from scoring.enums import SupplementState
from scoring.forms.adoption import AdoptionForm
from scoring.forms.supplements import ROWS, SupplementForm, fresh, rearranged, values_of
from scoring.models import Category, Rulebook, Supplement
from scoring.policy import can_draft_supplement
from scoring.queries.recording import PricedRule, rules_in_force
from scoring.queries.rule_versions import standing_mark
from scoring.queries.supplement_preview import preview_supplement
from scoring.queries.supplements import load_changes, load_register, load_supplement
from scoring.services.supplement_drafts import change_supplement, discard_supplement, draft_supplement
from scoring.services.supplements import adopt_supplement

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def supplements(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the supplements by number; overseers also what is drafted."""
    context = {"register": load_register(request.actor), "may_draft": can_draft_supplement(request.actor)}
    return render(request, "scoring/supplements.html", context)


@require_safe
def supplement(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one supplement with what each line said before."""
    found = _find(request, uuid)
    page = load_supplement(request.campaign, found, actor=request.actor)
    return render(request, "scoring/supplement.html", {"page": page, "supplement": found})


@READ_WRITE
def supplement_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Write a supplement down; `rule` starts it with that line, `open` with an open point of the rulebook."""
    rules = _rules(request)
    kinds, initial = fresh(rules, request.GET.get("rule", ""), title=_open_point(request))
    form, saving = _form(request, rules, kinds, initial)
    if saving and form.is_valid():
        uuid = form.cleaned_data["uuid"] or uuid4()
        try:
            made = draft_supplement(request.campaign, form.draft, uuid=uuid, by=request.actor, at=request.at)
        except Refused as refused:
            form.refuse(refused, None)
        else:
            messages.success(request, _("The draft is saved. Read what it would do before it is adopted."))
            return redirect("scoring:supplement", campaign, made.uuid)
    return render(request, "scoring/supplement_form.html", {"form": form})


@READ_WRITE
def supplement_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a draft; where somebody else did so meanwhile, both are shown."""
    found = _find(request, uuid)
    if found.state != SupplementState.DRAFT:
        messages.warning(request, _("Only a draft is changed: %(state)s.") % {"state": found.get_state_display()})
        return redirect("scoring:supplement", campaign, uuid)
    form, saving = _form(request, _rules(request), *values_of(found))
    context: dict[str, Any] = {"form": form, "supplement": found}
    if saving and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_supplement(found, form.draft, version=version, by=request.actor, at=request.at)
        except Refused as refused:
            found = _find(request, uuid)
            form.refuse(refused, found.version)
            if refused.refusal_code == "stale":
                context |= {"standing": found, "standing_changes": load_changes(found)}
        else:
            messages.success(request, _("The draft is saved. Read what it would do before it is adopted."))
            return redirect("scoring:supplement", campaign, uuid)
    return render(request, "scoring/supplement_form.html", context)


@require_safe
def supplement_preview(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the lines a draft touches and the rankings side by side."""
    found = _find(request, uuid)
    if found.state != SupplementState.DRAFT:
        return redirect("scoring:supplement", campaign, uuid)
    context = {"supplement": found, "preview": preview_supplement(request.campaign, found, actor=request.actor)}
    page = load_supplement(request.campaign, found, actor=request.actor)
    return render(request, "scoring/supplement_preview.html", context | {"page": page})


@READ_WRITE
def supplement_adopt(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Enter the leading group's decision beside what it does; the office attaches the minutes."""
    found = _find(request, uuid)
    if found.state != SupplementState.DRAFT and request.method != "POST":
        return redirect("scoring:supplement", campaign, uuid)
    needs_paper = not request.actor.has(Role.LEADERSHIP)
    form = AdoptionForm(posted(request), needs_paper=needs_paper, standing=standing_mark(found))
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            adopted = adopt_supplement(
                found,
                form.minutes,
                uuid=form.cleaned_data["uuid"],
                standing=form.cleaned_data["standing"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            found = _find(request, uuid)
            form.refuse(refused, standing_mark(found))
        else:
            messages.success(request, _("Supplement No. %(number)d is in force.") % {"number": adopted.number or 0})
            return redirect("scoring:supplement", campaign, uuid)
    context = {
        "form": form,
        "supplement": found,
        "page": load_supplement(request.campaign, found, actor=request.actor),
        "preview": preview_supplement(request.campaign, found, actor=request.actor),
        "is_office": needs_paper,
    }
    return render(request, "scoring/supplement_adopt.html", context)


@require_POST
def supplement_discard(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Drop a draft."""
    try:
        discard_supplement(_find(request, uuid), by=request.actor, at=request.at)
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
        return redirect("scoring:supplement", campaign, uuid)
    messages.success(request, _("The draft is discarded."))
    return redirect("scoring:supplements", campaign)


def _find(request: PortalRequest, uuid: UUID) -> Supplement:
    visible = Supplement.objects.visible_to(request.actor).select_related("campaign", "decision", "drafted_by")
    return get_object_or_404(visible, uuid=uuid)


def _rules(request: PortalRequest) -> dict[str, PricedRule]:
    """Return the rules by code, with their text and price of the last day that counts."""
    return {priced.code: priced for priced in rules_in_force(request.campaign, on=request.campaign.facts_until)}


def _open_point(request: PortalRequest) -> str:
    """Return the open point of the rulebook the draft is about, '' where none is named."""
    number = request.GET.get("open", "")
    if not number.isascii() or not number.isdigit():
        return ""
    book = Rulebook.objects.filter(campaign=request.campaign).first()
    points = book.unpriced if book is not None else []
    return str(points[int(number)]["text"]) if int(number) < len(points) else ""


def _form(
    request: PortalRequest, rules: dict[str, PricedRule], kinds: list[str], initial: dict[str, Any]
) -> tuple[SupplementForm, bool]:
    """Return the form, and whether it is to be saved: not where a line was just added or removed."""
    options: dict[str, Any] = {
        "rules": list(rules.values()),
        "categories": list(Category.objects.filter(campaign=request.campaign).order_by("order")),
        "blocks": list(Block.objects.filter(campaign=request.campaign).order_by("order")),
    }
    data = form_data(request)
    if data is None:
        return SupplementForm(None, kinds=kinds, initial=initial, **options), False
    moved = rearranged(data, rules)
    if moved is not None:
        return SupplementForm(None, kinds=moved[0], initial=initial | moved[1], **options), False
    return SupplementForm(data, kinds=data.getlist(ROWS), initial=initial, **options), request.method == "POST"
