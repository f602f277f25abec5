"""Suggestions of a session: gathering several at once, and settling one."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.forms.suggestions import SeedForm, SuggestionForm, SuggestionRows, suggestion_drafts
from campaigns.models import Plan, Suggestion
from campaigns.policy import can_write_plan
from campaigns.requests import PortalRequest
from campaigns.services.suggestions import add_suggestions, change_suggestion, suggestion_mark
from campaigns.views.sessions import require_hand_in, session_or_404
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_add(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Write down suggestions made at a session, several at once."""
    session = session_or_404(request, uuid)
    require_hand_in(request.actor, session.department_id)
    data = form_data(request)
    form = SeedForm(data, initial={"uuid": uuid4()})
    rows = SuggestionRows(data, prefix="rows")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            made = add_suggestions(session, suggestion_drafts(form, rows), by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            sentence = ngettext("%(n)s suggestion is written down.", "%(n)s suggestions are written down.", len(made))
            messages.success(request, sentence % {"n": len(made)})
            return redirect("campaigns:session", request.campaign.slug, session.uuid)
    return render(request, "campaigns/suggestion_add.html", {"session": session, "form": form, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a suggestion, and take it into the plan or answer it."""
    visible = Suggestion.objects.visible_to(request.actor).select_related("session__department", "item", "settled_by")
    found = get_object_or_404(visible, uuid=uuid)
    require_hand_in(request.actor, found.session.department_id)
    back = _back(request, found)
    mark = suggestion_mark(found)
    initial = {
        "version": mark,
        "text": found.text,
        "made_by": found.made_by,
        "item": found.item.uuid if found.item else None,
        "answer": found.answer,
    }
    form = SuggestionForm(form_data(request), initial=initial, department_id=found.session.department_id)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("version")
        try:
            change_suggestion(found, **values, seen=seen, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            is_stale = refused.refusal_code == "stale"
            add_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {
        "suggestion": found,
        "back": back,
        "session": found.session,
        "form": form,
        "version": mark if is_stale else form["version"].value(),
        "now": found if is_stale else None,
    }
    return render(request, "campaigns/suggestion.html", context)


def _back(request: PortalRequest, suggestion: Suggestion) -> str:
    """Return where one came from: the plan being written, else the session."""
    session = suggestion.session
    if request.GET.get("from") == "plan":
        plan = Plan.objects.visible_to(request.actor).filter(department_id=session.department_id).first()
        if plan is not None and can_write_plan(request.actor, plan):
            return reverse("campaigns:plan-write", args=[request.campaign.slug, plan.uuid])
    return reverse("campaigns:session", args=[request.campaign.slug, session.uuid])
