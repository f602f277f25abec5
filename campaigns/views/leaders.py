"""The leaders and telephones of departments, kept by the campaign office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.enums import LeaderPost
from campaigns.forms.leaders import LeadersForm
from campaigns.models import DepartmentLeader
from campaigns.queries.leaders import leader_cells, leading_accounts
from campaigns.requests import PortalRequest
from campaigns.services import leaders as services
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def leaders(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show and save all departments with both posts and the telephone on one page."""
    accounts = leading_accounts(request.campaign, on=day_of(request.at))
    form = LeadersForm(form_data(request), cells=leader_cells(request.campaign), accounts=accounts)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.name_leaders(
                request.campaign,
                form.named(),
                telephones=form.telephones(),
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            form.add_stale(refused)
        else:
            sentence = ngettext("One cell changed.", "%(count)d cells changed.", changed) % {"count": changed}
            messages.success(request, sentence if changed else _("Nothing was changed."))
            return redirect("campaigns:leaders", request.campaign.slug)
    context = {
        "form": form,
        "rows": list(form.rows()),
        "posts": [post.label for post in LeaderPost],
        "accounts": accounts,
    }
    return render(request, "campaigns/leaders.html", context)


@require_POST
def leader_remove(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take one name away, from the department's page."""
    visible = DepartmentLeader.objects.visible_to(request.actor).select_related("department")
    leader = get_object_or_404(visible, uuid=uuid)
    services.remove_leader(leader, by_id=request.user.pk, at=request.at)
    messages.success(request, _("%(name)s is taken away.") % {"name": leader.name})
    return redirect("campaigns:department", request.campaign.slug, leader.department.uuid)
