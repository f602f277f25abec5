import uuid
from decimal import Decimal

import pytest
from lxml import html

from campaigns.enums import Role, StaffCategory
from qualityseason.models import AuditEntry, User
from scoring.models import Deduction, Tally
from scoring.services.ledger import confirm_deductions
from tests.factories import (
    NOON,
    PASSWORD,
    department,
    make_actor,
    make_class,
    make_deduction,
    make_person,
    make_subject,
)
from tests.scoring.reading import page, reader, turn_clock, words
from tests.scoring.working import errors, form_of


@pytest.fixture
def season(season):
    turn_clock(season, NOON)
    return season


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def client(assessor):
    return reader(assessor)


@pytest.fixture
def address(season):
    return page("deduction-new", season)


def words_of(response):
    return words(html.fromstring(response.content.decode()))


def only_line():
    return Deduction.objects.get()


def test_deduction_new_before_a_department_is_chosen_shows_no_rules(season, client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response.context["page"].groups == []


def test_deduction_new_offers_the_rules_of_the_block_by_category(season, client, address):
    response = client.post(address, form_of(season, "", refresh="1"))
    groups = response.context["page"].groups
    assert [(group.category.code, len(group.rules)) for group in groups] == [
        ("study", 7),
        ("plan", 5),
        ("execution", 16),
    ]
    assert not Deduction.objects.exists()


def test_deduction_new_does_not_offer_departments_of_own_interest(season, address):
    client = reader(make_actor(season, Role.ASSESSOR, department=department(season, "教务处")))
    texts = client.get(address).content.decode()
    assert "教务处" not in texts.split('id="id_charged"')[1].split("</select>")[0]
    assert "图书馆" in texts


def test_deduction_new_records_and_says_so(season, client, address, assessor):
    response = client.post(
        address, form_of(season, "B1", quantity="３", subject="岗位职责第三项", note="无记录"), follow=True
    )
    line = only_line()
    assert (line.quantity, line.amount, line.subject_label, line.note) == (
        3,
        Decimal("0.60"),
        "岗位职责第三项",
        "无记录",
    )
    assert (line.recorded_by_id, line.recorded_at.date().isoformat()) == (assessor.user_id, "2009-12-28")
    assert response.redirect_chain[0][0] == page("deduction", season, line.uuid)
    assert Tally.objects.get(department=line.charged, category=line.category).pending == Decimal("0.60")


def test_deduction_new_shows_clause_price_and_effect_while_one_types(season, client, address, assessor):
    other = make_actor(season, Role.ASSESSOR)
    make_deduction(season, "B1", by=assessor, confirmed_by=other, quantity=5, subject=make_subject(season, "B1", "x"))
    make_deduction(season, "B1", by=assessor, quantity=2, subject=make_subject(season, "B1", "y"))
    response = client.post(address, form_of(season, "B1", quantity="2", subject="z", refresh="1"))
    shown = response.context["page"]
    assert shown.chosen.version.text.startswith("1、必须认真履行每项岗位职责")
    effect = shown.effect
    assert (effect.charged, effect.pending, effect.amount) == (Decimal("1.00"), Decimal("0.40"), Decimal("0.40"))
    assert (effect.left, effect.left_after, effect.absorbed_by) == (Decimal("69.00"), Decimal("68.60"), "")
    assert 'value="z"' in response.content.decode()


def test_deduction_new_says_that_a_heavier_line_absorbs(season, client, address, assessor):
    other = make_actor(season, Role.ASSESSOR)
    make_deduction(season, "S3b", by=assessor, confirmed_by=other)
    effect = client.post(address, form_of(season, "S4", refresh="1")).context["page"].effect
    assert (effect.absorbed_by, effect.left, effect.left_after) == ("S3b", Decimal("0.00"), Decimal("0.00"))


def test_deduction_new_says_what_goes_below_zero(season, client, address, assessor):
    other = make_actor(season, Role.ASSESSOR)
    make_deduction(season, "S3b", by=assessor, confirmed_by=other)
    effect = client.post(address, form_of(season, "S5", refresh="1")).context["page"].effect
    assert (effect.left_after, effect.beyond_floor) == (Decimal("0.00"), Decimal("1.00"))


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "1e308", "NaN", "", "三", "100"])
def test_deduction_new_with_a_bad_quantity_comes_back_whole(season, client, address, quantity):
    response = client.post(address, form_of(season, "B1", quantity=quantity, subject="第三项", note="看到的"))
    assert response.status_code == 200
    assert list(errors(response)) == ["quantity"]
    text = response.content.decode()
    assert "第三项" in text
    assert "看到的" in text
    assert quantity in text
    assert not Deduction.objects.exists()
    assert not AuditEntry.objects.filter(act="deduction.record").exists()


