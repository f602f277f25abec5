"""Accounts: made by the office, opened by a one-time password on a slip; an address is for reminders alone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from axes.utils import reset
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qualityseason.clock import wall_now
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import clean

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0 o 1 l i: a slip is read by eye
ONE_TIME_LENGTH = 12  # characters
LOGIN = re.compile(r"^[\w.@+-]{2,64}$")
MAXIMUM_NAME = 64
MAXIMUM_STAFF_NUMBER = 32


@dataclass(frozen=True)
class Slip:
    """What is printed once and kept nowhere: an account and its one-time password."""

    user: User
    password: str = field(repr=False)


def create_account(
    username: str,
    *,
    display_name: str,
    staff_number: str = "",
    email: str = "",
    by_id: int | None,
    campaign_id: int | None = None,
    at: datetime | None = None,
) -> User:
    """Return a new account that nobody can open before a slip is issued.

    Raises Refused at `username`, `display_name`, `staff_number` or `email`; its `existing` is the account in the way.
    """
    username, display_name, staff_number = clean(username), clean(display_name), clean(staff_number)
    _check_words(username, display_name, staff_number)
    email = address_of(email)
    taken = User.objects.filter(username__iexact=username).first()
    if taken is not None:
        raise Refused(_("This login name is taken."), field="username", code="taken", existing=taken)
    same_number = User.objects.filter(staff_number=staff_number).first() if staff_number else None
    if same_number is not None:
        message = _("The account %(login)s already has this staff number.") % {"login": same_number.username}
        raise Refused(message, field="staff_number", code="taken", existing=same_number)
    try:
        with transaction.atomic():
            values = {"display_name": display_name, "staff_number": staff_number, "email": email}
            user = User.objects.create_user(username, **values)
            after = {"username": username} | {name: value for name, value in values.items() if name != "email" or value}
            audit.record("account.create", user, by_id=by_id, campaign_id=campaign_id, at=at, after=after)
    except IntegrityError as error:  # somebody made the same account in this moment
        raise Refused(_("This login name is taken."), field="username", code="taken") from error
    return user


def address_of(email: str) -> str:
    """Return an e-mail address as it is kept, '' for none; raises Refused at `email`."""
    address = clean(email)
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("This is no e-mail address. Write it like name@example.cn, or leave it empty.")
        raise Refused(message, field="email", code="email") from error
    return address


@transaction.atomic
def change_email(
    user: User, *, email: str, by_id: int | None, campaign_id: int | None = None, at: datetime | None = None
) -> bool:
    """Set where the account's reminders are mailed to, '' for nowhere; returns whether that changed."""
    address = address_of(email)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.email == address:
        return False
    before, user.email = user.email, address
    user.save(update_fields=["email"])
    audit.record(
        "account.email",
        user,
        by_id=by_id,
        campaign_id=campaign_id,
        at=at,
        before={"email": before},
        after={"email": address},
    )
    return True


def _check_words(username: str, display_name: str, staff_number: str) -> None:
    if not LOGIN.match(username):
        message = _("A login name has 2 to 64 letters, digits or . @ + - _ and no blanks.")
        raise Refused(message, field="username", code="login")
    if not 0 < len(display_name) <= MAXIMUM_NAME:
        raise Refused(_("Give the name, at most 64 characters."), field="display_name", code="name")
    if len(staff_number) > MAXIMUM_STAFF_NUMBER:
        raise Refused(_("A staff number has at most 32 characters."), field="staff_number", code="number")


def issue_one_time_password(
    user: User, *, by_id: int | None, campaign_id: int | None = None, at: datetime | None = None
) -> str:
    """Give the account a one-time password and return it; ends the person's sessions and opens a locked login."""
    return issue_one_time_passwords([user], by_id=by_id, campaign_id=campaign_id, at=at)[0].password


def issue_one_time_passwords(
    users: Iterable[User], *, by_id: int | None, campaign_id: int | None = None, at: datetime | None = None
) -> list[Slip]:
    """Give each account a one-time password, all or none; returns the slips in the same order."""
    slips = [Slip(user, "".join(secrets.choice(READABLE) for _place in range(ONE_TIME_LENGTH))) for user in users]
    # before the transaction: hashing is slow on purpose and would hold SQLite's one writer
    hashes = [make_password(slip.password) for slip in slips]
    with transaction.atomic():
        for slip, hashed in zip(slips, hashes, strict=True):
            user = slip.user
            user.password, user.must_change_password, user.slip_issued_at = hashed, True, wall_now()
            user.save(update_fields=["password", "must_change_password", "slip_issued_at"])
            reset(username=user.username)
            audit.record("account.slip", user, by_id=by_id, campaign_id=campaign_id, at=at)
    return slips


@transaction.atomic
def unlock(user: User, *, by_id: int | None, campaign_id: int | None = None, at: datetime | None = None) -> int:
    """Forget the wrong passwords tried for this account, from every address; returns how many rows of tries went."""
    count: int = reset(username=user.username)
    audit.record("account.unlock", user, by_id=by_id, campaign_id=campaign_id, at=at)
    return count


@transaction.atomic
def change_password(user: User, *, password: str) -> None:
    """Set the person's own new password, checked by the form; every other session of theirs ends."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record("account.password", user, by_id=user.pk)
