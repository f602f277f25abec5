import pytest

from campaigns.enums import Role
from campaigns.queries.departments import StaffBook
from qualityseason.errors import Refused
from scoring.facts import Subject
from scoring.queries.subjects import complete_subject, propose_charge, resolve_subject
from tests.factories import DAY, department, make_actor, make_class, make_person, rule


def test_resolve_subject_takes_a_person_by_name_and_by_number(season):
    person = make_person(season, "张伟", number="00123")
    known = Subject(label="张伟(00123)", person_id=person.pk, key=f"person:{person.uuid}")
    for typed in ("张伟", "张 伟", "张伟(00123)", "张伟（００１２３）", " 张伟 "):
        assert resolve_subject(season, rule(season, "A5"), typed) == known


def test_resolve_subject_of_several_with_one_name_asks_for_the_number(season):
    make_person(season, "张伟", number="00123")
    make_person(season, "张伟", number="00456")
    with pytest.raises(Refused) as refusal:
        resolve_subject(season, rule(season, "A5"), "张伟")
    assert refusal.value.field == "subject"
    assert "张伟(00123)" in str(refusal.value.sentence)
    assert "张伟(00456)" in str(refusal.value.sentence)
    assert resolve_subject(season, rule(season, "A5"), "张伟(00456)").label == "张伟(00456)"


@pytest.mark.parametrize("typed", ["张伟(123)", "王芳(00123)"])
def test_resolve_subject_with_a_number_gone_wrong_names_the_near_one(season, typed):
    make_person(season, "张伟", number="00123")
    with pytest.raises(Refused) as refusal:
        resolve_subject(season, rule(season, "A5"), typed)
    assert (refusal.value.field, refusal.value.refusal_code) == ("subject", "near")
    assert "张伟(00123)" in str(refusal.value.sentence)


def test_resolve_subject_without_a_match_is_text_in_one_spelling(season):
    first = resolve_subject(season, rule(season, "A5"), "李 雷")
    assert first == Subject(label="李 雷", key="李雷")
    assert not first.is_known
    assert resolve_subject(season, rule(season, "A5"), "李雷").key == "李雷"


def test_resolve_subject_takes_a_class_by_name(season):
    found = make_class(season, "会计0901")
    assert resolve_subject(season, rule(season, "B7"), "会计 ０９０１") == Subject(
        label="会计0901", class_id=found.pk, key=f"class:{found.uuid}"
    )
    assert resolve_subject(season, rule(season, "B7"), "会计0999").is_known is False


def test_resolve_subject_of_a_month_or_nothing_is_none(season):
    assert resolve_subject(season, rule(season, "A2"), "2009-11") == Subject()
    assert resolve_subject(season, rule(season, "A5"), "  ") == Subject()


def test_resolve_subject_with_a_book_asks_no_query_of_its_own(season, django_assert_num_queries):
    make_person(season, "张伟")
    line, book = rule(season, "A5"), StaffBook(season, ["张伟", "李雷"])
    with django_assert_num_queries(0):
        assert resolve_subject(season, line, "张伟", book=book).label == "张伟(00123)"
        assert resolve_subject(season, line, "李雷", book=book).label == "李雷"


def test_propose_charge_of_the_home_in_the_same_block(season):
    proposal = propose_charge(season, rule(season, "B5"), make_person(season, home="基础部"), on=DAY)
    assert (proposal.department.name, proposal.rule.code) == ("基础部", "B5")


def test_propose_charge_of_a_home_in_the_other_block_is_the_twin(season):
    proposal = propose_charge(season, rule(season, "B5"), make_person(season, home="教务处"), on=DAY)
    assert (proposal.department.name, proposal.rule.code) == ("教务处", "A5")
    assert proposal.reason.startswith("张伟(00123)")


def test_propose_charge_without_a_twin_charges_nobody_there(season):
    proposal = propose_charge(season, rule(season, "B8"), make_person(season, home="教务处"), on=DAY)
    assert (proposal.department.name, proposal.rule) == ("教务处", None)


@pytest.mark.parametrize(("home", "expected"), [("财会金融系", "财会金融系"), ("基础部", "基础部"), ("教务处", None)])
def test_propose_charge_of_a_teaching_rule_is_a_teaching_department_only(season, home, expected):
    proposal = propose_charge(season, rule(season, "B13"), make_person(season, home=home), on=DAY)
    assert (proposal.department.name if proposal else None) == expected


def test_propose_charge_of_a_class_is_its_department(season):
    proposal = propose_charge(season, rule(season, "B7"), make_class(season, home="财会金融系"), on=DAY)
    assert (proposal.department.name, proposal.rule.code) == ("财会金融系", "B7")


@pytest.mark.parametrize("code", ["S2", "A7", "A10"])
def test_propose_charge_of_other_rules_is_nothing(season, code):
    assert propose_charge(season, rule(season, code), make_person(season), on=DAY) is None


def test_complete_subject_puts_the_charged_department_first(season, django_assert_num_queries):
    actor = make_actor(season, Role.ASSESSOR)
    make_person(season, "张明", number="00001", home="教务处")
    make_person(season, "张亮", number="00002", home="图书馆")
    library = department(season, "图书馆")
    with django_assert_num_queries(3):
        rows = complete_subject(actor, "person", "张", on=DAY, first=library)
    assert [(row.value, row.department) for row in rows] == [("张亮(00002)", "图书馆"), ("张明(00001)", "教务处")]


def test_complete_subject_finds_numbers_and_classes_and_nothing_for_nothing(season):
    actor = make_actor(season, Role.ASSESSOR)
    make_person(season, "张明", number="00071")
    make_class(season, "会计0901")
    assert [row.value for row in complete_subject(actor, "person", "0007", on=DAY)] == ["张明(00071)"]
    assert [row.value for row in complete_subject(actor, "class", "会计", on=DAY)] == ["会计0901"]
    assert complete_subject(actor, "person", " ", on=DAY) == []
    assert complete_subject(actor, "item", "会计", on=DAY) == []
