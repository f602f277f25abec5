"""Recording a deduction, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.forms.files import PostedData
from campaigns.models import Department
from campaigns.requests import PortalRequest
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.text import NO_UUID, parse_count, parse_date, parse_uuid
from scoring.enums import SubjectKind
from scoring.forms.prefill import address_for_another, values_from_address
from scoring.forms.recording import DeductionForm, find_inspection
from scoring.forms.same_fact import NO_FINDING, find_finding, without_finding
from scoring.models import Deduction
from scoring.queries.recording import (
    PricedRule,
    departments_to_charge,
    effect_of,
    find_rule,
    find_twin,
    group_rules,
    read_rule,
    rules_in_force,
    short_of,
)
from scoring.queries.same_facts import same_facts
from scoring.queries.subjects import Proposal, complete_subject, propose_for, resolve_subject
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import record_deduction
from scoring.views.recording_page import Page

KEEP, THERE = "keep", "there"  # what somebody decides about a proposed department
ALONE = "alone"  # shown again, without the line it was to replace
OTHER_FACT = "other-fact"  # shown again, without the finding it was about


def deduction_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the form; record the line once it is whole, and ask first when the rulebook charges another department."""
    if request.method != "POST" or "refresh" in request.POST:
        typed = posted(request, "files") or values_from_address(request, request.GET.dict())
        return _answer(request, _page(request, typed, saving=False))
    page = _page(request, posted(request, "files") or request.POST, saving=True)
    show_refused_uploads(request, page.form)
    if not page.form.is_valid():
        return _answer(request, page, status=403 if page.form.has_error("charged", "conflict") else 200)
    draft = page.form.draft()
    page.proposal = _proposal_for(request, page, draft)
    place = request.POST.get("place", "")
    if page.proposal is not None and place != KEEP:
        if page.proposal.rule is None or place != f"{THERE}:{page.proposal.department.uuid}":
            page.is_undecided = True
            return _answer(request, page)
        visited = draft.visited_department
        draft = replace(draft, charged=page.proposal.department, rule=page.proposal.rule, visited=visited)
    if not page.form.has_named_fact:
        day = draft.happened_on
        page.same_facts = same_facts(request.actor, draft.rule, draft.charged, draft.subject, happened_on=day)
        if page.same_facts:
            page.place = place
            return _answer(request, page)
    return _record(request, page, draft)


def subjects(request: PortalRequest, campaign: str) -> HttpResponse:
    """Answer what a typed beginning may mean, as the options of a completion list."""
    charged = (
        Department.objects.visible_to(request.actor)
        .filter(uuid=parse_uuid(request.GET.get("charged")) or NO_UUID)
        .first()
    )
    rows = complete_subject(
        request.actor,
        request.GET.get("kind", SubjectKind.PERSON),
        request.GET.get("subject", ""),
        on=_day(request, request.GET.get("happened_on", "")),
        first=charged,
    )
    return render(request, "scoring/_subject_options.html", {"completions": rows})


def _record(request: PortalRequest, page: Page, draft: DeductionDraft) -> HttpResponse:
    try:
        line = record_deduction(draft, by=request.actor, at=request.at)
    except Refused as refused:
        add_refusal(page.form, refused)
        _show_existing(request, page, refused, draft)
        return _answer(request, page)
    except ConflictOfInterest as conflict:
        page.form.add_error("charged", str(conflict))
        return _answer(request, page, status=403)
    messages.success(
        request,
        _("Recorded: %(rule)s, %(department)s, %(amount)s points. Another member of the team confirms it.")
        % {"rule": line.rule.code, "department": line.charged.name, "amount": line.amount},
    )
    if "another" in request.POST:
        return redirect(address_for_another(request, line))
    if line.inspection is not None:
        return redirect("scoring:inspection", request.campaign.slug, line.inspection.uuid)
    return redirect("scoring:deduction", request.campaign.slug, line.uuid)


def _show_existing(request: PortalRequest, page: Page, refused: Refused, draft: DeductionDraft) -> None:
    page.existing = refused.existing if isinstance(refused.existing, Deduction) else None
    if refused.refusal_code == "uuid_reused":
        page.uuid = uuid4()  # pressing the button again is then a decision, no accident
    if page.existing is not None and refused.refusal_code == "charged":
        page.may_replace = page.existing.rule_id != draft.rule.pk and not request.actor.is_interested_in(
            page.existing.charged_id, page.existing.visited_id
        )


