"""Small random seasons as real rows: what is proposed equals the clauses told again, naively, from what was drawn.

Each case is a season of two departments, one of each block; the office has announced every kind of record from the
first day on, so that all that is missing is proposed.
"""

import uuid
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.enums import Role
from campaigns.models import (
    Circular,
    CircularRecipient,
    DutyRosterRow,
    EvaluationRow,
    Obligation,
    ObservationRow,
    ServiceWork,
    Term,
    WorkloadRow,
)
from scoring.enums import RecordKind
from scoring.models import Announcement, Finding
from scoring.services.detection import detect_department
from tests.factories import NOON, department, make_actor, make_person

UNION, LIBRARY = "工会", "图书馆"  # of block A and of block B
PLACES = (UNION, LIBRARY)
CODES = {
    UNION: {"workload": "A5", "evaluation": "A6", "roster": "A7", "circular": "A9", "service": "A2"},
    LIBRARY: {"workload": "B5", "evaluation": "B6", "roster": "B9", "circular": "B11", "observation": "B8"},
}
TODAY = NOON.date()
MONTHS = {"2009-11": date(2009, 11, 30), "2009-12": date(2009, 12, 31)}

days = st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=3))
place = st.sampled_from(PLACES)
excused = st.booleans()
hours = st.sampled_from(["0", "99.99", "100", "160"])
circular = st.tuples(place, days, st.none() | st.integers(0, 9), st.booleans(), st.booleans(), st.booleans())
people = st.lists(
    st.fixed_dictionaries(
        {
            "home": place,
            "workload": st.none() | st.tuples(hours, excused),
            "evaluation": st.none() | st.tuples(st.sampled_from(["0", "59.99", "60", "85"]), excused),
            "observation": st.none() | st.tuples(st.integers(3, 5), excused),
            "roster": st.lists(
                st.tuples(place, st.integers(0, 3), st.booleans(), excused), max_size=3, unique_by=lambda one: one[1]
            ),
        }
    ),
    max_size=4,
)
service = st.lists(st.tuples(place, st.dates(date(2009, 10, 1), TODAY), st.booleans()), max_size=3)


