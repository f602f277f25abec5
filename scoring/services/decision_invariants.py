"""What must hold between decisions, benchmarks and what they set."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from campaigns.enums import DecisionKind
from campaigns.models import Campaign, Decision, Department
from scoring.enums import Basis
from scoring.models import Benchmark, Publication, Rulebook
from scoring.queries.decisions import latest_decision


def check_decisions(campaign: Campaign) -> Iterator[str]:
    """Yield what is wrong with the decisions and benchmarks of a season. Seven queries at any size."""
    yield from _check_basis(campaign)
    wrong = Benchmark.objects.filter(campaign=campaign).exclude(department__block=F("block"))
    for name, category in wrong.values_list("department__name", "category__name"):
        said = {"department": name, "category": category}
        yield _("benchmark in %(category)s: %(department)s is of another block") % said
    departments = {
        str(uuid): block
        for uuid, block in Department.objects.filter(campaign=campaign).values_list("uuid", "block__code")
    }
    publications = {str(uuid) for uuid in Publication.objects.filter(campaign=campaign).values_list("uuid", flat=True)}
    kinds = (DecisionKind.RANK_TIE, DecisionKind.COMMENDED)
    for decision in Decision.objects.filter(campaign=campaign, kind__in=kinds).order_by("pk"):
        data, said = decision.data, {"day": decision.decided_on.isoformat(), "decision": str(decision.uuid)}
        if decision.kind == DecisionKind.RANK_TIE:
            if {departments.get(uuid) for uuid in data["order"]} != {data["block"]}:
                yield _("decision of %(day)s on a tie (%(decision)s): not departments of one block") % said
        elif data["publication"] not in publications or not departments.keys() >= set(data["departments"]):
            yield _("decision of %(day)s to commend (%(decision)s): it names what is not there") % said


@transaction.atomic
def _check_basis(campaign: Campaign) -> list[str]:
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # a decision is whole or not yet made
    decided = latest_decision(campaign, DecisionKind.BASIS)
    basis = Rulebook.objects.filter(campaign=campaign).values_list("basis", flat=True).first()
    if decided is None or decided.data["basis"] == basis:
        return []
    words = {"decided": Basis(decided.data["basis"]).label, "basis": basis}
    return [_("basis: decided is “%(decided)s”, in force is “%(basis)s”") % words]
