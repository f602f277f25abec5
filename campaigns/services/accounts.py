"""Accounts as the campaign gives them: with a role, a place on the staff list, and a slip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Department, Membership, StaffMember
from campaigns.queries.accounts import overseers_elsewhere
from campaigns.services.people import add_membership
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services.accounts import Slip, create_account, issue_one_time_passwords


@transaction.atomic
def add_account(
    campaign: Campaign,
    *,
    username: str,
    display_name: str,
    staff_number: str,
    email: str = "",
    role: str,
    department: Department | None,
    starts_on: date,
    by_id: int | None,
    at: datetime | None,
) -> Membership:
    """Make an account with one role; the person of that number on the staff list is linked to it.

    Raises Refused at `username`, `display_name`, `staff_number`, `email`, `role` or `department`.
    """
    user = create_account(
        username,
        display_name=display_name,
        staff_number=staff_number,
        email=email,
        by_id=by_id,
        campaign_id=campaign.pk,
        at=at,
    )
    if user.staff_number:
        # so that postings count as interests (回避) from the first day
        StaffMember.objects.filter(campaign=campaign, number=user.staff_number, user=None).update(user=user)
    return add_membership(
        campaign, user=user, role=role, department=department, starts_on=starts_on, by_id=by_id, at=at
    )


def issue_slips(campaign: Campaign, *, users: Sequence[User], by: Actor, at: datetime) -> list[Slip]:
    """Give each of `users` (in reach of the actor: `accounts_in_reach`) a one-time password; returns the slips.

    Raises Refused when none is chosen, the actor's own account is (its session would end before the print), or one
    that oversees another season.
    """
    if not users:
        raise Refused(_("Tick at least one account."), code="none")
    if any(user.pk == by.user_id for user in users):
        raise Refused(_("Your own password is changed on the page “Change password”."), code="own")
    elsewhere = overseers_elsewhere(campaign.pk, [user.pk for user in users], on=day_of(at))
    if elsewhere:
        names = "、".join(user.display_name for user in users if user.pk in elsewhere)
        message = _("%(persons)s: oversees another season too; such a login is reset on the command line.")
        raise Refused(message % {"persons": names}, code="elsewhere")
    return issue_one_time_passwords(users, by_id=by.user_id, campaign_id=campaign.pk, at=at)