def test_deduction_new_above_the_maximum_of_the_rule_is_refused(season, client, address):
    response = client.post(address, form_of(season, "P2", quantity="5", subject="条目一"))
    assert errors(response) == {"quantity": ["The quantity of rule P2 is a whole number from 1 to 4."]}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2009-08-31", "Only facts from 2009-09-01 to 2010-01-31 count; 2009-08-31 lies outside."),
        ("2009-12-29", "2009-12-29 is in the future; today is 2009-12-28."),
        ("2009-02-30", "Write the date as 2009-11-06."),
        ("gestern", "Write the date as 2009-11-06."),
    ],
)
def test_deduction_new_with_a_bad_date_is_refused(season, client, address, day, sentence):
    response = client.post(address, form_of(season, "S1a", happened_on=day))
    assert errors(response) == {"happened_on": [sentence]}
    assert f'value="{day}"' in response.content.decode()
    assert not Deduction.objects.exists()


@pytest.mark.parametrize("day", ["2009.11.6", "2009年11月6日", "２００９－１１－０６"])
def test_deduction_new_understands_dates_as_people_write_them(season, client, address, day):
    client.post(address, form_of(season, "S1a", happened_on=day))
    assert only_line().happened_on.isoformat() == "2009-11-06"


def test_deduction_new_with_a_rule_of_the_other_block_names_its_twin(season, client, address):
    response = client.post(address, form_of(season, "A5", subject="某人"))
    assert errors(response) == {
        "rule": ["Rule A5 does not apply to 图书馆 (block B); its twin there is B5."],
    }
    assert not Deduction.objects.exists()


def test_deduction_new_shown_for_the_other_block_takes_the_twin(season, client, address):
    shown = client.post(address, form_of(season, "A5", refresh="1")).context["page"]
    assert (shown.exchanged, shown.chosen.code) == ("A5", "B5")
    shown = client.post(address, form_of(season, "A2", refresh="1")).context["page"]
    assert (shown.exchanged, shown.chosen) == ("A2", None)


def test_deduction_new_without_a_subject_where_the_unit_needs_one_is_refused(season, client, address):
    assert errors(client.post(address, form_of(season, "B5"))) == {"subject": ["Rule B5 needs a subject: Person."]}


def test_deduction_new_for_a_department_of_own_interest_is_refused_with_the_sentence(season, address):
    client = reader(make_actor(season, Role.ASSESSOR, department=department(season, "图书馆")))
    response = client.post(address, form_of(season, "S1a", note="看到的"))
    assert response.status_code == 403
    assert errors(response) == {
        "charged": ["You have an interest in this department and take no part in its assessment."]
    }
    assert "看到的" in response.content.decode()
    assert not Deduction.objects.exists()


def test_deduction_new_sent_twice_is_one_line(season, client, address):
    form = form_of(season, "S1a")
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert only_line().uuid == uuid.UUID(form["uuid"])


