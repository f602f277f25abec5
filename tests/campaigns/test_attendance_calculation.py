"""Who counts as absent (S2), what minutes lack (S5), when a session began; pages and times as people write them."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.attendance import absence_reason
from campaigns.calculations.sessions import first_start, minutes_lack, parse_pages
from campaigns.forms.session_rows import parse_time
from tests.factories import SHANGHAI

NOTHING = {"has_slip": False, "is_approved": False, "has_suggestion": False}
ALL = {"has_slip": True, "is_approved": True, "has_suggestion": True}


@pytest.mark.parametrize(
    ("status", "papers", "reason"),
    [
        ("present", NOTHING, None),
        ("absent", NOTHING, "away"),
        ("absent", ALL, "away"),
        ("personal", ALL, "personal"),
        ("sick", ALL, None),
        ("official", ALL, None),
        ("sick", ALL | {"has_slip": False}, "no-slip"),
        ("sick", ALL | {"is_approved": False}, "not-approved"),
        ("official", ALL | {"has_suggestion": False}, "no-suggestion"),
        ("official", NOTHING, "no-slip"),
    ],
)
def test_who_counts_as_absent(status, papers, reason):
    assert absence_reason(status, **papers) == reason


def at(day, hour):
    return datetime(2009, 10, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("sittings", "began"),
    [
        ([], None),
        ([(at(16, 15), False), (at(15, 15), False)], at(15, 15)),
        ([(at(14, 15), True), (at(15, 15), False)], at(15, 15)),
        ([(at(22, 15), True)], at(22, 15)),
    ],
)
def test_session_begins_with_its_first_sitting_a_make_up_one_is_none(sittings, began):
    assert first_start(sittings) == began


BOTH = {
    "main_content": "学习方案",
    "main_content_pages": "",
    "discussion": "讨论热烈",
    "discussion_pages": "",
    "has_scan": False,
}


@pytest.mark.parametrize(
    ("held", "values", "lacking"),
    [
        (True, {}, ()),
        (None, {}, ("held",)),
        (True, {"main_content": "", "discussion": ""}, ("main-content", "discussion")),
        (False, {"discussion": ""}, ()),
        (False, {"discussion": "", "discussion_pages": "2"}, ()),
        (True, {"discussion": "", "discussion_pages": "2"}, ("scan",)),
        (True, {"discussion": "", "discussion_pages": "2", "has_scan": True}, ()),
        (True, {"discussion_pages": "2"}, ()),
        (True, {"main_content": "", "main_content_pages": "1"}, ("scan",)),
    ],
)
def test_minutes_lack(held, values, lacking):
    assert minutes_lack(held, **(BOTH | values)) == lacking


@pytest.mark.parametrize(
    ("typed", "pages"),
    [
        ("3", "3"),
        ("３", "3"),
        ("第3页", "3"),
        ("见第 3—5 页", "3-5"),
        ("3至5", "3-5"),
        ("p. 3", "3"),
        ("3-3", "3"),
        ("1、3-5，8", "1, 3-5, 8"),
    ],
)
def test_pages_are_understood(typed, pages):
    assert parse_pages(typed) == pages


@pytest.mark.parametrize("typed", ["", "页", "0", "5-3", "三", "3.5", "-1", "10000", "1-99999", "3-4-5", "x"])
def test_nonsense_pages_are_refused(typed):
    with pytest.raises(ValueError, match="page"):
        parse_pages(typed)


@given(st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 50)), min_size=1, max_size=6))
def test_pages_read_back_as_they_were_understood(spans):
    spans = [(first, min(9999, first + more)) for first, more in spans]
    text = "、".join(f"{first}-{last}" for first, last in spans)
    once = parse_pages(text)
    assert parse_pages(once) == once
    assert once == ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


@given(st.text(max_size=30))
def test_any_text_is_pages_or_refused(text):
    try:
        once = parse_pages(text)
    except ValueError:
        return
    assert parse_pages(once) == once


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [
        ("14:30", 14, 30),
        ("１４：３０", 14, 30),
        ("14.30", 14, 30),
        ("1430", 14, 30),
        ("14点30分", 14, 30),
        ("下午2点半", 14, 30),
        ("上午 9 时", 9, 0),
        ("晚上7:05", 19, 5),
    ],
)
def test_time_of_day_is_understood(typed, hour, minute):
    assert parse_time(typed) == time(hour, minute)


@pytest.mark.parametrize("typed", ["", "25:00", "12:60", "9", "下午", "2009-10-15", "99999", "１２：３０：５０"])
def test_nonsense_is_no_time(typed):
    with pytest.raises(ValueError, match=r"time|hour|minute"):
        parse_time(typed)


@given(st.times())
def test_time_reads_back(moment):
    assert parse_time(f"{moment:%H:%M}") == moment.replace(second=0, microsecond=0)


@given(st.text(max_size=20))
def test_any_text_is_a_time_or_refused(text):
    try:
        parse_time(text)
    except ValueError:
        return
