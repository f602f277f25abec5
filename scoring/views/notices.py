"""Notices of deductions: a department opens its own, the office looks who has not, prints and hands over."""

from __future__ import annotations

import io
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import Department
from campaigns.queries.attachments import files_of
from campaigns.requests import PortalRequest
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.services.files import safe_name
from qualityseason.text import parse_date, parse_uuid
from scoring import policy
from scoring.calculations import appeal_until
from scoring.exports.notice_pdf import NoticePaper, notice_code, notice_name, write_notice
from scoring.forms.notices import HandOverForm
from scoring.models import Deduction, Notice
from scoring.queries.notice_overview import load_notice_rows
from scoring.queries.notices import load_department_notices, load_notice_lines, paper_notice, untold_lines
from scoring.services.notices import OWNER, hand_over_notice
from scoring.views.opening import not_ahead, tell_by_opening, waits_for_a_look


@require_safe
def notices(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the departments with what they have not opened; who answers for one alone goes to its own notices."""
    rows = load_notice_rows(request.actor, at=request.at)
    if len(rows) == 1 and not request.actor.oversees:
        return redirect("scoring:department-notices", campaign, rows[0].uuid)
    context = {
        "rows": rows,
        "untold": sum(row.untold for row in rows),
        "waiting": sum(bool(row.untold) for row in rows),
        "overdue": sum(bool(row.days_over) for row in rows),
        "running": sum(row.running for row in rows),
        "hands_over": policy.can_hand_over(request.actor),
    }
    return render(request, "scoring/notices.html", context)


@require_safe
def department_notices(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a department's notices; its head or liaison opens those not opened yet by looking."""
    department = _department(request, uuid)
    untold = list(untold_lines(request.actor, department))
    if waits_for_a_look(request, untold):
        return not_ahead()
    told = tell_by_opening(request, untold)
    found = load_department_notices(request.campaign, request.actor, department, just_told=told, at=request.at)
    is_own = department.pk in request.actor.departments
    context = {
        "department": department,
        "notices": found,
        "told": len(told),
        "is_own": is_own,
        "answers": department.pk in request.actor.headed | request.actor.delegated,
        "is_seen_as": request.actor.seeing_as is not None,
        "may_hand_over": policy.can_hand_over(request.actor) and not request.actor.is_interested_in(department.pk),
        "days": request.campaign.appeal_days,
        "on": day_of(request.at),
    }
    return render(request, "scoring/department_notices.html", context)


@require_safe
def notice_print(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponseBase:
    """Send as PDF the notice of what the department was not told of yet, of one day's opening, or one handed over."""
    department = _department(request, uuid)
    handed = _handed_over(request, department)
    day, received_by = day_of(request.at), ""
    visible = Deduction.objects.visible_to(request.actor).filter(charged=department)
    opened = _day(request.GET.get("told", ""))
    if handed is not None:
        lines, day, received_by = visible.filter(notice=handed), handed.handed_on, handed.received_by
    elif opened is not None:
        lines, day = visible.confirmed().filter(told_at__date=opened, notice=None), opened
    else:
        untold = list(untold_lines(request.actor, department))
        if waits_for_a_look(request, untold):
            return not_ahead()
        tell_by_opening(request, untold)
        lines = visible.filter(pk__in=[line.pk for line in untold])
    return _send(request, department, lines, on=day, received_by=received_by)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_hand_over(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Record that the printed notice was handed over, with the signed copy."""
    department = _department(request, uuid)
    if request.actor.is_interested_in(department.pk):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    sent = Q(notice__uuid=parse_uuid(request.POST.get("uuid")), notice__isnull=False)  # by this very form, before
    visible = Deduction.objects.visible_to(request.actor).confirmed().filter(charged=department)
    named = visible.filter(Q(told_at__isnull=True) | sent)
    lines = load_notice_lines(request.campaign, request.actor, named, at=request.at)
    form = HandOverForm(posted(request), lines=lines, initial={"handed_on": day_of(request.at).isoformat()})
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        made = _hand_over(request, department, form)
        if made is not None:
            return redirect("scoring:notice", campaign, made.uuid)
    code = notice_code(line.uuid for line in lines)
    context = {"department": department, "form": form, "lines": lines, "ticked": form.ticked, "code": code}
    return render(request, "scoring/notice_hand_over.html", context)


@require_safe
def notice(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a printed notice that was handed over: its lines, who received it, the signed copy."""
    seen = Notice.objects.visible_to(request.actor).select_related("department", "recorded_by")
    found = get_object_or_404(seen, uuid=uuid)
    named = Deduction.objects.visible_to(request.actor).filter(notice=found)
    lines = load_notice_lines(request.campaign, request.actor, named, at=request.at)
    files = files_of(request.actor, OWNER, [found.uuid], campaign=request.campaign)
    context = {
        "notice": paper_notice(request.actor, found),
        "lines": lines,
        "code": notice_code(line.uuid for line in lines),
        "files": files.get(found.uuid, ()),
        "may_attach": policy.can_attach_to_notice(request.actor, found),
        "may_print": _may_print(request),
    }
    return render(request, "scoring/notice.html", context)


def _department(request: PortalRequest, uuid: UUID) -> Department:
    readable = Department.objects.statement_visible_to(request.actor).select_related("campaign", "block")
    return get_object_or_404(readable, uuid=uuid)


def _may_print(request: PortalRequest) -> bool:
    return not request.actor.roles.isdisjoint(policy.HEARD.roles or ())


def _handed_over(request: PortalRequest, department: Department) -> Notice | None:
    """Return the printed notice the address names, None where it names none; 404 where it is of no such department."""
    if "notice" not in request.GET:
        return None
    seen = Notice.objects.visible_to(request.actor).filter(department=department)
    return get_object_or_404(seen, uuid=parse_uuid(request.GET["notice"]))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _hand_over(request: PortalRequest, department: Department, form: HandOverForm) -> Notice | None:
    """Record it and say how many lines were told; None, the form saying why, where that was refused."""
    data = form.cleaned_data
    try:
        made = hand_over_notice(
            department,
            uuid=data["uuid"],
            lines=data["lines"],
            handed_on=data["handed_on"],
            received_by=data["received_by"],
            note=data["note"],
            uploads=data["files"],
            by=request.actor,
            at=request.at,
        )
    except Refused as refused:
        add_refusal(form, refused)
        return None
    number = made.lines.count()
    until = appeal_until(made.handed_on, request.campaign.appeal_days).isoformat()
    sentence = ngettext(
        "The notice of %(number)d deduction is recorded; it may be appealed until %(until)s.",
        "The notice of %(number)d deductions is recorded; they may be appealed until %(until)s.",
        number,
    )
    messages.success(request, sentence % {"number": number, "until": until})
    return made


def _send(
    request: PortalRequest, department: Department, lines: QuerySet[Deduction], *, on: date, received_by: str
) -> HttpResponseBase:
    """Answer with the paper, or back on the department's page with the sentence why there is none."""
    named = load_notice_lines(request.campaign, request.actor, lines, at=request.at)
    days = request.campaign.appeal_days
    paper = NoticePaper(
        college=request.campaign.college,
        season=request.campaign.name,
        document_number=request.campaign.document_number,
        department=department.full_name,
        on=on,
        days=days,
        until=appeal_until(on, days),
        lines=named,
        received_by=received_by,
    )
    back = redirect("scoring:department-notices", request.campaign.slug, department.uuid)
    if not named:
        messages.info(request, _("There is nothing to print: the department was told of every deduction."))
        return back
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notice.pdf"
        try:
            write_notice(paper, path)
        except Refused as refused:
            messages.error(request, str(refused.sentence))
            return back
        content = io.BytesIO(path.read_bytes())
    name = safe_name(notice_name(paper))
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response
