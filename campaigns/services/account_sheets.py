"""Accounts brought in by sheet, with their roles, responsibilities and declared interests, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.facts import ShownRow, UnderstoodRow, Written
from campaigns.models import Campaign, Department, ImportBatch, Interest, Membership, Responsibility, StaffMember
from campaigns.services.people import add_interest, add_membership, add_responsibility, remove_responsibility
from campaigns.services.sheet_rows import Change, error_of, mark_of, totals_of
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.services.accounts import create_account
from qualityseason.text import squeeze

COLUMN_OF_FIELD = {
    "username": "login",
    "display_name": "name",
    "staff_number": "number",
    "role": "roles",
    "code": "tasks",
}


@dataclass(frozen=True)
class AccountRow:
    """One login with its roles in one department or none; a login may stand in several rows."""

    login: str
    name: str
    number: str
    roles: tuple[Role, ...]
    department: Department | None
    tasks: tuple[str, ...]
    interests: tuple[Department, ...]


@dataclass
class _Known:
    """What the portal has for these logins already. Four queries."""

    users: dict[str, User]
    memberships: set[tuple[int, str, int | None]]
    tasks: set[tuple[int, str]]
    interests: set[tuple[int, int]]


def write_accounts(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Make the accounts that are missing and give each login what it does not have yet."""
    written = Written()
    known = _load(batch.campaign, {item.values.login for item in rows}, at=at)
    for item in rows:
        values: AccountRow = item.values
        try:
            changes = _write_account(batch.campaign, values, known, by=by, at=at)
        except Refused as refused:
            written.errors.append(error_of(item, refused, COLUMN_OF_FIELD))
            continue
        written.changes += changes
        cells = (
            values.login,
            values.name,
            values.number,
            ", ".join(str(role.label) for role in values.roles),
            values.department.name if values.department else "",
            ", ".join(values.tasks),
            ", ".join(department.name for department in values.interests),
        )
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "user")))
    written.totals = totals_of(written)
    return written


