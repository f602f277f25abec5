"""What was submitted: a version, what changed since, and its print."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.forms.plan_workflow import CompareForm
from campaigns.queries.plan_changes import plan_changes as load_changes
from campaigns.queries.plan_versions import find_version, version_rows, version_text
from campaigns.queries.plans import copies_of
from campaigns.requests import PortalRequest
from campaigns.services.plan_printing import start_print
from campaigns.views.plans import seen_plan, word_for_screen
from qualityseason.views.jobs import to_job


@require_safe
def plan_version(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> HttpResponse:
    """Show one version as it was submitted."""
    plan = seen_plan(request, uuid)
    version = find_version(request.actor, plan, number) if number else None
    if version is None:
        raise Http404
    text = version_text(request.actor, request.campaign, plan, version)
    word_html, word_problem = word_for_screen(text)
    rows = version_rows(request.actor, plan, copies_of(request.actor, plan))
    context = {
        "plan": plan,
        "text": text,
        "word_html": word_html,
        "word_problem": word_problem,
        "versions": rows,
        "row": next(row for row in rows if row.number == number),
    }
    return render(request, "campaigns/plan_version.html", context)


@require_safe
def plan_changes(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what changed between two versions, or since the last one."""
    plan = seen_plan(request, uuid)
    if find_version(request.actor, plan) is None:
        messages.info(request, _("Nothing has been submitted yet, so there is nothing to compare."))
        return redirect("campaigns:plan", request.campaign.slug, plan.uuid)
    older, newer = (_number(request.GET.get(name, "")) for name in ("older", "newer"))
    changes = load_changes(request.actor, plan, older=older, newer=newer)
    if changes is None:
        raise Http404
    form = CompareForm(
        {"older": str(changes.older), "newer": str(changes.newer)},
        numbers=changes.choices,
        sees_working=changes.sees_working,
    )
    return render(request, "campaigns/plan_changes.html", {"plan": plan, "changes": changes, "form": form})


@require_POST
def plan_print(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> HttpResponse:
    """Have a version typeset for signature and seal; the PDF waits on the job's page."""
    plan = seen_plan(request, uuid)
    version = find_version(request.actor, plan, number) if number else None
    if version is None:
        raise Http404
    job = start_print(version, plan=plan, by_id=request.user.pk, at=request.at)
    return to_job(job, back=reverse("campaigns:plan", args=[campaign, plan.uuid]))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 5 else None  # more digits are no version
