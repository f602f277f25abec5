"""Demo accounts and the demo clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.db import transaction

from campaigns.enums import Role
from campaigns.models import Campaign, Department, Membership
from campaigns.queries.departments import DepartmentBook
from campaigns.services.accounts import add_account
from campaigns.services.people import add_membership
from qualityseason.clock import wall_now
from qualityseason.models import User
from qualityseason.services import audit


@dataclass(frozen=True)
class DemoAccount:
    """One account to be there: login, name, staff number, role and department."""

    username: str
    name: str
    staff_number: str
    role: str
    department: Department | None = None


def staff_number(department: Department, place: int) -> str:
    """Return the demo's staff number: the department's place in the scheme and the person's place in it."""
    return f"{department.order:02d}{place:03d}"


def set_clock(campaign: Campaign, *, start: datetime) -> None:
    """Let the campaign's clock read `start` now and run on from there."""
    campaign.clock_offset = start - wall_now()
    campaign.save(update_fields=["clock_offset"])


@transaction.atomic
def seed_accounts(campaign: Campaign, data: dict[str, Any], *, password: str) -> int:
    """Make the demo accounts that are missing, give all of them `password`, and return how many were made.

    Accounts and memberships that are there stay as they are; a password is written only where it differs.
    """
    at = data["entered_at"]
    passwords = _Passwords(password)
    made = 0
    for account in list_accounts(campaign, data):
        user = User.objects.filter(username=account.username).first()
        if user is None:
            user = _add(campaign, account, at=at)
            made += 1
        elif not _has_membership(campaign, user, account):
            add_membership(
                campaign,
                user=user,
                role=account.role,
                department=account.department,
                starts_on=campaign.facts_from,
                by_id=None,
                at=at,
            )
        passwords.give(user)
    return made


def list_accounts(campaign: Campaign, data: dict[str, Any]) -> Iterator[DemoAccount]:
    """Yield the accounts of the data: the team, then head and liaison of each department in the scheme's order."""
    book = DepartmentBook(campaign)
    for entry in data["team"]:
        department = book.find(entry["department"]) if "department" in entry else None
        yield DemoAccount(entry["username"], entry["name"], entry["staff_number"], entry["role"], department)
    officers = (("head", Role.HEAD, "heads"), ("staff", Role.STAFF, "liaisons"))
    for place, (login, role, names) in enumerate(officers, start=1):
        for department, name in zip(book.departments, data["departments"][names], strict=True):
            number = staff_number(department, place)
            yield DemoAccount(f"{login}-{department.order:02d}", name, number, role, department)


def _add(campaign: Campaign, account: DemoAccount, *, at: datetime) -> User:
    membership = add_account(
        campaign,
        username=account.username,
        display_name=account.name,
        staff_number=account.staff_number,
        role=account.role,
        department=account.department,
        starts_on=campaign.facts_from,
        by_id=None,
        at=at,
    )
    return membership.user


def _has_membership(campaign: Campaign, user: User, account: DemoAccount) -> bool:
    same = Membership.objects.filter(campaign=campaign, user=user, role=account.role)
    return same.filter(department=account.department).exists()


class _Passwords:
    """Gives the demo password; hashed once, because Argon2 is slow on purpose and there are 54 accounts."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._encoded = ""
        self._good: set[str] = set()

    def give(self, user: User) -> None:
        """Set the password where the account has another one, without a forced change."""
        if not user.must_change_password and self._fits(user.password):
            return
        if not self._encoded:
            self._encoded = make_password(self._password)
            self._good.add(self._encoded)
        user.password, user.must_change_password = self._encoded, False
        user.save(update_fields=["password", "must_change_password"])
        audit.record("account.demo_password", user, by_id=None)

    def _fits(self, encoded: str) -> bool:
        if not is_password_usable(encoded):
            return False
        if encoded not in self._good and check_password(self._password, encoded):
            self._good.add(encoded)
            self._encoded = self._encoded or encoded
        return encoded in self._good
