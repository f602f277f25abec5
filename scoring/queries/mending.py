"""What a department can still mend before it costs points, where, and what mending has spared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from scoring.calculations import ZERO
from scoring.enums import FindingState, RecordKind
from scoring.models import Announcement, Finding
from scoring.queries.finding_words import why
from scoring.queries.mending_places import keepers_of, papers_handed_in, place_of, register_of
from scoring.queries.record_pages import open_rows
from scoring.querysets import FindingQuerySet

PAGE = 50  # findings on a page
RECENT = 20  # of what was mended, latest first
OPEN, GONE = Q(state=FindingState.OPEN), Q(state=FindingState.GONE)


@dataclass(frozen=True)
class MendingSums:
    """How many findings a department can still mend and what they would cost; how many it mended, and what that spared.

    What is mended in part counts with what it would cost no more.
    """

    open: int = 0
    amount: Decimal = ZERO
    mended: int = 0
    spared: Decimal = ZERO


@dataclass(frozen=True)
class Mendable:
    """A finding that can be mended: what is wrong, what it would cost, and where it is put right.

    ``url`` is '' where the actor has no page for it, ``is_handed_in`` whether the paper there must be returned by the
    office before it can be changed; ``keepers`` keep the ``register`` the record stands in, '' for
    what stands in none; ``spared`` is what mending a part of it has spared so far.
    """

    uuid: UUID
    department: str
    code: str
    label: str
    unit: str
    points: Decimal
    sentence: str
    subject: str
    quantity: int
    amount: Decimal
    spared: Decimal
    happened_on: date
    url: str
    is_handed_in: bool
    register: str
    keepers: tuple[str, ...]


@dataclass(frozen=True)
class Mended:
    """A finding whose ground is gone: what it was, since when it is no more, and what it would have cost."""

    uuid: UUID
    code: str
    label: str
    sentence: str
    subject: str
    spared: Decimal
    gone_at: datetime | None


@dataclass(frozen=True)
class MendingPage:
    """Some of what can be mended, in printed order of the rules, and what was mended last; ``number`` from 1."""

    sums: MendingSums
    rows: tuple[Mendable, ...]
    mended: tuple[Mended, ...]
    number: int

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.number * PAGE < self.sums.open


def mending_sums(actor: Actor, departments: Collection[Department]) -> dict[int, MendingSums]:
    """Return the sums of these departments by id. One query."""
    return _sums(Finding.objects.visible_to(actor).filter(charged__in=departments), "charged_id")


def spared_by_all(campaign: Campaign, actor: Actor) -> MendingSums:
    """Return the sums of the whole college. One query."""
    return _sums(Finding.objects.visible_to(actor), "campaign_id").get(campaign.pk, MendingSums())


def most_expensive(actor: Actor, departments: Collection[Department], *, few: int) -> list[Mendable]:
    """Return what would cost these departments most. Two queries, and one for each register or sort of paper."""
    rows = _open(actor, departments).order_by("-amount", "rule__order", "happened_on", "pk")
    return _mendable(actor, rows[:few])


def load_mending(department: Department, *, actor: Actor, number: int) -> MendingPage:
    """Return what a department can mend and has mended. Four queries, and one for each register or sort of paper."""
    visible = Finding.objects.visible_to(actor).filter(charged=department)
    sums = mending_sums(actor, [department]).get(department.pk, MendingSums())
    number = max(1, min(number, -(-sums.open // PAGE)))
    rows = _open(actor, [department]).order_by("rule__order", "happened_on", "pk")
    gone = visible.about_mending().filter(GONE, peak__gt=ZERO).select_related("rule", "rule_version")
    return MendingPage(
        sums=sums,
        rows=tuple(_mendable(actor, rows[(number - 1) * PAGE : number * PAGE])),
        mended=tuple(
            Mended(
                uuid=finding.uuid,
                code=finding.rule.code,
                label=finding.rule_version.label,
                sentence=why(finding),
                subject=finding.subject_label,
                spared=finding.peak,
                gone_at=finding.gone_at,
            )
            for finding in gone.order_by("-gone_at", "-pk")[:RECENT]
        ),
        number=number,
    )


def announced(campaign: Campaign) -> str:
    """Return the sentence that says from when on which records count, '' while nothing is announced. One query."""
    days = dict(Announcement.objects.standing().filter(campaign=campaign).values_list("kind", "starts_on"))
    parts = [
        _("from %(day)s on: %(kinds)s")
        % {
            "day": day.isoformat(),
            "kinds": _(", ").join(str(kind.label) for kind in RecordKind if days.get(kind) == day),
        }
        for day in sorted(set(days.values()))
    ]
    sentence = _(
        "The portal's records count %(parts)s. For other kinds and earlier days, what is missing here is held against"
        " nobody."
    )
    return sentence % {"parts": _("; ").join(parts)} if parts else ""


def _sums(findings: FindingQuerySet[Finding], by: str) -> dict[int, MendingSums]:
    rows = (
        findings.about_mending()
        .order_by()
        .values_list(by)
        .annotate(
            open=Count("pk", filter=OPEN),
            would_cost=Sum("amount", filter=OPEN),
            mended=Count("pk", filter=GONE & Q(peak__gt=ZERO)),
            would_have_cost=Sum("peak"),
        )
    )
    return {
        pk: MendingSums(count, amount or ZERO, mended, (peak or ZERO) - (amount or ZERO))
        for pk, count, amount, mended, peak in rows
    }


def _open(actor: Actor, departments: Collection[Department]) -> FindingQuerySet[Finding]:
    wanted = Finding.objects.visible_to(actor).about_mending().filter(OPEN, charged__in=departments)
    return wanted.select_related("rule", "rule_version", "charged", "campaign")


def _mendable(actor: Actor, findings: Iterable[Finding]) -> list[Mendable]:
    found = [(finding, register_of(finding)) for finding in findings]
    facts = [fact for finding, _register in found for fact in finding.facts]
    rows, papers = open_rows(actor, facts), papers_handed_in(facts)
    keepers = keepers_of(actor, {register for _finding, register in found if register})
    return [
        Mendable(
            uuid=finding.uuid,
            department=finding.charged.name,
            code=finding.rule.code,
            label=finding.rule_version.label,
            unit=finding.rule.unit,
            points=finding.points,
            sentence=why(finding),
            subject=finding.subject_label,
            quantity=finding.quantity,
            amount=finding.amount,
            spared=finding.peak - finding.amount,
            happened_on=finding.happened_on,
            url=place_of(actor, finding, rows=rows),
            is_handed_in=any(fact["page"] in papers for fact in finding.facts),
            register=str(register.label) if register else "",
            keepers=keepers.get(register.responsibility, ()) if register else (),
        )
        for finding, register in found
    ]
