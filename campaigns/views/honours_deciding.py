"""Honours decided: the short list, the leading group's decision, the lists to take along."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.enums import NominationState, Role
from campaigns.exports.honours import FORMATS, file_name, made_of
from campaigns.forms.honours import HonoursDecisionForm, ShortlistForm
from campaigns.jobs.honours import HONOURS
from campaigns.queries.honours import decision_list
from campaigns.queries.honours_list import honours_list
from campaigns.queries.nominations import grouped, nomination_rows
from campaigns.requests import PortalRequest
from campaigns.services.honours import decide_honours, refuse_interest
from campaigns.services.nominations import shortlist_nominations
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.services.jobs import start_job
from qualityseason.typed import form_data
from qualityseason.views.jobs import to_job

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@READ_WRITE
def honours_shortlist(request: PortalRequest, campaign: str) -> HttpResponse:
    """Tick who goes before the leading group, by honour, all departments side by side."""
    data = form_data(request)
    form = ShortlistForm(data)
    ticked: frozenset[str] | None = None
    if data is not None:
        form.is_valid()
        ticked = frozenset(str(uuid) for uuid in form.cleaned_data["ticked"])
    if request.method == "POST":
        try:
            number = shortlist_nominations(request.campaign, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = ngettext("%(number)d nomination changed.", "%(number)d nominations changed.", number)
            messages.success(request, words % {"number": number})
            return redirect("campaigns:honours", campaign)
    rows = nomination_rows(request.actor, request.campaign)
    open_states = (NominationState.NOMINATED, NominationState.SHORTLISTED)
    listed = tuple(row for row in rows if row.state in open_states)
    ticks = frozenset(str(row.uuid) for row in listed if row.is_listed) if ticked is None else ticked
    groups = [
        (honour, [(row, str(row.uuid) in ticks) for row in found])
        for honour, found in grouped(request.campaign, listed)
    ]
    return render(request, "campaigns/honours_shortlist.html", {"form": form, "groups": groups})


@READ_WRITE
def honours_decide(request: PortalRequest, campaign: str) -> HttpResponse:
    """Record what the leading group decided on the short list."""
    found = decision_list(request.actor, request.campaign)
    if found.barred:
        refuse_interest(found.barred)
    needs_paper = not request.actor.has(Role.LEADERSHIP)
    form = HonoursDecisionForm(posted(request), needs_paper=needs_paper, standing=found.standing)
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            decide_honours(request.campaign, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            found = decision_list(request.actor, request.campaign)
            form.refuse(refused, found.standing)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("campaigns:honours", campaign)
    ticks = form.ticks
    lists = {
        name: [
            (honour, [(row, str(row.uuid) in ticks) for row in rows])
            for honour, rows in grouped(request.campaign, getattr(found, name))
        ]
        for name in ("shortlisted", "passed_over", "chosen")
    }
    context = {"form": form, "list": found, "lists": lists, "is_office": needs_paper}
    return render(request, "campaigns/honours_decide.html", context)


@READ_WRITE
def honours_export(request: PortalRequest, campaign: str, format: str) -> HttpResponseBase:
    """Send all nominations (or with `?chosen=1` who is commended alone) as a list; print it in the background."""
    if format not in FORMATS:
        raise Http404
    only_chosen = bool(request.GET.get("chosen"))
    if format == "pdf":
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = start_job(
            HONOURS,
            by_id=request.actor.user_id,
            campaign_id=request.campaign.pk,
            parameters={"label": _("List of honours"), "chosen": only_chosen},
            at=request.at,
        )
        return to_job(job, back=reverse("campaigns:honours", args=[campaign]))
    facts = honours_list(request.actor, request.campaign, only_chosen=only_chosen, at=request.at)
    form = FORMATS[format]
    response = FileResponse(
        BytesIO(made_of(facts, form)),
        as_attachment=True,
        filename=file_name(facts, form.suffix),
        content_type=form.media_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response
