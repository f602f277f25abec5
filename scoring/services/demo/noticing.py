"""What the portal notices in the demo, what the team makes of it, and what is mended before it costs anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from campaigns.models import CircularRecipient
from campaigns.queries.actors import load_actor
from campaigns.services.circular_records import record_carrying_out, record_relay
from qualityseason.clock import day_of
from qualityseason.models import User
from scoring.enums import RecordKind
from scoring.models import Deduction, Finding
from scoring.services.announcements import announce
from scoring.services.demo.cast import Cast
from scoring.services.detection import detect_campaign
from scoring.services.findings import Picked, charge_findings, dismiss_findings
from scoring.services.ledger import confirm_deductions

EVERY = 3  # of the lines charged one in so many is confirmed


def notice(cast: Cast, data: dict[str, Any]) -> None:
    """Announce what counts, look at the records, decide some findings, mend some, and look once more."""
    _announce(cast, data["announcements"])
    detect_campaign(cast.campaign, at=data["detected_at"])
    _decide(cast, data)
    for entry in data["mended"]:
        _mend(cast, entry)
    detect_campaign(cast.campaign, at=data["detected_again_at"])


def _announce(cast: Cast, entries: Sequence[dict[str, Any]]) -> None:
    office = load_actor(User.objects.get(username="office"), cast.campaign, on=cast.campaign.starts_on)
    assert office is not None  # noqa: S101  # the demo's accounts are there
    for entry in entries:
        kind, at = RecordKind(entry["kind"]), entry["announced_at"]
        announce(cast.campaign, kind=kind, starts_on=entry["starts_on"], by=office, at=at)


def _decide(cast: Cast, data: dict[str, Any]) -> None:
    at, lines = data["decided_at"], []
    for code, count in data["charged"].items():
        for finding in _first(cast, code, count):
            name = cast.pick_assessor(finding.charged) or ""
            charge_findings([_picked(finding)], by=cast.actors[name], at=at)
            lines.append((Deduction.objects.get(finding=finding), name))
    for entry in data["dismissed"]:
        for finding in _first(cast, entry["rule"], entry["count"]):
            name = cast.pick_assessor(finding.charged) or ""
            dismiss_findings([_picked(finding)], because=entry["because"], by=cast.actors[name], at=at)
    for line, name in lines[::EVERY]:
        second = cast.pick_assessor(line.charged, other_than=[name]) or ""
        confirm_deductions([line], by=cast.actors[second], at=data["confirmed_at"])


def _first(cast: Cast, code: str, count: int) -> Sequence[Finding]:
    found = Finding.objects.proposed().filter(campaign=cast.campaign, rule__code=code)
    return list(found.select_related("charged", "rule").order_by("charged__order", "pk")[:count])


def _picked(finding: Finding) -> Picked:
    return Picked(finding.uuid, finding.fingerprint)


def _mend(cast: Cast, entry: dict[str, Any]) -> None:
    at: datetime = entry["at"]
    rows = CircularRecipient.objects.filter(
        circular__campaign=cast.campaign, circular__number=entry["circular"], department__name__in=entry["departments"]
    )
    for recipient in rows.select_related("department").order_by("department__order"):
        liaison = User.objects.get(username=f"staff-{recipient.department.order:02d}")
        by = load_actor(liaison, cast.campaign, on=day_of(at))
        assert by is not None  # noqa: S101  # the demo's accounts are there
        if recipient.relayed_on is None:
            recipient = record_relay(recipient, relayed_on=day_of(at), to_all=True, how="", version=None, by=by, at=at)
        record_carrying_out(recipient, carried_out_on=day_of(at), what=entry["what"], version=None, by=by, at=at)
