"""What the ledger tells findings: a line charges the fact one names, or lets it go again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.models import Department
from qualityseason.errors import Refused
from scoring.enums import FindingState
from scoring.models import Deduction, Finding, Rule


def hold_findings(campaign_id: int, *, ids: Collection[int] = (), keys: Collection[str | None] = ()) -> None:
    """Hold findings until the transaction ends, after the departments and before any line, in the order of all."""
    wanted = Q(pk__in=ids) | Q(charge_key__in=[key for key in keys if key is not None])
    rows = Finding.objects.filter(wanted, campaign_id=campaign_id).select_for_update(no_key=True)
    list(rows.order_by("pk").values_list("pk"))


def require_fitting(finding: Finding, *, rule: Rule, charged: Department) -> None:
    """Raise Refused unless a line of this rule may charge the fact of the finding to this department now.

    The caller holds the finding, so that of two people deciding it the second is told.
    """
    finding = Finding.objects.select_related("rule", "deduction").get(pk=finding.pk)
    if (finding.campaign_id, finding.rule.family) != (charged.campaign_id, rule.family):
        raise Refused(
            _("The records show this fact under another rule: %(rule)s. Choose that one, or record it on its own.")
            % {"rule": finding.rule.code},
            field="rule",
            code="other_rule",
        )
    if finding.charged_id != charged.pk:
        raise Refused(_("The records show this fact of another department."), field="charged", code="other_department")
    if finding.state == FindingState.CHARGED and finding.deduction is not None:
        raise Refused(_("This finding has been charged meanwhile."), code="decided", existing=finding.deduction)


def settle_finding(line: Deduction, *, at: datetime) -> None:
    """Let the finding of the fact this line charges, if there is one, say so: named by the line, or of the same key.

    A line that replaces another settles it at once where it names the finding, else with its charge key.
    """
    found = Finding.objects.filter(campaign_id=line.campaign_id)
    if line.finding_id is not None:
        found = found.filter(pk=line.finding_id)
    elif line.charge_key is not None:
        found = found.filter(charge_key=line.charge_key)
    else:
        return
    found.update(
        state=FindingState.CHARGED,
        deduction=line,
        decided_by=line.recorded_by_id,
        decided_at=at,
        because="",
        gone_at=None,
    )


def release_finding(line: Deduction) -> None:
    """Let the finding a withdrawn line had charged fall back to the line it replaced, or else count as dismissed.

    The reason of the withdrawal is that of the dismissal: the finding returns only when its facts change.
    """
    for finding in Finding.objects.filter(deduction=line):
        standing = Deduction.objects.standing().filter(campaign_id=line.campaign_id, charge_key=finding.charge_key)
        other = standing.exclude(pk=line.pk).first()
        if other is not None:
            finding.deduction = other
        else:
            finding.state, finding.deduction = FindingState.DISMISSED, None
            finding.decided_by_id, finding.decided_at = line.withdrawn_by_id, line.withdrawn_at
            finding.because = line.withdrawn_because
        finding.save(update_fields=["state", "deduction", "decided_by", "decided_at", "because"])
