"""Interpretations: how the head of the team reads a line, in words and where it has one by its parameter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.hooks import tell_facts_changed
from campaigns.models import Campaign
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import tidy
from scoring import policy
from scoring.models import Interpretation, Rule, RuleVersion
from scoring.queries.rule_versions import versions_of

MAXIMUM_TEXT = 2000
MAXIMUM_REASON = 300
PARAMETERS: Mapping[str, tuple[str, ...]] = {"per": ("item", "plan")}  # what an interpretation may set, and to what


@transaction.atomic
def interpret(
    rule: Rule,
    *,
    uuid: UUID,
    text: str,
    valid_from: date,
    thresholds: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> Interpretation:
    """Say how a line is read from a day on, and number it; sent twice it is one interpretation.

    With `thresholds` the rule gets a version of the same text and price that is detected by them, and the records are
    looked at anew. Raises PermissionDenied, Refused at `text`, `valid_from` or the name of a threshold.
    """
    _require_interpreter(by, rule.campaign_id)
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=rule.campaign_id)
    text = tidy(text)
    there = Interpretation.objects.filter(uuid=uuid).first()
    if there is not None:
        said = (there.rule_id, there.text, there.valid_from, there.thresholds, there.issued_by_id)
        if said == (rule.pk, text, valid_from, dict(thresholds), by.user_id):
            return there
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    if not 0 < len(text) <= MAXIMUM_TEXT:
        sentence = _("Write it out, at most %(maximum)d characters.")
        raise Refused(sentence % {"maximum": MAXIMUM_TEXT}, field="text", code="text")
    if not campaign.facts_from <= valid_from <= campaign.facts_until:
        sentence = _("Only facts from %(first)s to %(last)s count; %(day)s lies outside.")
        words = {"first": campaign.facts_from.isoformat(), "last": campaign.facts_until.isoformat()}
        raise Refused(sentence % (words | {"day": valid_from.isoformat()}), field="valid_from", code="outside")
    versions = versions_of([rule.pk])[rule.pk]
    _check_thresholds(rule, versions, thresholds, valid_from)
    numbers = Interpretation.objects.filter(campaign=campaign).aggregate(last=Max("number"))
    made = Interpretation.objects.create(
        uuid=uuid,
        campaign=campaign,
        rule=rule,
        number=(numbers["last"] or 0) + 1,
        text=text,
        valid_from=valid_from,
        thresholds=dict(thresholds),
        issued_by_id=by.user_id,
        issued_at=at,
    )
    if thresholds:
        latest = versions[-1]
        _write_version(latest, versions, latest.thresholds | dict(thresholds), valid_from, interpretation=made)
        tell_facts_changed(campaign.pk, None)
    after = {"rule": rule.code, "text": text, "valid_from": valid_from, "thresholds": dict(thresholds)}
    _audit("interpretation.issue", made, by=by, at=at, after=after)
    return made


@transaction.atomic
def withdraw_interpretation(interpretation: Interpretation, *, because: str, by: Actor, at: datetime) -> Interpretation:
    """Take an interpretation back with a reason; a parameter it had set is again as it was. Twice changes nothing more.

    Raises PermissionDenied, Refused at `because`, or while a later interpretation of the rule rests on it.
    """
    _require_interpreter(by, interpretation.campaign_id)
    Campaign.objects.select_for_update(no_key=True).get(pk=interpretation.campaign_id)
    row = Interpretation.objects.select_related("rule").get(pk=interpretation.pk)
    if row.withdrawn_at is not None:
        return row
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        sentence = _("Say why it is taken back, in at most %(maximum)d characters.")
        raise Refused(sentence % {"maximum": MAXIMUM_REASON}, field="because", code="reason")
    if row.thresholds:
        _restore(row)
        tell_facts_changed(row.campaign_id, None)
    row.withdrawn_by_id, row.withdrawn_at = by.user_id, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _audit("interpretation.withdraw", row, by=by, at=at, after={"rule": row.rule.code, "because": because})
    return row


def _require_interpreter(by: Actor, campaign_id: int) -> None:
    if by.campaign_id != campaign_id or not policy.can_interpret(by):
        raise PermissionDenied


def _check_thresholds(rule: Rule, versions: list[RuleVersion], thresholds: Mapping[str, str], valid_from: date) -> None:
    latest = versions[-1]
    for name, value in thresholds.items():
        if value not in PARAMETERS.get(name, ()) or name not in latest.thresholds:
            sentence = _("Rule %(rule)s is not charged by item or plan. Leave this empty.")
            raise Refused(sentence % {"rule": rule.code}, field=name, code="no_parameter")
        if latest.thresholds[name] == value:
            sentence = _("Rule %(rule)s is read like this already. Leave it empty for words alone.")
            raise Refused(sentence % {"rule": rule.code}, field=name, code="same")
    if thresholds and latest.valid_from > valid_from:
        sentence = _("Rule %(rule)s has a later version, in force from %(day)s. Choose that day or a later one.")
        words = {"rule": rule.code, "day": latest.valid_from.isoformat()}
        raise Refused(sentence % words, field="valid_from", code="later_version")


def _restore(row: Interpretation) -> None:
    """Write for every day from which its parameter counts a version that says what stood before."""
    versions = versions_of([row.rule_id])[row.rule_id]
    place = next(place for place, version in enumerate(versions) if version.interpretation_id == row.pk)
    later = Interpretation.objects.filter(rule=row.rule, number__gt=row.number, withdrawn_at__isnull=True)
    if later.exclude(thresholds={}).exists():
        sentence = _("A later interpretation of this rule sets the same parameter. Take that one back first.")
        raise Refused(sentence, code="later")
    before = {name: versions[place - 1].thresholds[name] for name in row.thresholds}
    in_force = {version.valid_from: version for version in versions[place:]}  # the last of each day counts
    for day, version in in_force.items():
        written = versions_of([row.rule_id])[row.rule_id]
        _write_version(version, written, version.thresholds | before, day, supplement=version.supplement)


def _write_version(
    latest: RuleVersion, versions: list[RuleVersion], thresholds: dict[str, Any], valid_from: date, **origin: Any
) -> None:
    RuleVersion.objects.create(
        rule_id=latest.rule_id,
        number=max(version.number for version in versions) + 1,
        text=latest.text,
        label=latest.label,
        points=latest.points,
        thresholds=thresholds,
        valid_from=valid_from,
        **origin,
    )


def _audit(act: str, row: Interpretation, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    audit.record(act, row, by_id=by.user_id, campaign_id=row.campaign_id, at=at, after=after)
