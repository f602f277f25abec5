"""What a decision set, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Block, ContestEntry, Decision, Department, DepartmentChange
from scoring.enums import Basis, Visibility
from scoring.enums.appraisals import Appraisal
from scoring.models import Publication


@dataclass(frozen=True)
class Effect:
    """One thing a decision set, with the address of what it is about ('' for none)."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Names:
    """What the ids in decisions stand for, and the season's part of addresses."""

    slug: str = ""
    blocks: Mapping[str, str] | None = None
    departments: Mapping[str, tuple[str, str]] | None = None  # name and block by uuid
    entries: Mapping[str, str] | None = None
    publications: Mapping[str, int | None] | None = None
    changes: Mapping[int, str] | None = None

    def department(self, uuid: str) -> str:
        """Return the name of a department."""
        return (self.departments or {}).get(uuid, ("", ""))[0]

    def join(self, uuids: Sequence[str], *, between: str = "、") -> str:
        """Return the names of departments in the order given."""
        return between.join(self.department(uuid) for uuid in uuids)

    def address(self, name: str, *arguments: object) -> str:
        """Return the address of a page of the season."""
        return reverse(name, args=[self.slug, *arguments])


def load_names(actor: Actor, decisions: Sequence[Decision]) -> Names:
    """Return the names decisions of one season need. Three queries, one more each for contest, publication, changes."""
    if not decisions:
        return Names()
    season, kinds = actor.campaign_id, {row.kind for row in decisions}
    departments = Department.objects.visible_to(actor).select_related("block")
    slug = decisions[0].campaign.slug
    entries = ContestEntry.objects.filter(contest__campaign_id=season).values_list("uuid", "plan__department__name")
    publications = Publication.objects.filter(campaign_id=season).values_list("uuid", "number")
    changes = DepartmentChange.objects.filter(campaign_id=season).values_list("decision_id", "uuid")
    return Names(
        slug,
        dict(Block.objects.filter(campaign_id=season).values_list("code", "name")),
        {str(row.uuid): (row.name, row.block.code) for row in departments},
        {str(uuid): name for uuid, name in entries} if DecisionKind.CONTEST_TIE in kinds else {},
        {str(uuid): number for uuid, number in publications} if DecisionKind.COMMENDED in kinds else {},
        {decision: str(uuid) for decision, uuid in changes} if DecisionKind.DEPARTMENTS in kinds else {},
    )


def effects_of(decision: Decision, names: Names) -> tuple[Effect, ...]:
    """Return what the decision set. No query."""
    data = decision.data
    match decision.kind:
        case DecisionKind.RANK_TIE:
            block = (names.blocks or {}).get(data["block"], data["block"])
            order = names.join(data["order"], between=" › ")
            label = _("%(block)s, %(total)s each") % {"block": block, "total": data["total"]}
            return (Effect(label, order, f"{names.address('scoring:ranking')}#block-{data['block']}"),)
        case DecisionKind.CONTEST_TIE:
            order = " › ".join((names.entries or {}).get(uuid, "") for uuid in data["order"])
            label = _("Rank %(rank)s, %(mean)s points each") % {"rank": data["rank"], "mean": data["mean"]}
            return (Effect(label, order, names.address("campaigns:contest")),)
        case DecisionKind.HONOURS:
            said = {"chosen": len(data["chosen"]), "passed": len(data["passed_over"])}
            value = _("commended %(chosen)d, not chosen %(passed)d") % said
            return (Effect(_("Commended persons"), value, names.address("campaigns:honours")),)
        case DecisionKind.DEPARTMENTS:
            change = (names.changes or {}).get(decision.pk)
            url = names.address("campaigns:department-change", change) if change else ""
            return (Effect(_("Change of departments"), _("open it"), url),)
        case DecisionKind.SUPPLEMENT:
            return _of_supplement(decision, names)
        case DecisionKind.BASIS:
            value = str(Basis(data["basis"]).label)
            return (Effect(_("Basis"), value, names.address("scoring:benchmarks")),)
        case DecisionKind.CONVERSION:
            return tuple(Effect(str(one.label), _percent(data["percentages"].get(one.value))) for one in Appraisal)
        case DecisionKind.COMMENDED_NUMBER:
            blocks = names.blocks or {}
            return tuple(Effect(blocks.get(code, code), _number(number)) for code, number in data["numbers"].items())
        case DecisionKind.COMMENDED:
            return _of_commended(decision, names)
        case DecisionKind.VISIBILITY:
            return (Effect(_("What each department reads"), str(Visibility(data["visibility"]).label)),)
    return ()


def _of_supplement(decision: Decision, names: Names) -> tuple[Effect, ...]:
    supplement = getattr(decision, "supplement", None)
    if supplement is None:
        return ()
    label = _("Supplement %(number)s") % {"number": supplement.number}
    return (Effect(label, supplement.title, names.address("scoring:supplement", supplement.uuid)),)


def _of_commended(decision: Decision, names: Names) -> tuple[Effect, ...]:
    data, by_block = decision.data, dict[str, list[str]]()
    for uuid in data["departments"]:
        by_block.setdefault((names.departments or {}).get(uuid, ("", ""))[1], []).append(uuid)
    named = tuple(
        Effect(name, names.join(by_block[code])) for code, name in (names.blocks or {}).items() if by_block.get(code)
    )
    number = (names.publications or {}).get(data["publication"])
    url = names.address("scoring:publication", data["publication"])
    return (*named, Effect(_("From publication"), _("No. %(number)s") % {"number": number or "–"}, url))


def _percent(percent: str | None) -> str:
    return f"{Decimal(percent)} %" if percent is not None else _("undecided")


def _number(number: int) -> str:
    return _("%(number)d to commend") % {"number": number}
