"""Whom or what a line is about, read from what somebody typed, and which department the rulebook charges then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import TEACHING_KINDS
from campaigns.models import Campaign, Department, Posting, StaffMember, StudentClass
from campaigns.queries.departments import PersonMatch, StaffBook, find_class, home_of
from qualityseason.errors import Refused
from qualityseason.text import clean, squeeze, tidy
from scoring.calculations import text_key
from scoring.enums import Attribution, SubjectKind
from scoring.facts import Subject
from scoring.models import Deduction, Finding, Rule

COMPLETIONS = 12  # rows a completion list offers


@dataclass(frozen=True)
class Proposal:
    """Whom the rulebook charges for a person or class, by which line; `rule` is None where nobody is charged there."""

    department: Department
    rule: Rule | None
    reason: str


@dataclass(frozen=True)
class Completion:
    """One offer while somebody types a subject: what is put into the field, and where it belongs."""

    value: str
    department: str


def resolve_subject(campaign: Campaign, rule: Rule, text: object, *, book: StaffBook | None = None) -> Subject:
    """Return the subject that `text` means for this rule: a known person or class, else text.

    A person is taken as 姓名 or 姓名(工号). Raises Refused on the field `subject` when the name fits several people, or
    when the number lost its leading zeros or belongs to somebody else. `book` saves the query for many rows.
    """
    if rule.subject == SubjectKind.MONTH or not clean(text):
        return Subject()
    if rule.subject == SubjectKind.PERSON:
        return _person((book or StaffBook(campaign, [text])).match(text), _text(rule, clean(text)))
    if rule.subject == SubjectKind.CLASS:
        found = find_class(campaign, text)
        return subject_of(found) if found else _text(rule, clean(text))
    return _text(rule, tidy(text))


def subject_of(who: StaffMember | StudentClass) -> Subject:
    """Return the subject that stands for a person of the staff list or a class."""
    if isinstance(who, StaffMember):
        return Subject(label=str(who), person_id=who.pk, key=f"person:{who.uuid}")
    return Subject(label=who.name, class_id=who.pk, key=f"class:{who.uuid}")


def stored_subject(row: Deduction | Finding) -> Subject:
    """Return the subject of a stored line or finding, loaded with rule, person and class, under its printed label."""
    if row.subject_person is not None:
        return Subject(row.subject_label, person_id=row.subject_person_id, key=f"person:{row.subject_person.uuid}")
    if row.subject_class is not None:
        return Subject(row.subject_label, class_id=row.subject_class_id, key=f"class:{row.subject_class.uuid}")
    return _text(row.rule, row.subject_label)


def subject_missing(rule: Rule) -> str:
    """Return the sentence for a line of this rule that names nobody and nothing."""
    return _("Rule %(rule)s needs a subject: %(kind)s.") % {"rule": rule.code, "kind": rule.get_subject_display()}


def twin_of(rule: Rule, *, block_id: int) -> Rule | None:
    """Return the line of the same family that serves this block, or None where the rule has no twin there."""
    return (
        Rule.objects.filter(campaign_id=rule.campaign_id, family=rule.family, block_id=block_id)
        .order_by("order")
        .first()
    )


def propose_charge(campaign: Campaign, rule: Rule, who: StaffMember | StudentClass, *, on: date) -> Proposal | None:
    """Return whom the rule charges for this person or class on that day, None where it names only the department.

    扣所在处室、扣所属部门 is the person's home, 扣所属系部 the class's department or the person's teaching department.
    If that department is in the other block the twin line is proposed; without a twin `rule` is None and nobody is
    charged there.
    """
    department = _attributed(rule, who, on=on)
    if department is None or department.campaign_id != campaign.pk:
        return None
    names = {"subject": subject_of(who).label, "department": department.name, "day": on.isoformat()}
    reason = _("%(subject)s belonged to %(department)s on %(day)s.") % names
    if rule.block_id in (None, department.block_id):
        return Proposal(department, rule, reason)
    return Proposal(department, twin_of(rule, block_id=department.block_id), reason)


def propose_for(campaign: Campaign, rule: Rule, subject: Subject, *, on: date) -> Proposal | None:
    """Return `propose_charge` for a resolved subject; None for text."""
    if subject.person_id is not None:
        return propose_charge(campaign, rule, StaffMember.objects.get(pk=subject.person_id), on=on)
    if subject.class_id is not None:
        found = StudentClass.objects.select_related("department__block").get(pk=subject.class_id)
        return propose_charge(campaign, rule, found, on=on)
    return None


def complete_subject(
    actor: Actor, kind: str, text: str, *, on: date, first: Department | None = None
) -> list[Completion]:
    """Return what a typed beginning may mean: people by name or staff number, classes by name. At most three queries.

    People of the department `first` come first.
    """
    typed = squeeze(text)
    if not typed:
        return []
    if kind == SubjectKind.CLASS:
        classes = StudentClass.objects.visible_to(actor).filter(squeezed_name__contains=typed)
        rows = classes.select_related("department").order_by("name")[:COMPLETIONS]
        return [Completion(row.name, row.department.name) for row in rows]
    if kind != SubjectKind.PERSON:
        return []
    people = StaffMember.objects.visible_to(actor).filter(
        Q(squeezed_name__contains=typed) | Q(number__istartswith=typed)
    )
    homes = Posting.objects.filter(campaign_id=actor.campaign_id).current(on=on)
    near = people.filter(postings__in=homes.filter(department=first)) if first else people.none()
    found = list(near.order_by("number")[:COMPLETIONS])
    if len(found) < COMPLETIONS:
        known = {person.pk for person in found}
        found += list(people.exclude(pk__in=known).order_by("number")[: COMPLETIONS - len(found)])
    names = dict(
        homes.filter(staff_member__in=found).order_by("starts_on").values_list("staff_member_id", "department__name")
    )
    return [Completion(str(person), names.get(person.pk, "")) for person in found]


def _person(match: PersonMatch, unknown: Subject) -> Subject:
    if match.person is not None:
        return subject_of(match.person)
    if match.near is not None:
        raise Refused(
            _("The staff list has no %(typed)s; it has %(near)s.") % {"typed": unknown.label, "near": match.near},
            field="subject",
            code="near",
        )
    if match.candidates:
        raise Refused(
            _("Several people are called %(name)s: %(people)s. Add the staff number in brackets.")
            % {"name": match.name, "people": _(", ").join(str(person) for person in match.candidates)},
            field="subject",
            code="ambiguous",
        )
    return unknown


def _text(rule: Rule, label: str) -> Subject:
    return Subject(label=label, key=text_key(label, rule.subject))


def _attributed(rule: Rule, who: StaffMember | StudentClass, *, on: date) -> Department | None:
    if rule.attribution not in (Attribution.HOME, Attribution.TEACHING):
        return None
    if isinstance(who, StudentClass):
        return who.department
    home = home_of(who, on=on)
    if rule.attribution == Attribution.TEACHING and home is not None and home.kind not in TEACHING_KINDS:
        return None
    return home
