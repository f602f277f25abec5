"""How each rule comes to be seen, and what it has come to: deductions, and findings decided or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actors import Actor
from campaigns.enums import RegisterCode
from scoring.detectors import DETECTORS
from scoring.enums import FindingState, Proof, Sight
from scoring.models import Deduction, Finding

RECORDS = {
    "study": gettext_lazy("study sessions with invitations, roll and minutes"),
    "plan": gettext_lazy("the plan as submitted last, and the marks on it"),
    "duties": gettext_lazy("duties and their evidence"),
    "policies": gettext_lazy("own policies, their measures and evidence"),
    "summary": gettext_lazy("the closing summary as submitted last"),
    "service": gettext_lazy("service work by month"),
    "student-months": gettext_lazy("monthly reports on students"),
    "circulars": gettext_lazy("when circulars were relayed and carried out"),
    "problems": gettext_lazy("answers to problems"),
    "problem-persons": gettext_lazy("what was done about each person of a problem"),
    "assignments": gettext_lazy("assignments and the reports on them"),
}  # what detectors read, by the name of their source


@dataclass(frozen=True)
class FindingCounts:
    """What has become of the findings of a rule: proven and undecided, charged, dismissed."""

    undecided: int = 0
    charged: int = 0
    dismissed: int = 0


@dataclass(frozen=True)
class RuleCounts:
    """What rules have come to, by rule id: confirmed lines and their sum, findings."""

    costs: Mapping[int, tuple[int, Decimal]]
    findings: Mapping[int, FindingCounts]


def seen_how(sight: str, detector: str) -> str:
    """Return the sentence that says how a rule comes to be seen, and in which records."""
    known = DETECTORS.get(detector)
    records = _records(known.source) if known else ""
    if sight == Sight.EYE or not records:
        return _("only by people who look")
    if sight == Sight.ASSISTED:
        return _("the portal points it out from %(records)s; a person judges") % {"records": records}
    return _("the portal finds it in %(records)s; a person decides") % {"records": records}


def count_of_rules(actor: Actor) -> RuleCounts:
    """Return what the actor may know of deductions and findings by rule. At most two queries."""
    lines = Deduction.objects.visible_to(actor).confirmed().order_by()
    rows = lines.values_list("rule_id").annotate(times=Count("pk"), amount=Sum("amount"))
    return RuleCounts({rule: (times, amount) for rule, times, amount in rows}, _findings(actor))


def _findings(actor: Actor) -> dict[int, FindingCounts]:
    """Return the findings an overseer may know of, by rule id; nothing for others. At most one query."""
    if not actor.oversees:
        return {}
    rows = (
        Finding.objects.visible_to(actor)
        .order_by()
        .values_list("rule_id")
        .annotate(
            undecided=Count("pk", filter=Q(state=FindingState.OPEN, proof=Proof.PROVEN)),
            charged_ones=Count("pk", filter=Q(state=FindingState.CHARGED)),
            dismissed=Count("pk", filter=Q(state=FindingState.DISMISSED)),
        )
    )
    return {rule: FindingCounts(*counts) for rule, *counts in rows}


def _records(source: str) -> str:
    if source in RegisterCode.values:
        return _("the register “%(register)s”") % {"register": RegisterCode(source).label}
    return str(RECORDS.get(source, ""))
