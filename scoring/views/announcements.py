"""The office announces from when on the portal's records count, and takes that back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from scoring.enums import RecordKind
from scoring.forms.announcements import AnnouncementForm
from scoring.jobs.detection import hear_change
from scoring.models import Announcement
from scoring.queries.detection_page import announcements_by_kind
from scoring.services.announcements import announce, withdraw_announcement


@require_http_methods(["GET", "HEAD", "POST"])
def announcement_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Announce for some kinds of records the day from which the portal counts."""
    rows = announcements_by_kind(request.campaign, on=day_of(request.at))
    kinds = [RecordKind(row.kind) for row in rows if row.uuid is None]
    if not kinds:
        messages.info(request, _("Every kind of records is announced already."))
        return redirect("scoring:detection", campaign)
    initial = {"kinds": request.GET.getlist("kind"), "starts_on": day_of(request.at) + timedelta(days=1)}
    form = AnnouncementForm(request.POST or None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid() and _announce(request, form):
        return redirect("scoring:detection", campaign)
    return render(request, "scoring/announcement_new.html", {"form": form})


@require_POST
def announcement_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take an announcement back."""
    row = get_object_or_404(Announcement.objects.visible_to(request.actor), uuid=uuid)
    withdraw_announcement(row, by=request.actor, at=request.at)
    hear_change(request.campaign.pk, None)
    messages.success(
        request,
        _("%(kind)s: the announcement is withdrawn; what is missing here proves nothing again.")
        % {"kind": row.get_kind_display()},
    )
    return redirect("scoring:detection", campaign)


def _announce(request: PortalRequest, form: AnnouncementForm) -> bool:
    """Announce each kind by itself; whether all are, else the form says why."""
    done: list[str] = []
    day = form.cleaned_data["starts_on"]
    for kind in form.cleaned_data["kinds"]:
        try:
            announce(request.campaign, kind=kind, starts_on=day, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            break
        done.append(str(kind.label))
    if done:
        hear_change(request.campaign.pk, None)
        messages.success(
            request,
            _("From %(day)s on the portal's records count: %(kinds)s.")
            % {"day": day.isoformat(), "kinds": _(", ").join(done)},
        )
    return form.is_valid()