def test_deduction_new_with_a_used_uuid_and_another_body_is_refused(season, client, address):
    form = form_of(season, "S1a")
    client.post(address, form)
    response = client.post(address, form | {"rule": "S1b", "note": "anders"})
    assert errors(response) == {
        "__all__": ["This form was already used for another deduction, so nothing has been recorded now."]
    }
    assert response.context["page"].existing == only_line()
    assert str(response.context["page"].uuid) != form["uuid"]
    assert "anders" in response.content.decode()


def test_deduction_new_of_one_person_under_two_spellings_is_refused(season, client, address):
    make_person(season, "张伟", number="00123")
    client.post(address, form_of(season, "B5", subject="张伟"))
    response = client.post(address, form_of(season, "B5", subject="张 伟（00123）", happened_on="2009-12-01"))
    assert errors(response) == {"__all__": ["This fact is charged already: B5 on 2009-11-20."]}
    assert page("deduction", season, only_line().uuid) in response.content.decode()


def test_deduction_new_of_several_people_with_one_name_keeps_what_was_typed(season, client, address):
    make_person(season, "张伟", number="00123")
    make_person(season, "张伟", number="00456")
    response = client.post(address, form_of(season, "B5", subject="张伟"))
    assert list(errors(response)) == ["subject"]
    assert 'value="张伟"' in response.content.decode()


def test_deduction_new_of_an_unknown_person_is_accepted_as_text_and_marked(season, client, address):
    response = client.post(address, form_of(season, "B5", subject="李雷"), follow=True)
    assert only_line().subject_is_text
    assert "no record here matches it" in response.content.decode()


def test_deduction_new_of_s3a_asks_its_questions(season, client, address):
    response = client.post(address, form_of(season, "S3a"))
    assert sorted(errors(response)) == ["answer_leaders", "answer_minutes"]
    assert not Deduction.objects.exists()
    client.post(address, form_of(season, "S3a", answer_leaders="某院长", answer_minutes="10月28日记录"))
    assert only_line().answers == {"leaders": "某院长", "minutes": "10月28日记录"}


def test_deduction_new_of_a_monthly_rule_offers_the_working_months_first(season, client, address):
    response = client.post(address, form_of(season, "A2", charged="工会", refresh="1"))
    months = [value for value, _label in response.context["form"].fields["month"].widget.choices]
    assert months == ["2009-11", "2009-12", "2009-10", "2009-09"]
    assert list(errors(client.post(address, form_of(season, "A2", charged="工会")))) == ["month"]
    client.post(address, form_of(season, "A2", charged="工会", month="2009-10"))
    assert (only_line().period, only_line().subject_label) == ("2009-10", "2009-10")


def test_deduction_new_of_somebody_elsewhere_asks_before_it_writes(season, client, address):
    make_person(season, "张伟", home="教务处")
    response = client.post(address, form_of(season, "B5", subject="张伟", note="看到的"))
    proposal = response.context["page"].proposal
    assert (proposal.department.name, proposal.rule.code) == ("教务处", "A5")
    assert "看到的" in response.content.decode()
    assert not Deduction.objects.exists()


def test_deduction_new_booked_there_charges_the_home_by_the_twin(season, client, address):
    make_person(season, "张伟", home="教务处")
    there = department(season, "教务处")
    form = form_of(season, "B5", subject="张伟", place=f"there:{there.uuid}")
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302
    line = only_line()
    assert (line.charged.name, line.rule.code, line.visited.name) == ("教务处", "A5", "图书馆")


def test_deduction_new_kept_as_chosen_charges_the_chosen(season, client, address):
    make_person(season, "张伟", home="教务处")
    client.post(address, form_of(season, "B5", subject="张伟", place="keep"))
    assert (only_line().charged.name, only_line().rule.code) == ("图书馆", "B5")


def test_deduction_new_of_a_line_without_twin_offers_only_to_keep(season, client, address):
    make_person(season, "张伟", home="教务处")
    there = department(season, "教务处")
    response = client.post(address, form_of(season, "B8", subject="张伟", place=f"there:{there.uuid}"))
    assert "so the rulebook charges nobody there" in words_of(response)
    assert 'value="there:' not in response.content.decode()
    assert not Deduction.objects.exists()


