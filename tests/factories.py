"""Plain functions that make what a test needs; real rows, through services where there is one."""

import uuid
from datetime import date, datetime, timedelta, timezone

from campaigns.actors import Actor
from campaigns.enums import StaffCategory
from campaigns.models import Campaign, Department, Membership, Posting, StaffMember, StudentClass
from campaigns.queries.actors import load_actor
from qualityseason.models import User
from qualityseason.text import squeeze
from scoring.facts import Subject
from scoring.models import Deduction, Rule
from scoring.queries.subjects import resolve_subject
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import confirm_deductions, record_deduction

PASSWORD = "quality-season"
SHANGHAI = timezone(timedelta(hours=8))
NOON = datetime(2009, 12, 28, 12, 0, tzinfo=SHANGHAI)
DAY = date(2009, 11, 20)


def make_user(username="person", *, name="", **fields) -> User:
    """Return a user who can log in with PASSWORD."""
    return User.objects.create_user(username, PASSWORD, display_name=name or username, **fields)


def make_membership(season, user, role, *, department=None, starts_on=None, ends_on=None) -> Membership:
    """Return a membership from the first day of the season's facts on."""
    return Membership.objects.create(
        campaign=season,
        user=user,
        role=role,
        department=department,
        starts_on=starts_on or season.facts_from,
        ends_on=ends_on,
    )


def make_actor(season, role, *, username=None, department=None) -> Actor:
    """Return the actor of a new user with one role."""
    user = make_user(username or f"{role.lower()}-{uuid.uuid4().hex[:6]}")
    make_membership(season, user, role, department=department)
    actor = load_actor(user, season, on=season.facts_until)
    assert actor is not None
    return actor


def department(season, name="图书馆") -> Department:
    """Return the department of that name."""
    return Department.objects.select_related("block", "campaign").get(campaign=season, name=name)


def rule(season, code) -> Rule:
    """Return the rule of that code."""
    return Rule.objects.get(campaign=season, code=code)


def make_person(season, name="张伟", *, number="00123", home="图书馆", category=StaffCategory.FULL_TIME) -> StaffMember:
    """Return a person on the staff list, posted to `home` from the first day on."""
    person = StaffMember.objects.create(
        campaign=season, number=number, name=name, squeezed_name=squeeze(name), category=category
    )
    Posting.objects.create(
        campaign=season, staff_member=person, department=department(season, home), starts_on=season.facts_from
    )
    return person


def make_class(season, name="会计0901", *, home="财会金融系") -> StudentClass:
    """Return a class of a department."""
    return StudentClass.objects.create(
        campaign=season, name=name, squeezed_name=squeeze(name), department=department(season, home)
    )


def make_draft(season, code, *, charged="图书馆", quantity=1, happened_on=DAY, **values) -> DeductionDraft:
    """Return a draft of a deduction."""
    return DeductionDraft(
        uuid=values.pop("uuid", None) or uuid.uuid4(),
        charged=department(season, charged),
        rule=rule(season, code),
        quantity=quantity,
        happened_on=happened_on,
        **values,
    )


def make_deduction(season, code, *, by, confirmed_by=None, at=NOON, **values) -> Deduction:
    """Return a recorded line, confirmed when `confirmed_by` is given."""
    line = record_deduction(make_draft(season, code, **values), by=by, at=at)
    if confirmed_by is not None:
        confirm_deductions([line], by=confirmed_by, at=at)
        line.refresh_from_db()
    return line


def season_of(slug) -> Campaign:
    """Return the campaign of that slug."""
    return Campaign.objects.get(slug=slug)


def make_subject(season, code, text) -> Subject:
    """Return what `text` typed as the subject of a rule means: a known person or class, else text."""
    return resolve_subject(season, rule(season, code), text)
