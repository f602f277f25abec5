"""The items of a plan: written one at a time, moved, removed and put back."""

from __future__ import annotations

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.plans import ItemForm
from campaigns.models import Plan, PlanItem
from campaigns.queries.paper_writing import remark_on, state_at
from campaigns.requests import PortalRequest
from campaigns.services import plan_items as services
from campaigns.views.paper_access import handed_paper, refuse_closed, status_of, writable_paper, writing_context
from campaigns.views.paper_conflicts import Conflict, conflict_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def plan_item_new(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Add an item; `?duty=` ticks the duty it is to serve."""
    plan = handed_paper(request, Plan, uuid)
    if request.method != "POST":
        refuse_closed(request, plan)
    duty = parse_uuid(request.GET.get("duty"))
    initial = {"uuid": uuids.uuid4(), "duties": [str(duty)] if duty else []}
    form = ItemForm(form_data(request), plan=plan, initial=initial, mark="item")
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["uuid"] or uuids.uuid4()
        try:
            made = services.add_item(plan, form.draft(), uuid=new, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            return _page(request, plan, form, status=status_of(refused))
        if "another" in request.POST and not request.htmx:
            messages.success(request, _("“%(title)s” is in the plan.") % {"title": made.title})
            return redirect("campaigns:plan-item-new", campaign, plan.uuid)
        return _saved(request, plan, made.uuid, added=True)
    return _page(request, plan, form)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_item(request: PortalRequest, campaign: str, uuid: UUID, item: UUID) -> HttpResponse:
    """Write one item; a stale save shows both texts."""
    plan = handed_paper(request, Plan, uuid)
    row = _item(plan, item)
    if request.method != "POST":
        refuse_closed(request, plan)
        if row.removed_at is not None:
            return redirect("campaigns:plan-item-remove", campaign, plan.uuid, row.uuid)
        if request.htmx and "card" in request.GET:
            return _card(request, plan, row.uuid)
    form = _form(request, plan, row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.save_item(
                row,
                form.draft(),
                version=data["version"] or 0,
                put_back=data["put_back"],
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            return _refused(request, plan, row, form, refused)
        return _saved(request, plan, row.uuid)
    return _page(request, plan, form, row=row)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_item_remove(request: PortalRequest, campaign: str, uuid: UUID, item: UUID) -> HttpResponse:
    """Ask, then take an item out of the plan; `put_back` undoes it."""
    plan = writable_paper(request, Plan, uuid)
    row = _item(plan, item)
    here = reverse("campaigns:plan-item-remove", args=[campaign, plan.uuid, row.uuid])
    if request.method != "POST":
        return render(request, "campaigns/plan_item_remove.html", {"plan": plan, "item": row})
    signed: dict[str, Any] = {"by_id": request.user.pk, "at": request.at}
    try:
        if "put_back" in request.POST:
            services.put_back_item(row, **signed)
            messages.success(request, _("“%(title)s” is in the plan again.") % {"title": row.title})
        else:
            services.remove_item(row, **signed)
            removed = _("“%(title)s” is removed.") % {"title": row.title}
            messages.success(request, format_html('{} <a href="{}">{}</a>', removed, here, _("Put it back")))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("campaigns:plan-write", campaign, plan.uuid)


@require_POST
def plan_item_move(request: PortalRequest, campaign: str, uuid: UUID, item: UUID) -> HttpResponse:
    """Let an item change places with its neighbour; answers htmx with the list."""
    plan = writable_paper(request, Plan, uuid)
    row = _item(plan, item)
    number = request.POST.get("number", "")
    if number.isdecimal() and len(number) < 5:  # no number of an item is longer
        up = request.POST.get("direction") == "up"
        services.move_item(row, number=int(number), up=up, by_id=request.user.pk, at=request.at)
    if request.htmx:
        return render(request, "campaigns/plan_write_items.html", writing_context(request, plan))
    return redirect(reverse("campaigns:plan-write", args=[campaign, plan.uuid]) + f"#item-{row.uuid}")


def _item(plan: Plan, uuid: UUID) -> PlanItem:
    items = PlanItem.objects.filter(plan=plan).select_related("changed_by")
    return get_object_or_404(items.prefetch_related("duties", "cooperating"), uuid=uuid)


def _form(request: PortalRequest, plan: Plan, row: PlanItem, **values: Any) -> ItemForm:
    initial = services.item_state(row) | {"version": row.version} | values
    data = None if values else form_data(request)
    return ItemForm(data, plan=plan, item=row, initial=initial, mark=f"item-{row.pk}")


def _refused(request: PortalRequest, plan: Plan, row: PlanItem, form: ItemForm, refused: Refused) -> HttpResponse:
    if refused.refusal_code == "removed":
        data = request.POST.copy()
        data["put_back"] = "on"
        form = ItemForm(data, plan=plan, item=row, mark=f"item-{row.pk}")
        add_refusal(form, refused)
    elif refused.refusal_code == "stale":
        standing = _item(plan, row.uuid)
        mine = services.draft_state(form.draft(), plan.campaign)
        base = state_at(standing, version=form.cleaned_data["version"] or 0)
        conflict = conflict_of(standing, form, theirs=services.item_state(standing), mine=mine, base=base)
        again = _form(request, plan, standing, **conflict.proposal, put_back=form.cleaned_data["put_back"])
        return _page(request, plan, again, row=standing, conflict=conflict)
    else:
        add_refusal(form, refused)
    return _page(request, plan, form, row=row, status=status_of(refused))


def _page(
    request: PortalRequest,
    plan: Plan,
    form: ItemForm,
    *,
    row: PlanItem | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form of an item: as a piece to htmx, else on a page of its own."""
    action = reverse("campaigns:plan-item-new", args=[plan.campaign.slug, plan.uuid])
    if row is not None:
        action = reverse("campaigns:plan-item", args=[plan.campaign.slug, plan.uuid, row.uuid])
    remark = remark_on(plan, row.uuid) if row else ""
    context = {"plan": plan, "form": form, "item": row, "conflict": conflict, "action": action, "remark": remark}
    template = "campaigns/plan_item_form.html" if request.htmx else "campaigns/plan_item.html"
    return render(request, template, context, status=status)


def _saved(request: PortalRequest, plan: Plan, uuid: UUID, *, added: bool = False) -> HttpResponse:
    if request.htmx:
        return _card(request, plan, uuid, added=added)
    messages.success(request, _("Saved."))
    return redirect(reverse("campaigns:plan-write", args=[plan.campaign.slug, plan.uuid]) + f"#item-{uuid}")


def _card(request: PortalRequest, plan: Plan, uuid: UUID, *, added: bool = False) -> HttpResponse:
    context = writing_context(request, plan)
    item = context["writing"].item(uuid)
    if item is None:
        raise Http404
    return render(request, "campaigns/plan_item_saved.html", context | {"item": item, "added": added})
