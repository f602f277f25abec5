"""The registers: which there are, the rows of one, one row with its correction, excuse and withdrawal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import RegisterCode
from campaigns.exports.registers import file_name, make_register
from campaigns.forms.registers import ExcuseForm, RegisterFilter, RowForm, WithdrawRowForm
from campaigns.models import RegisterRow
from campaigns.policy import can_keep, can_see_register
from campaigns.queries.registers import facts_of, list_registers, load_register, rows_to_open, wanted_rows
from campaigns.registers import REGISTERS, RegisterSpec
from campaigns.requests import PortalRequest
from campaigns.services import registers as services
from campaigns.services.imports import MEDIA_TYPE
from campaigns.services.register_drafts import Excuse
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_safe
def registers(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the registers that are there for the person."""
    return render(request, "campaigns/registers.html", {"cards": list_registers(request.actor)})


@require_safe
def register(request: PortalRequest, campaign: str, register: str) -> HttpResponse:
    """Show the rows of a register, filtered and page by page."""
    spec = _spec(request, register)
    form = RegisterFilter(request.GET, campaign=request.campaign, spec=spec)
    wanted = form.wanted()
    page = load_register(request.actor, spec, wanted, number=_number(request.GET.get("page")))
    context = {
        "spec": spec,
        "page": page,
        "filter": form,
        "active": form.active,
        "may_keep": can_keep(request.actor, spec.code),
        "sees_own": can_keep(request.actor, spec.code) or request.actor.is_team,
        "query": _query(request),
        "before_url": _page_url(request, page.number - 1) if page.number > 1 else "",
        "after_url": _page_url(request, page.number + 1) if page.has_more else "",
    }
    return render(request, "campaigns/register.html", context)


