"""Accounts brought in by sheet, with their roles, responsibilities and declared interests, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.facts import ShownRow, UnderstoodRow, Written
from campaigns.models import Campaign, Department, ImportBatch, Interest, Membership, Responsibility, StaffMember
from campaigns.services.sheet_rows import CHUNK, Change, error_of, lock_lists, mark_of, totals_of
from campaigns.services.taking_back import keep_interests
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.services.accounts import address_of, change_email, create_account
from qualityseason.text import squeeze

_Given = Membership | Responsibility | Interest
COLUMN_OF_FIELD = {
    "username": "login",
    "display_name": "name",
    "staff_number": "number",
    "role": "roles",
    "code": "tasks",
    "email": "email",
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
    email: str = ""


def write_accounts(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Make the accounts that are missing and give each login what it does not have yet."""
    written = Written()
    lock_lists(batch.campaign_id)
    accounts = _Accounts(batch.campaign, [item.values for item in rows], by=by, at=at)
    for item in rows:
        values: AccountRow = item.values
        try:
            changes = accounts.write(values)
        except Refused as refused:
            written.errors.append(error_of(item, refused, COLUMN_OF_FIELD))
            continue
        written.changes += changes
        cells = (
            values.login,
            values.name,
            values.number,
            "、".join(str(role.label) for role in values.roles),
            values.department.name if values.department else "",
            "、".join(values.tasks),
            "、".join(department.name for department in values.interests),
            values.email,
        )
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "user")))
    if not written.errors:
        accounts.save()
    written.totals = totals_of(written)
    return written


