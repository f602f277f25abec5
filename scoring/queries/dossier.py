"""A department's dossier: what it handed in and what was ruled, read as the department's own staff read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.facts import PlanContent
from campaigns.models import Attachment, Department, Evidence, PlanVersion, StudySession, SummaryVersion
from campaigns.models.any_paper import AnyVersion
from scoring.facts.results import LineFile, Statement
from scoring.models import Appeal, Deduction

SESSION, EVIDENCE, DEDUCTION, APPEAL = "study-session", "evidence", "deduction", "appeal"  # owners of files
OWNERS = (SESSION, EVIDENCE, DEDUCTION, APPEAL)


@dataclass(frozen=True)
class DossierText:
    """The version of a plan or summary handed in last."""

    sort: str
    number: int
    code: str
    submitted_at: datetime
    content: PlanContent


@dataclass(frozen=True)
class DossierSession:
    """A study session with its minutes."""

    topic: str
    sittings: tuple[tuple[datetime, str], ...]
    main_content: str
    discussion: str
    files: tuple[LineFile, ...]


@dataclass(frozen=True)
class DossierEvidence:
    """A piece of evidence."""

    text: str
    happened_on: date
    files: tuple[LineFile, ...]


@dataclass(frozen=True)
class DossierAppeal:
    """An appeal and what was ruled; `entry` is the number of its line in the statement, 0 where it is gone from it."""

    entry: int
    code: str
    label: str
    happened_on: date
    amount: str
    appealed_on: date
    reason: str
    spoken_by: str
    state: str
    ruling: str
    ruled_at: datetime | None
    files: tuple[LineFile, ...]


@dataclass(frozen=True)
class DossierFacts:
    """All that goes into the dossier besides the papers of the result itself."""

    texts: tuple[DossierText, ...]
    sessions: tuple[DossierSession, ...]
    evidence: tuple[DossierEvidence, ...]
    line_files: dict[UUID, tuple[LineFile, ...]]
    appeals: tuple[DossierAppeal, ...]


def load_dossier(department: Department, statement: Statement) -> DossierFacts:
    """Return what the dossier of a frozen statement holds. Seven queries at any size.

    Nothing stands in it that the department's staff may not read, whoever asked for it.
    """
    staff = Actor(
        user_id=0,
        campaign_id=department.campaign_id,
        roles=frozenset({Role.STAFF}),
        departments=frozenset({department.pk}),
    )
    files = _files(department, staff)
    lines = [line for category in statement.categories for line in category.lines]
    return DossierFacts(
        texts=_texts(department, staff),
        sessions=_sessions(department, staff, files[SESSION]),
        evidence=tuple(
            DossierEvidence(row.text, row.happened_on, tuple(files[EVIDENCE][row.uuid]))
            for row in Evidence.objects.visible_to(staff)
            .standing()
            .filter(department=department)
            .order_by("happened_on", "pk")
        ),
        line_files={line.uuid: tuple(files[DEDUCTION][line.uuid]) for line in lines if files[DEDUCTION][line.uuid]},
        appeals=_appeals(department, staff, files[APPEAL], {line.uuid: at for at, line in enumerate(lines, start=1)}),
    )


def _files(department: Department, staff: Actor) -> dict[str, dict[UUID, list[LineFile]]]:
    sight = {kind: hooks.attachment_owners[kind].records for kind in OWNERS if kind in hooks.attachment_owners}
    found: dict[str, dict[UUID, list[LineFile]]] = {kind: defaultdict(list) for kind in OWNERS}
    rows = Attachment.objects.current().visible_to(staff, sight=sight).filter(department=department).order_by("pk")
    for kind, owner, name, sha256 in rows.values_list("owner_kind", "owner_uuid", "file__name", "file__sha256"):
        found[kind][owner].append(LineFile(name, sha256))
    return found


def _texts(department: Department, staff: Actor) -> tuple[DossierText, ...]:
    plans = PlanVersion.objects.visible_to(staff).filter(plan__department=department).select_related("plan")
    summaries = SummaryVersion.objects.visible_to(staff).filter(summary__department=department)
    latest: dict[tuple[str, int], AnyVersion] = {}
    versions: Iterable[AnyVersion] = (
        *plans.order_by("number"),
        *summaries.select_related("summary").order_by("summary__pk", "number"),
    )
    for version in versions:
        latest[version.paper.SORT, version.paper.pk] = version
    return tuple(
        DossierText(
            version.paper.SORT,
            version.number,
            version.code,
            version.submitted_at,
            PlanContent.from_json(version.content),
        )
        for version in latest.values()
    )


def _sessions(department: Department, staff: Actor, files: dict[UUID, list[LineFile]]) -> tuple[DossierSession, ...]:
    rows = StudySession.objects.visible_to(staff).filter(department=department, cancelled_at__isnull=True)
    return tuple(
        DossierSession(
            row.topic,
            tuple((sitting.starts_at, sitting.place) for sitting in row.sittings.all()),
            row.main_content,
            row.discussion,
            tuple(files[row.uuid]),
        )
        for row in rows.prefetch_related("sittings").order_by("pk")
    )


def _appeals(
    department: Department, staff: Actor, files: dict[UUID, list[LineFile]], entries: dict[UUID, int]
) -> tuple[DossierAppeal, ...]:
    rows = Appeal.objects.visible_to(staff).filter(
        department=department, deduction__in=Deduction.objects.filter(charged=department)
    )
    return tuple(
        DossierAppeal(
            entry=entries.get(row.deduction.uuid, 0),
            code=row.deduction.rule.code,
            label=row.deduction.rule_version.label,
            happened_on=row.deduction.happened_on,
            amount=str(row.deduction.amount),
            appealed_on=row.appealed_on,
            reason=row.reason,
            spoken_by=row.spoken_by,
            state=row.state,
            ruling=row.ruling,
            ruled_at=row.ruled_at,
            files=tuple(files[row.uuid]),
        )
        for row in rows.select_related("deduction__rule", "deduction__rule_version").order_by("appealed_at", "pk")
    )
