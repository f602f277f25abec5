"""Two people nominate one person for one honour at the same moment: one does, the other reads why not."""

import uuid
from datetime import date

import pytest

from campaigns.models import Nomination, Posting
from campaigns.services.nominations import edit_nomination
from qualityseason.errors import Refused
from tests.at_once import at_once
from tests.campaigns.honours_working import liaison_of, put_up
from tests.factories import NOON, department, make_person

HOMES = ("图书馆", "工会", "教务处", "团委")
HONOUR = "服务育人"


@pytest.fixture
def person(committed_season):
    """A person on the staff of all four."""
    found = make_person(committed_season, home=HOMES[0])
    for day, home in enumerate(HOMES[1:], start=1):
        Posting.objects.create(
            campaign=committed_season,
            staff_member=found,
            department=department(committed_season, home),
            starts_on=date(2009, 9, day + 1),
        )
    return found


def assert_one_stands_and_the_others_are_told(results):
    [standing] = Nomination.objects.filter(honour=HONOUR)
    assert [one for one in results if isinstance(one, Nomination)] == [standing]
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == len(results) - 1
    assert {(one.refusal_code, one.field, one.existing) for one in refused} == {("twin", "honour", standing)}
    assert len({str(one.sentence) for one in refused}) == 1


def test_departments_that_nominate_one_person_at_once(committed_season, person):
    def nominating(home):
        by = liaison_of(committed_season, home)
        return lambda: put_up(committed_season, by, person, home=home, honour=HONOUR)

    assert_one_stands_and_the_others_are_told(at_once(*(nominating(home) for home in HOMES)))


def test_nominations_changed_to_one_honour_while_another_is_made(committed_season, person):
    def changing(home, honour):
        by = liaison_of(committed_season, home)
        found = put_up(committed_season, by, person, home=home, honour=honour)
        return lambda: edit_nomination(found, honour=HONOUR, reasons="好", version=1, by=by, at=NOON)

    first, second = liaison_of(committed_season), liaison_of(committed_season, "团委")
    acts = [
        changing("工会", "教书育人"),
        changing("教务处", "管理育人"),
        lambda: put_up(committed_season, first, person, honour=HONOUR, uuid=uuid.uuid4()),
        lambda: put_up(committed_season, second, person, home="团委", honour=HONOUR),
    ]
    assert_one_stands_and_the_others_are_told(at_once(*acts))
