"""What tests of supplements start from: a draft with lines, and its adoption."""

import uuid
from datetime import date
from decimal import Decimal

from scoring.models import Publication, Snapshot
from scoring.queries.rule_versions import latest_versions, standing_mark
from scoring.services.supplement_checks import ChangeDraft, SupplementDraft
from scoring.services.supplement_drafts import draft_supplement
from scoring.services.supplements import Minutes, adopt_supplement
from tests.factories import NOON, rule

FROM = date(2009, 11, 15)
DECIDED = date(2009, 12, 20)


def reprice(season, code, price, **values):
    """Return a line that gives a rule another price."""
    one = rule(season, code)
    version = latest_versions([one.pk])[one.pk]
    words = {"label": version.label, "text": version.text} | values
    return ChangeDraft(points=Decimal(price), rule=one, **words)


def new_line(season, code="B17", price="0.30", **values):
    """Return a line the rulebook lacks, of block B's execution where nothing else is said."""
    place = rule(season, "B1")
    values = {"category": place.category, "block": place.block, "unit": "次", "maximum": 9} | values
    return ChangeDraft("临时任务", "未按时完成学院临时交办的工作，扣0.3分/次。", Decimal(price), code=code, **values)


def draft_of(*changes, applies_from=FROM, rerecords=True, title="补充一", text="按领导小组意见补充。"):
    """Return what a supplement says."""
    return SupplementDraft(title, text, applies_from, rerecords, changes)


def drafted(season, by, *changes, key=None, **values):
    """Return a draft written down through the service."""
    return draft_supplement(season, draft_of(*changes, **values), uuid=key or uuid.uuid4(), by=by, at=NOON)


def minutes_of(*uploads, decided_on=DECIDED, present="王院长、李副院长", text="同意。"):
    """Return the minutes of an adoption."""
    return Minutes(decided_on, present, text, uploads)


def adopt(supplement, by, *, minutes=None, key=None, standing=None, at=NOON):
    """Return the supplement adopted through the service."""
    return adopt_supplement(
        supplement,
        minutes or minutes_of(),
        uuid=key or uuid.uuid4(),
        standing=standing or standing_mark(supplement),
        by=by,
        at=at,
    )


def publish(season, *, by, confirmed_by, taken_at):
    """Return a confirmed publication of a snapshot taken at that moment."""
    snapshot = Snapshot.objects.create(
        campaign=season, taken_at=taken_at, content="{}", sha256="0" * 64, audit_until=0, audit_digest="0" * 64
    )
    return Publication.objects.create(
        campaign=season,
        number=1,
        snapshot=snapshot,
        visibility="own",
        sign_until=taken_at.date(),
        state="confirmed",
        proposed_by_id=by.user_id,
        proposed_at=taken_at,
        decided_by_id=confirmed_by.user_id,
        decided_at=taken_at,
    )
