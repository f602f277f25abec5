"""The rulebook as part of a season."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from campaigns.enums import DecisionKind, StaffCategory
from campaigns.hooks import SeasonPart
from campaigns.models import Block, Campaign, Decision, Department
from campaigns.services.syncing import Sync, pick
from scoring.detectors import DETECTORS
from scoring.enums import Basis, Sight
from scoring.models import Category, Deduction, Inspection, Rule, Rulebook, RuleVersion, Tally

RULEBOOK_TEXTS = (
    "title",
    "source",
    "basis",
    "contents",
    "methods",
    "appendix",
    "remarks",
    "flaws",
    "unpriced",
    "readings",
)
RULE_FIELDS = (
    "clause",
    "family",
    "exclusive_group",
    "unit",
    "subject",
    "once",
    "maximum",
    "attribution",
    "excusable",
    "mendable",
    "sight",
    "detector",
)
OPTIONAL_FIELDS = frozenset({"detector"})


def sync_rulebook(campaign: Campaign, data: dict[str, Any], sync: Sync) -> None:
    """Bring rulebook, categories, rules with their first versions and the empty tallies in line with the data."""
    book = data["rulebook"]
    if book.get("basis", Basis.ABSOLUTE) not in Basis.values:
        raise ValueError(f"rulebook.toml, basis: {book['basis']!r}? ({', '.join(Basis.values)})")
    values = {name: book[name] for name in RULEBOOK_TEXTS if name in book}
    if Decision.objects.filter(campaign=campaign, kind=DecisionKind.BASIS).exists():
        values.pop("basis", None)  # what the leading group decided stands
    sync.row(Rulebook, lookup={"campaign": campaign}, values=values)
    categories: dict[str, Category | None] = {}
    for order, category in enumerate(book["categories"], start=1):
        categories[category["code"]] = sync.row(
            Category,
            lookup={"campaign": campaign, "code": category["code"]},
            values={"name": category["name"], "full": Decimal(category["full"]), "order": order},
        )
    blocks: dict[str, Block | None] = {block["code"]: None for block in data["departments"]["blocks"]}
    blocks |= {"": None} | {block.code: block for block in Block.objects.filter(campaign=campaign)}
    _require_families(book["rules"])
    for order, rule in enumerate(book["rules"], start=1):
        where = f"rulebook.toml, {rule['code']}"
        category_row = pick(categories, rule["category"], where=f"{where}, category")
        _sync_rule(campaign, rule, order, category_row, pick(blocks, rule["block"], where=f"{where}, block"), sync)
    sync.report_unnamed(Rule, within={"campaign": campaign}, key="code", known={rule["code"] for rule in book["rules"]})
    if sync.write:
        open_tallies(campaign)


def _sync_rule(
    campaign: Campaign, data: dict[str, Any], order: int, category: Category | None, block: Block | None, sync: Sync
) -> None:
    rule = sync.row(
        Rule,
        lookup={"campaign": campaign, "code": data["code"]},
        values={name: data[name] for name in RULE_FIELDS if name not in OPTIONAL_FIELDS}
        | {"detector": _detector(data)}
        | {"category": category, "block": block, "order": order, "asks": data.get("asks", [])}
        | {
            "exempt": [_staff_category(word, where=f"rulebook.toml, {data['code']}") for word in data.get("exempt", [])]
        },
        always=frozenset({"detector"}),
    )
    if rule is not None:
        sync.row(
            RuleVersion,
            lookup={"rule": rule, "number": 1},
            values={
                "text": data["text"],
                "label": data["label"],
                "points": Decimal(data["points"]),
                "thresholds": data.get("thresholds", {}),
                "valid_from": campaign.facts_from,
            },
            always=frozenset({"thresholds"}),
        )


def _require_families(rules: Sequence[dict[str, Any]]) -> None:
    """Raise ValueError where a line could take the place of one it must not.

    Within a block, rules of one family (of which one may replace the other) stand in one category, and a rule of an
    exclusive group is alone in its family: what open matters can change at most rests on it.
    """
    families: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for rule in rules:
        families[rule["family"]].append(rule)
    for one, other in (pair for members in families.values() for pair in combinations(members, 2)):
        if "" not in (one["block"], other["block"]) and one["block"] != other["block"]:
            continue
        if one["exclusive_group"] or other["exclusive_group"]:
            raise ValueError(f"rulebook.toml, {other['code']}, family: {one['code']}, exclusive_group?")
        if one["category"] != other["category"]:
            raise ValueError(f"rulebook.toml, {other['code']}, family: {one['code']}, category?")


def _detector(data: dict[str, Any]) -> str:
    """Return the detector a rule names, '' where only eyes see it; raises ValueError when the two do not fit."""
    name, where = str(data.get("detector", "")), f"rulebook.toml, {data['code']}"
    if (data["sight"] == Sight.EYE) != (name == ""):
        raise ValueError(f"{where}, sight: {data['sight']!r}, detector: {name!r}?")
    if name and name not in DETECTORS:
        raise ValueError(f"{where}, detector: {name!r}? ({', '.join(sorted(DETECTORS))})")
    missing = [one for one in (DETECTORS[name].thresholds if name else ()) if one not in data.get("thresholds", {})]
    if missing:
        raise ValueError(f"{where}, thresholds: {', '.join(missing)}?")
    return name


def _staff_category(word: str, *, where: str) -> str:
    if word not in StaffCategory.values:
        raise ValueError(f"{where}, exempt: {word!r}?")
    return word


def open_tallies(campaign: Campaign) -> None:
    """Make sure every department has a tally in every category."""
    departments = Department.objects.filter(campaign=campaign).values_list("pk", flat=True)
    categories = list(Category.objects.filter(campaign=campaign).values_list("pk", flat=True))
    Tally.objects.bulk_create(
        [
            Tally(campaign=campaign, department_id=department, category_id=category)
            for department in departments
            for category in categories
        ],
        ignore_conflicts=True,
    )


def copy_rulebook(campaign: Campaign, copied: Campaign, on: date) -> None:
    """Carry the rulebook into a season made from another: every rule with its version of that day as its first."""
    book = Rulebook.objects.filter(campaign=campaign).first()
    if book is not None:
        Rulebook.objects.create(campaign=copied, **{name: deepcopy(getattr(book, name)) for name in RULEBOOK_TEXTS})
    categories = {
        row.pk: Category.objects.create(
            campaign=copied, **{name: getattr(row, name) for name in ("code", "name", "full", "order")}
        )
        for row in Category.objects.filter(campaign=campaign)
    }
    blocks = {block.code: block for block in Block.objects.filter(campaign=copied)}
    rules = {}
    for rule in Rule.objects.filter(campaign=campaign).select_related("block"):
        values = {name: deepcopy(getattr(rule, name)) for name in (*RULE_FIELDS, "code", "order", "asks", "exempt")}
        block = blocks[rule.block.code] if rule.block is not None else None
        rules[rule.pk] = Rule.objects.create(
            campaign=copied, category=categories[rule.category_id], block=block, **values
        )
    versions = RuleVersion.objects.filter(rule__campaign=campaign).in_force(on=on)
    RuleVersion.objects.bulk_create(
        RuleVersion(
            rule=rules[version.rule_id],
            number=1,
            valid_from=copied.facts_from,
            **{name: deepcopy(getattr(version, name)) for name in ("text", "label", "points", "thresholds")},
        )
        for version in versions
    )
    open_tallies(copied)


RULEBOOK_PART = SeasonPart(
    name="rulebook",
    sync=sync_rulebook,
    copy=copy_rulebook,
    is_in_use=lambda campaign: (
        Deduction.objects.filter(campaign=campaign).exists() or Inspection.objects.filter(campaign=campaign).exists()
    ),
)
