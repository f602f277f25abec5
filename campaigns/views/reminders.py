"""Keeping up: everything overdue with whom to call, the messages before they are sent, calls noted."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.reminders import AheadFilter, CallForm
from campaigns.models import Department
from campaigns.queries.obligations import OVERDUE, Wanted
from campaigns.queries.reminder_page import calls_of, departments_to_remind, mail_job_of
from campaigns.requests import PortalRequest
from campaigns.services.reminders import Sent, note_call, send_reminders
from campaigns.views.chasing import chase_of
from qualityseason.clock import day_of
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import clean
from qualityseason.typed import form_data


@require_safe
def reminders(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show by department what is open, whom to call, and what message each person would get."""
    on, form = day_of(request.at), AheadFilter(request.GET)
    days, overdue_only = form.chosen()
    places = departments_to_remind(request.campaign, request.actor, on=on, days=days, overdue_only=overdue_only)
    job = mail_job_of(request.campaign)
    if "HX-Request" in request.headers and (job is None or job.outcome == JobState.DONE):
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
    people = [draft for place in places for draft in place.drafts]
    context = {
        "filter": form,
        "active": int("days" in request.GET) + overdue_only,
        "days": days,
        "overdue_only": overdue_only,
        "on": on,
        "places": places,
        "overdue": sum(len(place.late) for place in places),
        "to_send": sum(not draft.is_sent_today for draft in people),
        "sent_today": sum(draft.is_sent_today for draft in people),
        "problems": [draft for draft in people if draft.mail_problem],
        "mail_is_set": settings.MAIL_IS_SET,
        "job": job,
        "chase": chase_of(request, Wanted(show=OVERDUE)),
    }
    return render(request, "campaigns/reminders.html", context)


@require_POST
def reminders_send(request: PortalRequest, campaign: str) -> HttpResponse:
    """Send the messages to those ticked; who had one today gets none."""
    form = AheadFilter(request.POST)
    days, overdue_only = form.chosen()
    names = {clean(name) for name in request.POST.getlist("person")}
    try:
        sent = send_reminders(request.campaign, days=days, usernames=names, by=request.actor, at=request.at)
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
    else:
        _say(request, sent)
    query = {"days": days} | ({"overdue": "on"} if overdue_only else {})
    return redirect(f"{reverse('campaigns:reminders', args=[request.campaign.slug])}?{urlencode(query)}")


def _say(request: PortalRequest, sent: Sent) -> None:
    made = ngettext("%(number)s person was reminded.", "%(number)s persons were reminded.", sent.made)
    parts = [made % {"number": sent.made}]
    if sent.again:
        again = ngettext("%(number)s had theirs today already.", "%(number)s had theirs today already.", sent.again)
        parts.append(again % {"number": sent.again})
    (messages.success if sent.made else messages.info)(request, " ".join(parts))


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_call(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Note a telephone call to a department (已电话催办); the earlier ones stand below."""
    departments = Department.objects.visible_to(request.actor).select_related("campaign")
    department = get_object_or_404(departments, uuid=uuid)
    form = CallForm(form_data(request), initial={"happened_on": day_of(request.at).isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            note_call(department, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The call to %(department)s is noted.") % {"department": department.name})
            return redirect("campaigns:reminders", request.campaign.slug)
    on = day_of(request.at)
    places = departments_to_remind(request.campaign, request.actor, on=on, days=0)
    context = {
        "form": form,
        "department": department,
        "place": next((place for place in places if place.uuid == department.uuid), None),
        "calls": calls_of(request.actor, department),
    }
    return render(request, "campaigns/reminder_call.html", context)
