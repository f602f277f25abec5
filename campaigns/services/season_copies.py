"""The next season as a copy of this one: set up, with dates moved; no records, and this one untouched."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.calculations.season_shift import shift_months, shift_years, whole_years
from campaigns.enums import Role
from campaigns.models import (
    Block,
    Campaign,
    Department,
    DepartmentLeader,
    Duty,
    Membership,
    Milestone,
    Phase,
    Responsibility,
    Term,
)
from campaigns.queries.season_copies import (
    NameBook,
    SeasonDraft,
    days_between,
    name_book,
    preview_copy,
    standing_departments,
    term_name,
)
from campaigns.services.obligations import make_obligations
from campaigns.services.people import add_membership
from campaigns.services.recommendations import within
from qualityseason import clock
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import clean

SLUG = re.compile(r"[A-Za-z0-9_-]{1,50}")
MAXIMUM_NAME = 100
FARTHEST = timedelta(days=5 * 366)
OF_THE_NOTICE: dict[str, Any] = {
    "document_number": "",
    "issued_on": None,
    "dates_source": "",
    "roster": [],
}  # left empty


@transaction.atomic
def copy_season(
    campaign: Campaign, draft: SeasonDraft, *, seen: str | None = None, office: User, by: Actor | None, at: datetime
) -> Campaign:
    """Return a new season set up like this one, `office` being its campaign office; sent twice it is made once.

    `seen` is the digest of the preview the decision rests on (None: any), `by` nobody for a command. Raises Refused at
    `slug`, `name` or `starts_on`, and as stale where the preview would say something else by now.
    """
    if by is not None and not by.has(Role.OFFICE):
        raise PermissionDenied
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    draft = judged(campaign, draft)
    there = Campaign.objects.filter(slug=draft.slug).first()
    if there is not None:
        return _same(there, draft, office)
    if seen is not None and seen != preview_copy(campaign, draft).digest:
        raise Refused(_("Look at the preview first; it says something else by now."), code="stale")
    copied = _copy_campaign(campaign, draft)
    departments = _copy_departments(campaign, copied)
    _copy_dates(campaign, copied, draft, _names(campaign))
    _copy_what_departments_hold(campaign, copied, departments)
    for part in hooks.season_parts:
        part.copy(campaign, copied, max(day_of(at), campaign.facts_from))
    make_obligations(copied)
    audit.record(
        "season.copy",
        copied,
        by_id=by.user_id if by else None,
        campaign_id=copied.pk,
        at=clock.now(copied),
        after={"of": campaign.slug, "name": draft.name, "starts_on": draft.starts_on, "office": office.username},
    )
    starts_on = min(copied.facts_from, day_of(clock.now(copied)))
    add_membership(
        copied,
        user=office,
        role=Role.OFFICE,
        department=None,
        starts_on=starts_on,
        by_id=by.user_id if by else None,
        at=clock.now(copied),
    )
    return copied


def judged(campaign: Campaign, draft: SeasonDraft) -> SeasonDraft:
    """Return the draft as it is understood; raises Refused at the field that is wrong."""
    slug = clean(draft.slug)
    if not SLUG.fullmatch(slug):
        message = _("The short name stands in addresses: letters a to z, digits, - and _ alone, like 2010.")
        raise Refused(message, field="slug", code="slug")
    name = within(clean(draft.name), MAXIMUM_NAME, "name", _("Name the new season."))
    if draft.starts_on <= campaign.starts_on:
        message = _("The new season begins after the old one, which began on %(day)s.")
        raise Refused(message % {"day": campaign.starts_on.isoformat()}, field="starts_on", code="order")
    if draft.starts_on > campaign.starts_on + FARTHEST:
        raise Refused(_("That is more than five years away. Look at the year again."), field="starts_on", code="far")
    return SeasonDraft(slug, name, draft.starts_on, draft.term_names)


def refuse_taken(slug: str) -> None:
    """Say that a short name is another season's."""
    message = _("A season with the short name “%(slug)s” is there already. Choose another.")
    raise Refused(message % {"slug": slug}, field="slug", code="taken")


def _same(there: Campaign, draft: SeasonDraft, office: User) -> Campaign:
    """Return the season made by the same form sent twice; any other is in the way."""
    is_office = Membership.objects.filter(campaign=there, user=office, role=Role.OFFICE).exists()
    if not is_office or (there.name, there.starts_on) != (draft.name, draft.starts_on):
        refuse_taken(draft.slug)
    return there


