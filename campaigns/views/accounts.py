"""Accounts: who has come in, whose slip is out; slips on paper, logins opened again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.people import AccountFilter, AccountForm, EmailForm
from campaigns.policy import can_keep_people
from campaigns.queries.accounts import account_rows, accounts_in_reach, roles_on_slips
from campaigns.requests import PortalRequest
from campaigns.services.accounts import add_account, issue_slips
from campaigns.views.lists import chosen
from qualityseason.clock import day_of, wall_now
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.services.accounts import change_email, unlock
from qualityseason.text import clean
from qualityseason.typed import form_data


@require_safe
def accounts(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the accounts in the actor's reach; `?new=login` has that one ticked for its slip."""
    form = AccountFilter(request.GET, campaign=request.campaign)
    filters = chosen(form)
    context = {
        "rows": account_rows(request.actor, on=day_of(request.at), wall=wall_now(), **filters),
        "filter": form if can_keep_people(request.actor) else None,
        "active": len(filters),
        "new": clean(request.GET.get("new")),
        "can_add": can_keep_people(request.actor),
    }
    return render(request, "campaigns/accounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def account_add(request: PortalRequest, campaign: str) -> HttpResponse:
    """Make one account with its first role; its slip is printed from the list."""
    form = AccountForm(form_data(request), campaign=request.campaign)
    here = reverse("campaigns:accounts", args=[request.campaign.slug])
    if request.method == "POST" and form.is_valid():
        try:
            membership = add_account(
                request.campaign,
                **form.cleaned_data,
                starts_on=day_of(request.at),
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The account is made. Print its slip now: it is ticked below."))
            return redirect(f"{here}?{urlencode({'new': membership.user.username})}")
    context = {"form": form, "title": _("New account"), "submit": _("Make the account"), "back": here}
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def account_email(request: PortalRequest, campaign: str) -> HttpResponse:
    """Set where the reminders of an account (`?account=login`) are mailed to."""
    in_reach = accounts_in_reach(request.actor, on=day_of(request.at))
    user = get_object_or_404(in_reach, username=clean(request.GET.get("account")))
    form = EmailForm(form_data(request), initial={"email": user.email})
    here = reverse("campaigns:accounts", args=[request.campaign.slug])
    if request.method == "POST" and form.is_valid():
        try:
            change_email(
                user, **form.cleaned_data, by_id=request.user.pk, campaign_id=request.campaign.pk, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The address of %(person)s is kept.") % {"person": user.display_name})
            return redirect(here)
    title = _("E-mail address of %(person)s") % {"person": user.display_name}
    context = {"form": form, "title": title, "submit": _("Save"), "back": here}
    return render(request, "campaigns/form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_slips(request: PortalRequest, campaign: str) -> HttpResponse:
    """Issue one-time passwords to the accounts ticked and show them once, to be printed; nothing is kept in clear."""
    if request.method != "POST":
        return redirect("campaigns:accounts", request.campaign.slug)
    today = day_of(request.at)
    usernames = {clean(username) for username in request.POST.getlist("account")}
    users = list(accounts_in_reach(request.actor, on=today).filter(username__in=usernames).order_by("username"))
    if len(users) != len(usernames):
        raise Http404
    try:
        slips = issue_slips(request.campaign, users=users, by=request.actor, at=request.at)
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
        return redirect("campaigns:accounts", request.campaign.slug)
    roles = roles_on_slips(request.actor, users, on=today)
    context = {
        "slips": [{"user": slip.user, "password": slip.password, "roles": roles[slip.user.pk]} for slip in slips],
        "address": request.build_absolute_uri("/"),
        "today": today,
        "days": settings.ONE_TIME_PASSWORD_DAYS,
    }
    return render(request, "campaigns/account_slips.html", context)


@require_POST
def account_unlock(request: PortalRequest, campaign: str) -> HttpResponse:
    """Open a login that is paused after too many wrong passwords."""
    in_reach = accounts_in_reach(request.actor, on=day_of(request.at))
    user = get_object_or_404(in_reach, username=clean(request.POST.get("unlock")))
    unlock(user, by_id=request.user.pk, campaign_id=request.campaign.pk, at=request.at)
    messages.success(request, _("%(person)s can sign in again.") % {"person": user.display_name})
    return redirect("campaigns:accounts", request.campaign.slug)
