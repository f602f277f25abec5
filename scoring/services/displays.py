"""A result on public notice (公示) for some days, and what is objected to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy
from scoring import policy
from scoring.enums import PublicationState, Visibility
from scoring.models import Display, Objection, Publication
from scoring.services.snapshots import take_snapshot

MAXIMUM_DAYS = 60
MAXIMUM_NOTE = 300
MAXIMUM_NAME = 50
MAXIMUM_TEXT = 2000


def hold_campaign(campaign_id: int) -> Campaign:
    """Hold the campaign's row until the transaction ends: results are put up and published one after another."""
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


@transaction.atomic
def open_display(
    campaign: Campaign,
    *,
    uuid: UUID,
    starts_on: date,
    days: int,
    visibility: str,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Display:
    """Freeze the result as it stands and put it on public notice from a day on, for so many days; sent twice it is one.

    Raises PermissionDenied, or Refused at `starts_on`, `days` or `visibility`, or where another one stands.
    """
    if not policy.can_propose(by) or campaign.pk != by.campaign_id:
        raise PermissionDenied
    campaign = hold_campaign(campaign.pk)
    note = tidy(note)[:MAXIMUM_NOTE]
    ends_on = starts_on + timedelta(days=max(1, min(days, MAXIMUM_DAYS)) - 1)
    there = Display.objects.filter(uuid=uuid).first()
    if there is not None:
        body = (there.starts_on, there.ends_on, there.visibility, there.note, there.opened_by_id)
        if body == (starts_on, ends_on, visibility, note, by.user_id):
            return there
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    if visibility not in Visibility.values:
        raise Refused(_("Choose what each department reads."), field="visibility", code="visibility")
    if not 1 <= days <= MAXIMUM_DAYS:
        sentence = _("Write a number of days from 1 to %(maximum)d.")
        raise Refused(sentence % {"maximum": MAXIMUM_DAYS}, field="days", code="days")
    if starts_on < day_of(at):
        sentence = _("%(day)s is over already; begin today, %(today)s, or later.")
        raise Refused(
            sentence % {"day": starts_on.isoformat(), "today": day_of(at).isoformat()}, field="starts_on", code="past"
        )
    standing = Display.objects.standing().filter(campaign=campaign).first()
    if standing is not None:
        sentence = _("Public notice No. %(number)d stands (%(first)s to %(last)s). Withdraw it first, with the reason.")
        first, last_day = standing.starts_on.isoformat(), standing.ends_on.isoformat()
        words = {"number": standing.number, "first": first, "last": last_day}
        raise Refused(sentence % words, code="standing", existing=standing)
    last = Display.objects.filter(campaign=campaign).order_by("-number").values_list("number", flat=True).first()
    display = Display.objects.create(
        uuid=uuid,
        campaign=campaign,
        number=(last or 0) + 1,
        snapshot=take_snapshot(campaign, at=at),
        starts_on=starts_on,
        ends_on=ends_on,
        visibility=visibility,
        note=note,
        opened_by_id=by.user_id,
        opened_at=at,
    )
    after = {"number": display.number, "starts_on": starts_on, "ends_on": ends_on, "visibility": visibility}
    _audit("display.open", display, by=by, at=at, after=after | {"sha256": display.snapshot.sha256})
    return display


@transaction.atomic
def withdraw_display(display: Display, *, because: str, by: Actor, at: datetime) -> Display:
    """Take a result off public notice, with the reason; raises Refused at `because`, or if a proposal rests on it."""
    if not policy.can_propose(by) or display.campaign_id != by.campaign_id:
        raise PermissionDenied
    hold_campaign(display.campaign_id)
    display = Display.objects.select_for_update(of=("self",)).get(pk=display.pk)
    if display.withdrawn_at is not None:
        return display
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_NOTE:
        raise Refused(_("Give the reason, at most 300 characters."), field="because", code="reason")
    proposal = Publication.objects.filter(display=display, state=PublicationState.PROPOSED).first()
    if proposal is not None:
        sentence = _("A proposal to publish rests on this public notice. Take the proposal back first.")
        raise Refused(sentence, code="proposed", existing=proposal)
    display.withdrawn_by_id, display.withdrawn_at, display.withdrawn_because = by.user_id, at, because
    display.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    _audit("display.withdraw", display, by=by, at=at, after={"because": because})
    return display


@transaction.atomic
def make_objection(
    display: Display,
    *,
    uuid: UUID,
    text: str,
    department: Department | None,
    name: str = "",
    objected_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Objection:
    """Object to a result on public notice; sent twice it is one.

    Head and liaison object for their department, today. The office enters for anybody, by name, with the day it came.
    Raises PermissionDenied, ConflictOfInterest, or Refused at `text`, `name` or `objected_on`, or after the last day.
    """
    is_own = department is not None and department.pk in by.departments
    _require_objector(display, department, is_own=is_own, by=by)
    display = Display.objects.select_for_update(no_key=True, of=("self",)).get(pk=display.pk)
    text, name = tidy(text), "" if is_own else clean(name)
    on = day_of(at) if is_own or objected_on is None else objected_on
    there = Objection.objects.filter(uuid=uuid).first()
    if there is not None:
        if (there.display_id, there.text, there.name, there.entered_by_id) == (display.pk, text, name, by.user_id):
            return there
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    _check_objection(display, text, name, on, is_own=is_own, at=at)
    objection = Objection.objects.create(
        uuid=uuid,
        campaign_id=display.campaign_id,
        display=display,
        department=department,
        name=name,
        text=text,
        objected_on=on,
        entered_by_id=by.user_id,
        entered_at=at,
    )
    _audit("objection.make", objection, by=by, at=at, after={"text": text, "name": name, "objected_on": on})
    return objection


@transaction.atomic
def answer_objection(objection: Objection, *, answer: str, by: Actor, at: datetime) -> Objection:
    """Answer an objection once; the same answer sent again changes nothing. Not for who has an interest there.

    Raises PermissionDenied, ConflictOfInterest, or Refused at `answer`.
    """
    if not policy.can_propose(by) or objection.campaign_id != by.campaign_id:
        raise PermissionDenied
    if by.is_interested_in(objection.department_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    answer = tidy(answer)
    if objection.answered_at is not None:
        if (objection.answer, objection.answered_by_id) == (answer, by.user_id):
            return objection
        raise Refused(_("Somebody has answered this objection meanwhile."), code="answered", existing=objection)
    if not 0 < len(answer) <= MAXIMUM_TEXT:
        sentence = _("Write the answer, at most %(maximum)d characters.")
        raise Refused(sentence % {"maximum": MAXIMUM_TEXT}, field="answer", code="answer")
    objection.answer, objection.answered_by_id, objection.answered_at = answer, by.user_id, at
    objection.save(update_fields=["answer", "answered_by", "answered_at"])
    _audit("objection.answer", objection, by=by, at=at, after={"answer": answer})
    return objection


def _require_objector(display: Display, department: Department | None, *, is_own: bool, by: Actor) -> None:
    if display.campaign_id != by.campaign_id or by.seeing_as is not None:
        raise PermissionDenied
    if department is not None and department.campaign_id != by.campaign_id:
        raise PermissionDenied
    if is_own:
        return
    if not policy.can_enter_objection(by):
        raise PermissionDenied
    if department is not None and by.is_interested_in(department.pk):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))


def _check_objection(display: Display, text: str, name: str, on: date, *, is_own: bool, at: datetime) -> None:
    words = {"first": display.starts_on.isoformat(), "last": display.ends_on.isoformat()}
    if display.withdrawn_at is not None:
        raise Refused(_("This result is off public notice; nothing can be objected to it any more."), code="withdrawn")
    if on > day_of(at):
        sentence = _("The objection cannot be of a day still to come.")
        raise Refused(sentence, field="objected_on", code="future")
    if not display.starts_on <= on <= display.ends_on:
        sentence = _("The result is on public notice from %(first)s to %(last)s; objections are taken on these days.")
        raise Refused(sentence % words, field=None if is_own else "objected_on", code="window")
    if not is_own and not 0 < len(name) <= MAXIMUM_NAME:
        raise Refused(_("Write who objects, at most 50 characters."), field="name", code="name")
    if not 0 < len(text) <= MAXIMUM_TEXT:
        sentence = _("Write what is objected to, at most %(maximum)d characters.")
        raise Refused(sentence % {"maximum": MAXIMUM_TEXT}, field="text", code="text")


def _audit(act: str, obj: Display | Objection, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    department_id = obj.department_id if isinstance(obj, Objection) else None
    audit.record(
        act, obj, by_id=by.user_id, campaign_id=obj.campaign_id, department_id=department_id, at=at, after=after
    )
