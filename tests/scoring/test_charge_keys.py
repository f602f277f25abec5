"""Once is once: per department, per person and season, per person and term, per month, under every spelling."""

from datetime import date

import pytest
from django.utils import translation

from campaigns.enums import Role
from qualityseason.errors import Refused
from scoring.models import Deduction, Rule
from scoring.services.ledger import record_deduction, withdraw_deduction
from scoring.services.once import key_of
from tests.factories import (
    NOON,
    department,
    make_actor,
    make_class,
    make_deduction,
    make_draft,
    make_person,
    make_subject,
)

EARLIER = date(2009, 10, 15)


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


def is_taken(season, code, *, by, first=None, **values):
    """Return whether the fact is charged already, making sure that the refusal names the first line."""
    try:
        make_deduction(season, code, by=by, **values)
    except Refused as refusal:
        met = (refusal.refusal_code, refusal.existing)
    else:
        return False
    assert met == ("charged", first)
    return True


# --- once per department


@pytest.mark.parametrize("code", ["S1a", "S1b", "S3a", "S3b", "S4", "S5"])
def test_line_once_per_department_is_charged_once_on_any_day(season, assessor, code):
    first = make_deduction(season, code, by=assessor)
    assert is_taken(season, code, by=assessor, first=first, happened_on=EARLIER)
    assert not is_taken(season, code, by=assessor, charged="体育部")


def test_lines_of_one_clause_are_different_facts(season, assessor):
    make_deduction(season, "S1a", by=assessor)
    assert not is_taken(season, "S1b", by=assessor)
    make_deduction(season, "S3a", by=assessor)
    assert not is_taken(season, "S3b", by=assessor)


# --- once per person


def test_absent_person_is_charged_once_per_season(season, assessor):
    make_person(season, "张伟", number="00123")
    make_person(season, "李娜", number="00124")
    first = make_deduction(season, "S2", by=assessor, subject=make_subject(season, "S2", "张伟"))
    for spelling in ("张 伟", "张伟(00123)", "  张伟（００１２３） "):
        subject = make_subject(season, "S2", spelling)
        assert is_taken(season, "S2", by=assessor, first=first, subject=subject, happened_on=EARLIER), spelling
    assert not is_taken(season, "S2", by=assessor, subject=make_subject(season, "S2", "李娜"))


@pytest.mark.parametrize("code", ["B5", "B6", "B8"])
def test_person_known_here_is_charged_once_per_term_whatever_the_department(season, assessor, code):
    make_person(season, "张伟", home="体育部")
    subject = make_subject(season, code, "张伟")
    first = make_deduction(season, code, by=assessor, charged="体育部", subject=subject)
    assert is_taken(season, code, by=assessor, first=first, charged="体育部", subject=subject, happened_on=EARLIER)
    assert is_taken(season, code, by=assessor, first=first, charged="基础部", subject=subject)


@pytest.mark.parametrize(("found", "twin"), [("A5", "B5"), ("B5", "A5"), ("A6", "B6"), ("B6", "A6")])
def test_twin_lines_charge_one_person_once(season, assessor, found, twin):
    make_person(season, "张伟")
    where = {"A": "工会", "B": "体育部"}
    subject = make_subject(season, found, "张伟")
    first = make_deduction(season, found, by=assessor, charged=where[found[0]], subject=subject)
    assert is_taken(season, twin, by=assessor, first=first, charged=where[twin[0]], subject=subject)


def test_person_may_be_charged_under_two_families(season, assessor):
    make_person(season, "张伟")
    subject = make_subject(season, "B5", "张伟")
    make_deduction(season, "B5", by=assessor, subject=subject)
    assert not is_taken(season, "B6", by=assessor, subject=subject)
    assert not is_taken(season, "B8", by=assessor, subject=subject)


