"""Changes that departments propose, and what the office decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import policy
from campaigns.enums import ProposalKind, ProposalState
from campaigns.forms.proposals import FORMS, DecisionForm, ProposalForm
from campaigns.models import Department, Duty, Posting, Proposal
from campaigns.queries.attachments import files_of
from campaigns.queries.proposals import (
    DUTY_KINDS,
    STAFF_KINDS,
    own_duties,
    own_people,
    proposal_detail,
    proposals_page,
)
from campaigns.requests import PortalRequest
from campaigns.services import proposals as services
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data

ABOUT_PEOPLE = frozenset({ProposalKind.STAFF_LEAVE, ProposalKind.STAFF_CORRECT})
ABOUT_DUTIES = frozenset({ProposalKind.DUTY_CHANGE, ProposalKind.DUTY_END})


@require_safe
def proposals(request: PortalRequest, campaign: str) -> HttpResponse:
    """List what is proposed: all to the office, own ones to departments."""
    page = proposals_page(request.actor, older_than=parse_uuid(request.GET.get("older")))
    context = {
        "page": page,
        "older_url": f"?older={page.older}" if page.older else "",
        "staff_kinds": STAFF_KINDS if request.actor.departments else (),
        "duty_kinds": DUTY_KINDS if request.actor.departments else (),
    }
    return render(request, "campaigns/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: PortalRequest, campaign: str, kind: str) -> HttpResponse:
    """Propose a change; first choose the person or the duty, where it is about one."""
    if kind not in FORMS:
        raise Http404
    chosen = ProposalKind(kind)
    target = _target(request, chosen)
    if target is None and chosen in ABOUT_PEOPLE | ABOUT_DUTIES:
        return _choose(request, chosen)
    form = FORMS[chosen](
        posted(request),
        campaign=request.campaign,
        departments=request.actor.departments,
        initial=_initial(chosen, target, request),
    )
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            made = _propose(request, chosen, form, target)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Proposed. The campaign office decides; you find the answer here."))
            return redirect("campaigns:proposal", request.campaign.slug, made.uuid)
    context = {"form": form, "kind": chosen, "target": target, "existing": getattr(form, "refused_by", None)}
    return render(request, "campaigns/proposal_new.html", context | {"twin": _twin(request, context["existing"])})


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one proposal; the office decides, the department withdraws."""
    visible = Proposal.objects.visible_to(request.actor).select_related(
        "campaign", "department", "staff_member", "duty", "proposed_by", "decided_by"
    )
    found = get_object_or_404(visible, uuid=uuid)
    data = form_data(request)
    form = DecisionForm(data)
    if request.method == "POST" and request.POST.get("decision") == "withdraw":
        return _withdraw(request, found)
    if request.method == "POST":
        if form.is_valid() and _decide(request, found, form):
            return redirect("campaigns:proposal", request.campaign.slug, found.uuid)
        found = get_object_or_404(visible, uuid=uuid)
    is_open = found.state == ProposalState.PROPOSED
    context = {
        "proposal": found,
        "detail": proposal_detail(found, on=day_of(request.at)),
        "files": files_of(request.actor, "proposal", [found.uuid], campaign=request.campaign).get(found.uuid, ()),
        "form": form,
        "may_decide": is_open and policy.can_decide_for(request.actor, found.department_id),
        "may_withdraw": is_open and found.department_id in request.actor.departments,
        "is_barred": is_open and _is_barred(request, found),
    }
    return render(request, "campaigns/proposal.html", context)


def _decide(request: PortalRequest, found: Proposal, form: DecisionForm) -> bool:
    accept = form.cleaned_data["decision"] == "accept"
    try:
        services.decide_proposal(found, accept=accept, note=form.cleaned_data["note"], by=request.actor, at=request.at)
    except Refused as refused:
        add_refusal(form, refused)
        return False
    messages.success(request, _("Accepted, and carried out.") if accept else _("Refused."))
    return True


def _withdraw(request: PortalRequest, found: Proposal) -> HttpResponse:
    try:
        services.withdraw_proposal(found, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect("campaigns:proposal", request.campaign.slug, found.uuid)


def _is_barred(request: PortalRequest, found: Proposal) -> bool:
    """Whether the person would decide, were it not for an interest in the department."""
    actor = request.actor
    return policy.can_keep_people(actor) and not policy.can_decide_for(actor, found.department_id)


def _target(request: PortalRequest, kind: ProposalKind) -> Posting | Duty | None:
    """Return the posting or duty the address names, None when it names none; raises Http404 for a stranger's."""
    key = "person" if kind in ABOUT_PEOPLE else "duty"
    if kind not in ABOUT_PEOPLE | ABOUT_DUTIES or key not in request.GET:
        return None
    uuid = parse_uuid(request.GET[key])
    rows: tuple[Posting, ...] | tuple[Duty, ...] = (
        own_people(request.actor, on=day_of(request.at)) if kind in ABOUT_PEOPLE else own_duties(request.actor)
    )
    for row in rows:
        if (row.staff_member.uuid if isinstance(row, Posting) else row.uuid) == uuid:
            return row
    raise Http404


def _choose(request: PortalRequest, kind: ProposalKind) -> HttpResponse:
    people = own_people(request.actor, on=day_of(request.at)) if kind in ABOUT_PEOPLE else ()
    duties = own_duties(request.actor) if kind in ABOUT_DUTIES else ()
    context = {"kind": kind, "people": people, "duties": duties, "about_people": kind in ABOUT_PEOPLE}
    return render(request, "campaigns/proposal_choose.html", context)


def _initial(kind: ProposalKind, target: Posting | Duty | None, request: PortalRequest) -> dict[str, Any]:
    today = day_of(request.at).isoformat()
    if isinstance(target, Posting):
        member = target.staff_member
        if kind == ProposalKind.STAFF_LEAVE:
            return {"ends_on": today}
        return {"number": member.number, "name": member.name, "category": member.category}
    if target is not None:
        return {"number": target.number, "text": target.text, "source": target.source}
    return {"starts_on": today}


def _propose(request: PortalRequest, kind: ProposalKind, form: ProposalForm, target: Posting | Duty | None) -> Proposal:
    return services.propose_change(
        _department(request, form, target),
        kind=kind,
        values=form.values(),
        reason=form.cleaned_data["reason"],
        staff_member=target.staff_member if isinstance(target, Posting) else None,
        duty=target if isinstance(target, Duty) else None,
        uuid=form.cleaned_data["uuid"],
        uploads=form.cleaned_data["files"],
        by=request.actor,
        at=request.at,
    )


def _department(request: PortalRequest, form: ProposalForm, target: Posting | Duty | None) -> Department:
    if target is not None:
        return target.department
    chosen: Department | None = form.cleaned_data.get("department")
    return chosen or get_object_or_404(Department, pk__in=request.actor.departments)


def _twin(request: PortalRequest, existing: object) -> Proposal | None:
    """Return the proposal that stands in the way, where the person may open it."""
    if not isinstance(existing, Proposal):
        return None
    return Proposal.objects.visible_to(request.actor).filter(pk=existing.pk).first()
