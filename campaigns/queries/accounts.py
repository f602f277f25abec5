"""The accounts of a campaign: in whose reach they are, who is locked out, whose slip is out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Max, Q, QuerySet, Sum

from campaigns.actors import Actor
from campaigns.enums import OVERSEEING_ROLES, Role
from campaigns.models import Department, Membership
from qualityseason.models import AuditEntry, User

NO_SLIP, SLIP_OUT, SLIP_EXPIRED, SLIP_USED = "none", "out", "expired", "used"


@dataclass(frozen=True)
class AccountRow:
    """One account: what it may be, when it last came in, where its slip is, whether its login is paused."""

    username: str
    name: str
    staff_number: str
    email: str
    roles: tuple[str, ...]
    last_login: datetime | None
    slip: str
    slip_at: datetime | None
    is_locked: bool
    is_own: bool
    is_elsewhere: bool  # oversees another season: no slip from here


def accounts_in_reach(actor: Actor, *, on: date) -> QuerySet[User]:
    """Return the accounts whose slip the actor may issue and whose login the actor may open; the rest don't exist.

    The office: everybody of the campaign (but no slip for `overseers_elsewhere`). A head: the liaisons of the
    departments headed who hold no other role anywhere (else a head could come in as the campaign office). Never a
    superuser.
    """
    users = User.objects.filter(is_superuser=False)
    of_campaign = Membership.objects.filter(campaign_id=actor.campaign_id)
    if actor.has(Role.OFFICE):
        return users.filter(pk__in=of_campaign.values("user_id"))
    headed = Department.objects.filter(pk__in=actor.headed)
    own = of_campaign.filter(role=Role.STAFF, department__in=headed).current(on=on)
    # a liaison of the same department in another season is the same job
    other = Membership.objects.filter(_not_over(on)).exclude(
        role=Role.STAFF, department__name__in=headed.values("name")
    )
    return users.filter(pk__in=own.values("user_id")).exclude(pk__in=other.values("user_id"))


def overseers_elsewhere(campaign_id: int, users: Iterable[int], *, on: date) -> set[int]:
    """Return who of `users` oversees another season: a slip from this one would open that one too. One query."""
    elsewhere = Membership.objects.filter(_not_over(on), user_id__in=users, role__in=sorted(OVERSEEING_ROLES))
    return set(elsewhere.exclude(campaign_id=campaign_id).values_list("user_id", flat=True))


def _not_over(on: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=on)


def account_rows(
    actor: Actor, *, on: date, wall: datetime, role: str = "", department: Department | None = None, slip: str = ""
) -> list[AccountRow]:
    """Return the accounts in reach in the order of their logins. Five queries."""
    users = accounts_in_reach(actor, on=on)
    holders = Membership.objects.filter(campaign_id=actor.campaign_id).current(on=on)
    if role:
        users = users.filter(pk__in=holders.filter(role=role).values("user_id"))
    if department is not None:
        users = users.filter(pk__in=holders.filter(department=department).values("user_id"))
    found = [user for user in users.order_by("username") if slip in ("", slip_of(user, wall=wall))]
    ids = [user.pk for user in found]
    roles = _roles_of(actor, ids, on=on)
    issued = _slips_of(ids)
    elsewhere = overseers_elsewhere(actor.campaign_id, ids, on=on)
    locked = locked_logins([user.username for user in found], wall=wall)
    return [
        AccountRow(
            username=user.username,
            name=user.display_name,
            staff_number=user.staff_number,
            email=user.email,
            roles=tuple(roles[user.pk]),
            last_login=user.last_login,
            slip=slip_of(user, wall=wall),
            slip_at=issued.get(str(user.pk)),
            is_locked=user.username in locked,
            is_own=user.pk == actor.user_id,
            is_elsewhere=user.pk in elsewhere,
        )
        for user in found
    ]


def slip_of(user: User, *, wall: datetime) -> str:
    """Return where the slip is: not issued yet, out and unused, expired, or used (the person has an own password)."""
    if user.password.startswith(UNUSABLE_PASSWORD_PREFIX):
        return NO_SLIP
    if user.has_expired_slip(at=wall):
        return SLIP_EXPIRED
    return SLIP_OUT if user.must_change_password else SLIP_USED


def roles_on_slips(actor: Actor, users: list[User], *, on: date) -> dict[int, list[str]]:
    """Return user id → the roles printed on the slip. One query."""
    return _roles_of(actor, [user.pk for user in users], on=on)


def _roles_of(actor: Actor, ids: list[int], *, on: date) -> dict[int, list[str]]:
    memberships = Membership.objects.filter(campaign_id=actor.campaign_id, user_id__in=ids).current(on=on)
    roles: dict[int, list[str]] = defaultdict(list)
    for membership in memberships.select_related("department").order_by("role", "department__order"):
        label = str(Role(membership.role).label)
        department = membership.department
        roles[membership.user_id].append(f"{department.name} · {label}" if department else label)
    return roles


def _slips_of(ids: list[int]) -> dict[str, datetime]:
    slips = AuditEntry.objects.filter(
        object_type=User._meta.label, object_id__in=[str(pk) for pk in ids], act="account.slip"
    )
    return dict(slips.values_list("object_id").annotate(Max("at")).order_by())


def locked_logins(usernames: list[str], *, wall: datetime) -> set[str]:
    """Return which logins are paused now from at least one address. One query."""
    tries = (
        AccessAttempt.objects.filter(username__in=usernames, attempt_time__gte=wall - settings.AXES_COOLOFF_TIME)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by()
    )
    return {row["username"] for row in tries}
