"""The staff list and its dated postings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.people import first_day
from campaigns.forms.staff import NewStaffMemberForm, PostingForm, StaffFilter, StaffMemberForm
from campaigns.models import StaffMember
from campaigns.policy import can_keep_people
from campaigns.queries.people import known_accounts, postings_of, staff_page
from campaigns.requests import PortalRequest
from campaigns.services import staff as services
from campaigns.views.lists import chosen, pager_urls
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_safe
def staff(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the staff list, searched and page by page."""
    form = StaffFilter(request.GET, campaign=request.campaign)
    filters = chosen(form)
    rows, page = staff_page(
        request.actor,
        on=day_of(request.at),
        words=filters.get("q", ""),
        department=filters.get("department"),
        category=filters.get("category", ""),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"rows": rows, "filter": form, "active": len(filters), "can_keep": can_keep_people(request.actor)}
    return render(request, "campaigns/staff.html", context | pager_urls(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
def staff_add(request: PortalRequest, campaign: str) -> HttpResponse:
    """Put a person on the staff list, with the first posting."""
    initial = {"starts_on": request.campaign.facts_from.isoformat()}
    form = NewStaffMemberForm(form_data(request), campaign=request.campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            member = services.add_posted_member(
                request.campaign, **_without(form, "version"), by_id=request.user.pk, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("%(person)s is on the staff list.") % {"person": member.name})
            return redirect("campaigns:staff", request.campaign.slug)
    context = {
        "form": form,
        "title": _("New person on the staff list"),
        "submit": _("Add the person"),
        "back": reverse("campaigns:staff", args=[request.campaign.slug]),
        "accounts": known_accounts(request.campaign),
    }
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a person with all postings; change number, name, category and account."""
    member = _member(request, uuid)
    form = StaffMemberForm(form_data(request), initial=_initial(member))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_staff_member(member, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            form.add_stale(refused, services.version_of(_member(request, uuid)))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:staff-edit", request.campaign.slug, member.uuid)
    posting_path = reverse("campaigns:posting-add", args=[request.campaign.slug, member.uuid])
    posting = PostingForm(
        None if request.method == "POST" else form_data(request, path=posting_path),
        campaign=request.campaign,
        initial=first_day(day_of(request.at)),
    )
    return _show(request, member, form, posting)


@require_http_methods(["GET", "HEAD", "POST"])
def posting_add(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Post a person elsewhere from a day on."""
    member = _member(request, uuid)
    posting = PostingForm(form_data(request), campaign=request.campaign, initial=first_day(day_of(request.at)))
    if request.method == "POST" and posting.is_valid():
        try:
            services.add_posting(member, **posting.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(posting, refused)
        else:
            messages.success(request, _("The posting is written down."))
            return redirect("campaigns:staff-edit", request.campaign.slug, member.uuid)
    return _show(request, member, StaffMemberForm(initial=_initial(member)), posting)


def _member(request: PortalRequest, uuid: UUID) -> StaffMember:
    return get_object_or_404(StaffMember.objects.visible_to(request.actor).select_related("user"), uuid=uuid)


def _initial(member: StaffMember) -> dict[str, Any]:
    return {
        "version": services.version_of(member),
        "number": member.number,
        "name": member.name,
        "category": member.category,
        "user": member.user.username if member.user else "",
    }


def _without(form: forms.Form, *names: str) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name not in names}


def _show(request: PortalRequest, member: StaffMember, form: StaffMemberForm, posting: PostingForm) -> HttpResponse:
    context = {
        "member": member,
        "form": form,
        "posting_form": posting,
        "postings": postings_of(member),
        "accounts": known_accounts(request.campaign),
    }
    return render(request, "campaigns/staff_edit.html", context)
