"""The list of deductions, one deduction, and what may be done with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.enums import Role
from campaigns.queries.attachments import files_of
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from scoring import policy
from scoring.forms.deductions import DeductionFilterForm, WithdrawForm
from scoring.models import Deduction
from scoring.queries.appeals import appeal_of_line
from scoring.queries.deduction_filters import filter_choices
from scoring.queries.deductions import detail_lines, list_deductions, load_detail
from scoring.queries.interpretations import interpretations_of
from scoring.queries.line_facts import facts_behind
from scoring.services.ledger import Confirmation, confirm_deductions, why_not_confirm, withdraw_deduction
from scoring.views.opening import not_ahead, tell_by_opening, waits_for_a_look

PLACES = ("older", "newer")  # where to go on in a list
SENTENCES = 5  # reasons told one by one after confirming several lines


def deductions(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the deductions the reader may see, latest first."""
    form = DeductionFilterForm(request.GET, choices=filter_choices(request.actor), for_team=request.actor.oversees)
    older, newer = (parse_uuid(request.GET.get(place)) for place in PLACES)
    page = list_deductions(request.actor, form.filters(), older_than=older, newer_than=newer)
    return render(
        request,
        "scoring/deductions.html",
        {
            "page": page,
            "form": form,
            "older_url": page_url(request, "older", page.older),
            "newer_url": page_url(request, "newer", page.newer),
            "may_confirm_some": any(row.may_confirm for row in page.rows),
            "may_record": request.actor.is_team,
            "oversees": request.actor.oversees,
            "query": request.GET.urlencode(),
        },
    )


def deduction(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one deduction with its clause, history and what may be done; its department is told of it by looking."""
    line = get_object_or_404(detail_lines(request.actor), uuid=uuid)
    if waits_for_a_look(request, [line]):
        return not_ahead()
    if tell_by_opening(request, [line]):
        line = get_object_or_404(detail_lines(request.actor), uuid=uuid)
    return _show(request, line, WithdrawForm())


@require_POST
def deduction_confirm(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Confirm one line as the second person."""
    line = get_object_or_404(detail_lines(request.actor), uuid=uuid)
    if not policy.can_confirm(request.actor, line):
        _refuse_confirming(request, line)
        return redirect("scoring:deduction", campaign, uuid)
    tell(request, confirm_deductions([line], by=request.actor, at=request.at))
    return redirect("scoring:deduction", campaign, uuid)


@require_POST
def deductions_confirm(request: PortalRequest, campaign: str) -> HttpResponse:
    """Confirm the lines ticked in the list."""
    chosen = [uuid for uuid in map(parse_uuid, request.POST.getlist("line")) if uuid is not None]
    lines = list(Deduction.objects.visible_to(request.actor).filter(uuid__in=chosen))
    if lines:
        tell(request, confirm_deductions(lines, by=request.actor, at=request.at))
    else:
        messages.warning(request, _("Tick the lines to confirm first."))
    back = QueryDict(request.POST.get("query", ""))
    return redirect(f"{reverse('scoring:deductions', args=[campaign])}?{back.urlencode()}")


@require_POST
def deduction_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Withdraw a line with a reason."""
    return _withdraw(request, uuid, then=redirect("scoring:deduction", campaign, uuid))


@require_POST
def deduction_correct(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Withdraw a line with a reason and open the form filled in from it."""
    form_address = f"{reverse('scoring:deduction-new', args=[campaign])}?from={uuid}"
    return _withdraw(request, uuid, then=redirect(form_address))


def tell(request: PortalRequest, done: Confirmation) -> None:
    """Say how many lines were confirmed and why others were not."""
    if done.confirmed:
        number = len(done.confirmed)
        messages.success(
            request,
            ngettext("%(number)d deduction confirmed.", "%(number)d deductions confirmed.", number)
            % {"number": number},
        )
    for line, sentence in done.refused[:SENTENCES]:
        messages.warning(
            request,
            _("%(rule)s, %(department)s: %(sentence)s")
            % {"rule": line.rule.code, "department": line.charged.name, "sentence": sentence},
        )
    if len(done.refused) > SENTENCES:
        rest = len(done.refused) - SENTENCES
        messages.warning(
            request, ngettext("%(rest)d more was left.", "%(rest)d more were left.", rest) % {"rest": rest}
        )


def page_url(request: PortalRequest, place: str, uuid: UUID | None) -> str:
    """Return the address of the next part of a list with the reader's filters kept, '' at its end."""
    if uuid is None:
        return ""
    query = request.GET.copy()
    for other in PLACES:
        query.pop(other, None)
    query[place] = str(uuid)
    return f"{request.path}?{query.urlencode()}"


def _show(request: PortalRequest, line: Deduction, form: WithdrawForm) -> HttpResponse:
    detail = load_detail(request.actor, line)
    files = files_of(request.actor, "deduction", [line.uuid], campaign=request.campaign)
    context = {
        "detail": detail,
        "line": line,
        "behind": facts_behind(request.actor, request.campaign, line),
        "standing": appeal_of_line(request.actor, line, on=day_of(request.at)),
        "form": form,
        "is_lead": request.actor.has(Role.TEAM_LEAD),
        "files": files.get(line.uuid, ()),
        "interpretations": interpretations_of(request.campaign, [line.rule_id]).get(line.rule_id, ()),
        "may_attach": policy.can_attach_to_deduction(request.actor, line),
    }
    return render(request, "scoring/deduction.html", context)


def _refuse_confirming(request: PortalRequest, line: Deduction) -> None:
    """Say why not; a conflict of interest is 403 with its sentence."""
    sentence = why_not_confirm(request.actor, line)
    if request.actor.is_interested_in(line.charged_id, line.visited_id):
        raise ConflictOfInterest(sentence)
    messages.warning(request, sentence)


def _withdraw(request: PortalRequest, uuid: UUID, *, then: HttpResponse) -> HttpResponse:
    line = get_object_or_404(detail_lines(request.actor), uuid=uuid)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _show(request, line, form)
    try:
        withdraw_deduction(line, by=request.actor, at=request.at, because=form.cleaned_data["because"])
    except Refused as refused:
        if refused.field is None:
            messages.warning(request, str(refused.sentence))
            return redirect("scoring:deduction", request.campaign.slug, uuid)
        add_refusal(form, refused)
        return _show(request, line, form)
    except ConflictOfInterest:
        raise
    except PermissionDenied as denied:
        raise PermissionDenied(_("Only its recorder or the head of the team withdraws this deduction.")) from denied
    messages.success(request, _("The deduction is withdrawn; it stays in the list with your reason."))
    return then
