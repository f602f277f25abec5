"""Problems: the list, one of them with its answers, raising, rewording and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import DEPARTMENT_ROLES, TEAM_ROLES, EvidenceTarget, ObligationKind, Role, TaskState
from campaigns.forms.assignments import WithdrawForm
from campaigns.forms.problems import ProblemFilter, ProblemForm
from campaigns.models import Block, Department, Problem
from campaigns.policy import can_attach_to_problem, can_raise_problem
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.evidence import EvidenceSection, evidence_section
from campaigns.queries.problem_page import AnswerCard, problem_page
from campaigns.queries.problems import problem_list
from campaigns.requests import PortalRequest
from campaigns.services import problems as services
from campaigns.views.assignments import older_url
from campaigns.views.chasing import chase_beside
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data


@require_safe
def problems(request: PortalRequest, campaign: str) -> HttpResponse:
    """List what departments were asked: all to overseers, to departments what they answer and what they raised."""
    actor = request.actor
    blocks = list(Block.objects.filter(campaign=request.campaign).values_list("code", "name"))
    may_raise = actor.has(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, *DEPARTMENT_ROLES)
    form = ProblemFilter(request.GET, campaign=request.campaign, blocks=blocks, may_raise=may_raise)
    if not actor.oversees:
        del form.fields["block"], form.fields["department"]
    filters = form.filters()
    found = problem_list(actor, filters, at=request.at, older_than=parse_uuid(request.GET.get("older")))
    context = {
        "list": found,
        "filter": form,
        "active": sum(bool(value) for value in vars(filters).values()),
        "older_url": older_url(request, found.older),
        "may_raise": may_raise,
        "several": len(actor.departments) > 1,
        "chase": chase_beside(request, ObligationKind.PROBLEM, active=any(vars(filters).values())),
    }
    return render(request, "campaigns/problems.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Raise a problem about one or several departments."""
    raising = _raising(request)
    form = ProblemForm(
        posted(request),
        departments=_nameable(request),
        raising=raising,
        initial={"found_on": day_of(request.at).isoformat()},
    )
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.raise_problem(
                data["departments"],
                form.draft(),
                uuid=data["uuid"],
                raising=data.get("raising") or (raising[0] if raising else None),
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Raised. The departments named find it among what they owe."))
            return redirect("campaigns:problem", request.campaign.slug, made.uuid)
    return render(request, "campaigns/problem_form.html", {"form": form, "problem": None})


@require_safe
def problem(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one problem and the answers the reader may know of."""
    found = problem_or_404(request, uuid)
    page = problem_page(found, request.actor, request.campaign, at=request.at)
    context = {
        "problem": found,
        "page": page,
        "answers": [(card, section_of(request, found, card)) for card in page.answers],
        "files": files_of_problem(request, found),
        "may_attach": page.may_change and can_attach_to_problem(request.actor, found),
        "is_raiser": found.raising_department_id in request.actor.departments,
    }
    return render(request, "campaigns/problem.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Reword a problem, give it another day, name more departments."""
    found = problem_or_404(request, uuid)
    named = _named(found)
    services.require_changer(request.actor, found, [department.pk for department in named])
    initial = {
        "version": found.version,
        "departments": [str(department.uuid) for department in named],
        "title": found.title,
        "text": found.text,
        "found_on": found.found_on.isoformat(),
        "due_on": found.due_on.isoformat(),
    }
    offered = sorted({*_nameable(request), *named}, key=lambda department: department.order)
    may_attach = can_attach_to_problem(request.actor, found)
    form = ProblemForm(posted(request), departments=offered, takes_files=may_attach, initial=initial)
    show_refused_uploads(request, form)
    now = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_problem(
                found,
                form.draft(),
                departments=data["departments"],
                version=data["version"],
                uploads=data.get("files", ()),
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            found = problem_or_404(request, uuid)
            named = _named(found)
            now = found if refused.refusal_code == "stale" else None
            form.add_stale(refused, found.version)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:problem", request.campaign.slug, found.uuid)
    context = {"form": form, "problem": found, "now": now, "named": [department.name for department in named]}
    return render(request, "campaigns/problem_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a problem back, with the reason."""
    found = problem_or_404(request, uuid)
    form = WithdrawForm(form_data(request))
    if found.withdrawn_at is None:
        services.require_changer(request.actor, found, [department.pk for department in _named(found)])
    elif request.method != "POST":
        return redirect("campaigns:problem", request.campaign.slug, found.uuid)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_problem(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return redirect("campaigns:problem", request.campaign.slug, found.uuid)
    return render(request, "campaigns/problem_withdraw.html", {"form": form, "problem": found})


def problem_or_404(request: PortalRequest, uuid: UUID) -> Problem:
    """Return a problem the reader may know of."""
    rows = Problem.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("campaign", "raising_department", "raised_by", "withdrawn_by"), uuid=uuid
    )


def files_of_problem(request: PortalRequest, found: Problem) -> Sequence[AttachedFile]:
    """Return the files of a problem."""
    return files_of(request.actor, services.OWNER, [found.uuid], campaign=request.campaign).get(found.uuid, ())


def section_of(
    request: PortalRequest, found: Problem, card: AnswerCard, *, may_file: bool | None = None
) -> EvidenceSection | None:
    """Return the evidence of an answer: where the reader files some, with the ways to do so (own departments)."""
    if card.evidence is None:
        return None
    files_some = card.row.department_id in request.actor.departments if may_file is None else may_file
    if not (files_some and card.may_answer):
        return EvidenceSection(card.evidence)
    department = get_object_or_404(Department, pk=card.row.department_id)
    return evidence_section(
        request.actor,
        EvidenceTarget.PROBLEM,
        str(found.uuid),
        campaign=request.campaign,
        department=department,
        may_file=True,
        back=request.path,
    )


def _raising(request: PortalRequest) -> list[Department]:
    """Return the departments in whose name the actor raises a problem; none for team and office."""
    if request.actor.has(Role.OFFICE, *TEAM_ROLES):
        return []
    return list(Department.objects.filter(pk__in=request.actor.departments).select_related("campaign"))


def _nameable(request: PortalRequest) -> list[Department]:
    """Return the departments the actor may name."""
    everybody = Department.objects.visible_to(request.actor).filter(closed_on__isnull=True)
    return [
        department
        for department in everybody.select_related("block", "campaign")
        if can_raise_problem(request.actor, department.pk)
    ]


def _named(found: Problem) -> list[Department]:
    """Return the departments the problem names."""
    answers = found.answers.exclude(state=TaskState.WITHDRAWN)
    named = Department.objects.filter(pk__in=answers.values("department_id"))
    return list(named.select_related("block", "campaign").order_by("order"))
