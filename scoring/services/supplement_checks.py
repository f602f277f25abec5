"""What a supplement says, and whether the rulebook as it stands can take it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import Block, Campaign
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import clean, tidy
from scoring.models import Category, Publication, Rule, RuleVersion
from scoring.queries.rule_versions import latest_versions

MAXIMUM_TITLE = 100
MAXIMUM_TEXT = 2000
MAXIMUM_LABEL = 100
MAXIMUM_UNIT = 32
MAXIMUM_QUANTITY = 999
MAXIMUM_LINES = 20
MAXIMUM_POINTS = 100
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,15}")


@dataclass(frozen=True)
class ChangeDraft:
    """One line: a rule with its new text and price, or with `rule` None a new one. Points are Decimal."""

    label: str
    text: str
    points: Decimal
    rule: Rule | None = None
    code: str = ""
    category: Category | None = None
    block: Block | None = None
    unit: str = ""
    maximum: int = 1

    @property
    def said(self) -> dict[str, Any]:
        """What the audit log keeps."""
        code = self.rule.code if self.rule is not None else self.code
        return {"rule": code, "label": self.label, "text": self.text, "points": self.points}


@dataclass(frozen=True)
class SupplementDraft:
    """What a supplement says."""

    title: str
    text: str
    applies_from: date
    rerecords: bool
    changes: Sequence[ChangeDraft]


def check_supplement(campaign: Campaign, draft: SupplementDraft) -> SupplementDraft:
    """Return the draft as it is kept; raises Refused at the field that is wrong. Three queries."""
    title, text = clean(draft.title), tidy(draft.text)
    for name, value, limit in (("title", title, MAXIMUM_TITLE), ("text", text, MAXIMUM_TEXT)):
        if not 0 < len(value) <= limit:
            sentence = _("Write it out, at most %(maximum)d characters.")
            raise Refused(sentence % {"maximum": limit}, field=name, code=name)
    check_applies_from(campaign, draft.applies_from)
    changes = tuple(_tidied(change) for change in draft.changes)
    check_changes(campaign, changes, applies_from=draft.applies_from)
    return SupplementDraft(title, text, draft.applies_from, draft.rerecords, changes)


def check_applies_from(campaign: Campaign, day: date) -> None:
    """Raise Refused where a supplement may not apply from that day on. One query.

    What was published must stand as it was read: a supplement begins after the day of the latest publication's figures.
    """
    words = {"first": campaign.facts_from.isoformat(), "last": campaign.facts_until.isoformat()}
    if not campaign.facts_from <= day <= campaign.facts_until:
        sentence = _("Only facts from %(first)s to %(last)s count; %(day)s lies outside.")
        raise Refused(sentence % (words | {"day": day.isoformat()}), field="applies_from", code="outside")
    published = Publication.objects.filter(campaign=campaign).confirmed().order_by("-snapshot__taken_at")
    taken_at = published.values_list("snapshot__taken_at", flat=True).first()
    if taken_at is not None and day <= day_of(taken_at):
        sentence = _("The result as of %(day)s is published. A supplement applies to facts after that day.")
        raise Refused(sentence % {"day": day_of(taken_at).isoformat()}, field="applies_from", code="published")


def check_changes(campaign: Campaign, changes: Sequence[ChangeDraft], *, applies_from: date) -> None:
    """Raise Refused where the lines of a supplement cannot be taken as the rulebook stands. Two queries."""
    if not changes:
        raise Refused(_("Add at least one line: a rule that changes, or a new one."), code="no_lines")
    if len(changes) > MAXIMUM_LINES:
        raise Refused(_("At most %(maximum)d lines stand in one supplement.") % {"maximum": MAXIMUM_LINES}, code="many")
    latest = latest_versions(change.rule.pk for change in changes if change.rule is not None)
    codes = {code.casefold() for code in Rule.objects.filter(campaign=campaign).values_list("code", flat=True)}
    seen: set[int] = set()
    for place, change in enumerate(changes):
        _check_words(change, place)
        if change.rule is None:
            _check_new(campaign, change, place, codes)
            continue
        if change.rule.pk in seen:
            sentence = _("Rule %(rule)s stands in this supplement twice.")
            raise Refused(sentence % {"rule": change.rule.code}, field=f"text_{place}", code="twice")
        seen.add(change.rule.pk)
        _check_against(change, latest[change.rule.pk], place, applies_from)


def _check_words(change: ChangeDraft, place: int) -> None:
    for name, value, limit in (("label", change.label, MAXIMUM_LABEL), ("text", change.text, MAXIMUM_TEXT)):
        if not 0 < len(value) <= limit:
            sentence = _("Write it out, at most %(maximum)d characters.")
            raise Refused(sentence % {"maximum": limit}, field=f"{name}_{place}", code=name)
    if not Decimal(0) < change.points <= MAXIMUM_POINTS:
        raise Refused(
            _("A price lies above 0 and is at most %(maximum)d.") % {"maximum": MAXIMUM_POINTS},
            field=f"points_{place}",
            code="price",
        )


def _check_new(campaign: Campaign, change: ChangeDraft, place: int, codes: set[str]) -> None:
    if not CODE.fullmatch(change.code):
        sentence = _("A code has up to 16 letters, digits and hyphens, like A15.")
        raise Refused(sentence, field=f"code_{place}", code="code")
    if change.code.casefold() in codes:
        sentence = _("Code %(code)s is taken. Choose another one.")
        raise Refused(sentence % {"code": change.code}, field=f"code_{place}", code="code_taken")
    codes.add(change.code.casefold())
    if change.category is None or change.category.campaign_id != campaign.pk:
        raise Refused(_("Choose the category."), field=f"category_{place}", code="category")
    if change.block is not None and change.block.campaign_id != campaign.pk:
        raise Refused(_("Choose the block."), field=f"block_{place}", code="block")
    if len(change.unit) > MAXIMUM_UNIT:
        sentence = _("Write at most %(maximum)d characters.")
        raise Refused(sentence % {"maximum": MAXIMUM_UNIT}, field=f"unit_{place}", code="unit")
    if not 1 <= change.maximum <= MAXIMUM_QUANTITY:
        sentence = _("The largest quantity is a whole number from 1 to %(maximum)d.")
        raise Refused(sentence % {"maximum": MAXIMUM_QUANTITY}, field=f"maximum_{place}", code="maximum")


def _check_against(change: ChangeDraft, latest: RuleVersion, place: int, applies_from: date) -> None:
    code = change.rule.code if change.rule is not None else ""
    if latest.valid_from > applies_from:
        sentence = _("Rule %(rule)s has a later version, in force from %(day)s. Choose that day or a later one.")
        words = {"rule": code, "day": latest.valid_from.isoformat()}
        raise Refused(sentence % words, field="applies_from", code="later_version")
    if (change.points, change.text, change.label) == (latest.points, latest.text, latest.label):
        sentence = _("Rule %(rule)s says and costs this already. Change its price or text, or remove the line.")
        raise Refused(sentence % {"rule": code}, field=f"points_{place}", code="same")


def _tidied(change: ChangeDraft) -> ChangeDraft:
    label, text = clean(change.label), tidy(change.text)
    if change.rule is not None:
        return ChangeDraft(label, text, change.points, rule=change.rule)
    return replace(change, label=label, text=text, code=clean(change.code), unit=clean(change.unit))
