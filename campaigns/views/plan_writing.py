"""Writing a plan on the page: its beginning, the page of its writers, its parts of prose and free sections.

Each part is edited in a form of its own: on a page of its own, or where htmx is there, in its place on the page.
"""

from __future__ import annotations

import uuid as uuids
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import Role
from campaigns.forms.plans import PartForm, SectionForm, StartPlanForm
from campaigns.models import Plan, PlanPart
from campaigns.policy import can_write_plan
from campaigns.queries.attachments import files_of
from campaigns.queries.plan_writing import remark_on, state_at, was_section
from campaigns.requests import PortalRequest
from campaigns.services import plans as services
from campaigns.views.plan_access import handed_plan, refuse_closed, status_of, writable_plan, writing_context
from campaigns.views.plan_conflicts import Conflict, conflict_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import SESSION_KEY, form_data

WRITING_FORMS = frozenset({"plan-title", "plan-part", "plan-section-new", "plan-item", "plan-item-new"})


@require_http_methods(["GET", "HEAD", "POST"])
def plan_start(request: PortalRequest, campaign: str) -> HttpResponse:
    """Begin a department's plan; who writes for several says for which."""
    if request.method != "POST":
        return redirect("campaigns:plans", request.campaign.slug)
    single = len(request.actor.departments) == 1 and not request.actor.has(Role.OFFICE)
    form = StartPlanForm(request.POST, campaign=request.campaign, actor=request.actor)
    if single and not request.POST.get("department"):
        form.fields["department"].required = False
    if not form.is_valid():
        context = {
            "form": form if request.POST.get("department") else _asking(request),
            "title": _("Begin a plan"),
            "submit": _("Begin the plan"),
            "back": reverse("campaigns:plans", args=[request.campaign.slug]),
        }
        return render(request, "campaigns/form.html", context)
    department = form.cleaned_data["department"] or form.fields["department"].queryset.get()  # type: ignore[attr-defined]  # a model choice
    plan = services.start_plan(department, by_id=request.user.pk, at=request.at)
    return redirect(
        "campaigns:plan-write" if can_write_plan(request.actor, plan) else "campaigns:plan", campaign, plan.uuid
    )


def _asking(request: PortalRequest) -> StartPlanForm:
    return StartPlanForm(campaign=request.campaign, actor=request.actor)


