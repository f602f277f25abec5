"""Leaders answer invitations to study sessions beforehand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.enums import InvitationAnswer
from campaigns.models import Invitation
from campaigns.requests import PortalRequest
from campaigns.services.invitations import answer_invitation
from qualityseason.errors import Refused
from qualityseason.text import clean


@require_POST
def invitation_answer(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Say beforehand whether one comes to the session one is invited to; back to where the answer was given."""
    visible = Invitation.objects.visible_to(request.actor).select_related("session")
    invitation = get_object_or_404(visible, uuid=uuid)
    page = reverse("campaigns:session", args=[request.campaign.slug, invitation.session.uuid])
    wanted = clean(request.POST.get("next"))
    back = (
        wanted
        if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        else page
    )
    answer = clean(request.POST.get("answer"))
    if answer not in InvitationAnswer.values:
        messages.error(request, _("Choose whether you come."))
        return redirect(back)
    try:
        answer_invitation(invitation, answer=InvitationAnswer(answer), actor=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Your answer is noted: %(answer)s.") % {"answer": InvitationAnswer(answer).label})
    return redirect(back)
