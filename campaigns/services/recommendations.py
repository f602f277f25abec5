"""Recommendations of good practice: made, changed and withdrawn by departments, chosen by the office; never points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Department, Recommendation
from campaigns.policy import can_choose_recommendation, can_hand_in
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy

MAXIMUM_TITLE = 200
MAXIMUM_TEXT = 2000
MAXIMUM_REASON = 200
USES = ("for_exchange", "for_volume", "for_honours")


@dataclass(frozen=True)
class RecommendationDraft:
    """What a department writes about a practice of its own or another's."""

    recommended: Department
    title: str
    practice: str
    outcome: str = ""


def require_hand_in(actor: Actor, department_id: int) -> None:
    """Raise ConflictOfInterest or PermissionDenied where the actor does not enter things for the department."""
    if can_hand_in(actor, department_id):
        return
    if actor.has(Role.OFFICE) and actor.is_interested_in(department_id):
        raise ConflictOfInterest(
            _("You have an interest in this department: somebody else of the office enters this on its behalf.")
        )
    raise PermissionDenied


def within(text: str, maximum: int, field: str, ask: str) -> str:
    """Return the text, which is there and not too long; raises Refused at `field` else."""
    if not text:
        raise Refused(ask, field=field, code="empty")
    if len(text) > maximum:
        raise Refused(_("Write at most %(maximum)d characters.") % {"maximum": maximum}, field=field, code="long")
    return text


@transaction.atomic
def make_recommendation(
    department: Department, draft: RecommendationDraft, *, uuid: UUID, by: Actor, at: datetime
) -> Recommendation:
    """Return the department's recommendation; the same `uuid` with the same words returns the one made first."""
    require_hand_in(by, department.pk)
    _require_disinterested(department, draft.recommended, by)
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    values = _judged(draft, campaign_id=department.campaign_id)
    first = Recommendation.objects.select_related("recommended").filter(uuid=uuid).first()
    if first is not None:
        return _same(first, department, values)
    if draft.recommended.closed_on is not None:
        message = _("This department is closed. Name the one that carries its work on.")
        raise Refused(message, field="recommended", code="closed")
    made = Recommendation.objects.create(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        made_by_id=by.user_id,
        made_at=at,
        **values,
    )
    _record("recommendation.add", made, by=by, at=at, after=_state(made))
    return made


@transaction.atomic
def edit_recommendation(
    recommendation: Recommendation, draft: RecommendationDraft, *, version: int | None, by: Actor, at: datetime
) -> Recommendation:
    """Change the words of a recommendation, as long as the office has not chosen it.

    Refused as stale (`existing` is the row now) when `version` is not the row's any more.
    """
    require_hand_in(by, recommendation.department_id)
    found = _locked(recommendation)
    _require_disinterested(found.department, draft.recommended, by)
    _require_standing(found)
    if is_chosen(found):
        message = _(
            "The office has chosen this recommendation; its words stay as they are. Ask the office to untick it."
        )
        raise Refused(message, code="chosen", existing=found)
    _require_version(found, version)
    before = _state(found)
    for name, value in _judged(draft, campaign_id=found.campaign_id).items():
        setattr(found, name, value)
    if _state(found) == before:
        return found
    found.version += 1
    found.save(update_fields=["recommended", "title", "practice", "outcome", "version"])
    _record("recommendation.edit", found, by=by, at=at, before=before, after=_state(found))
    return found


@transaction.atomic
def withdraw_recommendation(recommendation: Recommendation, *, because: str, by: Actor, at: datetime) -> Recommendation:
    """Take a recommendation back, for a reason; it stays in the record. A second time changes nothing."""
    require_hand_in(by, recommendation.department_id)
    found = _locked(recommendation)
    if found.withdrawn_at is not None:
        return found
    found.withdrawn_because = within(tidy(because), MAXIMUM_REASON, "because", _("Say why it is withdrawn."))
    found.withdrawn_at, found.withdrawn_by_id = at, by.user_id
    found.version += 1
    found.save(update_fields=["withdrawn_because", "withdrawn_at", "withdrawn_by", "version"])
    _record("recommendation.withdraw", found, by=by, at=at, after={"because": found.withdrawn_because})
    return found


