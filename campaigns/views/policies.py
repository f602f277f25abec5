"""A department's own policies: the list, one policy, entering, changing and withdrawing it, its measures."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actors import Actor
from campaigns.forms.circular_records import WithdrawForm
from campaigns.forms.policies import PAPER, MeasureForm, PolicyEntry, PolicyFilter
from campaigns.models import Block, Department, Policy, PolicyItem, PolicyMeasure
from campaigns.policy import can_hand_in
from campaigns.queries.policies import items_of, policy_page, policy_rows
from campaigns.requests import PortalRequest
from campaigns.services import policies as services
from campaigns.services import policy_measures
from campaigns.services.policies import require_hand_in
from campaigns.views.lists import chosen
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data


@require_safe
def policies(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the policies the actor sees, with the contents that are on paper only."""
    actor = request.actor
    blocks = list(Block.objects.filter(campaign=request.campaign).values_list("code", "name")) if actor.oversees else []
    form = PolicyFilter(request.GET, campaign=request.campaign, blocks=blocks, oversees=actor.oversees)
    filters = chosen(form)
    rows = policy_rows(
        actor,
        block=filters.get("block", ""),
        department=filters.get("department"),
        on_paper=filters.get("show") == PAPER,
    )
    context = {
        "rows": rows,
        "on_paper": sum(row.on_paper for row in rows),
        "names_departments": actor.oversees or len(actor.departments) > 1,
        "filter": form,
        "active": len(filters),
        "may_enter": bool(_departments(actor)),
    }
    return render(request, "campaigns/policies.html", context)


@require_safe
def policy(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one policy: each content with the measures and the evidence that carry it out."""
    found = _policy_or_404(request, uuid)
    page = policy_page(found, request.actor, request.campaign, back=request.path)
    return render(request, "campaigns/policy.html", {"policy": found, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Enter a policy; who has several departments chooses one first."""
    department = _chosen_department(request)
    if department is None:
        return render(request, "campaigns/policy_department.html", {"departments": _departments(request.actor)})
    entry = PolicyEntry(posted(request))
    show_refused_uploads(request, entry.form)
    if request.method == "POST" and entry.is_valid():
        data = entry.form.cleaned_data
        try:
            made = services.enter_policy(
                department,
                entry.draft(),
                uuid=data["uuid"] or uuid4(),
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            entry.add_refusal(refused)
        else:
            messages.success(request, _("Entered. Next: the measures that carry each content out."))
            return redirect("campaigns:policy", request.campaign.slug, made.uuid)
    return _show_form(request, entry, department)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a policy and its contents."""
    found = _policy_or_404(request, uuid)
    require_hand_in(request.actor, found.department_id)
    entry = PolicyEntry(form_data(request), policy=found, items=items_of(found))
    now = None
    if request.method == "POST" and entry.is_valid():
        try:
            edited = services.edit_policy(
                found, entry.draft(), version=entry.form.cleaned_data["version"], by=request.actor, at=request.at
            )
        except Refused as refused:
            entry.add_refusal(refused)
            now = refused.existing if refused.refusal_code == "stale" else None
        else:
            messages.success(request, _("Saved."))
            _tell_kept(request, edited.kept)
            return redirect("campaigns:policy", request.campaign.slug, found.uuid)
    return _show_form(request, entry, found.department, policy=found, now=now if isinstance(now, Policy) else None)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a policy back with a reason."""
    found = _policy_or_404(request, uuid)
    require_hand_in(request.actor, found.department_id)
    form = WithdrawForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_policy(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return redirect("campaigns:policy", request.campaign.slug, found.uuid)
    context = {
        "form": form,
        "title": _("Withdraw the policy"),
        "lead": f"{found.department.name} · {found.title}",
        "submit": _("Withdraw the policy"),
        "back": reverse("campaigns:policy", args=[request.campaign.slug, found.uuid]),
    }
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_measure_add(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Write down a measure that carried out one content of a policy."""
    visible = PolicyItem.objects.visible_to(request.actor).select_related("policy__department")
    item = get_object_or_404(visible, uuid=uuid)
    require_hand_in(request.actor, item.policy.department_id)
    form = MeasureForm(form_data(request), initial={"uuid": uuid4(), "happened_on": day_of(request.at).isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            policy_measures.add_measure(item, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The measure is written down."))
            return redirect("campaigns:policy", request.campaign.slug, item.policy.uuid)
    context = {
        "form": form,
        "title": _("Add a measure"),
        "lead": item.text,
        "submit": _("Save"),
        "back": reverse("campaigns:policy", args=[request.campaign.slug, item.policy.uuid]),
    }
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_measure_remove(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a measure out that was written down wrongly."""
    items = PolicyItem.objects.visible_to(request.actor)
    measures = PolicyMeasure.objects.filter(item__in=items).select_related("item__policy__department")
    measure = get_object_or_404(measures, uuid=uuid)
    require_hand_in(request.actor, measure.item.policy.department_id)
    if request.method == "POST":
        try:
            policy_measures.remove_measure(measure, by=request.actor, at=request.at)
        except Refused as refused:
            messages.error(request, str(refused.sentence))
        else:
            messages.success(request, _("The measure is taken out; the log keeps it."))
        return redirect("campaigns:policy", request.campaign.slug, measure.item.policy.uuid)
    return render(request, "campaigns/policy_measure_remove.html", {"measure": measure, "policy": measure.item.policy})


def _policy_or_404(request: PortalRequest, uuid: UUID) -> Policy:
    visible = Policy.objects.visible_to(request.actor).select_related("campaign", "department", "withdrawn_by")
    return get_object_or_404(visible, uuid=uuid)


def _departments(actor: Actor) -> list[Department]:
    """Return the departments the actor may enter a policy for."""
    departments = Department.objects.visible_to(actor).filter(closed_on__isnull=True).select_related("block")
    return [department for department in departments.order_by("order") if can_hand_in(actor, department.pk)]


def _chosen_department(request: PortalRequest) -> Department | None:
    if "department" in request.GET:
        visible = Department.objects.visible_to(request.actor).filter(closed_on__isnull=True)
        department = get_object_or_404(visible, uuid=parse_uuid(request.GET["department"]))
        require_hand_in(request.actor, department.pk)
        return department
    departments = _departments(request.actor)
    return departments[0] if len(departments) == 1 else None


def _show_form(
    request: PortalRequest,
    entry: PolicyEntry,
    department: Department,
    *,
    policy: Policy | None = None,
    now: Policy | None = None,
) -> HttpResponse:
    context = {
        "entry": entry,
        "form": entry.form,
        "department": department,
        "policy": policy,
        "now": now,
        "now_items": items_of(now) if now else (),
    }
    return render(request, "campaigns/policy_form.html", context)


def _tell_kept(request: PortalRequest, kept: tuple[PolicyItem, ...]) -> None:
    if kept:
        sentence = _("Not taken out, because measures or evidence rest on it: %(texts)s.")
        messages.warning(request, sentence % {"texts": "；".join(f"“{item.text}”" for item in kept)})
