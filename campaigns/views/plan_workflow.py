"""A plan's way: asking the head, submitting, returning with remarks, approving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import policy
from campaigns.calculations.plans import digest_of
from campaigns.enums import WRITABLE_PLAN_STATES, ObligationKind, PlanState, Role
from campaigns.facts import PlanContent
from campaigns.forms.plan_workflow import OfficeSubmitForm, ReviewForm, SubmitForm
from campaigns.models import Plan, PlanVersion
from campaigns.queries.plan_gaps import plan_gaps
from campaigns.queries.plan_page import owed_for_plan
from campaigns.queries.plan_versions import find_version, version_text, working_text
from campaigns.requests import PortalRequest
from campaigns.services import plan_workflow as services
from campaigns.views.plans import seen_plan, word_for_screen
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.models import User
from qualityseason.typed import form_data


@require_POST
def plan_request(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Ask the head to read and submit the plan."""
    return _step(
        request, uuid, services.request_confirmation, done=_("The head is asked to read the plan and submit it.")
    )


@require_POST
def plan_recall(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take the plan back to the draft."""
    return _step(request, uuid, services.recall_plan, done=_("The plan is a draft again."))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_submit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the whole plan as it will stand, with one button."""
    plan = seen_plan(request, uuid)
    if plan.state not in WRITABLE_PLAN_STATES and request.method != "POST":
        return _back(plan)
    _require_submitter(request, plan)
    by_office = services.is_for_department(request.actor, plan)
    form = _submit_form(request, by_office=by_office)
    if request.method == "POST" and form.is_valid():
        done = _submit(request, plan, form)
        if done is not None:
            return done
    text = working_text(request.campaign, plan, find_version(request.actor, plan))
    head_id = services.handed_over_by(request.actor, plan, at=request.at)
    owed = owed_for_plan(request.actor, plan, on=day_of(request.at))
    word_html, word_problem = word_for_screen(text)
    context = {
        "plan": plan,
        "form": form,
        "digest": digest_of(text.content),
        "text": text,
        "word_html": word_html,
        "word_problem": word_problem,
        "gaps": plan_gaps(plan),
        "owed": [row for row in owed if row.kind == ObligationKind.PLAN_ELECTRONIC],
        "by_office": by_office,
        "head": User.objects.filter(pk=head_id).first() if head_id else None,
    }
    return render(request, "campaigns/plan_submit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_review(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the submitted version with a field for a remark at each part and item; return it with them."""
    plan = seen_plan(request, uuid)
    _require_decider(request, plan)
    version = find_version(request.actor, plan)
    if version is None or (request.method != "POST" and not policy.can_review_plan(request.actor, plan)):
        messages.info(request, _("The plan is in the department's hands; there is nothing to review now."))
        return _back(plan)
    if request.method != "POST":
        data = form_data(request) or form_data(request, path=_url("plan-approve", plan))
        content = PlanContent.from_json(version.content)
        return _show_review(
            request, plan, version, ReviewForm(data, content=content, initial={"number": version.number})
        )
    form, is_current = _review_form(request, plan, version)
    if is_current and form.is_valid():
        try:
            services.return_plan(
                plan,
                by=request.actor,
                number=form.cleaned_data["number"],
                note=form.cleaned_data["note"],
                remarks=form.remarks,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The plan is returned to the department with the remarks."))
            return _back(plan)
    return _show_review(request, plan, version, form)


@require_POST
def plan_approve(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Approve the submitted version; what was typed as remarks stands in the way, and is kept."""
    plan = seen_plan(request, uuid)
    _require_decider(request, plan)
    version = find_version(request.actor, plan)
    if version is None:
        return _back(plan)
    form, is_current = _review_form(request, plan, version)
    if is_current and form.is_valid():
        try:
            if form.remarks:
                message = _("You wrote remarks. Return the plan with them, or empty them to approve it.")
                raise Refused(message, code="remarks")
            services.approve_plan(
                plan,
                by=request.actor,
                number=form.cleaned_data["number"],
                note=form.cleaned_data["note"],
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Version %(number)s is approved.") % {"number": version.number})
            return _back(plan)
    return _show_review(request, plan, version, form)


def _submit_form(request: PortalRequest, *, by_office: bool) -> SubmitForm:
    if not by_office:
        return SubmitForm(request.POST if request.method == "POST" else None)
    form = OfficeSubmitForm(posted(request))
    show_refused_uploads(request, form)
    return form


def _submit(request: PortalRequest, plan: Plan, form: SubmitForm) -> HttpResponse | None:
    """Submit and lead back to the plan; None, with the sentence on the form, where that is refused."""
    try:
        done = services.submit_plan(
            plan,
            by=request.actor,
            digest=form.cleaned_data["digest"],
            signed=form.cleaned_data.get("files", ()),
            note=form.cleaned_data.get("note", ""),
            at=request.at,
        )
    except Refused as refused:
        if refused.refusal_code == "state":
            messages.error(request, refused.sentence)
            return _back(plan)
        add_refusal(form, refused)
        return None
    words = {"number": done.version.number, "code": done.version.code}
    messages.success(request, _("Version %(number)s is submitted. Its code is %(code)s.") % words)
    if done.is_unchanged:
        messages.info(request, _("It says exactly what the version before says."))
    return _back(plan)


def _review_form(request: PortalRequest, plan: Plan, version: PlanVersion) -> tuple[ReviewForm, bool]:
    """Return the form as sent, and whether it is about this version; if not, what was typed is carried over."""
    content = PlanContent.from_json(version.content)
    form = ReviewForm(request.POST, content=content)
    sent = request.POST.get("number", "")
    if sent == str(version.number):
        return form, True
    before = find_version(request.actor, plan, int(sent)) if sent.isdecimal() and len(sent) < 6 else None
    old = PlanContent.from_json(before.content) if before else content
    form = form.carried_over(version.number, content, old)
    message = _("The department has submitted a newer version. What you wrote is kept; read the new text first.")
    form.add_error(None, message)
    return form, False


def _show_review(request: PortalRequest, plan: Plan, version: PlanVersion, form: ReviewForm) -> HttpResponse:
    text = version_text(request.actor, request.campaign, plan, version)
    word_html, word_problem = word_for_screen(text)
    context: dict[str, Any] = {
        "plan": plan,
        "text": text,
        "form": form,
        "word_html": word_html,
        "word_problem": word_problem,
        "owed": owed_for_plan(request.actor, plan, on=day_of(request.at)),
        "gaps": plan_gaps(plan),
        "is_approved": plan.state == PlanState.APPROVED,
        "has_earlier": version.number > 1,
    }
    return render(request, "campaigns/plan_review.html", context)


def _step(request: PortalRequest, uuid: UUID, step: Callable[..., Plan], *, done: str) -> HttpResponse:
    """Take a step inside the department, and lead back to the plan with what came of it."""
    plan = seen_plan(request, uuid)
    if not policy.can_hand_in(request.actor, plan.department_id):
        raise _refusal(request, plan)
    try:
        step(plan, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return _back(plan)


def _require_submitter(request: PortalRequest, plan: Plan) -> None:
    actor, place = request.actor, plan.department_id
    if place in actor.headed or place in actor.delegated or policy.can_decide_for(actor, place):
        return
    raise _refusal(request, plan)


def _require_decider(request: PortalRequest, plan: Plan) -> None:
    if not policy.can_decide_for(request.actor, plan.department_id):
        raise _refusal(request, plan)


def _refusal(request: PortalRequest, plan: Plan) -> PermissionDenied:
    if request.actor.has(Role.OFFICE) and request.actor.is_interested_in(plan.department_id):
        return ConflictOfInterest(_("You have an interest in this department and decide nothing about its plan."))
    return PermissionDenied(_("Only the head submits the plan, or whom the head has handed it to for these days."))


def _url(name: str, plan: Plan) -> str:
    return reverse(f"campaigns:{name}", args=[plan.campaign.slug, plan.uuid])


def _back(plan: Plan) -> HttpResponse:
    return redirect(_url("plan", plan))