def _values(row: models.Model, *left_out: str) -> dict[str, Any]:
    """Return the fields of a row, its keys and those named left out, as values of another one."""
    keys = {"id", "uuid", "campaign", *left_out}
    fields = [field for field in row._meta.concrete_fields if field.name not in keys]
    return {field.attname: deepcopy(getattr(row, field.attname)) for field in fields}


def _names(campaign: Campaign) -> NameBook:
    return name_book(campaign, standing_departments(campaign))


def _copy_campaign(campaign: Campaign, draft: SeasonDraft) -> Campaign:
    days = days_between(campaign, draft)
    by, book = timedelta(days=days), _names(campaign)
    values = _values(campaign, *OF_THE_NOTICE) | deepcopy(OF_THE_NOTICE)
    values |= {name: values[name] + by for name in ("starts_on", "ends_on", "facts_from", "facts_until")}
    values["working_months"] = shift_months(campaign.working_months, days)
    values["lists"] = values["lists"] | _monthly(values["lists"], book)
    try:
        with transaction.atomic():
            return Campaign.objects.create(**values | {"slug": draft.slug, "name": draft.name})
    except IntegrityError:  # made in the same moment, from another season
        refuse_taken(draft.slug)
        raise


def _monthly(lists: dict[str, Any], book: NameBook) -> dict[str, Any]:
    """Return the monthly lists with names borne now; one that nobody would owe any more is left out."""
    if "monthly" not in lists:
        return {}
    entries = []
    for entry in lists["monthly"]:
        named = {key: book.carried(entry[key]) for key in ("owed_by", "to") if key in entry}
        if named["owed_by"] or not entry["owed_by"]:
            entries.append(entry | named)
    return {"monthly": entries}


def _copy_departments(campaign: Campaign, copied: Campaign) -> dict[int, Department]:
    """Return the new departments by the id of the old one; closed ones are left out."""
    blocks = {
        block.pk: Block.objects.create(campaign=copied, **_values(block))
        for block in Block.objects.filter(campaign=campaign)
    }
    return {
        row.pk: Department.objects.create(campaign=copied, block=blocks[row.block_id], **_values(row, "block"))
        for row in standing_departments(campaign)
    }


def _copy_dates(campaign: Campaign, copied: Campaign, draft: SeasonDraft, book: NameBook) -> None:
    days = days_between(campaign, draft)
    by = timedelta(days=days)
    for term in Term.objects.filter(campaign=campaign):
        values = _values(term) | {"name": term_name(term, draft, days=days)}
        values["code"] = shift_years(term.code, whole_years(days))
        values |= {"starts_on": term.starts_on + by, "ends_on": term.ends_on + by}
        Term.objects.create(campaign=copied, **values)
    phases = {}
    for phase in Phase.objects.filter(campaign=campaign):
        values = _values(phase) | {"starts_on": phase.starts_on + by, "ends_on": phase.ends_on + by}
        phases[phase.pk] = Phase.objects.create(campaign=copied, **values)
    for row in Milestone.objects.filter(campaign=campaign):
        values = _values(row, "phase") | {"due_on": row.due_on + by, "owed_by": book.carried(row.owed_by)}
        values["opens_on"] = row.opens_on + by if row.opens_on else None
        if row.owed_by and not values["owed_by"]:  # an empty list would mean everybody
            values["obligation"] = ""
        phase_of_it = phases[row.phase_id] if row.phase_id is not None else None
        Milestone.objects.create(campaign=copied, phase=phase_of_it, **values)


def _copy_what_departments_hold(campaign: Campaign, copied: Campaign, departments: dict[int, Department]) -> None:
    duties = Duty.objects.filter(campaign=campaign, department__in=departments, ended_at__isnull=True)
    for duty in duties:
        Duty.objects.create(campaign=copied, department=departments[duty.department_id], **_values(duty, "department"))
    leaders = DepartmentLeader.objects.filter(campaign=campaign, department__in=departments)
    for leader in leaders:
        values = _values(leader, "department")
        DepartmentLeader.objects.create(campaign=copied, department=departments[leader.department_id], **values)
    for row in Responsibility.objects.filter(campaign=campaign):
        if row.department_id is None or row.department_id in departments:
            holder = departments[row.department_id] if row.department_id is not None else None
            Responsibility.objects.create(campaign=copied, department=holder, user=row.user, code=row.code)
