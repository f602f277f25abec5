"""The way of a plan or summary: asking the head, submitting, returning with remarks, approving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.calculations.plan_text import empty_parts_of
from campaigns.calculations.plans import digest_of
from campaigns.enums import WRITABLE_PLAN_STATES, PlanState, Role
from campaigns.facts import PlanContent
from campaigns.forms.paper_workflow import OfficeSubmitForm, ReviewForm, SubmitForm
from campaigns.models import Summary
from campaigns.models.any_paper import AnyPaper, AnyVersion, PaperModel
from campaigns.queries.paper_gaps import paper_gaps
from campaigns.queries.paper_page import owed_for
from campaigns.queries.paper_readings import BETWEEN
from campaigns.queries.paper_versions import find_version, version_text, working_text
from campaigns.requests import PortalRequest
from campaigns.services import paper_workflow as services
from campaigns.views.paper_access import address, seen_paper, to, word_for_screen
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.models import User
from qualityseason.typed import form_data


def ask_head(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Ask the head to read and submit it."""
    return _step(
        request, model, uuid, services.request_confirmation, done=_("The head is asked to read and submit it.")
    )


def recall(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Take it back to the draft."""
    return _step(request, model, uuid, services.recall_paper, done=_("It is a draft again."))


def submit(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Show the whole text as it will stand, with one button."""
    paper = seen_paper(request, model, uuid)
    if paper.state not in WRITABLE_PLAN_STATES and request.method != "POST":
        return to(paper)
    _require_submitter(request, paper)
    by_office = services.is_for_department(request.actor, paper)
    form = _submit_form(request, by_office=by_office)
    if request.method == "POST" and form.is_valid():
        done = _submit(request, paper, form)
        if done is not None:
            return done
    text = working_text(request.campaign, paper, find_version(request.actor, paper))
    head_id = services.handed_over_by(request.actor, paper, at=request.at)
    owed = owed_for(request.actor, paper, on=day_of(request.at))
    word_html, word_problem = word_for_screen(text)
    context = {
        "paper": paper,
        "form": form,
        "digest": digest_of(text.content),
        "text": text,
        "word_html": word_html,
        "word_problem": word_problem,
        "gaps": paper_gaps(paper),
        "owed": [row for row in owed if row.kind == paper.obligation],
        "by_office": by_office,
        "head": User.objects.filter(pk=head_id).first() if head_id else None,
    }
    return render(request, "campaigns/paper_submit.html", context)


def review(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Show the submitted version with a field for a remark at each part and item; return it with them."""
    paper = seen_paper(request, model, uuid)
    _require_decider(request, paper)
    version = find_version(request.actor, paper)
    if version is None or (request.method != "POST" and not policy.can_review_plan(request.actor, paper)):
        messages.info(request, _("It is in the department's hands; there is nothing to review now."))
        return to(paper)
    if request.method != "POST":
        data = form_data(request) or form_data(request, path=address(paper, "approve"))
        content = PlanContent.from_json(version.content)
        return _show_review(
            request, paper, version, ReviewForm(data, content=content, initial={"number": version.number})
        )
    form, is_current = _review_form(request, paper, version)
    if is_current and form.is_valid():
        try:
            services.return_paper(
                paper,
                by=request.actor,
                number=form.cleaned_data["number"],
                note=form.cleaned_data["note"],
                remarks=form.remarks,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("It is returned to the department with the remarks."))
            return to(paper)
    return _show_review(request, paper, version, form)


def approve(request: PortalRequest, model: PaperModel, uuid: UUID) -> HttpResponse:
    """Approve the submitted version; what was typed as remarks stands in the way, and is kept."""
    paper = seen_paper(request, model, uuid)
    _require_decider(request, paper)
    version = find_version(request.actor, paper)
    if version is None:
        return to(paper)
    form, is_current = _review_form(request, paper, version)
    if is_current and form.is_valid():
        try:
            if form.remarks:
                message = _("You wrote remarks. Return the text with them, or empty them to approve it.")
                raise Refused(message, code="remarks")
            services.approve_paper(
                paper,
                by=request.actor,
                number=form.cleaned_data["number"],
                note=form.cleaned_data["note"],
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Version %(number)s is approved.") % {"number": version.number})
            return to(paper)
    return _show_review(request, paper, version, form)


def _submit_form(request: PortalRequest, *, by_office: bool) -> SubmitForm:
    if not by_office:
        return SubmitForm(request.POST if request.method == "POST" else None)
    form = OfficeSubmitForm(posted(request))
    show_refused_uploads(request, form)
    return form


def _submit(request: PortalRequest, paper: AnyPaper, form: SubmitForm) -> HttpResponse | None:
    """Submit and lead back to its page; None, with the sentence on the form, where that is refused."""
    try:
        done = services.submit_paper(
            paper,
            by=request.actor,
            digest=form.cleaned_data["digest"],
            signed=form.cleaned_data.get("files", ()),
            note=form.cleaned_data.get("note", ""),
            at=request.at,
        )
    except Refused as refused:
        if refused.refusal_code == "state":
            messages.error(request, refused.sentence)
            return to(paper)
        add_refusal(form, refused)
        return None
    words = {"number": done.version.number, "code": done.version.code}
    messages.success(request, _("Version %(number)s is submitted. Its code is %(code)s.") % words)
    if done.is_unchanged:
        messages.info(request, _("It says exactly what the version before says."))
    if isinstance(paper, Summary):
        _tell_lacking(request, done.version)
    return to(paper)


def _tell_lacking(request: PortalRequest, version: AnyVersion) -> None:
    """Say which of the parts the season asks for the submitted summary lacks."""
    lacking = empty_parts_of(PlanContent.from_json(version.content))
    if lacking:
        message = _("It was submitted without these parts: %(parts)s. Ask the office to return it to add them.")
        messages.warning(request, message % {"parts": BETWEEN.join(lacking)})


def _review_form(request: PortalRequest, paper: AnyPaper, version: AnyVersion) -> tuple[ReviewForm, bool]:
    """Return the form as sent, and whether it is about this version; if not, what was typed is carried over."""
    content = PlanContent.from_json(version.content)
    form = ReviewForm(request.POST, content=content)
    sent = request.POST.get("number", "")
    if sent == str(version.number):
        return form, True
    before = find_version(request.actor, paper, int(sent)) if sent.isdecimal() and len(sent) < 6 else None
    old = PlanContent.from_json(before.content) if before else content
    form = form.carried_over(version.number, content, old)
    message = _("The department has submitted a newer version. What you wrote is kept; read the new text first.")
    form.add_error(None, message)
    return form, False


def _show_review(request: PortalRequest, paper: AnyPaper, version: AnyVersion, form: ReviewForm) -> HttpResponse:
    text = version_text(request.actor, request.campaign, paper, version)
    word_html, word_problem = word_for_screen(text)
    context: dict[str, Any] = {
        "paper": paper,
        "text": text,
        "form": form,
        "word_html": word_html,
        "word_problem": word_problem,
        "owed": owed_for(request.actor, paper, on=day_of(request.at)),
        "gaps": paper_gaps(paper),
        "is_approved": paper.state == PlanState.APPROVED,
        "has_earlier": version.number > 1,
    }
    return render(request, "campaigns/paper_review.html", context)


def _step(
    request: PortalRequest, model: PaperModel, uuid: UUID, step: Callable[..., AnyPaper], *, done: str
) -> HttpResponse:
    """Take a step inside the department, and lead back to its page with what came of it."""
    paper = seen_paper(request, model, uuid)
    if not policy.can_hand_in(request.actor, paper.department_id):
        raise _refusal(request, paper)
    try:
        step(paper, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return to(paper)


def _require_submitter(request: PortalRequest, paper: AnyPaper) -> None:
    actor, place = request.actor, paper.department_id
    if place in actor.headed or place in actor.delegated or policy.can_decide_for(actor, place):
        return
    raise _refusal(request, paper)


def _require_decider(request: PortalRequest, paper: AnyPaper) -> None:
    if not policy.can_decide_for(request.actor, paper.department_id):
        raise _refusal(request, paper)


def _refusal(request: PortalRequest, paper: AnyPaper) -> PermissionDenied:
    if request.actor.has(Role.OFFICE) and request.actor.is_interested_in(paper.department_id):
        return ConflictOfInterest(
            _("You have an interest in this department and decide nothing about what it hands in.")
        )
    return PermissionDenied(_("Only the head submits this, or whom the head has handed it to for these days."))
