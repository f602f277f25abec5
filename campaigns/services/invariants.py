"""Checking of the paperwork what constraints can't: what was met, received, submitted, awarded, attached and stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.calculations import contest as arithmetic
from campaigns.calculations.plans import digest_of
from campaigns.enums import ContestState, Role, TaskState
from campaigns.facts.plans import PlanContent
from campaigns.models import (
    Assignment,
    Attachment,
    Campaign,
    CircularRecipient,
    Contest,
    Evidence,
    MonthlyReport,
    Obligation,
    Plan,
    PlanVersion,
    ProblemAnswer,
    Receipt,
    ServiceWork,
    StudySession,
    Summary,
    SummaryVersion,
)
from campaigns.models.any_paper import AnyVersion
from campaigns.queries.contest_facts import EntryFacts, decided_by, load_contest, prizes_of, tie_decisions
from qualityseason.clock import day_of
from qualityseason.models import StoredFile
from qualityseason.services.files import path_of

CHUNK = 500  # records looked up at once


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it must be; `season` and `department` are '' where it concerns no single one.

    A remark is worth a look and no difference: an interest that was found only after the act.
    """

    season: str
    department: str
    sentence: str
    is_remark: bool = False


def check_paperwork(campaign: Campaign) -> Iterator[Difference]:
    """Yield every difference in what the departments of a season handed in.

    A fixed number of queries, and one more for each 500 records that something else names.
    """
    yield from _check_obligations(campaign)
    yield from _check_receipts(campaign)
    yield from _check_papers(campaign)
    yield from _check_versions(campaign)
    yield from _check_contest(campaign)
    yield from _check_attachments(campaign)


def check_files() -> Iterator[Difference]:
    """Yield every file whose content is not in the store as its row says. One query, in constant memory."""
    for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=CHUNK):
        try:
            size = path_of(stored).stat().st_size
        except FileNotFoundError:
            if not StoredFile.objects.filter(pk=stored.pk).exists():  # swept meanwhile
                continue
            sentence = _("The content of “%(name)s” (%(sha256)s) is not in the store.")
        else:
            if size == stored.size:
                continue
            sentence = _("The content of “%(name)s” (%(sha256)s) is not as long as its row says.")
        yield Difference("", "", sentence % {"name": stored.name, "sha256": stored.sha256})


def _meeting() -> dict[str, tuple[QuerySet[Any], str, str]]:
    """Return what meets an obligation, by its kind: the records that can, and where their uuid and department are."""
    own = ("uuid", "department_id")
    return {
        "study-session": (StudySession.objects.filter(cancelled_at__isnull=True), *own),
        "plan-version": (PlanVersion.objects.all(), "uuid", "plan__department_id"),
        "summary": (Summary.objects.filter(submitted_at__isnull=False), *own),
        "receipt": (Receipt.objects.all(), *own),
        "obligation": (Obligation.objects.all(), *own),
        "evidence": (Evidence.objects.standing(), *own),
        "circular": (CircularRecipient.objects.standing(), "circular__uuid", "department_id"),
        "assignment": (Assignment.objects.filter(state=TaskState.ACCEPTED), *own),
        "problem": (ProblemAnswer.objects.filter(answered_on__isnull=False), "problem__uuid", "department_id"),
        "service": (ServiceWork.objects.standing(), *own),
        "monthly-report": (MonthlyReport.objects.all(), *own),
    }


def _check_obligations(campaign: Campaign) -> Iterator[Difference]:
    rows = Obligation.objects.filter(campaign=campaign, met_at__isnull=False, dropped_at__isnull=True)
    named: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in rows.select_related("milestone", "department"):
        named[obligation.met_by_kind].append(obligation)
    meeting = _meeting()
    for kind, obligations in named.items():
        records, key, department = meeting.get(kind, (Obligation.objects.none(), "uuid", "department_id"))
        uuids = [obligation.met_by_uuid for obligation in obligations if obligation.met_by_uuid is not None]
        there = set(_found(records, uuids, department, key=key))
        anywhere = {uuid for uuid, _department in there}
        for obligation in obligations:
            moved_on = obligation.department.closed_on is not None and obligation.met_by_uuid in anywhere
            if not moved_on and (obligation.met_by_uuid, obligation.department_id) not in there:
                words = {"what": obligation.label, "kind": kind, "record": obligation.met_by_uuid}
                sentence = _("%(what)s counts as met by %(kind)s %(record)s, which is not there.") % words
                yield Difference(campaign.slug, obligation.department.name, sentence)


def _check_receipts(campaign: Campaign) -> Iterator[Difference]:
    numbers = set(Receipt.objects.filter(campaign=campaign).values_list("number", flat=True))
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)
    if missing:
        listed = "、".join(str(number) for number in missing[:20])
        yield Difference(campaign.slug, "", _("Receipts are missing: no. %(numbers)s.") % {"numbers": listed})


