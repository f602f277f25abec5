"""A department's own policies (制度): what they say item by item; changed, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget, Role
from campaigns.models import Department, EvidenceLink, Policy, PolicyItem, PolicyMeasure
from campaigns.policy import can_hand_in
from campaigns.services.attachments import attach_uploads
from campaigns.services.policy_drafts import ItemDraft, PolicyDraft, judged, require_items
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

OWNER = "policy"  # the kind of record its files are attached to
MAXIMUM_REASON = 200


@dataclass(frozen=True)
class EditedPolicy:
    """A policy after a change; ``kept``: contents taken out that stay, since measures or evidence rest on them."""

    policy: Policy
    kept: tuple[PolicyItem, ...]


@transaction.atomic
def enter_policy(
    department: Department,
    draft: PolicyDraft,
    *,
    uuid: UUID,
    by: Actor,
    at: datetime,
    uploads: Sequence[UUID] = (),
) -> Policy:
    """Return the policy of a department; the same `uuid` with the same content returns the one made first.

    Raises Refused at the field, ConflictOfInterest for an office member with an interest in the department.
    """
    require_hand_in(by, department.pk)
    draft = judged(draft, at=at)
    items = [row for row in draft.items if row.text]
    require_items(items)
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    first = Policy.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, draft, items, department, by=by)
    policy = Policy.objects.create(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        title=draft.title,
        number=draft.number,
        issued_on=draft.issued_on,
        entered_by_id=by.user_id,
        entered_at=at,
    )
    for order, item in enumerate(items, start=1):
        PolicyItem.objects.create(policy=policy, text=item.text, order=order)
    attach_uploads(
        uploads,
        campaign_id=policy.campaign_id,
        department_id=department.pk,
        owner_kind=OWNER,
        owner_uuid=policy.uuid,
        by_id=by.user_id,
        at=at,
    )
    record("policy.enter", policy, policy, by=by, at=at, after=_state(policy))
    return policy


@transaction.atomic
def edit_policy(policy: Policy, draft: PolicyDraft, *, version: int | None, by: Actor, at: datetime) -> EditedPolicy:
    """Change a policy and its contents; what a measure or evidence rests on is not taken out, and told.

    With another `version` than the row's (None: any) it is refused as stale.
    """
    policy = lock_policy(policy, by=by)
    draft = judged(draft, at=at)
    before = _state(policy)
    standing = {item.uuid: item for item in policy.items.filter(removed_at__isnull=True)}
    wanted, kept = _wanted(draft, standing)
    after = _said(draft, [row.text for row in wanted])
    if after == before and [row.was for row in wanted] == list(standing):
        return EditedPolicy(policy, kept)
    if version is not None and version != policy.version:
        added = len(standing.keys() - {row.was for row in draft.items})  # which stand last in `wanted`
        if _said(draft, [row.text for row in wanted[: len(wanted) - added]]) == before:
            return EditedPolicy(policy, kept)  # the form sent twice: what it added stands already
        message = _("Somebody else changed this policy meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=policy)
    _refuse_issue_after_measures(policy, draft)
    policy.title, policy.number, policy.issued_on = draft.title, draft.number, draft.issued_on
    policy.version += 1
    policy.save(update_fields=["title", "number", "issued_on", "version"])
    _write_items(policy, wanted, standing, at=at)
    record("policy.edit", policy, policy, by=by, at=at, before=before, after=_state(policy))
    return EditedPolicy(policy, kept)


@transaction.atomic
def withdraw_policy(policy: Policy, *, because: str, by: Actor, at: datetime) -> Policy:
    """Take a policy back with a reason: it is in force no more, and asks for no measures. Again changes nothing."""
    policy = lock_policy(policy, by=by, even_withdrawn=True)
    if policy.withdrawn_at is not None:
        return policy
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    policy.withdrawn_at, policy.withdrawn_by_id, policy.withdrawn_because = at, by.user_id, because
    policy.version += 1
    policy.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because", "version"])
    record("policy.withdraw", policy, policy, by=by, at=at, after={"because": because})
    return policy


def require_hand_in(by: Actor, department_id: int) -> None:
    """Raise ConflictOfInterest or PermissionDenied where the actor does not enter things for the department."""
    if can_hand_in(by, department_id):
        return
    if not by.has(Role.OFFICE):
        raise PermissionDenied
    message = _("You have an interest in this department: somebody else of the office enters this on its behalf.")
    raise ConflictOfInterest(message)


def lock_policy(policy: Policy, *, by: Actor, even_withdrawn: bool = False) -> Policy:
    """Return the policy as it stands, held for this transaction; raises where it may not be written into."""
    require_hand_in(by, policy.department_id)
    now = Policy.objects.select_for_update(of=("self",), no_key=True).select_related("department").get(pk=policy.pk)
    if now.withdrawn_at is not None and not even_withdrawn:
        raise Refused(_("This policy was withdrawn; nothing is written into it any more."), code="withdrawn")
    return now


def record(
    act: str,
    obj: Policy | PolicyMeasure,
    policy: Policy,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append to the log what was done with a policy or a measure of it."""
    audit.record(
        act,
        obj,
        by_id=by.user_id,
        campaign_id=policy.campaign_id,
        department_id=policy.department_id,
        at=at,
        before=before,
        after=after,
    )