def test_person_who_is_only_text_is_charged_once_within_the_department(season, assessor):
    """Nobody knows whether two departments mean the same 王五, so the department stands before the name."""
    first = make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", "王 五"))
    assert is_taken(season, "B5", by=assessor, first=first, subject=make_subject(season, "B5", " 王五"))
    assert not is_taken(season, "B5", by=assessor, charged="体育部", subject=make_subject(season, "B5", "王五"))


def test_person_who_is_only_text_is_one_with_and_without_a_number(season, assessor):
    first = make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", "欧阳无名"))
    for spelling in ("欧阳 无名", "欧阳无名(00123)", "欧阳 无名（００４５６）"):
        subject = make_subject(season, "B5", spelling)
        assert is_taken(season, "B5", by=assessor, first=first, subject=subject, happened_on=EARLIER), spelling
    assert not is_taken(season, "B5", by=assessor, subject=make_subject(season, "B5", "欧阳有名(00123)"))
    assert key_of(first) == first.charge_key


def test_person_charged_as_text_is_not_charged_again_once_on_the_staff_list(season, assessor):
    first = make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", "欧阳无名(00123)"))
    make_person(season, "欧阳无名", number="00123")
    subject = make_subject(season, "B5", "欧阳无名")
    assert subject.is_known
    assert is_taken(season, "B5", by=assessor, first=first, subject=subject)
    assert not is_taken(season, "B6", by=assessor, subject=subject)
    assert not is_taken(season, "B5", by=assessor, charged="体育部", subject=subject)


def test_refusal_of_a_name_that_is_only_text_says_what_to_do(season, assessor):
    make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", "欧阳无名"))
    with translation.override("en"), pytest.raises(Refused) as refusal:
        make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", "欧阳 无名"))
    assert refusal.value.sentence == (
        "This fact is charged already: B5 on 2009-11-20, for 欧阳无名, who is not taken from the staff list. "
        "Open it; if somebody else is meant, put both on the staff list and correct it first."
    )


def test_brackets_of_an_item_that_is_only_text_count(season, assessor):
    make_deduction(season, "A11a", by=assessor, charged="团委", subject=make_subject(season, "A11a", "展板(一)"))
    assert not is_taken(season, "A11a", by=assessor, charged="团委", subject=make_subject(season, "A11a", "展板(二)"))


def test_long_text_subjects_keep_their_keys_apart(season, assessor):
    same, other = "甲" * 199 + "乙", "甲" * 199 + "丙"
    first = make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", same))
    assert is_taken(season, "B5", by=assessor, first=first, subject=make_subject(season, "B5", same))
    assert not is_taken(season, "B5", by=assessor, subject=make_subject(season, "B5", other))


def test_two_people_of_one_name_are_two_people(season, assessor):
    make_person(season, "张伟", number="00123")
    make_person(season, "张伟", number="00777", home="体育部")
    make_deduction(season, "B5", by=assessor, subject=make_subject(season, "B5", "张伟(00123)"))
    assert not is_taken(season, "B5", by=assessor, subject=make_subject(season, "B5", "张伟(00777)"))


# --- once per class, month, assignment


def test_class_is_charged_once_per_term(season, assessor):
    make_class(season, "会计0901")
    first = make_deduction(
        season, "B7", by=assessor, charged="财会金融系", subject=make_subject(season, "B7", "会计0901")
    )
    again = make_subject(season, "B7", "会计 ０９０１")
    assert is_taken(season, "B7", by=assessor, first=first, charged="财会金融系", subject=again)
    assert is_taken(season, "B7", by=assessor, first=first, charged="体育部", subject=again)


