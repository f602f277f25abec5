"""Codes printed on papers, and the public page that says whether one is genuine."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from campaigns.calculations.plans import CODE_LETTERS
from scoring.enums import PaperKind
from scoring.models import PrintedCopy
from scoring.services.displays import withdraw_display
from scoring.services.printed_copies import copy_code
from scoring.services.publications import recall_publication, refuse_publication
from tests.factories import NOON, department
from tests.scoring.publishing import AFTER, Press
from tests.scoring.reading import Pair, parsed, turn_clock, words

LATER = AFTER + timedelta(days=3)


@pytest.fixture
def press(season):
    turn_clock(season, LATER)
    return Press(season)


@pytest.fixture
def stranger():
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def answer(client, code):
    """Return what the page answers, the form apart."""
    tree = parsed(client.get(reverse("scoring:genuine-code", args=[code])))
    return words(tree.xpath("//*[@id='answer']")[0])


def test_a_code_is_made_once_for_each_paper_of_each_department(season, press):
    publication = press.publish()
    places = [department(season), department(season, "体育部")]
    codes = [
        copy_code(publication.snapshot, kind=kind, department=place, at=AFTER)
        for kind in (PaperKind.STATEMENT, PaperKind.CONFIRMATION)
        for place in places
        for _time in range(2)
    ]
    assert codes[::2] == codes[1::2]
    assert len(set(codes)) == PrintedCopy.objects.count() == 4
    assert all(len(code) == 9 and set(code) - {"-"} <= set(CODE_LETTERS) for code in codes)


def test_a_code_taken_by_another_paper_makes_way(season, press):
    publication = press.publish()
    code = copy_code(publication.snapshot, kind=PaperKind.BULLETIN, at=AFTER)
    copy = PrintedCopy.objects.get()
    PrintedCopy.objects.bulk_create(
        [PrintedCopy(code="X", campaign=season, kind=PaperKind.BRIEF, snapshot=copy.snapshot, made_at=AFTER)]
    )
    assert copy_code(publication.snapshot, kind=PaperKind.BRIEF, at=AFTER) == "X"
    assert code == copy.code


@pytest.mark.parametrize("kind", [PaperKind.STATEMENT, PaperKind.BULLETIN])
def test_a_paper_of_one_department_names_it_and_no_other_does(season, press, kind):
    place = department(season) if kind == PaperKind.BULLETIN else None
    with pytest.raises(ValueError, match=kind):
        copy_code(press.display(at=NOON).snapshot, kind=kind, department=place, at=NOON)


def test_the_page_says_genuine_the_day_and_whether_it_counts_and_no_more(season, press, stranger):
    pair = Pair(season)
    first = press.publish()
    old = copy_code(first.snapshot, kind=PaperKind.STATEMENT, department=department(season), at=AFTER)
    assert answer(stranger, old) == f"{old} is genuine. Result published on 2010-01-02. It is the current one."
    pair.charge("B1")
    second = press.publish(at=LATER)
    new = copy_code(second.snapshot, kind=PaperKind.STATEMENT, department=department(season), at=LATER)
    assert (
        answer(stranger, old) == f"{old} is genuine. Result published on 2010-01-02. It is no longer the current one."
    )
    assert answer(stranger, new) == f"{new} is genuine. Result published on 2010-01-05. It is the current one."
    page = stranger.get(reverse("scoring:genuine-code", args=[new])).content.decode()
    assert not any(word in page for word in ("图书馆", season.name, season.college, "100.00", "campaigns/"))


def test_a_public_notice_is_genuine_until_it_ends_or_a_result_is_published(season, press, stranger):
    display = press.display(at=NOON)
    code = copy_code(display.snapshot, kind=PaperKind.DISPLAY, at=NOON)
    turn_clock(season, NOON)
    said = f"{code} is genuine. Result on public notice from 2009-12-28 on. It is"
    assert answer(stranger, code) == f"{said} the current one."
    turn_clock(season, AFTER)
    assert answer(stranger, code) == f"{said} no longer the current one."
    turn_clock(season, NOON)
    withdraw_display(display, because="另行公示", by=press.office, at=NOON)
    assert answer(stranger, code) == f"{said} no longer the current one."


@pytest.mark.parametrize("decide", ["wait", "recall", "refuse"])
def test_papers_of_what_was_never_published_are_unknown(season, press, stranger, decide):
    press.display(at=NOON)
    proposal = press.propose()
    if decide == "recall":
        recall_publication(proposal, by=press.office, at=AFTER)
    if decide == "refuse":
        refuse_publication(proposal, because="先核对", by=press.leader, at=AFTER)
    code = copy_code(proposal.snapshot, kind=PaperKind.BULLETIN, at=AFTER)
    assert answer(stranger, code).startswith(f"There is no paper with the code {code}.")


@pytest.mark.parametrize("typed", ["ABCD-2345", "abcd2345", "nothing-at-all", "1"])
def test_any_other_code_is_answered_alike(season, press, stranger, typed):
    response = stranger.get(reverse("scoring:genuine-code", args=[typed]))
    assert response.status_code == 200
    assert "There is no paper with the code" in words(parsed(response).xpath("//*[@id='answer']")[0])
    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
def test_a_code_is_understood_as_people_type_it(season, press, stranger, write):
    publication = press.publish()
    code = copy_code(publication.snapshot, kind=PaperKind.BULLETIN, at=AFTER)
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in code)
    for typed in (write(code), wide):
        response = stranger.get(reverse("scoring:genuine"), {"code": typed}, follow=True)
        assert f"{code} is genuine." in words(parsed(response))


def test_the_page_asks_for_a_code_first_and_names_what_is_missing(db, stranger):
    tree = parsed(stranger.get(reverse("scoring:genuine")))
    assert tree.xpath("//input[@name='code']")
    assert not tree.xpath("//*[@id='answer']")
    for typed in ("", "7" * 31):
        assert parsed(stranger.get(reverse("scoring:genuine"), {"code": typed})).xpath("//*[@role='alert']")
    assert stranger.post(reverse("scoring:genuine")).status_code == 405


def test_the_page_asks_few_queries(season, press, stranger, django_assert_num_queries):
    publication = press.publish()
    code = copy_code(publication.snapshot, kind=PaperKind.BULLETIN, at=AFTER)
    with django_assert_num_queries(4):
        answer(stranger, code)
    with django_assert_num_queries(1):
        answer(stranger, "ABCD-2345")
