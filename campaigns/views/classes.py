"""The classes of students and the departments they belong to."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.staff import ClassForm, ListFilter
from campaigns.models import StudentClass
from campaigns.policy import can_keep_people
from campaigns.queries.people import class_page
from campaigns.requests import PortalRequest
from campaigns.services import staff as services
from campaigns.views.lists import chosen, pager_urls
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_safe
def classes(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the classes, searched and page by page."""
    form = ListFilter(request.GET, campaign=request.campaign)
    filters = chosen(form)
    page = class_page(
        request.actor,
        words=filters.get("q", ""),
        department=filters.get("department"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "classes": page.rows,
        "filter": form,
        "active": len(filters),
        "can_keep": can_keep_people(request.actor),
    }
    return render(request, "campaigns/classes.html", context | pager_urls(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
def class_add(request: PortalRequest, campaign: str) -> HttpResponse:
    """Add a class."""
    form = ClassForm(form_data(request), campaign=request.campaign)
    if request.method == "POST" and form.is_valid():
        name, department = form.cleaned_data["name"], form.cleaned_data["department"]
        try:
            services.add_class(request.campaign, name=name, department=department, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _done(request, _("The class is added."))
    return _show(request, form, title=_("New class"), submit=_("Add the class"))


@require_http_methods(["GET", "HEAD", "POST"])
def class_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a class's name or department."""
    visible = StudentClass.objects.visible_to(request.actor).select_related("department")
    found = get_object_or_404(visible, uuid=uuid)
    initial = {"version": services.version_of(found), "name": found.name, "department": found.department.uuid}
    form = ClassForm(form_data(request), campaign=request.campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_class(found, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            form.add_stale(refused, services.version_of(get_object_or_404(visible.all(), uuid=uuid)))
        else:
            return _done(request, _("Saved."))
    return _show(request, form, title=_("Change a class"), submit=_("Save"))


def _done(request: PortalRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("campaigns:classes", request.campaign.slug)


def _show(request: PortalRequest, form: forms.Form, *, title: str, submit: str) -> HttpResponse:
    back = reverse("campaigns:classes", args=[request.campaign.slug])
    return render(request, "campaigns/form.html", {"form": form, "title": title, "submit": submit, "back": back})
