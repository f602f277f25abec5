"""Evidence that is there already: what waits in the inbox, what is chosen for one thing more, what is changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.calculations.guessing import Candidate, Guess, Tick
from campaigns.forms.evidence import EvidenceForm, ticks_in
from campaigns.models import Evidence, EvidenceLink
from campaigns.queries.attachments import files_of
from campaigns.queries.evidence import OWNER, key_of_address
from campaigns.queries.evidence_candidates import candidates_of, tick_of
from campaigns.queries.evidence_filing import guesses_for, inbox, tick_groups
from campaigns.queries.evidence_links import proven_by
from campaigns.queries.evidence_pages import choosable
from campaigns.requests import PortalRequest
from campaigns.services import evidence as services
from campaigns.views.evidence_access import chosen_department, filing_departments, next_page, require_filing
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import clean, parse_count, parse_uuid


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_inbox(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show what waits unfiled with the guesses ticked, and file one of it by one button."""
    problem: dict[str, Any] = {}
    if request.method == "POST":
        try:
            _file_waiting(request)
        except Refused as refused:
            problem = {"uuid": parse_uuid(request.POST.get("uuid")), "sentence": refused.sentence}
        else:
            return redirect("campaigns:evidence-inbox", request.campaign.slug)
    departments = filing_departments(request.actor)
    page = inbox(request.actor, request.campaign, [department.pk for department in departments])
    context = {
        "page": page,
        "problem": problem,
        "unticked": set(request.POST.getlist("targets")) if problem else None,
        "has_several": len(departments) > 1,
    }
    return render(request, "campaigns/evidence_inbox.html", context)


def _file_waiting(request: PortalRequest) -> None:
    found = get_object_or_404(Evidence.objects.visible_to(request.actor), uuid=parse_uuid(request.POST.get("uuid")))
    ticked = ticks_in(request.POST).ticked
    if not ticked:
        raise Refused(_("Tick what it proves, or open it for more."), code="none")
    services.change_evidence(
        found,
        text=found.text,
        happened_on=found.happened_on,
        targets=ticked,
        version=_version(request),
        by=request.actor,
        at=request.at,
    )
    sentence = ngettext("Filed; it counts for %(n)s thing.", "Filed; it counts for %(n)s things.", len(ticked))
    messages.success(request, sentence % {"n": len(ticked)})


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_choose(request: PortalRequest, campaign: str, target: str, key: str) -> HttpResponse:
    """Let what the department has filed already count for one thing more."""
    department = chosen_department(request)
    if department is None:
        asked = {"departments": filing_departments(request.actor), "query": request.GET.urlencode()}
        return render(request, "campaigns/evidence_department.html", asked)
    tick = tick_of(target, key_of_address(key))
    candidates = candidates_of(request.campaign, [department.pk])[department.pk]
    wanted = next((candidate for candidate in candidates if candidate.tick == tick), None)
    if wanted is None:
        raise Http404
    problem = ""
    chosen = [uuid for uuid in map(parse_uuid, request.POST.getlist("evidence")) if uuid is not None]
    if request.method == "POST":
        try:
            made = services.choose_evidence(
                department, uuids=chosen, target=tick[0], key=tick[1], by=request.actor, at=request.at
            )
        except Refused as refused:
            problem = str(refused.sentence)
        else:
            sentence = ngettext("%(n)s record counts for it now.", "%(n)s records count for it now.", len(made))
            messages.success(request, sentence % {"n": len(made)})
            return redirect(next_page(request) or reverse("campaigns:evidence", args=[request.campaign.slug]))
    said = clean(request.GET.get("said"))[:100]
    context: dict[str, Any] = {
        "department": department,
        "wanted": wanted,
        "page": choosable(request.actor, department, tick, said=said, campaign=request.campaign),
        "chosen": chosen,
        "said": said,
        "problem": problem,
        "back": next_page(request),
        "file_url": f"{reverse('campaigns:evidence-new', args=[request.campaign.slug])}?{_asked(request, tick)}",
    }
    return render(request, "campaigns/evidence_choose.html", context)


def _asked(request: PortalRequest, tick: Tick) -> str:
    """Return what the address of the form for new evidence says: the department, the page to go back to, the thing."""
    named = {name: request.GET[name] for name in ("department", "next") if name in request.GET}
    return urlencode(named | {"target": tick[0], "key": tick[1]})


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change the sentence, the day and what it proves; add files."""
    rows = Evidence.objects.visible_to(request.actor).select_related("department")
    found = get_object_or_404(rows, uuid=uuid)
    require_filing(request.actor, found.department_id)
    if found.withdrawn_at is not None:
        messages.error(request, _("This evidence has been withdrawn; nothing was changed."))
        return redirect("campaigns:evidence-record", request.campaign.slug, found.uuid)
    data = posted(request)
    initial = {"version": found.version, "text": found.text, "happened_on": found.happened_on.isoformat()}
    form = EvidenceForm(data, initial=initial)
    show_refused_uploads(request, form)
    is_stale = False
    ticked = None if data is None else list(ticks_in(data).ticked)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, found, form, ticked or [])
        except Refused as refused:
            is_stale = refused.refusal_code == "stale"
            add_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:evidence-record", request.campaign.slug, found.uuid)
    found = get_object_or_404(rows, uuid=uuid)
    linked: list[Tick] = list(EvidenceLink.objects.filter(evidence=found).values_list("target", "key"))
    candidates, guesses = _edited(request, found, linked)
    shown = ticked if ticked is not None else linked or [guess.tick for guess in guesses]
    context = {
        "form": form,
        "evidence": found,
        "groups": tick_groups(candidates, ticked=shown, guesses=guesses),
        "is_guessed": bool(guesses),
        "version": found.version if is_stale else form["version"].value(),
        "now": found if is_stale else None,
        "now_proves": proven_by(request.actor, request.campaign, linked) if is_stale else (),
    }
    return render(request, "campaigns/evidence_edit.html", context)


def _change(request: PortalRequest, found: Evidence, form: EvidenceForm, ticked: list[Tick]) -> None:
    values = form.cleaned_data
    services.change_evidence(
        found,
        text=values["text"],
        happened_on=values["happened_on"],
        targets=ticked,
        uploads=values["files"],
        version=values["version"] or 0,
        by=request.actor,
        at=request.at,
    )


def _edited(request: PortalRequest, found: Evidence, linked: list[Tick]) -> tuple[list[Candidate], tuple[Guess, ...]]:
    """Return what it may prove, with what it proves and is not open any more; and guesses while it proves nothing."""
    candidates = list(candidates_of(request.campaign, [found.department_id])[found.department_id])
    known = {candidate.tick for candidate in candidates}
    gone = [row for row in proven_by(request.actor, request.campaign, linked) if row.tick not in known]
    note = _("not open any more")
    candidates += [Candidate(*row.tick, label=row.label or row.kind, note=note) for row in gone]
    if linked:
        return candidates, ()
    files = files_of(request.actor, OWNER, [found.uuid], campaign=request.campaign).get(found.uuid, ())
    names = [file.name for file in files]
    guesses = guesses_for(
        request.campaign, found.department, candidates, text=found.text, names=names, day=found.happened_on
    )
    return candidates, guesses


def _version(request: PortalRequest) -> int:
    try:
        return parse_count(request.POST.get("version", ""))
    except ValueError:
        return 0