@require_safe
def register_export(request: PortalRequest, campaign: str, register: str) -> HttpResponse:
    """Send the rows wanted as a workbook that the register's own import takes."""
    spec = _spec(request, register)
    form = RegisterFilter(request.GET, campaign=request.campaign, spec=spec)
    rows = wanted_rows(request.actor, spec, form.wanted())
    response = HttpResponse(make_register(spec, rows, college=request.campaign.college), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, file_name(spec, on=day_of(request.at)))
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def register_row_new(request: PortalRequest, campaign: str, register: str) -> HttpResponse:
    """Enter one row."""
    spec = _kept(request, register)
    form = RowForm(form_data(request), campaign=request.campaign, spec=spec, row=None)
    if request.method == "POST" and form.is_valid() and form.draft is not None:
        try:
            row = services.enter_row(
                request.campaign,
                spec.code,
                form.draft,
                uuid=form.cleaned_data["uuid"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            _tell(request, form, _("Entered."))
            return redirect("campaigns:register-row", campaign, register, row.uuid)
    twin = _twin(request, spec, form)
    return render(request, "campaigns/register_row_new.html", {"spec": spec, "form": form, "twin": twin})


@require_http_methods(["GET", "HEAD", "POST"])
def register_row(request: PortalRequest, campaign: str, register: str, uuid: UUID) -> HttpResponse:
    """Show one row; its keeper corrects it."""
    spec, row = _row(request, register, uuid)
    may_keep = can_keep(request.actor, spec.code)
    if request.method == "POST" and not may_keep:
        raise PermissionDenied
    may_change = may_keep and row.withdrawn_at is None
    form = RowForm(form_data(request), campaign=request.campaign, spec=spec, row=row) if may_keep else None
    is_stale = False
    if request.method == "POST" and form is not None and form.is_valid() and form.draft is not None:
        try:
            version = form.cleaned_data["version"]
            services.correct_row(row, form.draft, version=version, by=request.actor, at=request.at)
        except Refused as refused:
            is_stale = refused.refusal_code == "stale"
            add_refusal(form, refused)
            _spec_found, row = _row(request, register, uuid)
        else:
            _tell(request, form, _("Saved."))
            return redirect("campaigns:register-row", campaign, register, row.uuid)
    context = {
        "spec": spec,
        "row": row,
        "subject": getattr(row, spec.subject.key),
        "facts": facts_of(spec, row),
        "form": form if may_change or (form is not None and form.is_bound) else None,
        "version": row.version if is_stale or form is None else form["version"].value(),
        "is_stale": is_stale,
        "twin": _twin(request, spec, form) if form is not None else None,
        "may_change": may_change,
        "sees_keeper": may_keep or request.actor.is_team,
    }
    return render(request, "campaigns/register_row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register_row_excuse(request: PortalRequest, campaign: str, register: str, uuid: UUID) -> HttpResponse:
    """Excuse a case, or let it count again."""
    spec, row = _kept_row(request, register, uuid)
    initial = {
        "version": row.version,
        "because": row.excused_because,
        "approved_by": row.excused_by,
        "on": row.excused_on,
    }
    form = ExcuseForm(form_data(request), initial=initial)
    if request.method == "POST" and _excuse(request, row, form):
        return redirect("campaigns:register-row", campaign, register, row.uuid)
    context = {"spec": spec, "row": row, "subject": getattr(row, spec.subject.key), "form": form}
    if request.method == "POST":
        now = get_object_or_404(spec.model.objects.visible_to(request.actor), uuid=uuid)
        context |= {"now": now if now.version != row.version or _was_stale(form) else None, "version": now.version}
    return render(request, "campaigns/register_row_excuse.html", {"version": form["version"].value()} | context)


@require_http_methods(["GET", "HEAD", "POST"])
def register_row_withdraw(request: PortalRequest, campaign: str, register: str, uuid: UUID) -> HttpResponse:
    """Take one row out of the register."""
    spec, row = _kept_row(request, register, uuid)
    form = WithdrawRowForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_row(row, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return redirect("campaigns:register", campaign, register)
    context = {"spec": spec, "row": row, "subject": getattr(row, spec.subject.key), "form": form}
    return render(request, "campaigns/register_row_withdraw.html", context | {"facts": facts_of(spec, row)})


def _excuse(request: PortalRequest, row: RegisterRow, form: ExcuseForm) -> bool:
    """Carry out what the form asks for; False where it is refused."""
    takes_back = request.POST.get("act") == "take-back"
    if not form.is_valid() and not takes_back:
        return False
    version = form.cleaned_data.get("version", 0)
    try:
        if takes_back:
            services.take_back_excuse(row, version=version, by=request.actor, at=request.at)
        else:
            data = form.cleaned_data
            excuse = Excuse(data["because"], data["approved_by"], data["on"])
            services.excuse_row(row, excuse, version=version, by=request.actor, at=request.at)
    except Refused as refused:
        form.refused_code = refused.refusal_code  # type: ignore[attr-defined]  # read below
        add_refusal(form, refused)
        return False
    messages.success(request, _("The case counts again.") if takes_back else _("Excused."))
    return True


def _was_stale(form: ExcuseForm) -> bool:
    return getattr(form, "refused_code", "") == "stale"


def _spec(request: PortalRequest, register: str) -> RegisterSpec:
    """Return the register; Http404 where there is none so called, PermissionDenied where it is not there for one."""
    if register not in RegisterCode.values:
        raise Http404
    code = RegisterCode(register)
    if not can_see_register(request.actor, code):
        raise PermissionDenied
    return REGISTERS[code]


def _kept(request: PortalRequest, register: str) -> RegisterSpec:
    spec = _spec(request, register)
    if not can_keep(request.actor, spec.code):
        raise PermissionDenied
    return spec


def _row(request: PortalRequest, register: str, uuid: UUID) -> tuple[RegisterSpec, RegisterRow]:
    if register not in RegisterCode.values:
        raise Http404
    spec = REGISTERS[RegisterCode(register)]
    relations = (*spec.relations, "entered_by", "withdrawn_by", "batch", "campaign")
    rows = rows_to_open(request.actor, spec).select_related(*relations)
    return spec, get_object_or_404(rows, uuid=uuid)


def _kept_row(request: PortalRequest, register: str, uuid: UUID) -> tuple[RegisterSpec, RegisterRow]:
    spec, row = _row(request, register, uuid)
    if not can_keep(request.actor, spec.code):
        raise PermissionDenied
    return spec, row


def _twin(request: PortalRequest, spec: RegisterSpec, form: RowForm) -> RegisterRow | None:
    """Return the row that stands in the way of the one typed."""
    existing = getattr(form, "refused_by", None)
    if not isinstance(existing, spec.model):
        return None
    return spec.model.objects.visible_to(request.actor).filter(pk=existing.pk).first()


def _tell(request: PortalRequest, form: RowForm, sentence: str) -> None:
    messages.success(request, sentence)
    for remark in form.draft.remarks if form.draft is not None else ():
        messages.info(request, remark)


def _query(request: PortalRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _page_url(request: PortalRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1
