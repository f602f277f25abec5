"""Staff lists brought in by sheet: new people, changed people, and the way back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import StaffCategory
from campaigns.facts import ShownRow, UnderstoodRow, Written
from campaigns.models import Campaign, Department, ImportBatch, Posting, StaffMember
from campaigns.services.sheet_rows import CHUNK, Change, error_of, lock_lists, mark_of, totals_of
from campaigns.services.taking_back import changed_since, keep_interests, member_state, posting_state, take_back
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.text import squeeze


@dataclass(frozen=True)
class StaffRow:
    """One person with a posting; without a first day the season's counts, or the posting there is."""

    number: str
    name: str
    category: StaffCategory
    department: Department
    starts_on: date | None
    ends_on: date | None


def write_staff(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Add and update people by staff number; another department ends the former posting the day before."""
    written = Written()
    lock_lists(batch.campaign_id)
    staff = _Staff(batch.campaign)
    for item in rows:
        values: StaffRow = item.values
        try:
            changes = staff.write(values)
        except Refused as refused:
            written.errors.append(error_of(item, refused, {"user": "number"}))
            continue
        written.changes += changes
        cells = (
            values.number,
            values.name,
            str(values.category.label),
            values.department.name,
            values.starts_on.isoformat() if values.starts_on else "",
            values.ends_on.isoformat() if values.ends_on else "",
        )
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "staff")))
    if not written.errors:
        staff.save()
    written.totals = totals_of(written)
    written.shown = [staff.with_namesakes(row) for row in written.shown]
    return written


def withdraw_staff(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Take new people and postings away and put changed ones back; raises Refused when something rests on them."""
    lock_lists(batch.campaign_id)
    members = StaffMember.objects.filter(campaign_id=batch.campaign_id)
    postings = Posting.objects.filter(campaign_id=batch.campaign_id).select_related("staff_member")
    made = [change["staff"] for change in batch.changes if "staff" in change and change["before"] is None]
    with keep_interests(batch.campaign, by=by, at=at):
        take_back(postings, batch.changes, "posting", posting_state)
        posted_since = postings.filter(staff_member__uuid__in=made).first()
        if posted_since is not None:
            raise changed_since(posted_since)
        take_back(members, batch.changes, "staff", member_state)


class _Staff:
    """The staff list as it stands and as a sheet leaves it, written when the sheet is through. Three queries to read.

    The rules are those of `campaigns.services.staff`, asked of what was read once instead of person by person.
    """

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        members = StaffMember.objects.filter(campaign=campaign).select_related("user")
        self._members = {member.number: member for member in members}
        self._linked = {member.user_id: member for member in self._members.values() if member.user_id is not None}
        self._postings: dict[str, list[Posting]] = defaultdict(list)
        for posting in Posting.objects.filter(campaign=campaign).select_related("staff_member").order_by("starts_on"):
            self._postings[posting.staff_member.number].append(posting)
        users = User.objects.filter(memberships__campaign=campaign).exclude(staff_number="").distinct()
        self._users = {user.staff_number: user for user in users}
        self._made: list[StaffMember] = []
        self._altered: list[StaffMember] = []
        self._begun: list[Posting] = []
        self._ended: list[Posting] = []
        self._numbers: dict[str, set[str]] = defaultdict(set)  # by name, once all rows are through

    def write(self, values: StaffRow) -> list[Change]:
        """Take one person up and return what changes; raises Refused at `user`, `starts_on` or `ends_on`."""
        member = self._members.get(values.number)
        user = self._user_of(values.number, member)
        said = {"name": values.name, "squeezed_name": squeeze(values.name), "category": values.category, "user": user}
        changes: list[Change] = []
        if member is None:
            member = StaffMember(campaign=self._campaign, number=values.number, **said)
            self._made.append(member)
            changes.append({"staff": str(member.uuid), "before": None, "after": member_state(member)})
        else:
            before = member_state(member)
            for name, value in said.items():
                setattr(member, name, value)
            if member_state(member) != before:
                self._altered.append(member)
                changes.append({"staff": str(member.uuid), "before": before, "after": member_state(member)})
        return changes + self._post(member, values)

    def with_namesakes(self, row: ShownRow) -> ShownRow:
        """Return the row of a new or changed person with a remark when others have the same name."""
        others = self._numbers_by_name()[squeeze(row.cells[1])] - {row.cells[0]}
        if not row.mark or not others:
            return row
        words = {"mark": row.mark, "numbers": "、".join(sorted(others))}
        return replace(row, mark=_("%(mark)s; same name as %(numbers)s") % words)

    def _numbers_by_name(self) -> dict[str, set[str]]:
        if not self._numbers:
            for member in (*self._members.values(), *self._made):
                self._numbers[member.squeezed_name].add(member.number)
        return self._numbers

    def save(self) -> None:
        """Write everything down."""
        StaffMember.objects.bulk_create(self._made, batch_size=CHUNK)
        StaffMember.objects.bulk_update(self._altered, ["name", "squeezed_name", "category", "user"], batch_size=CHUNK)
        Posting.objects.bulk_update(self._ended, ["ends_on"], batch_size=CHUNK)
        Posting.objects.bulk_create(self._begun, batch_size=CHUNK)

    def _user_of(self, number: str, member: StaffMember | None) -> User | None:
        """Return the account to link: the one linked, else the campaign's account of this number."""
        if member is not None and member.user_id is not None:
            return member.user
        user = self._users.get(number)
        owner = self._linked.get(user.pk) if user is not None else None
        if owner is not None:
            message = _("This account belongs to %(person)s of the staff list.") % {"person": str(owner)}
            raise Refused(message, field="user", code="linked", existing=owner)
        return user

    def _post(self, member: StaffMember, values: StaffRow) -> list[Change]:
        postings = self._postings[values.number]
        here = [posting for posting in postings if posting.department_id == values.department.pk]
        if values.starts_on is None and here:
            return self._end(here[-1], values.ends_on, postings)
        if values.starts_on is None and postings:
            raise Refused(
                _("Say from which day the person belongs to the new department."), field="starts_on", code="start"
            )
        day = values.starts_on or self._campaign.facts_from
        covering = [p for p in here if p.starts_on <= day and (p.ends_on is None or p.ends_on >= day)]
        if covering:
            return self._end(covering[-1], values.ends_on, postings)
        _require_order(day, values.ends_on)
        former = next((p for p in postings if p.ends_on is None and p.starts_on < day), None)
        _require_free(day, values.ends_on, [posting for posting in postings if posting is not former])
        changes = self._end(former, day - timedelta(days=1), postings) if former is not None else []
        made = Posting(
            campaign=self._campaign,
            staff_member=member,
            department=values.department,
            starts_on=day,
            ends_on=values.ends_on,
        )
        self._begun.append(made)
        return [*changes, {"posting": str(made.uuid), "before": None, "after": posting_state(made)}]

    def _end(self, posting: Posting, ends_on: date | None, postings: Sequence[Posting]) -> list[Change]:
        if ends_on is None or ends_on == posting.ends_on:
            return []
        _require_order(posting.starts_on, ends_on)
        if any(posting.starts_on < other.starts_on <= ends_on for other in postings):
            raise Refused(_("This would overlap a later posting."), field="ends_on", code="overlap")
        before = posting_state(posting)
        posting.ends_on = ends_on
        self._ended.append(posting)
        return [{"posting": str(posting.uuid), "before": before, "after": posting_state(posting)}]


def _require_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        message = _("The last day cannot come before the first, %(day)s.") % {"day": starts_on.isoformat()}
        raise Refused(message, field="ends_on", code="order")


def _require_free(starts_on: date, ends_on: date | None, others: Sequence[Posting]) -> None:
    for other in others:
        if (other.ends_on is None or other.ends_on >= starts_on) and (ends_on is None or other.starts_on <= ends_on):
            words = {"department": other.department.name, "day": other.starts_on.isoformat()}
            message = _("This overlaps the posting to %(department)s that begins on %(day)s.") % words
            raise Refused(message, field="starts_on", code="overlap", existing=other)
