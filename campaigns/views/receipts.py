"""Receiving copies: the e-copy of a plan or summary with one tap, a plan's paper by the code printed on it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.enums import ResponsibilityCode
from campaigns.exports.receipts import Issuer, write_receipt
from campaigns.forms.receipts import PaperForm
from campaigns.models import PlanVersion, Receipt
from campaigns.models.any_paper import AnyVersion
from campaigns.policy import can_change_receipt, can_receive
from campaigns.queries.attachments import files_of
from campaigns.queries.paper_codes import PaperFound, find_near_code, find_paper
from campaigns.queries.receipts import receipt_detail, receipts_page, with_versions
from campaigns.requests import PortalRequest
from campaigns.services import receipts as services
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_safe
def receipts(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show what waits to be received and what was; a department reads its own."""
    paper_path = reverse("campaigns:receipt-paper", args=[request.campaign.slug])
    takes_paper = can_receive(request.actor, ResponsibilityCode.PAPER_RECEIVER)
    context = {
        "page": receipts_page(request.actor, on=day_of(request.at)),
        "sees_waiting": request.actor.oversees or request.actor.receives,
        "takes_electronic": can_receive(request.actor, ResponsibilityCode.ELECTRONIC_RECEIVER),
        "takes_paper": takes_paper,
        "form": _form(request, path=paper_path) if takes_paper else None,
    }
    return render(request, "campaigns/receipts.html", context)


@require_POST
def receipt_electronic(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Confirm the e-copy of one version."""
    require_receiver(request, ResponsibilityCode.ELECTRONIC_RECEIVER)
    visible = PlanVersion.objects.visible_to(request.actor).select_related("plan__department").defer("content")
    return confirm(request, get_object_or_404(visible, uuid=uuid))


def confirm(request: PortalRequest, version: AnyVersion) -> HttpResponse:
    """Confirm the e-copy of a version, of a plan or summary, and lead back to the receipts."""
    try:
        made = services.receive_electronic(version, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        words = {"department": version.paper.department.name, "number": made.number}
        messages.success(request, _("E-copy of %(department)s confirmed: receipt No. %(number)d.") % words)
    return redirect("campaigns:receipts", request.campaign.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt_paper(request: PortalRequest, campaign: str) -> HttpResponse:
    """Take in paper in two steps: the code typed, then what it names confirmed."""
    require_receiver(request, ResponsibilityCode.PAPER_RECEIVER)
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    found = find_paper(request.actor, form.cleaned_data["code"])
    if found is None:
        form.add_unknown(find_near_code(request.actor, form.cleaned_data["code"]))
        return _ask(request, form)
    if "change" in request.POST:
        return _ask(request, form)
    try:
        return _receive(request, form, found)
    except Refused as refused:
        if refused.refusal_code == "stale":
            messages.warning(request, str(refused.sentence))
            return _check(request, form, find_paper(request.actor, form.cleaned_data["code"]) or found)
        add_refusal(form, refused)
        return _ask(request, form)


@require_safe
def receipt(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one receipt."""
    found = _receipt(request, uuid)
    files = files_of(request.actor, "receipt", [found.uuid], campaign=request.campaign)
    context = {
        "receipt": found,
        "detail": receipt_detail(found, on=day_of(request.at)),
        "files": files.get(found.uuid, ()),
        "may_attach": can_change_receipt(request.actor, found),
    }
    return render(request, "campaigns/receipt.html", context)


@require_safe
def receipt_print(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponseBase:
    """Send the receipt as PDF."""
    found = _receipt(request, uuid)
    issuer = Issuer(request.campaign.college, request.campaign.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "receipt.pdf"
        try:
            write_receipt(receipt_detail(found, on=day_of(request.at)), issuer, path)
        except Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect("campaigns:receipt", request.campaign.slug, found.uuid)
        content = path.read_bytes()
    name = _("Receipt %(number)d %(department)s.pdf") % {"number": found.number, "department": found.department.name}
    response = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: PortalRequest, *, path: str = "") -> PaperForm:
    initial = {"received_on": day_of(request.at).isoformat()}
    return PaperForm(form_data(request, path=path), initial=initial)


def require_receiver(request: PortalRequest, code: ResponsibilityCode) -> None:
    """Refuse whoever does not receive copies of that sort."""
    if not can_receive(request.actor, code):
        raise PermissionDenied(_("Only who has the responsibility of receiving these copies does this."))


def _receipt(request: PortalRequest, uuid: UUID) -> Receipt:
    return get_object_or_404(with_versions(Receipt.objects.visible_to(request.actor)), uuid=uuid)


def _receive(request: PortalRequest, form: PaperForm, found: PaperFound) -> HttpResponse:
    words = {name: form.cleaned_data[name] for name in ("pages", "received_on", "note")}
    if request.POST.get("confirmed", "").partition(":")[0] != str(found.version.uuid):
        services.check_paper(found.version, **words, at=request.at)
        return _check(request, form, found)
    newest = request.POST["confirmed"].partition(":")[2]
    made = services.receive_paper(
        found.version,
        **words,
        newest=int(newest) if newest.isdecimal() and len(newest) < 6 else 0,  # no version's number is longer
        by=request.actor,
        at=request.at,
    )
    messages.success(
        request, _("Received: No. %(number)d. Print the receipt for the department.") % {"number": made.number}
    )
    return redirect("campaigns:receipt", request.campaign.slug, made.uuid)


def _ask(request: PortalRequest, form: PaperForm) -> HttpResponse:
    existing = getattr(form, "refused_by", None)
    context = {"form": form, "existing": existing if isinstance(existing, Receipt) else None}
    return render(request, "campaigns/receipt_paper.html", context)


def _check(request: PortalRequest, form: PaperForm, found: PaperFound) -> HttpResponse:
    is_own = request.actor.is_interested_in(found.version.plan.department_id)
    return render(request, "campaigns/receipt_check.html", {"form": form, "found": found, "is_own": is_own})
