"""Whatever is recorded, confirmed and withdrawn in whatever order, tallies and ranks are those a person works out.

`Book` is that person: it reads the season's files and keeps an account in integer hundredths, without the code under
test.
"""

import random
import tomllib
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.enums import Role
from campaigns.models import Department
from qualityseason.errors import Refused
from scoring.models import Deduction, Rule, Tally
from scoring.queries.ranking import load_ranking
from scoring.queries.subjects import resolve_subject
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction
from tests.factories import NOON, make_actor, make_class, make_person, season_of

PEOPLE = ("张伟", "李娜", "王五", "王 五")  # the first two are on the staff list
CLASSES = ("甲0901", "乙0901")  # the first is known here
ITEMS = ("展板", "横幅")
KNOWN = {"张伟", "李娜", "甲0901"}


@dataclass(eq=False)
class Line:
    """One line of the account."""

    rule: dict
    department: str
    fact: tuple | None
    cost: int
    recorder: int
    holds_fact: bool = True
    confirmed: bool = False
    withdrawn: bool = False
    replaces: "Line | None" = None
    row: Deduction | None = None


class Book:
    """The account as a person keeps it by the rulebook's files."""

    def __init__(self, folder):
        base = Path(django_settings.BASE_DIR) / "fixtures" / folder
        book = tomllib.loads((base / "rulebook.toml").read_text("utf-8"))
        places = tomllib.loads((base / "departments.toml").read_text("utf-8"))
        self.rules = {rule["code"]: rule for rule in book["rules"]}
        self.full = {category["code"]: int(Decimal(category["full"]) * 100) for category in book["categories"]}
        self.block_of = {department["name"]: department["block"] for department in places["departments"]}
        self.lines = []

    def fact(self, rule, department, subject, month):
        """Return what may be charged once only, or None."""
        named = subject if subject in KNOWN else (department, subject.replace(" ", ""))
        return {
            "": None,
            "department": (rule["family"], department),
            "month": (rule["family"], department, month),
            "season": (rule["family"], named),
            "term": (rule["family"], named),  # one term in each season
        }[rule["once"]]

    def is_held(self, fact, *, but=()):
        return fact is not None and any(
            line.fact == fact and line.holds_fact and not line.withdrawn and line not in but for line in self.lines
        )

    def may_record(self, code, department, quantity, fact):
        rule = self.rules[code]
        return (
            rule["block"] in ("", self.block_of[department])
            and 1 <= quantity <= rule["maximum"]
            and not self.is_held(fact)
        )

    def tallies(self):
        """Return by (department, category) what counts, is absorbed and waits, and how many lines."""
        result = {}
        for department in self.block_of:
            for category in self.full:
                mine = [
                    line
                    for line in self.lines
                    if not line.withdrawn and line.department == department and line.rule["category"] == category
                ]
                confirmed = [line for line in mine if line.confirmed]
                by_rule = Counter()
                for line in confirmed:
                    by_rule[line.rule["exclusive_group"] or line.rule["code"], line.rule["code"]] += line.cost
                tiers = defaultdict(list)
                for (group, _code), cost in by_rule.items():
                    tiers[group].append(cost)
                counted = sum(max(costs) for costs in tiers.values())
                result[department, category] = (
                    counted,
                    sum(by_rule.values()) - counted,
                    sum(line.cost for line in mine if not line.confirmed),
                    len(confirmed),
                    len(mine) - len(confirmed),
                )
        return result

    def places(self):
        """Return by department its total in hundredths and its place in the block."""
        tallies = self.tallies()
        totals = {
            department: sum(max(0, full - tallies[department, category][0]) for category, full in self.full.items())
            for department in self.block_of
        }
        return {
            department: (
                total,
                1
                + sum(
                    other > total for name, other in totals.items() if self.block_of[name] == self.block_of[department]
                ),
            )
            for department, total in totals.items()
        }