def test_deduction_new_never_offers_to_book_where_one_has_an_interest(season, address):
    make_person(season, "张伟", home="教务处")
    client = reader(make_actor(season, Role.ASSESSOR, department=department(season, "教务处")))
    response = client.post(address, form_of(season, "B5", subject="张伟"))
    assert "You have an interest there" in words_of(response)
    assert 'value="there:' not in response.content.decode()


def test_deduction_new_decided_for_another_proposal_asks_again(season, client, address):
    make_person(season, "张伟", home="教务处")
    stale = department(season, "工会")
    response = client.post(address, form_of(season, "B5", subject="张伟", place=f"there:{stale.uuid}"))
    assert response.context["page"].proposal.department.name == "教务处"
    assert not Deduction.objects.exists()


def test_deduction_new_of_a_class_is_proposed_to_its_department(season, client, address):
    make_class(season, "会计0901", home="财会金融系")
    response = client.post(address, form_of(season, "B7", charged="基础部", subject="会计0901"))
    assert response.context["page"].proposal.department.name == "财会金融系"


def test_deduction_new_of_the_same_fact_by_another_line_may_replace_the_first(season, client, address, assessor):
    first = make_deduction(season, "A11a", by=assessor, charged="工会", subject=make_subject(season, "A11a", "任务一"))
    form = form_of(season, "A11b", charged="工会", subject="任务一")
    response = client.post(address, form)
    assert (response.context["page"].existing, response.context["page"].may_replace) == (first, True)
    assert f'name="replaces" value="{first.uuid}"' in response.content.decode()
    assert client.post(address, form | {"replaces": str(first.uuid)}).status_code == 302
    second = Deduction.objects.exclude(pk=first.pk).get()
    assert (second.replaces, second.charge_key) == (first, None)


def test_deduction_new_of_the_same_line_twice_offers_no_replacement(season, client, address, assessor):
    make_deduction(season, "S1a", by=assessor)
    assert client.post(address, form_of(season, "S1a")).context["page"].may_replace is False


def test_deduction_new_of_a_fact_charged_where_one_has_an_interest_tells_nothing_of_it(season, address, assessor):
    make_person(season, "张伟", home="教务处")
    make_deduction(season, "A5", by=assessor, charged="教务处", subject=make_subject(season, "A5", "张伟"))
    client = reader(make_actor(season, Role.ASSESSOR, department=department(season, "教务处")))
    response = client.post(address, form_of(season, "B5", subject="张伟", place="keep"))
    assert errors(response) == {"__all__": ["This fact is charged already."]}
    assert response.context["page"].existing is None


def test_deduction_new_from_a_line_is_filled_in(season, client, address, assessor):
    old = make_deduction(
        season, "B1", by=assessor, quantity=2, subject=make_subject(season, "B1", "第三项"), note="看到的"
    )
    form = client.get(address, {"from": str(old.uuid)}).context["form"]
    assert (form["rule"].value(), form["quantity"].value(), form["subject"].value()) == ("B1", "2", "第三项")
    assert (form["happened_on"].value(), form["note"].value()) == ("2009-11-20", "看到的")


def test_deduction_new_from_what_one_may_not_know_of_is_404(season, client, address):
    assert client.get(address, {"from": str(uuid.uuid4())}).status_code == 404
    assert client.get(address, {"inspection": str(uuid.uuid4())}).status_code == 404


@pytest.mark.parametrize("where", [{"charged": "教务处"}, {"charged": "工会", "visited": "教务处"}])
def test_deduction_new_from_a_line_about_an_own_department_tells_no_answers(season, address, assessor, where):
    places = {"charged": where["charged"], "visited": department(season, where.get("visited", where["charged"]))}
    old = make_deduction(season, "S3a", by=assessor, answers={"leaders": "听说没有去"}, **places)
    confirm_deductions([old], by=make_actor(season, Role.ASSESSOR), at=NOON)
    own = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    response = reader(own).get(address, {"from": str(old.uuid)})
    assert response.status_code == 403
    text = response.content.decode()
    assert "You have an interest in this department" in text
    assert "听说没有去" not in text


