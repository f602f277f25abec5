"""Arithmetic on plans: days and words of “by when”, and where two people differ."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.plans import (
    Difference,
    Side,
    differences,
    digest_of,
    empty_parts,
    merged,
    uncovered,
    understood_code,
    understood_due,
    version_code,
)
from campaigns.enums import ItemPart
from campaigns.facts.plans import FileContent, ItemContent, PartContent, PlanContent

text = st.text(max_size=30)
words = st.lists(text, max_size=3).map(tuple)
plans = st.builds(
    PlanContent,
    title=text,
    parts=st.lists(st.builds(PartContent, uuid=text, code=text, title=text, text=text), max_size=3).map(tuple),
    items=st.lists(
        st.builds(ItemContent, uuid=text, number=st.integers(1, 99), title=text, duties=words, cooperating=words),
        max_size=3,
    ).map(tuple),
    word_sha256=text,
    word_name=text,
    files=st.lists(st.builds(FileContent, uuid=text, name=text, sha256=text, media_type=text), max_size=2).map(tuple),
)


@given(plans)
def test_content_comes_back_from_json_as_it_was(content):
    again = PlanContent.from_json(content.as_json())
    assert again == content
    assert digest_of(again) == digest_of(content)


@given(plans, plans)
def test_digest_is_equal_for_equal_content_alone(one, other):
    assert (digest_of(one) == digest_of(other)) == (one == other)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", (None, "")),
        ("2009-11-06", (date(2009, 11, 6), "")),
        ("２００９．１１．６", (date(2009, 11, 6), "")),
        (" 2009年11月6日 ", (date(2009, 11, 6), "")),
        ("每周一", (None, "每周一")),
        ("每周一\u202e\x00", (None, "每周一")),
        ("11月6日前", (None, "11月6日前")),
        ("11月6日", (None, "11月6日")),
        ("2月29日", (None, "2月29日")),
        ("12月", (None, "12月")),
        ("2009年11月", (None, "2009年11月")),
        ("第 3  周", (None, "第 3 周")),
    ],
)
def test_due_is_a_day_or_words(typed, understood):
    assert understood_due(typed) == understood


@pytest.mark.parametrize(
    "typed", ["2009-13-01", "2009-02-29", "11月31日", "13月", "99", "2009.11.6.7", "--", "20091106"]
)
def test_due_that_looks_like_a_day_but_is_none_is_refused(typed):
    with pytest.raises(ValueError, match="no day of the calendar"):
        understood_due(typed)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_due_written_in_iso_is_that_day(day):
    assert understood_due(day.isoformat()) == (day, "")


@given(st.text(max_size=60))
def test_due_understood_twice_is_the_same(typed):
    try:
        day, said = understood_due(typed)
    except ValueError:
        return
    assert understood_due(day.isoformat() if day else said) == (day, said)


def test_differences_say_who_changed_what():
    base = {"title": "甲", "measure": "旧", "standard": "旧", "duties": ["1"]}
    theirs = {"title": "甲", "measure": "他们的", "standard": "旧", "duties": ["1", "2"]}
    mine = {"title": "甲", "measure": "旧", "standard": "我的", "duties": ["3"]}
    assert differences(base, theirs, mine) == (
        Difference("measure", "他们的", "旧", Side.THEIRS),
        Difference("standard", "旧", "我的", Side.MINE),
        Difference("duties", ["1", "2"], ["3"], Side.BOTH),
    )


def test_differences_without_base_are_both_peoples():
    assert differences(None, {"text": "a"}, {"text": "b"}) == (Difference("text", "a", "b", Side.BOTH),)


def test_differences_of_equal_texts_are_none():
    assert differences({"text": "a"}, {"text": "b"}, {"text": "b"}) == ()


def test_merged_takes_theirs_only_where_mine_is_untouched():
    base = {"measure": "旧", "standard": "旧", "outcome": "旧"}
    theirs = {"measure": "他们的", "standard": "旧", "outcome": "他们的"}
    mine = {"measure": "旧", "standard": "我的", "outcome": "我的"}
    found = differences(base, theirs, mine)
    assert merged(mine, found) == {"measure": "他们的", "standard": "我的", "outcome": "我的"}


def test_empty_parts_are_those_of_blanks():
    item = ItemContent(uuid="1", number=1, title="开馆", measure="有", standard="有", outcome=" \n", service="")
    assert empty_parts(item) == (ItemPart.OUTCOME, ItemPart.INCENTIVE, ItemPart.SERVICE)


def test_uncovered_keeps_the_order_of_the_duties():
    items = [ItemContent(uuid="1", number=1, title="开馆", duties=("2 乙",))]
    assert uncovered(["3 丙", "2 乙", "1 甲"], items) == ("3 丙", "1 甲")
    assert uncovered([], items) == ()


def test_version_code_is_known_again_however_it_is_typed():
    code = version_code("0" * 64, department="图书馆", number=1)
    assert code != version_code("0" * 64, department="图书馆", number=2)
    assert understood_code(f" {code.lower().replace('-', ' ')} ") == code
    assert understood_code("ABC") == ""
