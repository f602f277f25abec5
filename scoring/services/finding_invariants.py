"""What must be true of findings besides the database's own constraints."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from campaigns.models import Department
from scoring.detectors import DETECTORS
from scoring.enums import FindingState
from scoring.models import Deduction, Finding


def check_findings(department: Department) -> Iterator[str]:
    """Yield what is wrong with the findings of a department; it is read under its lock. Two queries."""
    holder = Deduction.objects.standing().filter(
        campaign=OuterRef("campaign"), charge_key=OuterRef("charge_key"), rule=OuterRef("rule")
    )
    findings = Finding.objects.filter(charged=department).select_related("rule", "rule_version", "deduction__rule")
    for finding in findings.annotate(is_held=Exists(holder)).order_by("pk"):
        for sentence in _check(finding, is_held=finding.is_held):
            yield f"{finding.rule.code} {finding.happened_on.isoformat()} {finding.uuid}: {sentence}"
    strangers = Deduction.objects.filter(charged=department, finding__isnull=False)
    for line in strangers.exclude(finding__charged=F("charged")).order_by("pk"):
        yield _("deduction %(line)s names a finding of another department.") % {"line": line.uuid}


def _check(finding: Finding, *, is_held: bool) -> Iterator[str]:
    line = finding.deduction
    if finding.rule.campaign_id != finding.campaign_id:
        yield _("it mixes two seasons.")
    if finding.rule_version.rule_id != finding.rule_id:
        yield _("its version belongs to another rule.")
    detector = DETECTORS.get(finding.rule.detector)
    if detector is not None and finding.reason not in detector.reasons:
        yield _("its detector knows no reason %(reason)s.") % {"reason": finding.reason}
    if line is not None and line.withdrawn_at is not None:
        yield _("it counts as charged, but its deduction is withdrawn.")
    is_twin = line is not None and line.charge_key == finding.charge_key
    if line is not None and (
        line.rule.family != finding.rule.family or (line.charged_id != finding.charged_id and not is_twin)
    ):
        yield _("its deduction charges another department or by another family of rules.")
    if finding.state == FindingState.OPEN and is_held:
        yield _("it is undecided, but a deduction stands for the same fact.")