def withdraw_accounts(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """End the roles this import gave and close the accounts it made; raises Refused for one's own roles."""
    lock_lists(batch.campaign_id)
    own = Membership.objects.filter(user_id=by.user_id).values_list("uuid", flat=True)
    if {str(uuid) for uuid in own}.intersection(change.get("membership", "") for change in batch.changes):
        raise Refused(_("Your own role came with this import; another office account has to withdraw it."), code="own")
    with keep_interests(batch.campaign, by=by, at=at):
        _end(Membership.objects.filter(uuid__in=_named(batch, "membership")), by=by, at=at)
        Responsibility.objects.filter(uuid__in=_named(batch, "responsibility")).delete()
        Interest.objects.filter(uuid__in=_named(batch, "interest"), ends_on__isnull=True).delete()
        StaffMember.objects.filter(uuid__in=_named(batch, "staff")).update(user=None)
        _put_addresses_back(batch, by=by, at=at)
        _close(User.objects.filter(pk__in=_named(batch, "user")), by=by, at=at)


class _Accounts:
    """What the portal has for these logins, and what a sheet gives them, written when it is through. Six queries.

    The rules are those of `campaigns.services.people`, asked of what was read once instead of login by login.
    """

    def __init__(self, campaign: Campaign, rows: Sequence[AccountRow], *, by: Actor, at: datetime) -> None:
        self._campaign, self._by, self._at, self._today = campaign, by, at, day_of(at)
        logins = {row.login for row in rows}
        named = User.objects.annotate(folded=Lower("username"))
        found = named.filter(Q(username__in=logins) | Q(folded__in={login.lower() for login in logins}))
        self._users: dict[str, User] = {user.username.casefold(): user for user in found}
        ids = [user.pk for user in self._users.values()]
        memberships = Membership.objects.filter(campaign=campaign, user_id__in=ids)
        self._roles = _keys(memberships.current(on=self._today), "user_id", "role", "department_id")
        self._coming = _keys(memberships.filter(starts_on__gt=self._today), "user_id", "role", "department_id")
        self._tasks = _keys(Responsibility.objects.filter(campaign=campaign, user_id__in=ids), "user_id", "code")
        interests = Interest.objects.filter(campaign=campaign, user_id__in=ids, ends_on__isnull=True)
        self._interests = _keys(interests, "user_id", "department_id")
        numbers = {row.number for row in rows}
        unlinked = StaffMember.objects.filter(campaign=campaign, number__in=numbers, user=None)
        self._unlinked = {member.number: member for member in unlinked}
        self._made: dict[type[_Given], list[Any]] = {Membership: [], Responsibility: [], Interest: []}
        self._linked: list[StaffMember] = []

    def write(self, values: AccountRow) -> list[Change]:
        """Give one login what it lacks and return what changes; raises Refused at the field that is wrong."""
        user, changes = self._user(values)
        department = values.department
        changes += self._mail(user, values.email)
        for role in values.roles:
            if self._is_new(self._roles, user.pk, role.value, department.pk if department else None):
                changes.append(self._give_role(user, role, department))
        for code in values.tasks:
            if self._is_new(self._tasks, user.pk, code):
                changes.append(self._give(Responsibility(campaign=self._campaign, code=code, user=user)))
        for own in values.interests:
            if self._is_new(self._interests, user.pk, own.pk):
                reason = _("Declared with the list of accounts.")
                interest = Interest(campaign=self._campaign, user=user, department=own, reason=reason)
                interest.starts_on = self._today
                changes.append(self._give(interest))
        return changes

    def save(self) -> None:
        """Write everything down but the accounts themselves, which are there already."""
        for model, made in self._made.items():
            model._default_manager.bulk_create(made, batch_size=CHUNK)
        StaffMember.objects.bulk_update(self._linked, ["user"], batch_size=CHUNK)

    @staticmethod
    def _is_new(known: set[tuple[Any, ...]], *key: object) -> bool:
        if key in known:
            return False
        known.add(key)
        return True

    def _mail(self, user: User, email: str) -> list[Change]:
        """Set the address reminders go to, where the sheet says another; an account just made has it already."""
        address = address_of(email)
        if not address or address == user.email:
            return []
        before, user.email = user.email, address
        change_email(user, email=address, by_id=self._by.user_id, campaign_id=self._campaign.pk, at=self._at)
        return [{"address": user.pk, "before": before}]

    def _give(self, row: _Given) -> Change:
        self._made[type(row)].append(row)
        return {type(row).__name__.lower(): str(row.uuid), "before": None}

    def _give_role(self, user: User, role: Role, department: Department | None) -> Change:
        if (user.pk, role.value, department.pk if department else None) in self._coming:
            message = _("%(person)s already is this in that time.") % {"person": user.display_name}
            raise Refused(message, field="role", code="already")
        return self._give(
            Membership(campaign=self._campaign, user=user, role=role, department=department, starts_on=self._today)
        )

    def _user(self, values: AccountRow) -> tuple[User, list[Change]]:
        user = self._users.get(values.login.casefold())
        if user is None:
            return self._new_user(values)
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
        _activate(user, active=True, campaign_id=self._campaign.pk, by=self._by, at=self._at)
        return user, [{"user": user.pk, "before": {"is_active": False}}]

    def _new_user(self, values: AccountRow) -> tuple[User, list[Change]]:
        """Make the account and link the person of the staff list, so that postings count as interests (回避)."""
        user = create_account(
            values.login,
            display_name=values.name,
            staff_number=values.number,
            email=values.email,
            by_id=self._by.user_id,
            campaign_id=self._campaign.pk,
            at=self._at,
        )
        self._users[values.login.casefold()] = user
        changes: list[Change] = [{"user": user.pk, "before": None}]
        member = self._unlinked.pop(user.staff_number, None)
        if member is not None:
            member.user = user
            self._linked.append(member)
            changes.append({"staff": str(member.uuid), "before": {"user_id": None}})
        return user, changes


def _put_addresses_back(batch: ImportBatch, *, by: Actor, at: datetime) -> None:
    """Give the accounts that got another address with this import the one they had."""
    before = {change["address"]: change["before"] for change in reversed(batch.changes) if "address" in change}
    for user in User.objects.filter(pk__in=before):
        change_email(user, email=before[user.pk], by_id=by.user_id, campaign_id=batch.campaign_id, at=at)


def _keys(rows: QuerySet[Any], *names: str) -> set[tuple[Any, ...]]:
    return set(rows.values_list(*names))


def _named(batch: ImportBatch, key: str) -> list[Any]:
    return [change[key] for change in batch.changes if key in change]


def _end(memberships: QuerySet[Membership], *, by: Actor, at: datetime) -> None:
    """Take unused roles away; one that was used ends yesterday, so that it still counts as an interest."""
    yesterday = day_of(at) - timedelta(days=1)
    standing = memberships.filter(ends_on__isnull=True)
    for membership in standing.filter(user__last_login__isnull=False, starts_on__lte=yesterday).select_related("user"):
        membership.ends_on = yesterday
        membership.save(update_fields=["ends_on"])
        after = {"user": membership.user.username, "role": membership.role}
        _audit("membership.end", membership, campaign_id=membership.campaign_id, by=by, at=at, after=after)
    standing.delete()


def _close(users: QuerySet[User], *, by: Actor, at: datetime) -> None:
    """Deactivate the accounts that have no role by other ways."""
    for user in users.filter(is_active=True).exclude(pk__in=_with_open_role()):
        _activate(user, active=False, campaign_id=by.campaign_id, by=by, at=at)


def _with_open_role() -> QuerySet[Membership, int]:
    return Membership.objects.filter(ends_on__isnull=True).values_list("user_id", flat=True)


def _activate(user: User, *, active: bool, campaign_id: int, by: Actor, at: datetime) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    _audit("account.open" if active else "account.close", user, campaign_id=campaign_id, by=by, at=at)


def _audit(
    act: str,
    row: Membership | User,
    *,
    campaign_id: int,
    by: Actor,
    at: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(act, row, by_id=by.user_id, campaign_id=campaign_id, at=at, after=after)
