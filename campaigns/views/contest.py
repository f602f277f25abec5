"""The plan contest: the page for everybody, judging, closing, deciding ties, the award list."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.enums import ContestState, Role
from campaigns.exports.awards import FORMATS, file_name, made_of
from campaigns.forms.contest import BallotForm, ClosingForm, OpeningForm, ReopeningForm, TieForm
from campaigns.jobs.awards import AWARDS
from campaigns.models import Ballot, Contest, ContestEntry
from campaigns.policy import can_decide_tie, can_run_contest, can_see_contest_table
from campaigns.queries.attachments import files_of
from campaigns.queries.contest import TieRow, contest_page, find_contest
from campaigns.queries.contest_awards import award_list
from campaigns.queries.contest_ballots import ballot_place
from campaigns.queries.contest_facts import criteria_of
from campaigns.requests import PortalRequest
from campaigns.services import contest as services
from campaigns.services.contest_ties import decide_tie
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.services.jobs import start_job
from qualityseason.text import clean
from qualityseason.typed import form_data
from qualityseason.views.jobs import to_job

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def contest(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the contest as far as it is for the person: own list, progress, table, awards."""
    page = contest_page(request.actor, request.campaign, at=request.at)
    decisions = [tie.decision.uuid for tie in page.ties if tie.decision is not None]
    files = files_of(request.actor, "decision", decisions, campaign=request.campaign) if decisions else {}
    context = {
        "page": page,
        "state": page.contest.state if page.contest else "",
        "ties": [(tie, files.get(tie.decision.uuid, ()) if tie.decision else ()) for tie in page.ties],
        "can_run": can_run_contest(request.actor),
        "can_decide": can_decide_tie(request.actor),
        "sees_table": can_see_contest_table(request.actor),
        "is_past": bool(page.contest and page.contest.judged_until < day_of(request.at)),
    }
    return render(request, "campaigns/contest.html", context)


