"""What the pages of plans and summaries share: who may be there, when the text is in other hands, its Word text."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.enums import PlanState
from campaigns.exports.plan_paper import word_html_of
from campaigns.forms.plans import quality_label
from campaigns.models.any_paper import AnyPaper, P
from campaigns.policy import can_hand_in, can_write_plan
from campaigns.queries.paper_versions import PaperText
from campaigns.queries.paper_writing import writing_of
from campaigns.requests import PortalRequest
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services.files import path_of


def seen_paper(request: PortalRequest, model: type[P], uuid: UUID) -> P:
    """Return the plan or summary the actor may know of, or answer 404."""
    visible = model.objects.visible_to(request.actor).select_related("campaign", "department__block", "word_file__file")
    return cast("P", get_object_or_404(visible, uuid=uuid))


def handed_paper(request: PortalRequest, model: type[P], uuid: UUID) -> P:
    """Return the text the actor prepares, in whatever state; 404 for what is not seen, 403 for others' texts."""
    papers = model.objects.visible_to(request.actor).select_related("campaign", "department", "word_file__file")
    paper = cast("P", get_object_or_404(papers, uuid=uuid))
    if not can_hand_in(request.actor, paper.department_id):
        if request.actor.is_interested_in(paper.department_id):
            message = _("You have an interest in %(department)s, so another member of the office writes for it.")
            raise ConflictOfInterest(message % {"department": paper.department.name})
        raise PermissionDenied
    return paper


def writable_paper(request: PortalRequest, model: type[P], uuid: UUID) -> P:
    """Return the text the actor may change now."""
    paper = handed_paper(request, model, uuid)
    refuse_closed(request, paper)
    return paper


def refuse_closed(request: PortalRequest, paper: AnyPaper) -> None:
    """Raise PermissionDenied with the reason and the way out when the text is handed in."""
    if can_write_plan(request.actor, paper):
        return
    words = {"paper": paper.noun}
    if paper.state == PlanState.APPROVED:
        raise PermissionDenied(
            _("This %(paper)s is approved. To change it, ask the campaign office to return it.") % words
        )
    raise PermissionDenied(
        _("This %(paper)s is submitted. To change it, ask the campaign office to return it.") % words
    )


def status_of(refused: Refused) -> int:
    """Return the answer's status: 403 for a text handed in meanwhile, else that of any form with an error."""
    return 403 if refused.refusal_code == "closed" else 200


def writing_context(request: PortalRequest, paper: AnyPaper) -> dict[str, Any]:
    """Return what the writers' page and its pieces show."""
    writing = writing_of(paper)
    return {
        "paper": paper,
        "department": paper.department,
        "writing": writing,
        "gaps": writing.gaps,
        "quality_label": quality_label(paper.department),
    }


def word_for_screen(text: PaperText | None) -> tuple[str, str]:
    """Return the Word text to show in place of parts and items, or the sentence why it cannot be shown."""
    if text is None or text.word_file is None:
        return "", ""
    try:
        return word_html_of(text.content, path_of(text.word_file)), ""
    except Refused as refused:
        return "", str(refused.sentence)


def address(paper: AnyPaper, name: str = "", *more: Any) -> str:
    """Return the address of a page of the text: `write`, `submit`, …; '' its own page."""
    return reverse(f"{paper.pages}-{name}" if name else paper.pages, args=[paper.campaign.slug, paper.uuid, *more])


def to(paper: AnyPaper, name: str = "", *more: Any) -> HttpResponse:
    """Lead to a page of the text."""
    return redirect(address(paper, name, *more))
