"""Asking a department to mend by a day what an inspection found (限期整改)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.problems import ProblemForm
from campaigns.requests import PortalRequest
from campaigns.services.problems import raise_problem
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from scoring.models import Inspection
from scoring.policy import can_record


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_rectification(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Raise a problem out of an inspection; the department visited mends it or explains by a day."""
    visible = Inspection.objects.visible_to(request.actor).select_related("department__campaign")
    found = get_object_or_404(visible, uuid=uuid)
    if not can_record(request.actor, found.department_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    form = ProblemForm(posted(request), initial={"found_on": day_of(found.started_at).isoformat()})
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = raise_problem(
                [found.department],
                form.draft(),
                uuid=data["uuid"],
                inspection=found.uuid,
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Raised. The departments named find it among what they owe."))
            return redirect("campaigns:problem", request.campaign.slug, made.uuid)
    return render(request, "scoring/rectification.html", {"form": form, "inspection": found})
