"""What the tests of the registers' detectors share: terms of a rule, people, what a suspicion charges."""

from datetime import date
from uuid import UUID

from django.utils import translation
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts import Department, Person, RuleTerms, Season, Terms

HERE, THERE = 1, 2  # ids of departments
TERM = ("2009-1", date(2009, 9, 1), date(2010, 1, 31))
NEXT_TERM = ("2010-2", date(2010, 3, 1), date(2010, 7, 15))
ON = date(2009, 12, 28)
APPROVED = date(2009, 11, 30)
WEI = Person(11, UUID(int=11), "张伟", "00123", "full_time")
NAMESAKE = Person(12, UUID(int=12), "张伟", "00456", "full_time")
EXTERNAL = Person(13, UUID(int=13), "李敏", "W001", "external")
PEOPLE = (WEI, NAMESAKE, EXTERNAL)

excuses = st.sampled_from([None, None, APPROVED])
places = st.sampled_from([HERE, HERE, THERE])


def terms(
    *,
    attribution="home",
    excusable=False,
    exempt=(),
    thresholds=None,
    kind="specialty",
    on=ON,
    seasons=(TERM, NEXT_TERM),
):
    """Return the terms of a rule for the department HERE."""
    return Terms(
        RuleTerms("X1", attribution, 1, excusable, frozenset(exempt), thresholds or {}),
        Season(on=on, facts_from=date(2009, 9, 1), facts_until=date(2010, 12, 31), terms=tuple(seasons)),
        Department(HERE, UUID(int=HERE), "财会金融系", kind, "B"),
    )


def id_of(number):
    """Return a uuid one can read."""
    return UUID(int=number)


def said(suspicion):
    """Return what a charge rests on: reason, day, subject, record or period, quantity, contradicted or not."""
    return (
        suspicion.reason,
        suspicion.happened_on,
        suspicion.subject.key,
        suspicion.record or suspicion.period,
        suspicion.quantity,
        suspicion.is_contradicted,
    )


def sentence(name, suspicion):
    """Return the English sentence of a suspicion, codes as they are."""
    with translation.override("en"):
        return str(DETECTORS[name].reasons[suspicion.reason]) % suspicion.parameters
