"""The roll of a session, its sign-in sheet on paper, and one leave."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.exports.sign_in import sign_in_name, write_sign_in
from campaigns.forms.roll import LeaveForm, RollForm, leave_initial
from campaigns.models import Attendance
from campaigns.policy import can_hand_in
from campaigns.queries.attachments import files_of
from campaigns.queries.roll import LEAVES, lines_of, roll_of
from campaigns.queries.sign_in import sign_in_facts
from campaigns.requests import PortalRequest
from campaigns.services.roll import keep_roll, leave_mark, record_leave, roll_mark
from campaigns.views.sessions import require_hand_in, session_or_404
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.services.files import safe_name
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def session_roll(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Keep the roll: who was there, who was not and why, each one's idea, which leaders came."""
    session = session_or_404(request, uuid)
    require_hand_in(request.actor, session.department_id)
    form = RollForm(session, roll_of(session), roll_mark(session), data=form_data(request))
    if request.method == "POST":
        try:
            kept = keep_roll(
                session,
                form.drafts(),
                came=form.came(),
                seen=form.seen,
                rest_present="rest" in request.POST,
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form.form, refused)
            form.is_merging = refused.refusal_code == "stale"
        else:
            if kept.left:
                sentence = _("Not entered, because they do not belong to the department that day any more: %(names)s.")
                messages.warning(request, sentence % {"names": "、".join(kept.left)})
            messages.success(request, _("The roll is saved."))
            return redirect("campaigns:session-roll", request.campaign.slug, session.uuid)
    return render(request, "campaigns/session_roll.html", {"session": session, "roll": form})


@require_safe
def session_sign_in(request: PortalRequest, campaign: str, uuid: UUID) -> FileResponse | HttpResponse:
    """Hand out the sign-in sheet of all sittings as PDF."""
    session = session_or_404(request, uuid)
    facts = sign_in_facts(session)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.pdf"
        try:
            write_sign_in(facts, path)
        except Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect("campaigns:session", request.campaign.slug, session.uuid)
        content = io.BytesIO(path.read_bytes())
    name = safe_name(sign_in_name(facts))
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a leave and write down its approval, slip and written suggestion."""
    rows = Attendance.objects.visible_to(request.actor).select_related("session__department", "person", "sitting")
    attendance = get_object_or_404(rows, uuid=uuid)
    session = attendance.session
    require_hand_in(request.actor, session.department_id)
    if attendance.status not in LEAVES:
        raise Http404
    line = lines_of([attendance])[0]
    initial = leave_initial(attendance, line.suggestion, leave_mark(attendance))
    form = LeaveForm(posted(request), initial=initial)
    show_refused_uploads(request, form)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_leave(
                attendance,
                approved_by=data["approved_by"],
                approved_on=data["approved_on"],
                suggestion=data["suggestion"],
                slips=data["files"],
                seen=data["version"],
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            is_stale = refused.refusal_code == "stale"
            add_refusal(form, refused)
        else:
            messages.success(request, _("The leave is saved."))
            return redirect("campaigns:leave", request.campaign.slug, attendance.uuid)
    slips = files_of(request.actor, "attendance", [attendance.uuid], campaign=request.campaign)
    context = {
        "attendance": attendance,
        "session": session,
        "line": line,
        "form": form,
        "now": line if is_stale else None,
        "version": initial["version"] if is_stale else form["version"].value(),
        "slips": slips.get(attendance.uuid, ()),
        "may_change": can_hand_in(request.actor, session.department_id),
    }
    return render(request, "campaigns/leave.html", context)
