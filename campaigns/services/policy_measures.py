"""Measures that carry out what a policy says: written down, taken out again; a row once written stays."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import PolicyItem, PolicyMeasure
from campaigns.services.policies import lock_policy, record
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_MEASURE = 500


@transaction.atomic
def add_measure(
    item: PolicyItem, *, uuid: UUID, text: str, happened_on: date, by: Actor, at: datetime
) -> PolicyMeasure:
    """Return the measure that carried out one content of a policy; the same `uuid` and words return the first.

    Raises Refused at the field: without words, on a day to come, or before the policy was issued.
    """
    policy = lock_policy(item.policy, by=by)
    item = PolicyItem.objects.get(pk=item.pk)
    text = tidy(text)
    first = PolicyMeasure.objects.filter(uuid=uuid).first()
    if first is not None:
        said = (first.item_id, first.entered_by_id, first.text, first.happened_on)
        if said == (item.pk, by.user_id, text, happened_on):
            return first
        raise Refused(_("This form was used already, with other words. Open it anew."), code="used")
    if item.removed_at is not None:
        raise Refused(_("This content was taken out of the policy; measures go to those that stand."), code="removed")
    if not 0 < len(text) <= MAXIMUM_MEASURE:
        raise Refused(_("Say what was done to carry it out, in at most 500 characters."), field="text", code="text")
    if happened_on > day_of(at):
        message = _("%(day)s is still to come. Record it when it has happened.") % {"day": happened_on.isoformat()}
        raise Refused(message, field="happened_on", code="future")
    if happened_on < policy.issued_on:
        message = _("%(day)s lies before the policy was issued, on %(issued)s. Correct one of the two days.")
        words = {"day": happened_on.isoformat(), "issued": policy.issued_on.isoformat()}
        raise Refused(message % words, field="happened_on", code="early")
    measure = PolicyMeasure.objects.create(
        uuid=uuid, item=item, text=text, happened_on=happened_on, entered_by_id=by.user_id, entered_at=at
    )
    after = {"item": item.text, "text": text, "happened_on": happened_on}
    record("policy.measure", measure, policy, by=by, at=at, after=after)
    return measure


@transaction.atomic
def remove_measure(measure: PolicyMeasure, *, by: Actor, at: datetime) -> PolicyMeasure:
    """Take a measure out, because it was written down wrongly; the row stays. Again changes nothing."""
    policy = lock_policy(measure.item.policy, by=by)
    measure = PolicyMeasure.objects.get(pk=measure.pk)
    if measure.removed_at is not None:
        return measure
    measure.removed_at = at
    measure.save(update_fields=["removed_at"])
    before = {"text": measure.text, "happened_on": measure.happened_on}
    record("policy.measure-remove", measure, policy, by=by, at=at, before=before)
    return measure
