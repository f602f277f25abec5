"""The minutes of a session."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.minutes import MinutesForm, minutes_initial
from campaigns.queries.attachments import files_of
from campaigns.queries.session_page import LACKING, MINUTES
from campaigns.queries.sessions import KIND
from campaigns.requests import PortalRequest
from campaigns.services.minutes import keep_minutes, lack_of, minutes_mark
from campaigns.views.sessions import require_hand_in, session_or_404
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def session_minutes(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Keep the minutes; incomplete ones are a draft, and the page says what they lack."""
    session = session_or_404(request, uuid)
    require_hand_in(request.actor, session.department_id)
    mark = minutes_mark(session)
    form = MinutesForm(posted(request), initial=minutes_initial(session, mark))
    show_refused_uploads(request, form)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            lacking = keep_minutes(
                session,
                form.draft(),
                scans=data["files"],
                seen=data["version"],
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            is_stale = refused.refusal_code == "stale"
            add_refusal(form, refused)
        else:
            if lacking:
                messages.warning(request, _("Saved as a draft; the minutes are not complete yet."))
                return redirect("campaigns:session-minutes", request.campaign.slug, session.uuid)
            messages.success(request, _("The minutes are complete."))
            return redirect("campaigns:session", request.campaign.slug, session.uuid)
    files = files_of(request.actor, KIND, [session.uuid], campaign=request.campaign).get(session.uuid, ())
    context = {
        "session": session,
        "form": form,
        "version": mark if is_stale else form["version"].value(),
        "now": session if is_stale else None,
        "questions": request.campaign.lists.get("discussion_questions", ()),
        "lacking": [LACKING[part] for part in lack_of(session)],
        "scans": [file for file in files if file.slot == MINUTES],
    }
    return render(request, "campaigns/minutes.html", context)
