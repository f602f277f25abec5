"""Filing evidence: files, a sentence, a day, and what it proves; the portal's guess is ticked beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.calculations.guessing import Candidate, Guess, Tick, merge_ticks
from campaigns.forms.evidence import EvidenceForm, Ticks, ticks_in
from campaigns.forms.files import PostedData
from campaigns.models import Department, Evidence
from campaigns.queries.evidence_candidates import candidates_of, tick_of
from campaigns.queries.evidence_filing import guesses_for, tick_groups, twins_of, value_of
from campaigns.requests import PortalRequest
from campaigns.services import evidence as services
from campaigns.views.evidence_access import chosen_department, filing_departments, next_page
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_date, parse_uuid

GUESS, LATER, LINK = "guess", "later", "link"


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """File evidence; who has several departments chooses one first."""
    department = chosen_department(request)
    if department is None:
        context = {"departments": filing_departments(request.actor), "query": request.GET.urlencode()}
        return render(request, "campaigns/evidence_department.html", context)
    data = posted(request)
    if data is None:  # the session may have ended while the portal was asked for a guess
        data = posted(request, path=reverse("campaigns:evidence-guess", args=[request.campaign.slug]))
    form = EvidenceForm(data, initial={"uuid": uuid4(), "happened_on": day_of(request.at).isoformat()})
    show_refused_uploads(request, form)
    page = _Filing(request, department, form, data)
    if request.method == "POST" and (answer := page.answer()):
        return answer
    return render(request, "campaigns/evidence_new.html", page.context())


@require_POST
def evidence_guess(request: PortalRequest, campaign: str) -> HttpResponse:
    """Guess again while somebody types: the boxes alone, those ticked or unticked by hand as they are."""
    department = chosen_department(request)
    if department is None:
        raise Http404
    data = posted(request)
    page = _Filing(request, department, EvidenceForm(data), data)
    page.guess_again()
    return render(request, "campaigns/_evidence_ticks.html", page.context())


class _Filing:
    """One filling of the form: what was sent, the boxes, and what is to be done with it."""

    def __init__(self, request: PortalRequest, department: Department, form: EvidenceForm, data: Any) -> None:
        self.request, self.department, self.form, self.data = request, department, form, data
        self.candidates: Sequence[Candidate] = candidates_of(request.campaign, [department.pk])[department.pk]
        self.guesses: tuple[Guess, ...] = ()
        self.sent = ticks_in(data) if data is not None else Ticks()
        self.came_from = self._came_from()
        self.is_shown = self.sent.is_shown
        self.ticked, self.guessed = list(self.sent.ticked), list(self.sent.guessed)
        self.declined = list(self.sent.declined)
        if data is None and self.came_from is not None:
            self.guess_again()

    def _came_from(self) -> Tick | None:
        """Return what the page one came from asks proof of, where this department can prove it."""
        tick = tick_of(self.request.GET.get("target", ""), self.request.GET.get("key", ""))
        return tick if any(candidate.tick == tick for candidate in self.candidates) else None

    @property
    def uploads(self) -> list[UUID]:
        files = self.data.uploads("files") if isinstance(self.data, PostedData) else []
        return [file.uuid for file in files]

    def guess_again(self) -> None:
        """Tick what the portal guesses now; what people ticked or unticked stays."""
        text = self.data.get("text", "") if self.data is not None else ""
        self.guesses = guesses_for(
            self.request.campaign,
            self.department,
            self.candidates,
            text=text[:2000],
            names=[file.name for file in self.data.uploads("files")] if isinstance(self.data, PostedData) else [],
            day=_day(self.data.get("happened_on") if self.data is not None else day_of(self.request.at)),
            came_from=self.came_from,
        )
        by_hand, self.guessed, self.declined = merge_ticks(
            self.sent.ticked,
            guessed=self.sent.guessed,
            declined=self.sent.declined,
            fresh=[found.tick for found in self.guesses],
        )
        self.ticked, self.is_shown = [*by_hand, *self.guessed], True

    def answer(self) -> HttpResponse | None:
        """Do what the button says; None where the page is shown again."""
        act = self.data.get("act", "")
        if act == GUESS:
            self.guess_again()
            return None
        if act.startswith(f"{LINK}:"):
            return self._link(parse_uuid(act.partition(":")[2]))
        if not self.form.is_valid():
            return None
        if act != LATER and self._needs_a_look():
            return None
        try:
            return self._file(() if act == LATER else self.ticked)
        except Refused as refused:
            add_refusal(self.form, refused)
            return None

    def _needs_a_look(self) -> bool:
        """Whether people see boxes, or that a file was filed before, for the first time; or have ticked nothing."""
        if not self.is_shown:
            self.guess_again()
            return True
        if not self.ticked:
            self.form.add_error(None, _("Tick what it proves, or put it into the inbox for later."))
            return True
        return any(twin.evidence not in self.sent.twins for twin in self.twins())

    def twins(self) -> Any:
        """Return the records that hold a file of the same content already."""
        mine = parse_uuid(self.data.get("uuid", "")) if self.data is not None else None
        found = twins_of(self.department, self.uploads, by_id=self.request.user.pk)
        return [twin for twin in found if twin.evidence != mine]

    def _file(self, targets: Sequence[Tick]) -> HttpResponse:
        values = self.form.cleaned_data
        made = services.file_evidence(
            self.department,
            uuid=values["uuid"] or uuid4(),
            text=values["text"],
            happened_on=values["happened_on"],
            uploads=values["files"],
            targets=targets,
            by=self.request.actor,
            at=self.request.at,
        )
        if not targets:
            messages.success(self.request, _("It waits in the inbox until somebody says what it proves."))
            return redirect("campaigns:evidence-inbox", self.request.campaign.slug)
        return self._done(made, len(targets))

    def _link(self, uuid: UUID | None) -> HttpResponse | None:
        rows = Evidence.objects.visible_to(self.request.actor).filter(department=self.department)
        existing = get_object_or_404(rows, uuid=uuid)
        if not self.ticked:
            self.form.add_error(None, _("Tick what it proves first."))
            return None
        try:
            services.link_to(existing, targets=self.ticked, by=self.request.actor, at=self.request.at)
        except Refused as refused:
            add_refusal(self.form, refused)
            return None
        return self._done(existing, len(self.ticked))

    def _done(self, evidence: Evidence, count: int) -> HttpResponse:
        sentence = ngettext("Filed; it counts for %(n)s thing.", "Filed; it counts for %(n)s things.", count)
        messages.success(self.request, sentence % {"n": count})
        record = reverse("campaigns:evidence-record", args=[self.request.campaign.slug, evidence.uuid])
        return redirect(next_page(self.request) or record)

    def context(self) -> dict[str, Any]:
        """Return what the page, or its part with the boxes, shows."""
        groups = tick_groups(self.candidates, ticked=self.ticked, guesses=self.guesses) if self.is_shown else ()
        query = self.request.GET.urlencode()
        return {
            "form": self.form,
            "department": self.department,
            "has_several": len(filing_departments(self.request.actor)) > 1,
            "groups": groups,
            "is_shown": self.is_shown,
            "guessed": [value_of(tick) for tick in self.guessed],
            "declined": [value_of(tick) for tick in self.declined],
            "twins": self.twins(),
            "back": next_page(self.request),
            "guess_url": f"{reverse('campaigns:evidence-guess', args=[self.request.campaign.slug])}?{query}",
        }


def _day(value: Any) -> Any:
    try:
        return parse_date(value)
    except (ValueError, TypeError):
        return None
