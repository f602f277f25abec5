"""What the recording form is filled in with before anybody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest
from qualityseason.text import NO_UUID, parse_uuid
from scoring import policy
from scoring.enums import SubjectKind
from scoring.forms.asking import Asking
from scoring.forms.recording import find_inspection
from scoring.models import Deduction, Finding
from scoring.queries.deductions import detail_lines
from scoring.queries.finding_words import why


def values_from_address(request: Asking, query: Mapping[str, str]) -> dict[str, Any]:
    """Return what the address fills in: a finding, a line to be corrected, an inspection, a department, a rule.

    Raises Http404 when the finding, the line or the inspection is none the actor may know of, ConflictOfInterest when
    the finding or the line concerns a department of own interest.
    """
    wanted = {"charged", "rule", "inspection", "happened_on", "subject", "month", "note"}
    values: dict[str, Any] = {key: value for key, value in query.items() if key in wanted and value}
    if "finding" in query:
        values = _values_of_finding(request, query["finding"]) | values
    if "from" in query:
        old = (
            detail_lines(request.actor)
            .select_related("inspection", "finding")
            .filter(uuid=parse_uuid(query["from"]) or NO_UUID)
            .first()
        )
        if old is None:
            raise Http404
        if not policy.can_record(request.actor, old.charged_id, old.visited_id):
            raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
        values = _values_of(old) | values
    inspection = find_inspection(request, values.get("inspection", ""))
    if values.get("inspection") and inspection is None:
        raise Http404
    if inspection is not None:
        seen_on = day_of(inspection.started_at).isoformat()
        values = {"charged": str(inspection.department.uuid), "happened_on": seen_on} | values
    return values


def _values_of_finding(request: Asking, uuid: str) -> dict[str, Any]:
    wanted = parse_uuid(uuid) or NO_UUID
    rows = Finding.objects.visible_to(request.actor).select_related("rule", "charged")
    finding = rows.filter(uuid=wanted).first()
    if finding is None:
        raise Http404
    if not policy.can_record(request.actor, finding.charged_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    per_month = finding.rule.subject == SubjectKind.MONTH
    return {
        "finding": str(finding.uuid),
        "charged": str(finding.charged.uuid),
        "rule": finding.rule.code,
        "quantity": str(finding.quantity),
        "subject": "" if per_month else finding.subject_label,
        "month": finding.period if per_month else "",
        "happened_on": finding.happened_on.isoformat(),
        "note": why(finding),
    }


def _values_of(old: Deduction) -> dict[str, Any]:
    per_month = old.rule.subject == SubjectKind.MONTH
    return {
        "charged": str(old.charged.uuid),
        "visited": str(old.visited.uuid) if old.visited_id != old.charged_id else "",
        "rule": old.rule.code,
        "quantity": str(old.quantity),
        "subject": "" if per_month else old.subject_label,
        "month": old.period if per_month else "",
        "happened_on": old.happened_on.isoformat(),
        "note": old.note,
        "inspection": str(old.inspection.uuid) if old.inspection else "",
        "finding": str(old.finding.uuid) if old.finding else "",
    } | {f"answer_{code}": text for code, text in old.answers.items()}


def address_for_another(request: Asking, line: Deduction) -> str:
    """Return the address of a form for the next line of the same visit."""
    query = QueryDict(mutable=True)
    query["charged"] = str(line.visited.uuid)
    query["happened_on"] = line.happened_on.isoformat()
    if line.inspection is not None:
        query["inspection"] = str(line.inspection.uuid)
    return f"{reverse('scoring:deduction-new', args=[request.campaign.slug])}?{query.urlencode()}"