def _same(
    first: Policy, draft: PolicyDraft, items: Sequence[ItemDraft], department: Department, *, by: Actor
) -> Policy:
    """Return the policy made first, when the form was only sent twice."""
    is_own = (first.department_id, first.entered_by_id) == (department.pk, by.user_id)
    if is_own and _state(first) == _said(draft, [row.text for row in items]):
        return first
    message = _("This form was used already, with other words. Open it anew.")
    raise Refused(message, code="used", existing=first if is_own else None)


def _wanted(draft: PolicyDraft, standing: dict[UUID, PolicyItem]) -> tuple[list[ItemDraft], tuple[PolicyItem, ...]]:
    """Return the contents as they will be, each naming the item it rewords, and those that stay although taken out.

    An item that no row names was added by somebody else since the form was opened: it stays, at the end.
    """
    staying = {row.was for row in draft.items if row.text}
    named = {row.was for row in draft.items}
    kept = {item.uuid: item for item in _rested_on([standing[key] for key in standing if key in named - staying])}
    unnamed = [ItemDraft(item.text, key) for key, item in standing.items() if key not in named]
    wanted: list[ItemDraft] = []
    used: set[UUID] = set()
    for row in [*draft.items, *unnamed]:
        was = row.was if row.was in standing and row.was not in used else None
        text = row.text or (kept[was].text if was in kept else "")
        if text:
            wanted.append(ItemDraft(text, was))
            used |= {was} if was else set()
    require_items(wanted)
    return wanted, tuple(kept.values())


def _write_items(
    policy: Policy, wanted: Sequence[ItemDraft], standing: dict[UUID, PolicyItem], *, at: datetime
) -> None:
    named = {row.was for row in wanted}
    for key, item in standing.items():
        if key not in named:
            item.removed_at = at
            item.save(update_fields=["removed_at"])
    for order, row in enumerate(wanted, start=1):
        item = standing[row.was] if row.was else PolicyItem(policy=policy)
        item.text, item.order = row.text, order
        item.save()


def _rested_on(items: Sequence[PolicyItem]) -> list[PolicyItem]:
    """Return those of `items` that have a measure or a standing piece of evidence."""
    if not items:
        return []
    done = set(PolicyMeasure.objects.filter(item__in=items, removed_at__isnull=True).values_list("item_id", flat=True))
    links = EvidenceLink.objects.filter(
        target=EvidenceTarget.POLICY_ITEM,
        key__in=[str(item.uuid) for item in items],
        evidence__withdrawn_at__isnull=True,
    )
    proven = set(links.values_list("key", flat=True))
    return [item for item in items if item.pk in done or str(item.uuid) in proven]


def _refuse_issue_after_measures(policy: Policy, draft: PolicyDraft) -> None:
    measures = PolicyMeasure.objects.filter(item__policy=policy, removed_at__isnull=True)
    first = measures.filter(happened_on__lt=draft.issued_on).order_by("happened_on").first()
    if first is not None:
        message = _("A measure carried it out on %(day)s already, before this day. Correct one of the two.")
        raise Refused(message % {"day": first.happened_on.isoformat()}, field="issued_on", code="measures")


def _said(draft: PolicyDraft, texts: Sequence[str]) -> dict[str, Any]:
    said = {"title": draft.title, "number": draft.number, "issued_on": draft.issued_on}
    return said | {"items": list(texts)}


def _state(policy: Policy) -> dict[str, Any]:
    texts = policy.items.filter(removed_at__isnull=True).values_list("text", flat=True)
    said = {"title": policy.title, "number": policy.number, "issued_on": policy.issued_on}
    return said | {"items": list(texts)}