@require_safe
def plan_write(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the whole plan to its writers, with what is still missing."""
    plan = writable_plan(request, uuid)
    files = files_of(request.actor, "plan", [plan.uuid], campaign=request.campaign).get(plan.uuid, ())
    own = [file for file in files if not file.slot]  # enclosed with the plan, neither its Word text nor signed paper
    context = writing_context(request, plan) | {"waiting": _typed_before(request, plan), "files": own}
    return render(request, "campaigns/plan_write.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_part(request: PortalRequest, campaign: str, uuid: UUID, part: UUID) -> HttpResponse:
    """Write one part of prose, or rename and write a free section; `move` lets a section change its place."""
    plan = handed_plan(request, uuid)
    row = PlanPart.objects.filter(plan=plan, uuid=part).select_related("changed_by").first()
    if row is None:
        return _gone_section(request, plan, part)
    if request.method != "POST":
        refuse_closed(request, plan)
        if request.htmx and "card" in request.GET:
            return part_card(request, plan, row.uuid)
    elif "move" in request.POST:
        return _moved(request, plan, row)
    form = _part_form(request, plan, row)
    if request.method == "POST" and form.is_valid():
        sent = {"title": form.cleaned_data.get("title", row.title), "text": form.cleaned_data["text"]}
        try:
            version = form.cleaned_data["version"] or 0
            services.save_part(row, version=version, **sent, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            return _refused_part(request, plan, row, form, refused, sent)
        return _saved_part(request, plan, row.uuid)
    return part_page(request, plan, form, row=row)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_section_new(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Add a free section with a title of its own."""
    plan = handed_plan(request, uuid)
    if request.method != "POST":
        refuse_closed(request, plan)
    form = SectionForm(form_data(request), initial={"uuid": uuids.uuid4()}, mark="section")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = data["uuid"] or uuids.uuid4()
        try:
            made = services.add_section(
                plan, uuid=new, title=data["title"], text=data["text"], by_id=request.user.pk, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
            return part_page(request, plan, form, row=None, status=status_of(refused))
        return _saved_part(request, plan, made.uuid, added=True)
    return part_page(request, plan, form, row=None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_section_remove(request: PortalRequest, campaign: str, uuid: UUID, part: UUID) -> HttpResponse:
    """Ask, then take a free section out of the plan."""
    plan = writable_plan(request, uuid)
    row = get_object_or_404(PlanPart, plan=plan, uuid=part, code="")
    if request.method == "POST":
        sent = request.POST.get("version", "")
        try:
            version = int(sent) if sent.isdecimal() and len(sent) < 9 else 0  # no version is longer
            services.remove_section(row, version=version, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("campaigns:plan-section-remove", campaign, plan.uuid, row.uuid)
        messages.success(request, _("“%(title)s” is removed.") % {"title": row.title})
        return redirect("campaigns:plan-write", campaign, plan.uuid)
    return render(request, "campaigns/plan_part_remove.html", {"plan": plan, "part": row})


def part_page(
    request: PortalRequest,
    plan: Plan,
    form: PartForm | SectionForm,
    *,
    row: PlanPart | None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form of a part: as a piece to htmx, else on a page of its own."""
    action = reverse("campaigns:plan-section-new", args=[plan.campaign.slug, plan.uuid])
    if row is not None:
        action = reverse("campaigns:plan-part", args=[plan.campaign.slug, plan.uuid, row.uuid])
    remark = remark_on(plan, row.uuid) if row else ""
    context = {"plan": plan, "form": form, "part": row, "conflict": conflict, "action": action, "remark": remark}
    template = "campaigns/plan_part_form.html" if request.htmx else "campaigns/plan_part.html"
    return render(request, template, context, status=status)


def part_card(request: PortalRequest, plan: Plan, uuid: UUID, *, added: bool = False) -> HttpResponse:
    """Answer htmx with the part as it reads now, and what is missing brought up to date."""
    context = writing_context(request, plan)
    part = context["writing"].part(uuid)
    if part is None:
        raise Http404
    return render(request, "campaigns/plan_part_saved.html", context | {"part": part, "added": added})


def _part_form(request: PortalRequest, plan: Plan, row: PlanPart, **values: Any) -> PartForm | SectionForm:
    initial = {"version": row.version, "title": row.title, "text": row.text} | values
    data = None if values else form_data(request)
    if not row.code:
        return SectionForm(data, initial=initial, mark=f"part-{row.pk}")
    listed = {part["code"]: part for part in plan.campaign.lists.get("plan_parts", ())}
    hint = listed.get(row.code, {}).get("hint", "")
    return PartForm(data, initial=initial, mark=f"part-{row.pk}", label=row.title, hint=hint)


def _refused_part(
    request: PortalRequest,
    plan: Plan,
    row: PlanPart,
    form: PartForm | SectionForm,
    refused: Refused,
    sent: dict[str, str],
) -> HttpResponse:
    if refused.refusal_code == "gone":
        return _gone_section(request, plan, row.uuid)
    if refused.refusal_code != "stale":
        add_refusal(form, refused)
        return part_page(request, plan, form, row=row, status=status_of(refused))
    standing = get_object_or_404(PlanPart.objects.select_related("changed_by"), pk=row.pk)
    mine = sent if not standing.code else {"text": sent["text"]}
    base = state_at(standing, version=form.cleaned_data["version"] or 0)
    conflict = conflict_of(standing, form, theirs=services.part_state(standing), mine=mine, base=base)
    again = _part_form(request, plan, standing, **conflict.proposal)
    return part_page(request, plan, again, row=standing, conflict=conflict)


def _saved_part(request: PortalRequest, plan: Plan, uuid: UUID, *, added: bool = False) -> HttpResponse:
    if request.htmx:
        return part_card(request, plan, uuid, added=added)
    messages.success(request, _("Saved."))
    return redirect(reverse("campaigns:plan-write", args=[plan.campaign.slug, plan.uuid]) + f"#part-{uuid}")


def _moved(request: PortalRequest, plan: Plan, row: PlanPart) -> HttpResponse:
    refuse_closed(request, plan)
    position = request.POST.get("position", "")
    if position.isdecimal() and len(position) < 4:  # no place is longer
        up = request.POST["move"] == "up"
        services.move_section(row, position=int(position), up=up, by_id=request.user.pk, at=request.at)
    return redirect(reverse("campaigns:plan-write", args=[plan.campaign.slug, plan.uuid]) + f"#part-{row.uuid}")


def _gone_section(request: PortalRequest, plan: Plan, uuid: UUID) -> HttpResponse:
    """Offer what was typed into a section somebody else has removed as a new one; 404 for any other id."""
    if request.method != "POST" or not was_section(plan, uuid):
        raise Http404
    values = {"title": request.POST.get("title", ""), "text": request.POST.get("text", "")}
    form = SectionForm(values | {"uuid": str(uuids.uuid4())}, mark="section")
    form.add_error(
        None, _("Somebody else has removed this section meanwhile. Save to put your text back as a new one.")
    )
    return part_page(request, plan, form, row=None)


def _typed_before(request: PortalRequest, plan: Plan) -> list[str]:
    """Return the addresses of this plan's forms in which something waits that was typed before the session ended."""
    waiting = []
    for path in request.session.get(SESSION_KEY, {}):
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if found.url_name in WRITING_FORMS and found.kwargs.get("uuid") == plan.uuid:
            waiting.append(path)
    return waiting
