"""What the tests of detectors of papers share: terms, plans and duties as facts, what a suspicion says."""

from datetime import date
from uuid import UUID

from hypothesis import strategies as st

from campaigns.facts import ItemContent
from scoring.facts import Department, FileFact, RuleTerms, Season, Terms
from scoring.facts.papers import Duty, MarkFact, Owed, PlanFacts, PlanText

PLAN, HOME = UUID(int=5), UUID(int=9)
FIRST, SECOND = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
EARLY, MIDDLE, LATE = date(2009, 11, 5), date(2009, 11, 12), date(2009, 11, 20)  # versions 1, 2, 3
PHASE_END = date(2009, 12, 22)
NOW = date(2009, 12, 28)
FIVE = ("实施成效", "存在的问题", "原因剖析", "问题处理", "改进举措")
WORD = FileFact("方案.doc", "ab" * 32)
PARTS = ("measure", "standard", "outcome", "incentive", "service")

uuids = st.sampled_from([FIRST, SECOND])
texts = st.sampled_from(["", " ", "有"])
spring = st.dates(date(2009, 11, 1), date(2009, 12, 31))


def terms(on=NOW, *, maximum=99, **thresholds):
    """Return the terms of a rule of the season of 2009 on a day."""
    return Terms(
        RuleTerms(code="X1", attribution="department", maximum=maximum, thresholds=thresholds),
        Season(
            on=on,
            facts_from=date(2009, 9, 1),
            facts_until=date(2010, 1, 31),
            phase_ends={3: PHASE_END},
            summary_parts=FIVE,
        ),
        Department(id=1, uuid=HOME, name="图书馆", kind="support", block="B"),
    )


def item(uuid=FIRST, title="开馆", number=1, **said):
    """Return an item that says something in every part, but for what is given."""
    return ItemContent(uuid=uuid, number=number, title=title, **dict.fromkeys(PARTS, "有") | said)


def text(*items, number=1, on=EARLY, word=None):
    """Return a submitted version."""
    return PlanText(number, on, "图书馆活动方案", tuple(items), word)


def plan(*versions, **values):
    """Return the facts of a plan with these versions; a single item stands for a version of it alone."""
    found = tuple(text(one) if isinstance(one, ItemContent) else one for one in versions)
    return PlanFacts(uuid=PLAN if found else None, texts=found, **values)


def mark(of, reason, *, on=date(2009, 11, 10), version=1, submitted_on=EARLY, note="", reviewed_on=None, number=7):
    """Return a standing mark on an item as it read in a version."""
    return MarkFact(UUID(int=number), reason, on, version, note, reviewed_on, submitted_on, of, page=PLAN)


def duty(number="1", words="采购图书", *, uuid=FIRST, **values):
    """Return a standing duty."""
    return Duty(UUID(uuid), number, words, page=HOME, **values)


def owed(deadline=date(2009, 11, 6), name="活动方案电子文档"):
    """Return a paper that is still owed."""
    return Owed(UUID(int=3), name, deadline)


def said(suspicion):
    """Return what a charge rests on: reason, quantity, day, record, the kind of silence."""
    return (
        suspicion.reason,
        suspicion.quantity,
        suspicion.happened_on,
        suspicion.record,
        suspicion.silence.value if suspicion.silence else None,
    )


def sentences(detector, found):
    """Return the sentences of suspicions; each must have all it needs."""
    return [str(detector.reasons[one.reason]) % one.parameters for one in found]
