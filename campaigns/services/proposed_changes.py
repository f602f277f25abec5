"""What each kind of proposed change does when it is accepted; inside the transaction of the decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ProposalKind
from campaigns.models import Campaign, Duty, Posting, Proposal, StaffMember
from campaigns.queries.proposals import said_of
from campaigns.services.duties import add_duty, change_duty, end_duty
from campaigns.services.sheet_rows import lock_lists
from campaigns.services.staff import add_posted_member, add_posting, end_posting, update_staff_member
from campaigns.services.taking_back import keep_interests
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.text import clean, squeeze

EARLIEST = date(1949, 10, 1)  # no posting is older


def perform(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Carry a proposed change out; raises Refused, at the field of the change, where it cannot be."""
    ACTS[ProposalKind(proposal.kind)](proposal, by, at)


def _join(proposal: Proposal, by: Actor, at: datetime) -> None:
    """A new person with the posting; a known one, of that number and name, moves here from that day."""
    values = proposal.values
    starts_on = _day(values["starts_on"], proposal.campaign, "starts_on")
    lock_lists(proposal.campaign_id)
    number, name = clean(values["number"]), clean(values["name"])
    known = StaffMember.objects.filter(campaign_id=proposal.campaign_id, number=number).first()
    if known is None:
        user = _account_of(proposal.campaign, number)
        add_posted_member(
            proposal.campaign,
            number=number,
            name=name,
            category=values["category"],
            user=user,
            department=proposal.department,
            starts_on=starts_on,
            by_id=by.user_id,
            at=at,
        )
    elif known.squeezed_name == squeeze(name):
        add_posting(known, department=proposal.department, starts_on=starts_on, by_id=by.user_id, at=at)
    else:
        message = _("%(number)s is the staff number of %(person)s. Ask the person for the right one.")
        words = {"number": number, "person": known.name}
        raise Refused(message % words, field="number", code="taken", existing=known)


def _account_of(campaign: Campaign, number: str) -> User | None:
    """Return the season's account of that staff number, as a sheet would link it."""
    users = User.objects.filter(staff_number=number, memberships__campaign=campaign).distinct()
    return users.exclude(staff_members__campaign=campaign).first()


def _leave(proposal: Proposal, by: Actor, at: datetime) -> None:
    """The posting to the department ends; a department that counted as an interest counts on."""
    member = _member(proposal)
    ends_on = _day(proposal.values["ends_on"], proposal.campaign, "ends_on")
    postings = Posting.objects.filter(staff_member=member, department=proposal.department)
    posting = postings.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)).order_by("-starts_on").first()
    if posting is None:
        words = {"person": member.name, "department": proposal.department.name, "day": ends_on.isoformat()}
        message = _("%(person)s is not posted to %(department)s after %(day)s.") % words
        raise Refused(message, field="ends_on", code="not_posted")
    with keep_interests(proposal.campaign, by=by, at=at):
        end_posting(posting, ends_on=ends_on, by_id=by.user_id, at=at)


def _correct(proposal: Proposal, by: Actor, at: datetime) -> None:
    lock_lists(proposal.campaign_id)
    member = StaffMember.objects.get(pk=_member(proposal).pk)
    _require_unchanged(proposal, member)
    wanted = {name: proposal.values[name] for name in ("number", "name", "category")}
    if wanted == said_of(member):
        raise Refused(_("Nothing would change: this is what the staff list says."), code="same")
    user = member.user
    update_staff_member(member, version=None, **wanted, user=user, by_id=by.user_id, at=at)


def _add_duty(proposal: Proposal, by: Actor, at: datetime) -> None:
    words = proposal.values
    add_duty(
        proposal.department,
        number=words["number"],
        text=words["text"],
        source=words["source"],
        by_id=by.user_id,
        at=at,
    )


def _change_duty(proposal: Proposal, by: Actor, at: datetime) -> None:
    duty = _duty(proposal)
    _require_unchanged(proposal, duty)
    words = proposal.values
    change_duty(duty, number=words["number"], text=words["text"], source=words["source"], by_id=by.user_id, at=at)


def _end_duty(proposal: Proposal, by: Actor, at: datetime) -> None:
    end_duty(_duty(proposal), by_id=by.user_id, at=at)


ACTS: dict[ProposalKind, Callable[[Proposal, Actor, datetime], None]] = {
    ProposalKind.STAFF_JOIN: _join,
    ProposalKind.STAFF_LEAVE: _leave,
    ProposalKind.STAFF_CORRECT: _correct,
    ProposalKind.DUTY_ADD: _add_duty,
    ProposalKind.DUTY_CHANGE: _change_duty,
    ProposalKind.DUTY_END: _end_duty,
}


def _member(proposal: Proposal) -> StaffMember:
    if proposal.staff_member is None:
        raise Refused(_("Choose the person."), code="person")
    return proposal.staff_member


def _duty(proposal: Proposal) -> Duty:
    if proposal.duty is None:
        raise Refused(_("Choose the duty."), code="duty")
    return Duty.objects.get(pk=proposal.duty.pk)


def _require_unchanged(proposal: Proposal, row: StaffMember | Duty) -> None:
    if said_of(row) != proposal.values.get("before"):
        message = _("%(row)s was changed after this was proposed.") % {"row": str(row)}
        raise Refused(message, code="changed", existing=row)


def _day(text: str, campaign: Campaign, field: str) -> date:
    day = date.fromisoformat(text)
    if not EARLIEST <= day <= campaign.facts_until:
        words = {"day": day.isoformat(), "last": campaign.facts_until.isoformat()}
        message = _("%(day)s cannot be meant: the season's facts end on %(last)s. Check the year.") % words
        raise Refused(message, field=field, code="day")
    return day