class Play:
    """Does to the portal and to the account the same, and compares."""

    def __init__(self, season, folder):
        self.season, self.book = season, Book(folder)
        self.team = [make_actor(season, Role.ASSESSOR), make_actor(season, Role.ASSESSOR)]
        self.lead = make_actor(season, Role.TEAM_LEAD)
        self.departments = {row.name: row for row in Department.objects.select_related("block", "campaign")}
        self.rules = {row.code: row for row in Rule.objects.filter(campaign=season)}
        home = next(iter(self.book.block_of))
        make_person(season, "张伟", number="1", home=home)
        make_person(season, "李娜", number="2", home=home)
        make_class(season, "甲0901", home=home)
        self.at = NOON.replace(year=season.facts_until.year + 1)

    def record(self, code, department, quantity, subject_number, day_number, who):
        rule = self.book.rules[code]
        words = {"person": PEOPLE, "class": CLASSES, "assignment": ITEMS, "item": (*ITEMS, "")}.get(
            rule["subject"], ("",)
        )
        subject = words[subject_number % len(words)]
        day = self.season.facts_from + timedelta(days=day_number)
        fact = self.book.fact(rule, department, subject, f"{day:%Y-%m}")
        draft = DeductionDraft(
            uuid=uuid.uuid4(),
            charged=self.departments[department],
            rule=self.rules[code],
            quantity=quantity,
            happened_on=day,
            subject=resolve_subject(self.season, self.rules[code], subject),
        )
        line = Line(rule, department, fact, int(Decimal(rule["points"]) * 100) * quantity, who)
        self._try(draft, line, allowed=self.book.may_record(code, department, quantity, fact))

    def replace(self, number, who):
        """Record the line named second of the same family in the place of one named first."""
        firsts = [
            line for line in self.book.lines if line.row.rule.code.endswith("a") and line.rule["once"] == "season"
        ]
        if not firsts:
            return
        old = firsts[number % len(firsts)]
        code = old.rule["code"][:-1] + "b"
        rule = self.book.rules[code]
        waiting = any(line.replaces is old and not line.withdrawn for line in self.book.lines)
        draft = DeductionDraft(
            uuid=uuid.uuid4(),
            charged=self.departments[old.department],
            rule=self.rules[code],
            quantity=1,
            happened_on=old.row.happened_on,
            subject=resolve_subject(self.season, self.rules[code], old.row.subject_label),
            replaces=old.row,
        )
        cost = int(Decimal(rule["points"]) * 100)
        line = Line(rule, old.department, old.fact, cost, who, holds_fact=False, replaces=old)
        self._try(draft, line, allowed=not old.withdrawn and not waiting)

    def _try(self, draft, line, *, allowed):
        try:
            line.row = record_deduction(draft, by=self.team[line.recorder], at=self.at)
        except Refused:
            assert not allowed
        else:
            assert allowed
            self.book.lines.append(line)

    def confirm(self, number, who):
        if not self.book.lines:
            return
        line = self.book.lines[number % len(self.book.lines)]
        old = line.replaces
        allowed = not line.confirmed and not line.withdrawn and line.recorder != who
        if old is not None:
            allowed = allowed and not self.book.is_held(line.fact, but=(line, old))
        result = confirm_deductions([line.row], by=self.team[who], at=self.at)
        assert bool(result.confirmed) == allowed
        if allowed:
            line.confirmed = line.holds_fact = True
            if old is not None:
                old.withdrawn = True

    def withdraw(self, number):
        if not self.book.lines:
            return
        line = self.book.lines[number % len(self.book.lines)]
        try:
            withdraw_deduction(line.row, by=self.lead, at=self.at, because="试")
        except Refused:
            assert line.withdrawn
        else:
            assert not line.withdrawn
            line.withdrawn = True

    def step(self, kind, *numbers):
        codes, names = list(self.book.rules), list(self.book.block_of)
        one, two, three, four, five, who = numbers
        if kind == "record":
            self.record(codes[one % len(codes)], names[two % len(names)], three, four, five, who)
        elif kind == "replace":
            self.replace(one, who)
        elif kind == "confirm":
            self.confirm(one, who)
        else:
            self.withdraw(one)

    def compare(self):
        rows = Tally.objects.filter(campaign=self.season).select_related("department", "category")
        stored = {
            (row.department.name, row.category.code): (
                int(row.charged * 100),
                int(row.absorbed * 100),
                int(row.pending * 100),
                row.confirmed_lines,
                row.pending_lines,
            )
            for row in rows
        }
        assert stored == self.book.tallies()
        shown = {
            row.department: (int(row.total * 100), row.rank)
            for block in load_ranking(self.season).blocks
            for row in block.rows
        }
        assert shown == self.book.places()
        assert Deduction.objects.filter(campaign=self.season).count() == len(self.book.lines)


