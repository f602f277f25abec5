"""Answers to problems: writing and judging one, and the persons a problem concerns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.problems import AnswerForm, AnswerVerdictForm, DealingForm, PersonForm
from campaigns.models import ProblemAnswer, ProblemPerson, StaffMember
from campaigns.policy import can_change_problem
from campaigns.queries.problem_page import person_card, problem_page
from campaigns.queries.problem_persons import class_names, find_member, staff_of, student_label
from campaigns.requests import PortalRequest
from campaigns.services import problem_answers as services
from campaigns.services import problem_persons
from campaigns.services.assignment_reports import require_reporter
from campaigns.views.problems import files_of_problem, section_of
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def problem_answer(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Answer a problem by rectification or explanation, or put the answer otherwise."""
    found = _answer(request, uuid)
    require_reporter(request.actor, found.department)
    initial = {
        "version": found.version,
        "kind": found.kind,
        "text": found.text,
        "answered_on": (found.answered_on or day_of(request.at)).isoformat(),
    }
    form = AnswerForm(form_data(request), initial=initial)
    now = None
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in (*services.FIELDS, "version")}
        try:
            services.answer_problem(found, **values, by=request.actor, at=request.at)
        except Refused as refused:
            found = _answer(request, uuid)
            now = found if refused.refusal_code == "stale" else None
            form.add_stale(refused, found.version)
        else:
            messages.success(
                request, _("Answered. Whoever raised the problem accepts it, or sends it back with a note.")
            )
            return redirect("campaigns:problem", request.campaign.slug, found.problem.uuid)
    context = _shown(request, found, may_file=True) | {"form": form, "now": now}
    return render(request, "campaigns/problem_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_judge(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Accept an answer, or send it back with a note."""
    found = _answer(request, uuid)
    _require_judge(request, found)
    form = AnswerVerdictForm(form_data(request), initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        accepts, data = form.accepts, form.cleaned_data
        try:
            services.judge_answer(
                found, accept=accepts, note=data["note"], version=data["version"], by=request.actor, at=request.at
            )
        except Refused as refused:
            found = _answer(request, uuid)
            form.add_stale(refused, found.version)
        else:
            messages.success(request, _("Accepted.") if accepts else _("Sent back; the department reads your note."))
            return redirect("campaigns:problem", request.campaign.slug, found.problem.uuid)
    return render(request, "campaigns/problem_judge.html", _shown(request, found) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def problem_person_add(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Add a person the problem concerns."""
    found = _answer(request, uuid)
    require_reporter(request.actor, found.department)
    form = PersonForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            person, label = _whom(request, found, form.cleaned_data)
            problem_persons.add_person(
                found,
                form.dealing(),
                uuid=form.cleaned_data["uuid"],
                person=person,
                label=label,
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Added. What is missing may follow later."))
            return redirect("campaigns:problem", request.campaign.slug, found.problem.uuid)
    context = {
        "answer": found,
        "problem": found.problem,
        "form": form,
        "staff": staff_of(found.department),
        "classes": class_names(request.campaign),
    }
    return render(request, "campaigns/problem_person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_person(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Write down how a person was dealt with, or take the person off the list."""
    found = _person(request, uuid)
    require_reporter(request.actor, found.answer.department)
    parts = problem_persons.Dealing.__dataclass_fields__
    initial = {name: getattr(found, name) or "" for name in parts} | {"version": found.version}
    form = DealingForm(form_data(request), initial=initial)
    now = None
    if request.method == "POST" and form.is_valid():
        try:
            if "remove" in request.POST:
                problem_persons.remove_person(found, by=request.actor, at=request.at)
            else:
                version = form.cleaned_data["version"]
                problem_persons.change_person(found, form.dealing(), version=version, by=request.actor, at=request.at)
        except Refused as refused:
            found = ProblemPerson.objects.select_related("answer__problem", "answer__department").get(pk=found.pk)
            now = person_card(found) if refused.refusal_code == "stale" else None
            form.add_stale(refused, found.version)
        else:
            messages.success(request, _("Taken off the list.") if "remove" in request.POST else _("Saved."))
            return redirect("campaigns:problem", request.campaign.slug, found.answer.problem.uuid)
    context = {"answer": found.answer, "problem": found.answer.problem, "person": found, "form": form, "now": now}
    return render(request, "campaigns/problem_person.html", context)


def _answer(request: PortalRequest, uuid: UUID) -> ProblemAnswer:
    rows = ProblemAnswer.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related(
            "problem__campaign",
            "problem__raising_department",
            "problem__raised_by",
            "problem__withdrawn_by",
            "department",
            "answered_by",
        ),
        uuid=uuid,
    )


def _person(request: PortalRequest, uuid: UUID) -> ProblemPerson:
    rows = ProblemPerson.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("answer__problem", "answer__department"), uuid=uuid)


def _require_judge(request: PortalRequest, found: ProblemAnswer) -> None:
    """Raise where the actor never judges answers of this department, whatever their state."""
    actor = request.actor
    if actor.is_interested_in(found.department_id) or found.department_id in actor.departments:
        message = _("You have an interest in %(department)s: somebody else raises and judges its problems.")
        raise ConflictOfInterest(message % {"department": found.department.name})
    if found.problem.withdrawn_at is None and not can_change_problem(actor, found.problem):
        raise PermissionDenied(_("Those who raised a problem, the office and the head of the team judge its answers."))


def _whom(request: PortalRequest, found: ProblemAnswer, data: dict[str, Any]) -> tuple[StaffMember | None, str]:
    """Return the person of the staff list, or what is printed for somebody else."""
    if sum(bool(data[name]) for name in ("person", "student_class", "label")) > 1:
        raise Refused(_("Name one person only: fill in one of the ways, not several."), field="person", code="several")
    if data["person"]:
        return find_member(found.department, data["person"]), ""
    if data["student_class"] or data["student_number"]:
        return None, student_label(request.campaign, data["student_class"], data["student_number"])
    return None, data["label"]


def _shown(request: PortalRequest, found: ProblemAnswer, *, may_file: bool = False) -> dict[str, Any]:
    """Return what the pages of one answer show of it."""
    page = problem_page(found.problem, request.actor, request.campaign, at=request.at, answer=found)
    card = page.answers[0] if page.answers else None
    return {
        "answer": found,
        "problem": found.problem,
        "page": page,
        "card": card,
        "section": section_of(request, found.problem, card, may_file=may_file) if card else None,
        "files": files_of_problem(request, found.problem),
    }
