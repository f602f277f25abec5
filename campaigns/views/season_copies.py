"""The next season as a copy of this one: first seen, then made."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.season_copies import SeasonCopyForm
from campaigns.models import Term
from campaigns.queries.season_copies import CopyPreview, preview_copy
from campaigns.requests import PortalRequest
from campaigns.services.season_copies import copy_season, judged
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def season_copy(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show how everything would move, and make the new season."""
    terms = list(Term.objects.filter(campaign=request.campaign))
    form = SeasonCopyForm(form_data(request), terms=terms, initial={"name": request.campaign.name})
    preview: CopyPreview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = judged(request.campaign, form.draft())
            if "confirm" in request.POST:
                copied = copy_season(
                    request.campaign,
                    draft,
                    seen=form.cleaned_data["seen"],
                    office=request.user,
                    by=request.actor,
                    at=request.at,
                )
                messages.success(
                    request, _("The season %(name)s is set up. You are its campaign office.") % {"name": copied.name}
                )
                return redirect("campaigns:campaign", copied.slug)
            preview = preview_copy(request.campaign, draft)
        except Refused as refused:
            add_refusal(form, refused)
            if refused.refusal_code == "stale":
                preview = preview_copy(request.campaign, form.draft())
        if preview is not None:
            form.rest_on(preview.digest)
    return render(request, "campaigns/season_copy.html", {"form": form, "preview": preview})