def _page(request: PortalRequest, typed: Mapping[str, Any], *, saving: bool) -> Page:
    departments = Department.objects.visible_to(request.actor).select_related("block", "campaign")
    charged = departments.filter(uuid=parse_uuid(typed.get("charged")) or NO_UUID).first()
    own = charged is not None and request.actor.is_interested_in(charged.pk)
    if own and not saving:
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    rules = rules_in_force(request.campaign, on=_day(request, typed.get("happened_on", "")))
    chosen, exchanged = find_rule(rules, typed.get("rule", "")), ""
    values = _fitting({key: typed.get(key) for key in typed}, chosen)
    if typed.get("refresh") == OTHER_FACT or values.get("finding") == NO_FINDING:
        values |= without_finding(request, values)
    if isinstance(typed, PostedData):
        values["files"] = typed.uploads("files")
    if chosen and charged and not saving and chosen.rule.block_id not in (None, charged.block_id):
        exchanged, chosen = chosen.code, find_twin(rules, chosen, block_id=charged.block_id)
        values["rule"] = chosen.code if chosen else ""
    form = DeductionForm(
        typed if saving else None,
        request=request,
        rule=chosen.rule if chosen else None,
        choices=departments_to_charge(request.actor),
        initial=None if saving else {"happened_on": day_of(request.at).isoformat()} | values,
    )
    page = Page(
        form=form,
        uuid=parse_uuid(typed.get("uuid")) or form.initial["uuid"],
        charged=None if own else charged,
        groups=group_rules(rules, block_id=charged.block_id) if charged else [],
        chosen=chosen,
        exchanged=exchanged,
        inspection=find_inspection(request, typed.get("inspection", "")),
        replaced=_replaced(request, "" if typed.get("refresh") == ALONE else typed.get("replaces", "")),
    )
    page.finding = find_finding(request, str(form["finding"].value() or ""))
    _fill_in(request, page, typed, saving=saving)
    return page


def _fitting(values: dict[str, Any], chosen: PricedRule | None) -> dict[str, Any]:
    """Return what was typed as far as the rule just chosen takes it."""
    if chosen is not None and chosen.rule.maximum == 1 and "quantity" in values:
        values["quantity"] = "1"
    if chosen is not None and chosen.rule.subject in (SubjectKind.NONE, SubjectKind.MONTH):
        values.pop("subject", None)
    return values


def _fill_in(request: PortalRequest, page: Page, typed: Mapping[str, Any], *, saving: bool) -> None:
    if page.charged is not None:
        page.short = short_of(request.actor, page.charged, on=day_of(request.at))
    if page.charged is None or page.chosen is None:
        return
    rule = page.chosen.rule
    day = _day(request, typed.get("happened_on", ""))
    page.reading = read_rule(request.campaign, rule, block=page.charged.block, on=day)
    if rule.block_id in (None, page.charged.block_id):
        quantity = _count(typed.get("quantity", "1"), maximum=rule.maximum)
        page.effect = effect_of(request.actor, page.charged, rule, points=page.chosen.points, quantity=quantity)
    if not saving:
        with suppress(Refused):  # its sentence belongs to the moment of recording
            subject = resolve_subject(request.campaign, rule, typed.get("subject"))
            proposal = propose_for(request.campaign, rule, subject, on=_day(request, typed.get("happened_on", "")))
            page.proposal = _unless_chosen(request, page, proposal, page.charged)


def _proposal_for(request: PortalRequest, page: Page, draft: DeductionDraft) -> Proposal | None:
    proposal = propose_for(request.campaign, draft.rule, draft.subject, on=draft.happened_on)
    return _unless_chosen(request, page, proposal, draft.charged)


def _unless_chosen(
    request: PortalRequest, page: Page, proposal: Proposal | None, charged: Department
) -> Proposal | None:
    if proposal is None or proposal.department.pk == charged.pk:
        return None
    page.proposal_is_own = request.actor.is_interested_in(proposal.department.pk)
    return proposal


def _answer(request: PortalRequest, page: Page, *, status: int = 200) -> HttpResponse:
    return render(request, "scoring/deduction_new.html", {"page": page, "form": page.form}, status=status)


def _replaced(request: PortalRequest, uuid: str) -> Deduction | None:
    wanted = parse_uuid(uuid)
    if wanted is None:
        return None
    return Deduction.objects.visible_to(request.actor).select_related("rule").filter(uuid=wanted).first()


def _day(request: PortalRequest, typed: str) -> date:
    try:
        day = parse_date(typed)
    except ValueError:
        day = day_of(request.at)
    return max(request.campaign.facts_from, min(day, request.campaign.facts_until))


def _count(typed: object, *, maximum: int) -> int:
    try:
        return max(1, min(parse_count(typed), maximum))
    except ValueError:
        return 1