@pytest.mark.parametrize(("code", "charged"), [("A2", "工会"), ("B4", "图书馆")])
def test_month_is_charged_once_whether_said_or_taken_from_the_day(season, assessor, code, charged):
    first = make_deduction(season, code, by=assessor, charged=charged, happened_on=date(2009, 11, 30))
    assert (first.period, first.subject_label) == ("2009-11", "2009-11")
    december = date(2009, 12, 1)
    assert is_taken(season, code, by=assessor, first=first, charged=charged, happened_on=december, month="2009-11")
    assert not is_taken(season, code, by=assessor, charged=charged, happened_on=december)
    assert is_taken(
        season,
        code,
        by=assessor,
        first=Deduction.objects.get(period="2009-12"),
        charged=charged,
        happened_on=december,
        month="2009-12",
    )


@pytest.mark.parametrize(("first_code", "then"), [("A11a", "A11b"), ("A11b", "A11a"), ("A11a", "A11a")])
def test_assignment_is_charged_once_under_either_amount(season, assessor, first_code, then):
    subject = make_subject(season, first_code, "校庆展板")
    first = make_deduction(season, first_code, by=assessor, charged="团委", subject=subject)
    assert is_taken(
        season, then, by=assessor, first=first, charged="团委", subject=make_subject(season, then, "校庆 展板")
    )
    assert not is_taken(season, then, by=assessor, charged="工会", subject=subject)


# --- everything else


def test_every_rule_without_a_once_rule_may_be_charged_again(season, assessor):
    free = Rule.objects.filter(campaign=season, once="").select_related("block")
    assert free.count() == 26  # 43 lines less 6 per department, S2, A5 A6 B5 B6 B8 B7, A2 B4, A11a A11b
    for rule in free:
        charged = "工会" if rule.block and rule.block.code == "A" else "图书馆"
        subject = make_subject(season, rule.code, "某某")
        lines = [make_deduction(season, rule.code, by=assessor, charged=charged, subject=subject) for _ in range(2)]
        assert [line.charge_key for line in lines] == [None, None]


def test_charge_key_names_the_fact(season, assessor):
    """family | department, person or class | period: the exact words, because other programs will rely on them."""
    person = make_person(season, "张伟")
    here = department(season)
    key = {
        "S5": f"S5|department:{here.uuid}|season",
        "B4": f"B4|department:{here.uuid}|2009-11",
        "B5": f"A5B5|person:{person.uuid}|2009-2010-1",
        "S2": f"S2|person:{person.uuid}|season",
        "B8": f"B8|department:{here.uuid}/王五|2009-2010-1",
    }
    typed = {"B5": "张伟", "S2": "张伟", "B8": "王 五"}
    for code, expected in key.items():
        subject = make_subject(season, code, typed.get(code, ""))
        assert make_deduction(season, code, by=assessor, subject=subject).charge_key == expected


def test_withdrawn_line_frees_the_fact(season, assessor):
    make_person(season, "张伟")
    subject = make_subject(season, "B5", "张伟")
    first = make_deduction(season, "B5", by=assessor, subject=subject)
    withdraw_deduction(first, by=assessor, at=NOON, because="看错人")
    assert not is_taken(season, "A5", by=assessor, charged="工会", subject=subject)


def test_seasons_never_share_a_fact(season, other_season):
    for each, code, charged in ((season, "S5", "图书馆"), (other_season, "M1b", "灯塔馆")):
        by = make_actor(each, Role.ASSESSOR)
        draft = make_draft(each, code, charged=charged, happened_on=each.starts_on)
        record_deduction(draft, by=by, at=NOON.replace(year=each.ends_on.year))


def test_refusal_tells_nothing_of_a_waiting_line_the_actor_may_not_see(season, assessor):
    """张伟 was charged at 教务处 and waits; somebody of 教务处 may not learn of it."""
    make_person(season, "张伟")
    subject = make_subject(season, "A5", "张伟")
    make_deduction(season, "A5", by=assessor, charged="教务处", subject=subject)
    interested = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    with pytest.raises(Refused) as refusal:
        make_deduction(season, "A5", by=interested, charged="工会", subject=subject)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("charged", None)
    assert "A5" not in str(refusal.value.sentence)