@READ_WRITE
def contest_open(request: PortalRequest, campaign: str) -> HttpResponse:
    """Open the contest, or move its last day and add plans approved since."""
    page = contest_page(request.actor, request.campaign, at=request.at)
    initial = {"judged_until": page.contest.judged_until.isoformat()} if page.contest else {}
    form = OpeningForm(form_data(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_contest(request.campaign, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Judging is open."))
            return _to_contest(request)
    return render(request, "campaigns/contest_open.html", {"form": form, "page": page})


@READ_WRITE
def contest_ballot(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what the judge gave a plan; change it while judging is open."""
    entries = ContestEntry.objects.visible_to(request.actor).select_related(
        "contest__campaign", "plan__department", "version"
    )
    entry = get_object_or_404(entries.defer("version__content"), uuid=uuid)
    services.require_judge(request.actor, entry)
    place = ballot_place(request.actor, entry)
    criteria = criteria_of(request.campaign)
    form = BallotForm(form_data(request), criteria=criteria, initial=_ballot_initial(place.ballot, criteria))
    stale = False
    if request.method == "POST" and form.is_valid():
        try:
            services.give_ballot(
                entry,
                points=form.points,
                comment=form.cleaned_data["comment"],
                version=form.known_version,
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            stale = refused.refusal_code == "stale"
            place = ballot_place(request.actor, entry)
            form.refuse(refused, place.ballot.version if place.ballot else 0)
        else:
            messages.success(request, _("Saved: %(department)s.") % {"department": entry.plan.department.name})
            return _after_ballot(request, place.next_open)
    context = {
        "entry": entry,
        "form": form,
        "place": place,
        "points": [(name, place.ballot.points.get(name)) for name in criteria] if place.ballot else [],
        "stale": stale,
        "is_open": entry.contest.state == ContestState.OPEN,
    }
    return render(request, "campaigns/contest_ballot.html", context)


@READ_WRITE
def contest_close(request: PortalRequest, campaign: str) -> HttpResponse:
    """Close judging, after a look at the ballots still missing."""
    found = _contest(request)
    page = contest_page(request.actor, request.campaign, at=request.at)
    form = ClosingForm(form_data(request), asks=page.missing > 0)
    if request.method == "POST" and form.is_valid():
        accepts = form.cleaned_data.get("accepts_missing", False)
        try:
            services.close_contest(found, accepts_missing=accepts, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Judging is closed."))
            return _to_contest(request)
    return render(request, "campaigns/contest_close.html", {"form": form, "page": page})


@READ_WRITE
def contest_reopen(request: PortalRequest, campaign: str) -> HttpResponse:
    """Open judging again, for a reason."""
    found = _contest(request)
    form = ReopeningForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen_contest(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Judging is open again."))
            return _to_contest(request)
    context = {
        "form": form,
        "title": _("Open judging again"),
        "lead": _("Judges may then change what they gave. A decision on a tie holds for that very tie only."),
        "submit": _("Open again"),
        "back": reverse("campaigns:contest", args=[request.campaign.slug]),
    }
    return render(request, "campaigns/form.html", context)


@READ_WRITE
def contest_tie(request: PortalRequest, campaign: str) -> HttpResponse:
    """Record the leading group's decision on the tie at `?rank=`."""
    found = _contest(request)
    tie = _tie(request)
    needs_paper = not request.actor.has(Role.LEADERSHIP)
    standing = tie.decision.uuid if tie.decision else None
    form = TieForm(posted(request), tie=tie, needs_paper=needs_paper, initial=TieForm.fresh(standing))
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            decide_tie(found, rank=tie.rank, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            form.refuse(refused, standing)
        else:
            messages.success(request, _("The decision is recorded."))
            return _to_contest(request)
    return render(request, "campaigns/contest_tie.html", {"form": form, "tie": tie, "is_office": needs_paper})


@require_POST
def contest_award(request: PortalRequest, campaign: str) -> HttpResponse:
    """Award the prizes."""
    try:
        awarded = services.award_contest(_contest(request), by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        number = awarded.entries.exclude(prize="").count()
        words = ngettext("%(number)d prize is awarded.", "%(number)d prizes are awarded.", number)
        messages.success(request, words % {"number": number})
    return _to_contest(request)


@READ_WRITE
def contest_awards(request: PortalRequest, campaign: str, format: str) -> HttpResponseBase:
    """Send the award list as a workbook or for Word; print it in the background (POST)."""
    found = _contest(request)
    if found.state != ContestState.AWARDED or format not in FORMATS:
        raise Http404
    if format == "pdf":
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = start_job(
            AWARDS,
            by_id=request.actor.user_id,
            campaign_id=request.campaign.pk,
            parameters={"label": _("Award list")},
            at=request.at,
        )
        return to_job(job, back=reverse("campaigns:contest", args=[campaign]))
    facts = award_list(request.actor, found, at=request.at)
    form = FORMATS[format]
    response = FileResponse(
        BytesIO(made_of(facts, form)),
        as_attachment=True,
        filename=file_name(facts, form.suffix),
        content_type=form.media_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _contest(request: PortalRequest) -> Contest:
    found = find_contest(request.actor)
    if found is None:
        raise Http404
    return found


def _tie(request: PortalRequest) -> TieRow:
    """Return the tie the page is about; a conflict is said when the form is opened."""
    page = contest_page(request.actor, request.campaign, at=request.at)
    rank = clean(request.GET.get("rank"))
    tie = next((tie for tie in page.ties if str(tie.rank) == rank), None)
    if tie is None or (page.contest and page.contest.state != ContestState.CLOSED):
        raise Http404
    if tie.is_own:
        raise ConflictOfInterest(
            _("A department you have an interest in stands in this tie: somebody else records the decision.")
        )
    return tie


def _ballot_initial(ballot: Ballot | None, criteria: tuple[str, ...]) -> dict[str, Any]:
    if ballot is None:
        return {"version": 0}
    points = {f"points_{number}": ballot.points.get(name) for number, name in enumerate(criteria)}
    return points | {"comment": ballot.comment, "version": ballot.version}


def _after_ballot(request: PortalRequest, next_open: UUID | None) -> HttpResponse:
    if next_open is not None and "go-on" in request.POST:
        return redirect("campaigns:contest-ballot", request.campaign.slug, next_open)
    return _to_contest(request)


def _to_contest(request: PortalRequest) -> HttpResponse:
    return redirect("campaigns:contest", request.campaign.slug)