def withdraw_accounts(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """End the roles this import gave and close the accounts it made; raises Refused for one's own roles."""
    own = Membership.objects.filter(user_id=by.user_id).values_list("uuid", flat=True)
    if {str(uuid) for uuid in own}.intersection(change.get("membership", "") for change in batch.changes):
        raise Refused(_("Your own role came with this import; another office account has to withdraw it."), code="own")
    for change in reversed(batch.changes):
        _take_back(change, by=by, at=at)


def _load(campaign: Campaign, logins: set[str], *, at: datetime) -> _Known:
    named = User.objects.annotate(folded=Lower("username"))
    found = named.filter(Q(username__in=logins) | Q(folded__in={login.lower() for login in logins}))
    users: dict[str, User] = {user.username.casefold(): user for user in found}
    ids = [user.pk for user in users.values()]
    memberships = Membership.objects.filter(campaign=campaign, user_id__in=ids).current(on=day_of(at))
    tasks = Responsibility.objects.filter(campaign=campaign, user_id__in=ids)
    interests = Interest.objects.filter(campaign=campaign, user_id__in=ids, ends_on__isnull=True)
    return _Known(
        users,
        set(memberships.values_list("user_id", "role", "department_id")),
        {(user_id or 0, code) for user_id, code in tasks.values_list("user_id", "code")},
        set(interests.values_list("user_id", "department_id")),
    )


def _write_account(campaign: Campaign, values: AccountRow, known: _Known, *, by: Actor, at: datetime) -> list[Change]:
    signed: dict[str, Any] = {"by_id": by.user_id, "at": at}
    user, changes = _user(campaign, values, known, by=by, at=at)
    for role in values.roles:
        key = (user.pk, role.value, values.department.pk if values.department else None)
        if key not in known.memberships:
            made = add_membership(
                campaign, user=user, role=role, department=values.department, starts_on=day_of(at), **signed
            )
            changes.append({"membership": str(made.uuid), "before": None})
            known.memberships.add(key)
    for code in values.tasks:
        if (user.pk, code) not in known.tasks:
            task = add_responsibility(campaign, code=code, department=None, user=user, **signed)
            changes.append({"responsibility": str(task.uuid), "before": None})
            known.tasks.add((user.pk, code))
    for department in values.interests:
        if (user.pk, department.pk) not in known.interests:
            interest = add_interest(
                campaign,
                user=user,
                department=department,
                reason=_("Declared with the list of accounts."),
                starts_on=day_of(at),
                **signed,
            )
            changes.append({"interest": str(interest.uuid), "before": None})
            known.interests.add((user.pk, department.pk))
    return changes


def _user(
    campaign: Campaign, values: AccountRow, known: _Known, *, by: Actor, at: datetime
) -> tuple[User, list[Change]]:
    user = known.users.get(values.login.casefold())
    if user is None:
        user = create_account(
            values.login,
            display_name=values.name,
            staff_number=values.number,
            by_id=by.user_id,
            campaign_id=campaign.pk,
            at=at,
        )
        known.users[values.login.casefold()] = user
        return user, [{"user": user.pk, "before": None}, *_link(campaign, user, by=by, at=at)]
    if squeeze(user.display_name) != squeeze(values.name):
        raise Refused(
            _("The login %(login)s belongs to %(name)s.") % {"login": user.username, "name": user.display_name},
            field="display_name",
            code="other_person",
        )
    if values.number and user.staff_number and user.staff_number != values.number:
        raise Refused(
            _("The login %(login)s has the staff number %(number)s.")
            % {"login": user.username, "number": user.staff_number},
            field="staff_number",
            code="other_number",
        )
    if user.is_active:
        return user, []
    _activate(user, active=True, campaign_id=campaign.pk, by=by, at=at)
    return user, [{"user": user.pk, "before": {"is_active": False}}]


def _link(campaign: Campaign, user: User, *, by: Actor, at: datetime) -> list[Change]:
    """Link the person of the staff list, so that postings count as interests (回避) from the first day."""
    if not user.staff_number:
        return []
    member = StaffMember.objects.filter(campaign=campaign, number=user.staff_number, user=None).first()
    if member is None:
        return []
    member.user = user
    member.save(update_fields=["user"])
    _audit("staff.link", member, campaign_id=campaign.pk, by=by, at=at, after={"user": user.username})
    return [{"staff": str(member.uuid), "before": {"user_id": None}}]


def _take_back(change: Change, *, by: Actor, at: datetime) -> None:
    if "membership" in change:
        membership = Membership.objects.select_related("user").filter(uuid=change["membership"]).first()
        if membership is not None:
            _end(membership, by=by, at=at)
    elif "responsibility" in change:
        task = Responsibility.objects.filter(uuid=change["responsibility"]).first()
        if task is not None:
            remove_responsibility(task, by_id=by.user_id, at=at)
    elif "interest" in change:
        interest = Interest.objects.filter(uuid=change["interest"], ends_on__isnull=True).first()
        if interest is not None:
            _audit("interest.remove", interest, campaign_id=interest.campaign_id, by=by, at=at)
            interest.delete()
    elif "staff" in change:
        StaffMember.objects.filter(uuid=change["staff"]).update(user=None)
    else:
        _close(User.objects.get(pk=change["user"]), by=by, at=at)


def _end(membership: Membership, *, by: Actor, at: datetime) -> None:
    """Take an unused role away; one that was used ends yesterday, so that it still counts as an interest."""
    if membership.ends_on is not None:
        return
    yesterday = day_of(at) - timedelta(days=1)
    used = membership.user.last_login is not None and membership.starts_on <= yesterday
    act = "membership.end" if used else "membership.remove"
    after = {"user": membership.user.username, "role": membership.role}
    _audit(act, membership, campaign_id=membership.campaign_id, by=by, at=at, after=after)
    if not used:
        membership.delete()
        return
    membership.ends_on = yesterday
    membership.save(update_fields=["ends_on"])


def _close(user: User, *, by: Actor, at: datetime) -> None:
    """Deactivate an account, unless it has roles by other ways."""
    others = Membership.objects.filter(user=user, ends_on__isnull=True)
    if user.is_active and not others.exists():
        _activate(user, active=False, campaign_id=by.campaign_id, by=by, at=at)


def _activate(user: User, *, active: bool, campaign_id: int, by: Actor, at: datetime) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    _audit("account.open" if active else "account.close", user, campaign_id=campaign_id, by=by, at=at)


def _audit(
    act: str,
    row: Membership | Interest | StaffMember | User,
    *,
    campaign_id: int,
    by: Actor,
    at: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(act, row, by_id=by.user_id, campaign_id=campaign_id, at=at, after=after)
