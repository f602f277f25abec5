"""The form of an inspection put together with the rules of its department and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.forms.files import PostedData
from campaigns.models import Department
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import User
from qualityseason.text import NO_UUID, parse_count, parse_date, parse_uuid
from scoring.enums import InspectionKind
from scoring.forms.asking import Asking
from scoring.forms.inspections import InspectionForm, MarkEntry, marks_typed, values_of
from scoring.models import Deduction, Inspection
from scoring.queries.inspections import Before, assessors_for, found_before, rules_to_mark
from scoring.queries.recording import RuleGroup, departments_to_charge
from scoring.services.inspections import InspectionDraft, MarkDraft, draft_of


@dataclass(frozen=True)
class Difference:
    """A field in which two people's texts differ."""

    label: str
    theirs: str
    mine: str


@dataclass
class Entry:
    """Everything the form of an inspection shows around its fields."""

    form: InspectionForm
    uuid: UUID
    department: Department | None = None
    inspection: Inspection | None = None
    version: int = 0
    groups: list[RuleGroup] = field(default_factory=list)
    marks: Mapping[int, MarkDraft] = field(default_factory=dict)
    before: Mapping[int, Before] = field(default_factory=dict)
    lines: Mapping[int, int] = field(default_factory=dict)
    existing: Inspection | None = None
    differences: list[Difference] = field(default_factory=list)
    theirs: Mapping[int, MarkDraft] = field(default_factory=dict)

    @property
    def sections(self) -> list[tuple[str, list[MarkEntry]]]:
        """The rules by category with what was typed, found before and written by somebody else."""
        return [
            (
                group.category.name,
                [
                    MarkEntry(
                        priced=priced,
                        draft=self.marks.get(priced.rule.pk, MarkDraft()),
                        before=self.before.get(priced.rule.pk),
                        lines=self.lines.get(priced.rule.pk, 0),
                        theirs=self.theirs.get(priced.rule.pk),
                    )
                    for priced in group.rules
                ],
            )
            for group in self.groups
        ]

    def note_refusal(self, refused: Refused, *, mine: InspectionDraft | None = None) -> None:
        """Keep what a refusal tells: the first inspection of this form, or what somebody else wrote meanwhile."""
        if not isinstance(refused.existing, Inspection):
            return
        if refused.refusal_code == "stale" and mine is not None:
            self.version = refused.existing.version  # saving once more is then a decision
            theirs = draft_of(refused.existing)
            self.differences = _differences(theirs, mine)
            self.theirs = _different_marks(theirs, mine)
        else:
            self.existing, self.uuid = refused.existing, uuid4()


def entering(request: Asking, typed: Mapping[str, Any], *, saving: bool) -> Entry:
    """Return the form of a new inspection with what was typed."""
    visible = Department.objects.visible_to(request.actor).select_related("block", "campaign")
    department = visible.filter(uuid=parse_uuid(typed.get("department")) or NO_UUID).first()
    if department is not None and not saving and request.actor.is_interested_in(department.pk):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    people = _people(department, _day(request, typed))
    now = timezone.localtime(request.at)
    initial = {"day": now.date().isoformat(), "started": f"{now:%H:%M}", "assessors": _myself(request, people)}
    form = InspectionForm(
        typed if saving else None,
        request=request,
        choices=departments_to_charge(request.actor),
        assessors=people,
        initial=initial | _values(typed),
    )
    entry = Entry(form=form, uuid=parse_uuid(typed.get("uuid")) or form.initial["uuid"], department=department)
    return _with_rules(request, entry, typed)


def changing(request: Asking, inspection: Inspection, typed: Mapping[str, Any] | None, *, saving: bool) -> Entry:
    """Return the form of an inspection that stands, filled in from it or with what was typed."""
    stored = draft_of(inspection)
    here = list(inspection.assessors.order_by("display_name", "pk"))  # those with an interest found since, too
    people = here + [one for one in _people(inspection.department, day_of(inspection.started_at)) if one not in here]
    form = InspectionForm(
        typed if saving else None,
        request=request,
        choices=[],
        assessors=people,
        initial=values_of(inspection, stored, people=here) | _values(typed or {}),
        fixed=inspection.department,
    )
    entry = Entry(
        form=form,
        uuid=inspection.uuid,
        department=inspection.department,
        inspection=inspection,
        version=_version(typed, inspection),
        marks=stored.marks,
        lines=dict(
            Deduction.objects.visible_to(request.actor)
            .standing()
            .filter(inspection=inspection)
            .order_by()
            .values_list("rule_id")
            .annotate(Count("pk"))
        ),
    )
    return _with_rules(request, entry, typed)


def _with_rules(request: Asking, entry: Entry, typed: Mapping[str, Any] | None) -> Entry:
    if entry.department is None:
        return entry
    entry.groups = rules_to_mark(entry.department, on=_day(request, typed or entry.form.initial))
    entry.before = found_before(
        request.actor,
        entry.department,
        by=entry.inspection.started_at if entry.inspection else request.at,
        except_for=entry.inspection.uuid if entry.inspection else None,
    )
    if typed is not None:
        entry.marks = marks_typed(typed, entry.groups)
    return entry


def _version(typed: Mapping[str, Any] | None, inspection: Inspection) -> int:
    """Return which version somebody had before them; 0, which is none and so stale, when that cannot be read."""
    try:
        return parse_count((typed or {}).get("version") or inspection.version)
    except ValueError:
        return 0


def _people(department: Department | None, day: date) -> list[User]:
    return assessors_for(department, on=day) if department else []


def _myself(request: Asking, people: Sequence[User]) -> list[str]:
    return [one.username for one in people if one.pk == request.actor.user_id]


def _values(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed as initial values; ticked assessors are several."""
    names = [name for name in InspectionForm.base_fields if typed.get(name)]
    values = {name: typed[name] for name in names}
    if "assessors" in names and isinstance(typed, QueryDict):
        values["assessors"] = typed.getlist("assessors")
    if isinstance(typed, PostedData):
        values["files"] = typed.uploads("files")
    return values


def _day(request: Asking, typed: Mapping[str, Any]) -> date:
    try:
        day = parse_date(typed.get("day"))
    except ValueError:
        day = day_of(request.at)
    return max(request.campaign.facts_from, min(day, request.campaign.facts_until))


def _differences(theirs: InspectionDraft, mine: InspectionDraft) -> list[Difference]:
    rows = [
        (_("Kind"), InspectionKind(theirs.kind).label, InspectionKind(mine.kind).label),
        (_("Began and ended"), _times(theirs), _times(mine)),
        (_("Assessors"), _names(theirs), _names(mine)),
        (_("Note"), theirs.note, mine.note),
    ]
    return [Difference(label, str(one), str(other)) for label, one, other in rows if one != other]


def _different_marks(theirs: InspectionDraft, mine: InspectionDraft) -> dict[int, MarkDraft]:
    nothing = MarkDraft()
    return {
        rule_id: theirs.marks.get(rule_id, nothing)
        for rule_id in {*theirs.marks, *mine.marks}
        if theirs.marks.get(rule_id, nothing) != mine.marks.get(rule_id, nothing)
    }


def _times(draft: InspectionDraft) -> str:
    started = timezone.localtime(draft.started_at)
    ended = timezone.localtime(draft.ended_at) if draft.ended_at else None
    return f"{started:%Y-%m-%d %H:%M}–{ended:%H:%M}" if ended else f"{started:%Y-%m-%d %H:%M}–"


def _names(draft: InspectionDraft) -> str:
    people = User.objects.filter(pk__in=draft.assessor_ids).order_by("display_name")
    return ", ".join(str(person) for person in people)