def test_deduction_new_counts_nothing_as_pending_that_was_found_at_an_own_department(season, address, assessor):
    make_deduction(season, "B1", by=assessor, quantity=2)
    make_deduction(season, "B1", by=assessor, visited=department(season, "教务处"))
    own = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    seen = [
        reader(actor).get(address, {"charged": str(department(season).uuid), "rule": "B1"}).context["page"].effect
        for actor in (assessor, own)
    ]
    assert [effect.pending for effect in seen] == [Decimal("0.60"), Decimal("0.40")]


def test_deduction_new_about_an_external_teacher_is_refused_where_the_rule_exempts_them(season, client, address):
    make_person(season, "李外", category=StaffCategory.EXTERNAL)
    assert errors(client.post(address, form_of(season, "B10", subject="李外"))) == {
        "subject": ["Rule B10 never charges 李外: External teacher."]
    }
    assert client.post(address, form_of(season, "B9", subject="李外")).status_code == 302
    assert only_line().rule.code == "B9"


@pytest.mark.parametrize(("code", "is_reminded"), [("B10", True), ("B1", False)])
def test_deduction_new_reminds_of_excused_cases(season, client, address, code, is_reminded):
    text = words_of(client.get(address, {"charged": str(department(season).uuid), "rule": code}))
    assert ("Excused cases (reason approved) are not charged." in text) is is_reminded


def test_deduction_new_warns_where_nobody_could_confirm(season, client, address):
    where = {"charged": str(department(season).uuid)}
    sentence = "Only one member of the assessment team may act for 图书馆"
    assert sentence in words_of(client.get(address, where))
    make_actor(season, Role.TEAM_LEAD)
    assert sentence not in words_of(client.get(address, where))


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADERSHIP, Role.HEAD])
def test_deduction_new_is_for_the_team(season, address, role):
    home = department(season) if role == Role.HEAD else None
    assert reader(make_actor(season, role, department=home)).get(address).status_code == 403


def test_deduction_new_asks_a_fixed_number_of_queries(season, client, address, django_assert_num_queries):
    library = str(department(season).uuid)
    with django_assert_num_queries(19):
        client.get(address, {"charged": library, "rule": "B1"})


def test_subjects_answers_options(season, client):
    make_person(season, "张伟", number="00123")
    response = client.get(page("subjects", season), {"kind": "person", "subject": "张"})
    assert '<option value="张伟(00123)">图书馆</option>' in response.content.decode()


def test_deduction_new_typed_before_the_session_ended_is_there_again(season, client, address, assessor):
    person = {"username": User.objects.get(pk=assessor.user_id).username, "password": PASSWORD}
    client.logout()
    client.post("/login/", person)
    del client.cookies["sessionid"]
    response = client.post(address, form_of(season, "B1", subject="第三项", note="看到的"))
    assert response["Location"].startswith("/login/")
    client.post("/login/", person)
    form = client.get(address).context["form"]
    assert (form["rule"].value(), form["subject"].value(), form["note"].value()) == ("B1", "第三项", "看到的")
    assert not Deduction.objects.exists()


@pytest.mark.parametrize("form", ["deduction-new", "inspection-new"])
def test_form_for_a_department_of_own_interest_is_refused_when_it_is_opened(season, form):
    own = department(season, "教务处")
    conflicted = reader(make_actor(season, Role.ASSESSOR, department=own))
    response = conflicted.get(page(form, season), {"charged": own.uuid, "department": own.uuid})
    assert response.status_code == 403
    assert "You have an interest in this department" in words(html.fromstring(response.content))