def _check_papers(campaign: Campaign) -> Iterator[Difference]:
    """Compare when plans and summaries were submitted first with their first versions."""
    plans = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("number").values("submitted_at")[:1]
    summaries = SummaryVersion.objects.filter(summary=OuterRef("pk")).order_by("number").values("submitted_at")[:1]
    columns = ("department__name", "title", "submitted_at", "first")
    found = (
        *Plan.objects.filter(campaign=campaign).annotate(first=Subquery(plans)).values_list(*columns),
        *Summary.objects.filter(campaign=campaign).annotate(first=Subquery(summaries)).values_list(*columns),
    )
    for name, title, submitted_at, first_at in found:
        if submitted_at != first_at:
            words = {"title": title, "at": submitted_at or "–", "version": first_at or "–"}
            sentence = _("“%(title)s” says it was submitted at %(at)s, its first version %(version)s.")
            yield Difference(campaign.slug, name, sentence % words)


def _check_versions(campaign: Campaign) -> Iterator[Difference]:
    plans = PlanVersion.objects.filter(plan__campaign=campaign).select_related("plan__department").order_by("pk")
    summaries = SummaryVersion.objects.filter(summary__campaign=campaign).select_related("summary__department")
    found: Iterable[AnyVersion] = chain(
        plans.iterator(chunk_size=CHUNK), summaries.order_by("pk").iterator(chunk_size=CHUNK)
    )
    for version in found:
        try:
            digest = digest_of(PlanContent.from_json(version.content))
        except (KeyError, TypeError):
            digest = ""
        if digest != version.digest:
            words = {"number": version.number, "title": version.paper.title, "code": version.code}
            sentence = _("Version %(number)s of “%(title)s” (%(code)s) does not say what its sum stands for.") % words
            yield Difference(campaign.slug, version.paper.department.name, sentence)


def _check_contest(campaign: Campaign) -> Iterator[Difference]:
    """Recompute an awarded contest: means from the ballots that count, ranks and prizes from means and decisions."""
    contest = Contest.objects.filter(campaign=campaign, state=ContestState.AWARDED).select_related("campaign").first()
    if contest is None or contest.awarded_at is None:
        return
    decisions = tie_decisions(contest)
    facts = load_contest(contest, on=day_of(contest.awarded_at), decisions=decisions)
    for entry in facts.entries:
        if entry.final_mean is None or entry.final_mean != arithmetic.entry_mean(entry.counted):
            words = {"mean": entry.final_mean, "ballots": arithmetic.entry_mean(entry.counted)}
            sentence = _("The contest says a mean of %(mean)s, the ballots that count %(ballots)s.") % words
            yield Difference(campaign.slug, entry.department, sentence, is_remark=_stood_when_awarded(entry))
    means = {entry.uuid: entry.final_mean for entry in facts.entries if entry.final_mean is not None}
    placings = arithmetic.place(means, prizes_of(campaign), [decided_by(each) for each in decisions]).placings
    for entry in facts.entries:
        placing = placings.get(entry.uuid)
        if placing is not None and (entry.rank, entry.prize) != (placing.rank, placing.prize):
            sentence = _("The contest says rank %(rank)s and %(prize)s, the means rank %(computed)s and %(due)s.") % {
                "rank": entry.rank,
                "prize": entry.prize or "–",
                "computed": placing.rank,
                "due": placing.prize or "–",
            }
            yield Difference(campaign.slug, entry.department, sentence)


def _stood_when_awarded(entry: EntryFacts) -> bool:
    """Whether the mean is that of all ballots: a judge's interest was found only after the award."""
    everybody = tuple(tuple(ballot.points.values()) for ballot in entry.ballots)
    return entry.final_mean is not None and entry.final_mean == arithmetic.entry_mean(everybody)


def _check_attachments(campaign: Campaign) -> Iterator[Difference]:
    named: dict[str, dict[UUID, str]] = defaultdict(dict)
    rows = Attachment.objects.filter(campaign=campaign).order_by("pk")
    for kind, uuid, name in rows.values_list("owner_kind", "owner_uuid", "file__name").iterator(chunk_size=CHUNK):
        named[kind].setdefault(uuid, name)
    nobody = Actor(user_id=0, campaign_id=campaign.pk, roles=frozenset({Role.OFFICE}))  # to learn the kind's model
    for kind, files in named.items():
        owner = hooks.attachment_owners.get(kind)
        there: set[UUID] = set()
        if owner is not None:
            records = owner.records(nobody).model._default_manager.all()
            there = {uuid for uuid, _pk in _found(records, list(files), "pk")}
        for uuid, name in files.items():
            if uuid not in there:
                words = {"name": name, "kind": kind, "record": uuid}
                sentence = _("“%(name)s” belongs to %(kind)s %(record)s, which is not there.") % words
                yield Difference(campaign.slug, "", sentence)


def _found(records: QuerySet[Any], uuids: list[UUID], field: str, *, key: str = "uuid") -> Iterator[tuple[UUID, int]]:
    """Yield (uuid, field) of the records that are there. One query for each 500."""
    for start in range(0, len(uuids), CHUNK):
        named = {f"{key}__in": uuids[start : start + CHUNK]}
        yield from records.filter(**named).order_by().values_list(key, field)
