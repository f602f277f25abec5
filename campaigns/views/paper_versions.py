"""What was submitted: a version, what changed since, and its print."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns.forms.paper_workflow import CompareForm
from campaigns.models.any_paper import PaperModel
from campaigns.queries.copies import copies_of
from campaigns.queries.paper_changes import paper_changes
from campaigns.queries.paper_versions import find_version, version_rows, version_text
from campaigns.requests import PortalRequest
from campaigns.services.paper_printing import start_print
from campaigns.views.paper_access import address, seen_paper, to, word_for_screen
from qualityseason.views.jobs import to_job


def version(request: PortalRequest, model: PaperModel, uuid: UUID, number: int) -> HttpResponse:
    """Show one version as it was submitted."""
    paper = seen_paper(request, model, uuid)
    found = find_version(request.actor, paper, number) if number else None
    if found is None:
        raise Http404
    text = version_text(request.actor, request.campaign, paper, found)
    word_html, word_problem = word_for_screen(text)
    rows = version_rows(request.actor, paper, copies_of(request.actor, paper))
    context = {
        "paper": paper,
        "text": text,
        "word_html": word_html,
        "word_problem": word_problem,
        "versions": rows,
        "row": next(row for row in rows if row.number == number),
    }
    return render(request, "campaigns/paper_version.html", context)


def changes(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Show what changed between two versions, or since the last one."""
    paper = seen_paper(request, model, uuid)
    if find_version(request.actor, paper) is None:
        messages.info(request, _("Nothing has been submitted yet, so there is nothing to compare."))
        return to(paper)
    older, newer = (_number(request.GET.get(name, "")) for name in ("older", "newer"))
    found = paper_changes(request.actor, paper, older=older, newer=newer)
    if found is None:
        raise Http404
    form = CompareForm(
        {"older": str(found.older), "newer": str(found.newer)},
        numbers=found.choices,
        sees_working=found.sees_working,
    )
    return render(request, "campaigns/paper_changes.html", {"paper": paper, "changes": found, "form": form})


def print_version(request: PortalRequest, model: PaperModel, uuid: UUID, number: int) -> HttpResponse:
    """Have a version typeset for signature and seal; the PDF waits on the job's page."""
    paper = seen_paper(request, model, uuid)
    found = find_version(request.actor, paper, number) if number else None
    if found is None:
        raise Http404
    job = start_print(found, paper=paper, by_id=request.user.pk, at=request.at)
    return to_job(job, back=address(paper))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 5 else None  # more digits are no version
