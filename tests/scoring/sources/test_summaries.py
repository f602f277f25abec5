"""The closing summary as facts: what was submitted, and what is still owed."""

from datetime import date, datetime

import pytest

from campaigns.enums import ObligationKind, Role
from campaigns.models import Obligation
from campaigns.services.obligations import make_obligations
from scoring.queries.sources.summaries import read_summary
from scoring.services.announcements import announce
from tests.campaigns.flow_working import HEAD, LATE, actor
from tests.campaigns.handing_in import make_attachment
from tests.campaigns.summary_working import FEATURE, FIVE, begin, give_back, submit, write
from tests.factories import NOON, SHANGHAI, department, make_actor
from tests.scoring.sources.paper_rows import DAY, HOME, read, shown

NEXT_YEAR = datetime(2010, 1, 10, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def head(season):
    return actor(season, HEAD, place=HOME)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def facts_of(season, **values):
    return read(read_summary, season, **values)


def key_of(season, home=HOME):
    return f"A14B16|summary:{department(season, home).uuid}"


def test_department_without_anything(season):
    facts = facts_of(season)
    assert (facts.uuid, facts.texts) == (None, ())


def test_draft_and_material_are_no_summary(season, head):
    write(begin(season, head), head)
    material = begin(season, head, kind=FEATURE)
    write(material, head)
    submit(material, head)
    facts = facts_of(season)
    assert (facts.uuid, facts.texts) == (None, ())
    assert (facts.owed.name, facts.owed.deadline) == ("书面总结材料", date(2009, 12, 31))


def test_every_version_is_read_oldest_first(season, head, office):
    summary = begin(season, head)
    write(summary, head, parts=FIVE[:4])
    submit(summary, head)
    give_back(summary, office)
    write(summary, head)
    submit(summary, head, at=NEXT_YEAR)
    facts = facts_of(season)
    assert (facts.uuid, facts.owed) == (summary.uuid, None)
    assert [(text.submitted_on, sum(bool(part.text) for part in text.parts)) for text in facts.texts] == [
        (date(2009, 12, 28), 4),
        (date(2010, 1, 10), 5),
    ]


def test_word_file_of_a_version_is_read(season, head):
    summary = begin(season, head)
    summary.word_file = make_attachment(
        season, summary.department, kind="summary", owner=summary, by_id=head.user_id, at=NOON
    )
    summary.save()
    submit(summary, head)
    assert facts_of(season).texts[0].word.name == "a.pdf"
    assert shown(season, "B16") == [(key_of(season), 5, "no-record", DAY)]


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow(season, head, office, rows, django_assert_num_queries):
    summary = begin(season, head)
    for number in range(rows):
        write(summary, head, parts=FIVE[number : number + 1])
        submit(summary, head)
        give_back(summary, office, note=f"第{number}次")
    place = department(season, HOME)
    with django_assert_num_queries(2):
        facts = read_summary(place, DAY)
    assert len(facts.texts) == rows


def test_missing_parts_are_shown_until_they_are_written(season, head, office):
    summary = begin(season, head)
    write(summary, head, parts=FIVE[:3])
    submit(summary, head)
    assert shown(season, "B16") == [(key_of(season), 2, "proven", DAY)]
    give_back(summary, office)
    write(summary, head)
    submit(summary, head)
    assert shown(season, "B16") == []


def test_no_summary_is_shown_only_after_its_last_day_and_its_extension(season, office):
    make_obligations(season)
    day = date(2010, 1, 1)
    assert shown(season, "B16", on=date(2009, 12, 31)) == []
    assert shown(season, "B16", on=day) == [(key_of(season), 5, "no-record", date(2009, 12, 31))]
    announce(season, kind="summary", starts_on=date(2009, 12, 31), by=office, at=LATE)
    assert shown(season, "B16", on=day) == [(key_of(season), 5, "proven", date(2009, 12, 31))]
    owed = Obligation.objects.filter(kind=ObligationKind.SUMMARY, department__name=HOME)
    owed.update(extended_to=date(2010, 1, 8))
    assert shown(season, "B16", on=date(2010, 1, 8)) == []
    assert shown(season, "B16", on=date(2010, 1, 9)) == [(key_of(season), 5, "proven", date(2010, 1, 8))]


def test_twin_charges_an_office_by_its_own_line(season):
    make_obligations(season)
    found = shown(season, "A14", home="工会", on=date(2010, 1, 1))
    assert found == [(key_of(season, "工会"), 5, "no-record", date(2009, 12, 31))]
    assert shown(season, "B16", home="工会", on=date(2010, 1, 1)) == []