class Season:
    """Rows written for what was drawn, and the account of what the clauses charge for them."""

    def __init__(self, season, office):
        self.season, self.office = season, office
        self.term = Term.objects.get(campaign=season)
        self.charged = {name: set() for name in PLACES}

    def row(self, model, *, home, withdrawn=False, is_excused=False, **values):
        """Write one row of a register."""
        said = {"excused_because": "病假", "excused_by": "张处长", "excused_on": TODAY} if is_excused else {}
        gone = {"withdrawn_at": NOON, "withdrawn_by_id": self.office.user_id} if withdrawn else {}
        return model.objects.create(
            campaign=self.season,
            department=department(self.season, home),
            entered_by_id=self.office.user_id,
            entered_at=NOON,
            **(values | said | gone),
        )

    def charge(self, name, clause, subject):
        """Note that the clause charges the department, where its block has it."""
        if clause in CODES[name]:
            self.charged[name].add((CODES[name][clause], subject, 1))

    def circular(self, number, name, due_on, extension, relayed, carried_out, removed):
        """Both telling and doing, by the last day, for each department a circular went to."""
        circular = Circular.objects.create(
            campaign=self.season,
            kind="issued",
            number=str(number),
            title=f"通知{number}",
            issued_on=due_on - timedelta(days=5),
            due_on=due_on,
            entered_by_id=self.office.user_id,
            entered_at=NOON,
        )
        row = CircularRecipient.objects.create(
            circular=circular,
            department=department(self.season, name),
            relayed_on=due_on if relayed else None,
            carried_out_on=due_on if carried_out else None,
            removed_at=NOON if removed else None,
        )
        until = due_on + timedelta(days=extension) if extension else None
        Obligation.objects.create(
            campaign=self.season,
            department=row.department,
            kind="circular",
            key=str(circular.uuid),
            name=circular.title,
            due_on=due_on,
            extended_to=until,
        )
        if not removed and not (relayed and carried_out) and (until or due_on) < TODAY:
            self.charge(name, "circular", f"circular-recipient:{row.uuid}")

    def person(self, number, drawn):
        """Fewer hours or lessons than required, a mark below 60, duties missed; excuses where “正常情况” stands."""
        home = drawn["home"]
        person = make_person(self.season, "张伟", number=f"R{number}", home=home)
        subject = {"person": person, "term": self.term}
        fact = f"person:{person.uuid}"
        if drawn["workload"]:
            done, is_excused = drawn["workload"]
            values = {"required": Decimal(100), "done": Decimal(done)}
            self.row(WorkloadRow, home=home, is_excused=is_excused, **subject, **values)
            if Decimal(done) < 100 and not is_excused:
                self.charge(home, "workload", fact)
        if drawn["evaluation"]:
            score, is_excused = drawn["evaluation"]
            self.row(EvaluationRow, home=home, is_excused=is_excused, **subject, score=Decimal(score))
            if Decimal(score) < 60:
                self.charge(home, "evaluation", fact)
        if drawn["observation"]:
            done, is_excused = drawn["observation"]
            self.row(ObservationRow, home=home, is_excused=is_excused, **subject, required=4, done=done)
            if done < 4:
                self.charge(home, "observation", fact)
        for roster, ago, missed, is_excused in drawn["roster"]:
            values = {"organiser": department(self.season, roster), "happened_on": TODAY - timedelta(days=ago)}
            row = self.row(
                DutyRosterRow, home=home, is_excused=is_excused, person=person, missed=missed, shift="晚班", **values
            )
            if missed and not is_excused:
                self.charge(roster, "roster", f"duty-roster:{row.uuid}")

    def service(self, drawn):
        """A month that is over and in which a department of block A did nothing in another one."""
        for name, day, withdrawn in drawn:
            ServiceWork.objects.create(
                campaign=self.season,
                department=department(self.season, name),
                visited=department(self.season, "教务处"),
                kind="guidance",
                happened_on=day,
                text="指导",
                entered_by_id=self.office.user_id,
                entered_at=NOON,
                **({"withdrawn_at": NOON, "withdrawn_by_id": self.office.user_id} if withdrawn else {}),
            )
        for name in PLACES:
            done = {f"{day:%Y-%m}" for place, day, withdrawn in drawn if place == name and not withdrawn}
            for month, last in MONTHS.items():
                if last < TODAY and month not in done:
                    self.charge(name, "service", month)

    def proposed(self, name):
        """Return what the portal proposes for a department: rule, what it is about, quantity."""
        detect_department(department(self.season, name), at=NOON)
        wanted = CODES[name].values()
        found = Finding.objects.proposed().filter(charged__name=name, rule__code__in=wanted).select_related("rule")
        return {(one.rule.code, _subject(one), one.quantity) for one in found}


def _subject(finding):
    """Return the person, month or record a finding is about, from its key: family|subject|period."""
    _family, subject, *period = finding.charge_key.split("|")
    return period[0] if subject.startswith("department:") else subject


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(st.lists(circular, max_size=4), people, service)
def test_what_is_proposed_equals_the_clauses_told_again(season, circulars, staff, served):
    with transaction.atomic():
        office = make_actor(season, Role.OFFICE, username=f"office-{uuid.uuid4().hex[:8]}")
        Announcement.objects.bulk_create(
            Announcement(
                campaign=season,
                kind=kind,
                starts_on=season.facts_from,
                announced_by_id=office.user_id,
                announced_at=NOON,
            )
            for kind in RecordKind
        )
        drawn = Season(season, office)
        for number, one in enumerate(circulars):
            drawn.circular(number, *one)
        for number, one in enumerate(staff):
            drawn.person(number, one)
        drawn.service(served)
        assert {name: drawn.proposed(name) for name in PLACES} == drawn.charged
        transaction.set_rollback(True)