SEASONS = [("2009", "season2009"), ("2031", "invented")]
KINDS = ("record", "record", "record", "confirm", "confirm", "withdraw", "replace")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 200),
        st.integers(0, 5),  # few departments, so that facts meet
        st.integers(0, 6),
        st.integers(0, 7),
        st.integers(0, 120),
        st.integers(0, 1),
    ),
    min_size=5,
    max_size=30,
)


@pytest.mark.parametrize(("slug", "folder"), SEASONS)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_tallies_and_ranks_after_any_sequence_are_those_worked_out_by_hand(db, slug, folder, steps):
    with transaction.atomic():
        play = Play(season_of(slug), folder)
        for step in steps:
            play.step(*step)
        play.compare()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("slug", "folder"), SEASONS)
def test_tallies_and_ranks_over_every_line_and_department_are_those_worked_out_by_hand(db, slug, folder):
    """A long seeded game in which every priced line is recorded, and confirmed, at least once."""
    chance = random.Random(2009)
    play = Play(season_of(slug), folder)
    codes, names = list(play.book.rules), list(play.book.block_of)
    for code in codes * 4:
        fitting = [name for name in names if play.book.rules[code]["block"] in ("", play.book.block_of[name])]
        if play.book.rules[code]["exclusive_group"]:
            fitting = fitting[:4]  # so that tiers meet
        quantity = chance.randint(1, min(play.book.rules[code]["maximum"], 9))
        play.record(
            code, chance.choice(fitting), quantity, chance.randrange(8), chance.randrange(120), chance.randrange(2)
        )
        for _time in range(2):
            play.confirm(chance.randrange(200), chance.randrange(2))
    for number, line in enumerate(play.book.lines):
        play.confirm(number, 1 - line.recorder)
    for _time in range(30):
        play.step(
            chance.choice(("replace", "withdraw", "confirm")),
            *(chance.randrange(200) for _ in range(5)),
            chance.randrange(2),
        )
    play.compare()
    assert {line.rule["code"] for line in play.book.lines} == set(codes)
    assert any(absorbed for _counted, absorbed, *_rest in play.book.tallies().values())
    assert any(line.replaces for line in play.book.lines)


def test_the_account_itself_knows_tiers_floor_and_shared_places():
    """The book kept by hand, held against figures worked out on paper."""
    book = Book("season2009")

    def add(code, department, quantity=1):
        rule = book.rules[code]
        cost = int(Decimal(rule["points"]) * 100) * quantity
        book.lines.append(Line(rule, department, None, cost, 0, confirmed=True))

    for code in ("S3a", "S4", "S5", "S1a", "S1b", "S2", "S2"):
        add(code, "工会")  # max(5, 7) + 1 + 1 + 0.5 + 1 = 10.50 of 10
    add("P1", "团委", 3)
    add("A1", "教务处", 2)
    assert book.tallies()["工会", "study"] == (1050, 500, 0, 7, 0)
    assert book.places()["工会"] == (9000, 14)
    assert book.places()["团委"] == (9970, 12)
    assert book.places()["教务处"] == (9960, 13)
    assert book.places()["保卫处"] == (10000, 1)
