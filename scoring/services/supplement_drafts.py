"""Drafts of supplements: what the leading group is to decide on is written down, changed and dropped here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean
from scoring import policy
from scoring.enums import SupplementState
from scoring.models import Supplement, SupplementChange
from scoring.services.supplement_checks import SupplementDraft, check_supplement


@transaction.atomic
def draft_supplement(campaign: Campaign, draft: SupplementDraft, *, uuid: UUID, by: Actor, at: datetime) -> Supplement:
    """Write a supplement down; sent twice it is one draft.

    Raises PermissionDenied, Refused at `title`, `text`, `applies_from`, or at a field of a line (`points_0`).
    """
    require_drafter(by, campaign)
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    there = Supplement.objects.filter(uuid=uuid).first()
    if there is not None:
        same = (there.campaign_id, there.drafted_by_id, there.title, there.applies_from)
        if same == (campaign.pk, by.user_id, clean(draft.title), draft.applies_from):
            return there
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    draft = check_supplement(campaign, draft)
    supplement = Supplement.objects.create(
        uuid=uuid, campaign=campaign, drafted_by_id=by.user_id, drafted_at=at, **_words(draft)
    )
    _write_changes(supplement, draft)
    _audit("supplement.draft", supplement, by=by, at=at, after=_said(draft))
    return supplement


@transaction.atomic
def change_supplement(
    supplement: Supplement, draft: SupplementDraft, *, version: int, by: Actor, at: datetime
) -> Supplement:
    """Replace what a draft says; raises as `draft_supplement`, and Refused (“stale”) when somebody else changed it."""
    campaign = supplement.campaign
    require_drafter(by, campaign)
    supplement = Supplement.objects.select_for_update(of=("self",)).get(pk=supplement.pk)
    require_draft(supplement)
    if supplement.version != version:
        sentence = _("Somebody else has changed this draft meanwhile. It stands below; sending again replaces it.")
        raise Refused(sentence, code="stale", existing=supplement)
    draft = check_supplement(campaign, draft)
    for name, value in _words(draft).items():
        setattr(supplement, name, value)
    supplement.version += 1
    supplement.save(update_fields=[*_words(draft), "version"])
    supplement.changes.all().delete()
    _write_changes(supplement, draft)
    _audit("supplement.change", supplement, by=by, at=at, after=_said(draft))
    return supplement


@transaction.atomic
def discard_supplement(supplement: Supplement, *, by: Actor, at: datetime) -> Supplement:
    """Drop a draft; what was adopted stays. Twice changes nothing more."""
    require_drafter(by, supplement.campaign)
    supplement = Supplement.objects.select_for_update(of=("self",)).get(pk=supplement.pk)
    if supplement.state == SupplementState.DISCARDED:
        return supplement
    require_draft(supplement)
    supplement.state = SupplementState.DISCARDED
    supplement.save(update_fields=["state"])
    _audit("supplement.discard", supplement, by=by, at=at, after={})
    return supplement


def require_drafter(by: Actor, campaign: Campaign) -> None:
    """Raise PermissionDenied unless the actor writes supplements of this season."""
    if by.campaign_id != campaign.pk or not policy.can_draft_supplement(by):
        raise PermissionDenied


def require_draft(supplement: Supplement) -> None:
    """Raise Refused where a supplement is a draft no more."""
    if supplement.state == SupplementState.ADOPTED:
        sentence = _("It was adopted as No. %(number)d and stands; write another one to change it again.")
        raise Refused(sentence % {"number": supplement.number or 0}, code="adopted", existing=supplement)
    if supplement.state == SupplementState.DISCARDED:
        raise Refused(_("This draft was discarded. Write a new one."), code="discarded")


def _words(draft: SupplementDraft) -> dict[str, Any]:
    names = ("title", "text", "applies_from", "rerecords")
    return {name: getattr(draft, name) for name in names}


def _write_changes(supplement: Supplement, draft: SupplementDraft) -> None:
    names = ("rule", "code", "category", "block", "unit", "maximum", "label", "text", "points")
    for change in draft.changes:
        SupplementChange.objects.create(supplement=supplement, **{name: getattr(change, name) for name in names})


def _said(draft: SupplementDraft) -> dict[str, Any]:
    return _words(draft) | {"changes": [change.said for change in draft.changes]}


def _audit(act: str, supplement: Supplement, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    audit.record(act, supplement, by_id=by.user_id, campaign_id=supplement.campaign_id, at=at, after=after)