@transaction.atomic
def choose_recommendation(
    recommendation: Recommendation,
    *,
    for_exchange: bool,
    for_volume: bool,
    for_honours: bool,
    version: int | None,
    by: Actor,
    at: datetime,
) -> Recommendation:
    """Choose a recommendation for an exchange, the volume or honours, or take that back; points are never touched.

    Raises ConflictOfInterest for either department of own interest, Refused once it is withdrawn, and as stale.
    """
    if not by.has(Role.OFFICE):
        raise PermissionDenied
    if not can_choose_recommendation(by, recommendation):
        raise ConflictOfInterest(
            _("You have an interest in one of the two departments: somebody else of the office chooses.")
        )
    found = _locked(recommendation)
    _require_standing(found)
    before = {name: getattr(found, name) for name in USES}
    after = {"for_exchange": for_exchange, "for_volume": for_volume, "for_honours": for_honours}
    if before == after:
        return found
    _require_version(found, version)
    for name, value in after.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*USES, "version"])
    _record("recommendation.choose", found, by=by, at=at, before=before, after=after)
    return found


def is_chosen(recommendation: Recommendation) -> bool:
    """Whether the office has chosen it for anything."""
    return any(getattr(recommendation, name) for name in USES)


def _judged(draft: RecommendationDraft, *, campaign_id: int) -> dict[str, Any]:
    if draft.recommended.campaign_id != campaign_id:
        raise Refused(_("This department is not of this season."), field="recommended", code="foreign")
    outcome = tidy(draft.outcome)
    if len(outcome) > MAXIMUM_TEXT:
        raise Refused(
            _("Write at most %(maximum)d characters.") % {"maximum": MAXIMUM_TEXT}, field="outcome", code="long"
        )
    return {
        "recommended": draft.recommended,
        "title": within(clean(draft.title), MAXIMUM_TITLE, "title", _("Name the practice in a few words.")),
        "practice": within(tidy(draft.practice), MAXIMUM_TEXT, "practice", _("Write down what is done there.")),
        "outcome": outcome,
    }


def _require_disinterested(department: Department, recommended: Department, by: Actor) -> None:
    """Let nobody of the office praise the own department in the name of another."""
    if department.pk not in by.departments and by.is_interested_in(recommended.pk):
        raise ConflictOfInterest(
            _("You have an interest in the department praised: somebody else of the office enters this.")
        )


def _require_standing(found: Recommendation) -> None:
    if found.withdrawn_at is not None:
        raise Refused(_("This recommendation was withdrawn."), code="withdrawn", existing=found)


def _require_version(found: Recommendation, version: int | None) -> None:
    if version is not None and version != found.version:
        message = _("Somebody else changed this meanwhile. What stands there now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=found)


def _locked(recommendation: Recommendation) -> Recommendation:
    rows = Recommendation.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("department", "recommended").get(pk=recommendation.pk)


def _same(first: Recommendation, department: Department, values: dict[str, Any]) -> Recommendation:
    if first.department_id != department.pk:  # of which nothing is told here
        raise Refused(_("This form was used already. Open it anew."), code="used")
    if any(getattr(first, name) != value for name, value in values.items()):
        message = _("This form was used already, for the recommendation “%(title)s”. Open that one to change it.")
        raise Refused(message % {"title": first.title}, code="used", existing=first)
    return first


def _state(found: Recommendation) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in ("title", "practice", "outcome")}
    return {"recommended": found.recommended.name} | said


def _record(
    act: str,
    found: Recommendation,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        found,
        by_id=by.user_id,
        campaign_id=found.campaign_id,
        department_id=found.department_id,
        at=at,
        before=before,
        after=after,
    )
