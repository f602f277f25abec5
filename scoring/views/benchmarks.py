"""Fullest marks: what was named, naming one, and the basis of the scores."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import DecisionKind, Role
from campaigns.models import Department
from campaigns.requests import PortalRequest
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.text import clean, parse_uuid
from qualityseason.typed import form_data
from scoring.enums import Basis
from scoring.forms.benchmarks import BenchmarkForm
from scoring.forms.decisions import BasisForm
from scoring.policy import can_record_decision
from scoring.queries.benchmarks import Candidate, NamingPlace, find_naming_place, load_benchmarks
from scoring.queries.decisions import latest_decision
from scoring.queries.what_if import what_if_basis, what_if_benchmark
from scoring.services.benchmarks import BenchmarkDraft, decide_basis, name_benchmark

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def benchmarks(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the benchmark of every block and category beside what was deducted least there."""
    page = load_benchmarks(request.actor, request.campaign)
    context = {
        "page": page,
        "basis": Basis(page.basis).label,
        "may_name": request.actor.has(Role.TEAM_LEAD),
        "may_decide": can_record_decision(request.actor),
    }
    return render(request, "scoring/benchmarks.html", context)


@READ_WRITE
def benchmark_name(request: PortalRequest, campaign: str) -> HttpResponse:
    """Name the benchmark of `?block=` and `?category=`: `?department=`, chosen first where it is missing."""
    place = _place(request)
    candidate = _candidate(request, place)
    context: dict[str, Any] = {"place": place, "candidate": candidate}
    if candidate is None:
        return render(request, "scoring/benchmark_choose.html", context)
    standing = place.standing.uuid if place.standing is not None else None
    form = BenchmarkForm(form_data(request), standing=standing, amount=candidate.charged)
    if request.method == "POST" and form.is_valid():
        department = Department.objects.visible_to(request.actor).get(uuid=candidate.uuid)
        draft = BenchmarkDraft(block=place.block, category=place.category, department=department, **form.cleaned_data)
        try:
            made = name_benchmark(request.campaign, draft, by=request.actor, at=request.at)
        except Refused as refused:
            context["place"] = place = _place(request)
            context["candidate"] = candidate = _candidate(request, place) or candidate
            standing = place.standing.uuid if place.standing is not None else None
            form.refuse(refused, standing=standing, amount=candidate.charged)
        else:
            words = _("%(department)s is the benchmark now, with %(amount)s deducted.")
            messages.success(request, words % {"department": department.name, "amount": made.amount})
            return redirect("scoring:benchmarks", campaign)
    moves = what_if_benchmark(
        request.campaign, block_id=place.block.pk, category_id=place.category.pk, amount=candidate.charged
    )
    context |= {
        "form": form,
        "moves": [block for block in moves if block.code == place.block.code],
        "counts": request.campaign.rulebook.basis == Basis.BEST_IS_FULL,
        "then": Basis.BEST_IS_FULL.label,
    }
    return render(request, "scoring/benchmark_name.html", context)


@READ_WRITE
def basis_decide(request: PortalRequest, campaign: str) -> HttpResponse:
    """Record the leading group's decision on the basis, both rankings side by side."""
    page = load_benchmarks(request.actor, request.campaign)
    other = Basis.ABSOLUTE if page.counts else Basis.BEST_IS_FULL
    needs_paper = not request.actor.has(Role.LEADERSHIP)
    standing = latest_decision(request.campaign, DecisionKind.BASIS)
    form = BasisForm(posted(request), standing=standing, needs_paper=needs_paper, initial={"basis": other.value})
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            decide_basis(request.campaign, form.draft, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            standing = latest_decision(request.campaign, DecisionKind.BASIS)
            page = load_benchmarks(request.actor, request.campaign)
            other = Basis.ABSOLUTE if page.counts else Basis.BEST_IS_FULL
            form.refuse(refused, standing)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("scoring:benchmarks", campaign)
    context = {
        "form": form,
        "page": page,
        "basis": Basis(page.basis).label,
        "then": other.label,
        "reads_benchmarks": other == Basis.BEST_IS_FULL,
        "moves": what_if_basis(request.campaign, other),
        "standing": standing,
        "is_office": needs_paper,
    }
    return render(request, "scoring/basis_decide.html", context)


def _place(request: PortalRequest) -> NamingPlace:
    block, category = clean(request.GET.get("block")), clean(request.GET.get("category"))
    place = find_naming_place(request.actor, request.campaign, block=block, category=category)
    if place is None:
        raise Http404
    return place


def _candidate(request: PortalRequest, place: NamingPlace) -> Candidate | None:
    asked = request.GET.get("department")
    if not asked:
        return None
    uuid = parse_uuid(asked)
    found = next((one for one in place.candidates if one.uuid == uuid), None)
    if found is None:
        raise Http404
    if not found.may_name:
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    return found
