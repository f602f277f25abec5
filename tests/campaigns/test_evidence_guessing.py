"""What the portal ticks beforehand: a pure guess, and what people ticked by hand kept through it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.guessing import Candidate, GuessReason, guess, merge_ticks

NOVEMBER = date(2009, 11, 20)
HAVES = [
    Candidate("have", "有计划", "有计划", names=("有计划", "计划")),
    Candidate("have", "有活动", "有活动", names=("有活动", "活动")),
    Candidate("have", "有记录", "有记录", names=("有记录", "记录")),
]
MEDIA = [
    Candidate("publicity", "墙报", "墙报", names=("墙报",)),
    Candidate("publicity", "黑板报", "黑板报", names=("黑板报",)),
]
MONTHS = [
    Candidate("month", "2009-11", "2009年11月", month="2009-11"),
    Candidate("month", "2009-12", "2009年12月", month="2009-12"),
]
DUTIES = [
    Candidate("duty", "1", "1", words="负责全院图书资料的采购、编目与流通管理工作"),
    Candidate("duty", "2", "2", words="组织实训室安全检查，落实隐患整改"),
    Candidate("duty", "3", "3", words="做好读者服务和阅览室管理工作"),
]


def ticks(found):
    return [one.tick for one in found]


def test_month_of_the_day_is_ticked_and_no_other():
    assert ticks(guess("", [], NOVEMBER, MONTHS)) == [("month", "2009-11")]
    assert guess("", [], date(2009, 10, 31), MONTHS) == ()
    assert guess("", [], None, MONTHS) == ()


def test_medium_and_have_are_ticked_by_name_and_the_longer_name_wins():
    assert ticks(guess("出了一期墙报", [], None, MEDIA)) == [("publicity", "墙报")]
    assert ticks(guess("黑板报一期", [], None, MEDIA)) == [("publicity", "黑板报")]
    assert ticks(guess("墙报和黑板报", [], None, MEDIA)) == [("publicity", "墙报"), ("publicity", "黑板报")]
    assert ticks(guess("", ["值班记录.pdf"], None, HAVES)) == [("have", "有记录")]
    assert ticks(guess("有计划，有记录", [], None, HAVES)) == [("have", "有计划"), ("have", "有记录")]


def test_name_of_the_season_does_not_count_as_an_activity():
    text = "“质量管理季”活动方案讨论"
    assert ticks(guess(text, [], None, HAVES)) == [("have", "有活动")]
    assert guess(text, [], None, HAVES, ignored=["“质量管理季”活动"]) == ()


def test_record_is_ticked_by_shared_words_with_the_reason():
    found = guess("对机房实训室安全检查", [], NOVEMBER, DUTIES)
    assert ticks(found) == [("duty", "2")]
    assert (found[0].reason, found[0].words) == (GuessReason.WORDS, "实训室安全检查")


def test_words_that_all_candidates_share_tell_nothing():
    similar = [
        Candidate("plan-item", word, "", words=f"抓好{word}管理工作") for word in ("教学", "学生", "后勤", "安全")
    ]
    assert guess("管理工作汇报材料一份", [], NOVEMBER, [*similar, *DUTIES]) == ()
    assert ticks(guess("安全管理工作汇报", [], NOVEMBER, [*similar, *DUTIES])) == [("plan-item", "安全")]


def test_names_of_files_are_read_without_ending_and_digits():
    assert ticks(guess("照片", ["IMG_20091120 读者服务周.jpg"], NOVEMBER, DUTIES)) == [("duty", "3")]
    assert guess("", ["IMG_20091120.jpg", "2009-11-20.pdf"], NOVEMBER, DUTIES) == ()


@pytest.mark.parametrize(("due_on", "expected"), [(date(2009, 12, 1), 1), (date(2010, 1, 20), 0), (None, 0)])
def test_open_task_due_soon_needs_fewer_words(due_on, expected):
    task = Candidate("assignment", "7", "7", words="报送实训教学自查报告", due_on=due_on)
    assert len(guess("实训照片", [], NOVEMBER, [task, *DUTIES])) == expected


def test_where_one_came_from_comes_first():
    found = guess("黑板报", [], NOVEMBER, [*MONTHS, *MEDIA, *DUTIES], came_from=("duty", "1"))
    assert ticks(found) == [("duty", "1"), ("publicity", "黑板报"), ("month", "2009-11")]
    assert found[0].reason == GuessReason.CAME_FROM
    assert guess("", [], None, DUTIES, came_from=("duty", "9")) == ()


def test_of_one_sort_at_most_three_are_ticked():
    many = [
        Candidate("plan-item", str(number), "", words=f"开展读者座谈会{'甲乙丙丁戊'[number]}") for number in range(5)
    ]
    assert len(guess("读者座谈会", [], None, many)) == 3


TEXTS = st.text(alphabet="图书检查安全墙报记录有 ,.<\x00a1️⃣", max_size=40)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        target=st.sampled_from(["duty", "have", "month"]),
        key=st.sampled_from("abcd"),
        label=TEXTS,
        words=TEXTS,
        names=st.lists(TEXTS, max_size=2).map(tuple),
        month=st.sampled_from(["", "2009-11", "x"]),
        due_on=st.none() | st.dates(),
    ),
    max_size=8,
)
TICK = st.tuples(st.sampled_from(["duty", "have"]), st.sampled_from("abcd"))
TICKS = st.lists(TICK, max_size=6, unique=True)


@given(TEXTS, st.lists(TEXTS, max_size=3), st.none() | st.dates(), CANDIDATES, st.lists(TEXTS, max_size=2), TICK)
def test_guess_never_fails_repeats_itself_and_names_only_what_is_there(text, names, day, given_ones, ignored, tick):
    found = guess(text, names, day, given_ones, ignored=ignored, came_from=tick)
    assert found == guess(text, names, day, given_ones, ignored=ignored, came_from=tick)
    assert set(ticks(found)) <= {candidate.tick for candidate in given_ones}
    assert len(set(ticks(found))) == len(found)


@given(TICKS, TICKS, TICKS, TICKS)
def test_new_guess_never_overwrites_what_was_ticked_or_unticked_by_hand(ticked, guessed, declined, fresh):
    by_hand, portal, unticked = merge_ticks(ticked, guessed=guessed, declined=declined, fresh=fresh)
    shown = {*by_hand, *portal}
    assert set(ticked) - set(guessed) <= shown
    assert not ({*guessed, *declined} - set(ticked)) & shown
    assert not set(by_hand) & set(portal)
    again = merge_ticks([*by_hand, *portal], guessed=portal, declined=unticked, fresh=fresh)
    assert (set(again[0]) | set(again[1])) == shown
