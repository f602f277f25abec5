"""Departments renamed, merged, split, closed: what goes over, what stays, and who stays barred."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaigns.enums import DepartmentChangeKind, ObligationKind, Role
from campaigns.models import (
    Assignment,
    Department,
    DepartmentChange,
    Duty,
    Evidence,
    Interest,
    Membership,
    Obligation,
    Posting,
)
from campaigns.queries.actors import load_actor
from campaigns.services.department_changes import (
    DecisionDraft,
    NewDepartment,
    Reorganisation,
    change_departments,
)
from campaigns.services.obligations import make_obligations, owe
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, User
from scoring.models import Deduction
from tests.campaigns.handing_in import make_file
from tests.campaigns.motion_records import make_evidence, make_in_motion
from tests.factories import (
    NOON,
    department,
    make_actor,
    make_deduction,
    make_membership,
    make_person,
    make_user,
)

RENAME, MERGE = DepartmentChangeKind.RENAME, DepartmentChangeKind.MERGE
SPLIT, CLOSE = DepartmentChangeKind.SPLIT, DepartmentChangeKind.CLOSE
FROM, BEFORE = date(2009, 12, 1), date(2009, 11, 30)
LIBRARY, SPORT, CENTRE = "图书馆", "体育部", "实训中心"


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


@pytest.fixture
def change(season, office):
    """Return a function that carries a change out."""

    def carry_out(kind, *names, to=None, new=(), by=office, key=None, effective_on=FROM, **values):
        block = department(season, LIBRARY).block
        places = values.pop("places", {})
        plan = Reorganisation(
            kind,
            [department(season, name) for name in names],
            existing=department(season, to) if to else None,
            new=[NewDepartment(name, block, "support") for name in new],
            places=places,
        )
        paper = make_file(by_id=by.user_id, is_upload=True, content=uuid.uuid4().hex)
        draft = DecisionDraft(
            values.pop("decided_on", BEFORE), "院长办公会", "决定", values.pop("uploads", [paper.uuid])
        )
        return change_departments(
            season, plan, uuid=key or uuid.uuid4(), effective_on=effective_on, decision=draft, by=by, at=NOON
        )

    return carry_out


def test_renamed_department_keeps_everything_and_answers_to_both_names(season, change):
    place = department(season, LIBRARY)
    found = change(RENAME, LIBRARY, new=["图书信息中心"])
    place.refresh_from_db()
    assert (place.name, place.aliases[-1], place.closed_on) == ("图书信息中心", LIBRARY, None)
    assert found.data == {"before": LIBRARY, "after": "图书信息中心"}
    assert list(found.successors.all()) == [place]


def test_staff_go_over_on_the_day_and_were_elsewhere_before(season, change):
    person = make_person(season, home=SPORT)
    change(CLOSE, SPORT, to=LIBRARY)
    rows = Posting.objects.filter(staff_member=person).values_list("department__name", "starts_on", "ends_on")
    assert list(rows) == [(SPORT, season.facts_from, BEFORE), (LIBRARY, FROM, None)]
    assert department(season, SPORT).closed_on == FROM


def test_posting_to_come_changes_its_place_alone(season, change):
    person = make_person(season, home=LIBRARY)
    Posting.objects.filter(staff_member=person).update(ends_on=date(2009, 12, 14))
    Posting.objects.create(
        campaign=season, staff_member=person, department=department(season, SPORT), starts_on=date(2009, 12, 15)
    )
    change(CLOSE, SPORT, to=CENTRE)
    rows = Posting.objects.filter(staff_member=person).values_list("department__name", "starts_on")
    assert list(rows) == [(LIBRARY, season.facts_from), (CENTRE, date(2009, 12, 15))]


@pytest.mark.parametrize(
    ("ends", "ended"),
    [((None, None), None), ((date(2009, 12, 14), None), None), ((date(2009, 12, 14), date(2009, 12, 20)), 20)],
)
def test_who_belonged_to_two_that_are_merged_belongs_to_the_new_one_once(season, change, ends, ended):
    person = make_person(season, home=SPORT)
    Posting.objects.filter(staff_member=person).update(ends_on=ends[0])
    Posting.objects.create(
        campaign=season,
        staff_member=person,
        department=department(season, CENTRE),
        starts_on=date(2009, 10, 1),
        ends_on=ends[1],
    )
    change(MERGE, SPORT, CENTRE, new=["体育实训中心"])
    rows = Posting.objects.filter(staff_member=person).values_list("department__name", "starts_on", "ends_on")
    assert list(rows) == [
        (SPORT, season.facts_from, BEFORE),
        (CENTRE, date(2009, 10, 1), BEFORE),
        ("体育实训中心", FROM, date(2009, 12, ended) if ended else None),
    ]


@pytest.mark.parametrize(("place", "result"), [(SPORT, LIBRARY), (LIBRARY, LIBRARY), (CENTRE, CENTRE)])
def test_who_begins_somewhere_on_that_very_day_begins_there_once(season, change, place, result):
    person = make_person(season, home=SPORT)
    Posting.objects.create(
        campaign=season, staff_member=person, department=department(season, place), starts_on=FROM, ends_on=None
    )
    change(CLOSE, SPORT, to=LIBRARY)
    rows = Posting.objects.filter(staff_member=person).values_list("department__name", "starts_on", "ends_on")
    assert list(rows) == [(SPORT, season.facts_from, BEFORE), (result, FROM, None)]


def test_duties_go_over_and_get_a_free_number_where_theirs_is_taken(season, change):
    for name, number in ((LIBRARY, "1"), (LIBRARY, "2"), (SPORT, "1"), (SPORT, "7")):
        Duty.objects.create(campaign=season, department=department(season, name), number=number, text=f"{name}{number}")
    change(MERGE, SPORT, to=LIBRARY)
    rows = Duty.objects.filter(department__name=LIBRARY).order_by("pk").values_list("number", "text")
    assert list(rows) == [("1", "图书馆1"), ("2", "图书馆2"), ("3", "体育部1"), ("7", "体育部7")]


def test_open_obligations_and_evidence_go_over_and_what_was_met_stays(season, change, office):
    make_obligations(season)
    sport = department(season, SPORT)
    evidence = make_evidence(season, sport, by_id=office.user_id, at=NOON)
    met = Obligation.objects.get(department=sport, kind=ObligationKind.SESSION)
    met.met_at = met.recorded_at = NOON
    met.save()
    task = owe(sport, ObligationKind.ASSIGNMENT, key="a", name="任务", due_on=FROM)
    went = change(CLOSE, SPORT, to=LIBRARY).data["moved"][SPORT]
    assert (went["obligations"], went["owed_twice"]) == (2, 6)  # the task and publicity; the library owes the rest
    evidence.refresh_from_db()
    task.refresh_from_db()
    met.refresh_from_db()
    assert (evidence.department.name, task.department.name, met.department.name) == (LIBRARY, LIBRARY, SPORT)
    left = Obligation.objects.filter(department=sport).open()
    assert list(left) == []
    per_kind = Obligation.objects.filter(department__name=LIBRARY, kind=ObligationKind.PLAN_PAPER).open()
    assert per_kind.count() == 1


def test_unfinished_tasks_go_over_and_finished_ones_stay(season, change, office):
    sport = department(season, SPORT)
    make_in_motion(season, sport, make_person(season, home=SPORT), by_id=office.user_id, number=1, at=NOON)
    done = Assignment.objects.create(
        campaign=season,
        department=sport,
        title="已办",
        issuer="office",
        given_on=BEFORE,
        due_on=FROM,
        state="accepted",
        done_on=BEFORE,
        given_by_id=office.user_id,
        entered_at=NOON,
    )
    change(CLOSE, SPORT, to=LIBRARY)
    done.refresh_from_db()
    assert done.department.name == SPORT
    assert Assignment.objects.get(state="reported").department.name == LIBRARY


def test_deductions_given_stay_with_the_old_department(season, change):
    first, second = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)
    line = make_deduction(season, "P1", by=first, confirmed_by=second, charged=SPORT)
    change(CLOSE, SPORT, to=LIBRARY)
    assert Deduction.objects.get(pk=line.pk).charged.name == SPORT


def test_head_goes_on_as_head_of_the_successor(season, change):
    head = make_user("head")
    make_membership(season, head, Role.HEAD, department=department(season, SPORT))
    change(CLOSE, SPORT, to=LIBRARY)
    rows = Membership.objects.filter(user=head).order_by("starts_on").values_list("department__name", "ends_on")
    assert list(rows) == [(SPORT, BEFORE), (LIBRARY, None)]
    actor = load_actor(head, season, on=date(2009, 12, 28))
    assert actor.headed == {department(season, LIBRARY).pk}
    assert actor.interests == {department(season, SPORT).pk, department(season, LIBRARY).pk}


def test_who_left_the_department_before_stays_barred_from_its_successor(season, change):
    former = make_user("former")
    make_membership(season, former, Role.STAFF, department=department(season, SPORT), ends_on=date(2009, 10, 15))
    make_membership(season, former, Role.ASSESSOR)
    declared = make_user("declared")
    make_membership(season, declared, Role.ASSESSOR)
    Interest.objects.create(
        campaign=season, user=declared, department=department(season, SPORT), reason="亲属", starts_on=season.facts_from
    )
    change(CLOSE, SPORT, to=LIBRARY)
    library = department(season, LIBRARY).pk
    for user in (former, declared):
        assert load_actor(user, season, on=date(2009, 12, 28)).is_interested_in(library)


def test_split_shares_out_people_and_duties_and_the_rest_goes_to_the_first(season, change, office):
    library = department(season, LIBRARY)
    stays, goes = make_person(season, "甲", number="1"), make_person(season, "乙", number="2")
    duty = Duty.objects.create(campaign=season, department=library, number="1", text="采编")
    evidence = make_evidence(season, library, by_id=office.user_id, at=NOON)
    change(SPLIT, LIBRARY, new=["阅览部", "采编部"], places={str(goes.uuid): 1, str(duty.uuid): 1})
    homes = {
        person.name: Posting.objects.get(staff_member=person, ends_on__isnull=True).department.name
        for person in (stays, goes)
    }
    assert homes == {"甲": "阅览部", "乙": "采编部"}
    assert Duty.objects.get(pk=duty.pk).department.name == "采编部"
    assert Evidence.objects.get(pk=evidence.pk).department.name == "阅览部"
    assert [place.order for place in Department.objects.filter(name__in=["阅览部", "采编部"])] == [25, 26]


def test_new_department_owes_what_it_took_over_and_what_falls_due_later(season, change):
    make_obligations(season)
    change(MERGE, LIBRARY, CENTRE, new=["图书实训中心"])
    owed = Obligation.objects.filter(department__name="图书实训中心").open()
    found = sorted((row.milestone.code if row.milestone else row.key, str(row.kind)) for row in owed)
    assert found == [
        ("2009-11", "conduct"),
        ("2009-12", "conduct"),
        ("pieces", "piece"),
        ("plan-ecopy", "plan-electronic"),
        ("plan-paper", "plan-paper"),
        ("study-session", "session"),
        ("summary", "summary"),
    ]
    first = Obligation.objects.filter(department__name__in=[LIBRARY, CENTRE]).open()
    assert not first.exists()


def test_new_department_owes_nothing_its_predecessors_had_met_before(season, change):
    make_obligations(season)
    rows = Obligation.objects.filter(department__name=LIBRARY, kind=ObligationKind.SESSION)
    rows.update(met_at=NOON, recorded_at=NOON)
    change(SPLIT, LIBRARY, new=["阅览部", "采编部"])
    sessions = Obligation.objects.filter(department__name__in=["阅览部", "采编部"], kind=ObligationKind.SESSION)
    assert not sessions.open().exists()


def test_change_sent_twice_is_carried_out_once(season, change):
    key = uuid.uuid4()
    first = change(CLOSE, SPORT, to=LIBRARY, key=key)
    assert change(CLOSE, CENTRE, to=LIBRARY, key=key) == first
    assert department(season, CENTRE).closed_on is None
    assert AuditEntry.objects.filter(act="department.close").count() == 1


@pytest.mark.parametrize(
    ("field", "arguments", "values"),
    [
        ("existing", (CLOSE, SPORT), {"to": SPORT}),
        ("existing", (MERGE, SPORT, LIBRARY), {}),
        ("name", (SPLIT, SPORT), {"new": ["一部"]}),
        ("name", (RENAME, SPORT), {"new": [" 图 书 馆 "]}),
        ("name", (RENAME, SPORT), {"new": ["长" * 61]}),
        ("name", (SPLIT, SPORT), {"new": ["一部", "一 部"]}),
        ("effective_on", (CLOSE, SPORT), {"to": LIBRARY, "effective_on": date(2009, 12, 29)}),
        ("effective_on", (CLOSE, SPORT), {"to": LIBRARY, "effective_on": date(2009, 8, 31)}),
        ("decided_on", (CLOSE, SPORT), {"to": LIBRARY, "decided_on": date(2009, 12, 29)}),
        ("files", (CLOSE, SPORT), {"to": LIBRARY, "uploads": []}),
    ],
)
def test_what_cannot_be_carried_out_is_said_at_its_field_and_writes_nothing(season, change, field, arguments, values):
    with pytest.raises(Refused) as refused:
        change(*arguments, **values)
    assert refused.value.field == field
    assert not DepartmentChange.objects.exists()
    assert not Department.objects.filter(closed_on__isnull=False).exists()


def test_closed_department_does_not_change_again(season, change):
    change(CLOSE, SPORT, to=LIBRARY)
    with pytest.raises(Refused) as refused:
        change(CLOSE, SPORT, to=CENTRE)
    assert refused.value.refusal_code == "closed"


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.LEADERSHIP, Role.ASSESSOR])
def test_only_the_office_records_changes(season, change, role):
    with pytest.raises(PermissionDenied):
        change(CLOSE, SPORT, to=LIBRARY, by=make_actor(season, role))


# --- the pages


@pytest.fixture
def browser(client, season, office):
    client.force_login(User.objects.get(pk=office.user_id))
    return client


def posted(season, office, **values):
    paper = make_file(by_id=office.user_id, is_upload=True)
    return {
        "uuid": str(uuid.uuid4()),
        "predecessors": str(department(season, SPORT).uuid),
        "existing": str(department(season, LIBRARY).uuid),
        "effective_on": "2009.12.1",
        "decided_on": "2009-11-30",
        "present": "院长办公会",
        "text": "体育部并入图书馆",
        "files": str(paper.uuid),
    } | values


def test_page_shows_first_what_would_move_and_then_carries_it_out(season, office, browser):
    make_person(season, home=SPORT)
    data, page = posted(season, office), reverse("campaigns:department-change-new", args=["2009", "close"])
    shown = browser.post(page, data)
    assert shown.status_code == 200
    assert "人员1人" in shown.content.decode()
    assert not DepartmentChange.objects.exists()
    answer = browser.post(page, data | {"seen": shown.context["seen"]})
    found = DepartmentChange.objects.get()
    assert answer.headers["Location"] == reverse("campaigns:department-change", args=["2009", found.uuid])
    assert browser.get(answer.headers["Location"]).status_code == 200
    assert found.decision.kind == "departments"


def test_another_choice_after_the_preview_is_shown_again_before_anything_happens(season, office, browser):
    data, page = posted(season, office), reverse("campaigns:department-change-new", args=["2009", "close"])
    seen = browser.post(page, data).context["seen"]
    other = data | {"existing": str(department(season, CENTRE).uuid), "seen": seen}
    assert browser.post(page, other).status_code == 200
    assert not DepartmentChange.objects.exists()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("decided_on", {"decided_on": "2099-03-01"}),
        ("existing", {"existing": "{same}"}),
        ("files", {"files": ""}),
    ],
)
def test_what_cannot_be_carried_out_is_said_before_any_preview(season, office, browser, field, values):
    data, page = posted(season, office), reverse("campaigns:department-change-new", args=["2009", "close"])
    values = {name: text.format(same=data["predecessors"]) for name, text in values.items()}
    shown = browser.post(page, data | values)
    assert list(shown.context["form"].errors) == [field]
    assert "is_preview" not in shown.context


@pytest.mark.parametrize("number", ["9" * 5000, "2", "-1", "一", ""])
def test_share_that_names_no_new_department_is_refused_with_a_sentence(season, office, browser, number):
    person = make_person(season, home=LIBRARY)
    page = reverse("campaigns:department-change-new", args=["2009", "split"])
    data = posted(season, office, predecessors=str(department(season, LIBRARY).uuid), name="阅览部", name_2="采编部")
    data |= {"block": "B", "kind": "support"}
    seen = {"seen": browser.post(page, data).context["seen"]}
    shown = browser.post(page, data | seen | {f"place-{person.uuid}": number})
    assert len(shown.context["form"].non_field_errors()) == 1
    assert not DepartmentChange.objects.exists()
    assert browser.post(page, data | seen | {f"place-{person.uuid}": "1"}).status_code == 302
    assert Posting.objects.get(staff_member=person, ends_on=None).department.name == "采编部"


# --- what a department's own page says of it


def test_departments_name_what_they_came_out_of_and_what_they_went_into(season, change, browser):
    def related(name):
        page = browser.get(reverse("campaigns:department", args=["2009", department(season, name).uuid]))
        found = page.context["kin"]
        assert all(each.name in page.content.decode() for each in (*found.before, *found.after))
        return [[(each.name, each.on) for each in kin] for kin in (found.before, found.after)]

    change(MERGE, SPORT, CENTRE, new=["体育实训中心"])
    change(CLOSE, "基础部", to="体育实训中心")
    assert related("体育实训中心") == [[(CENTRE, FROM), (SPORT, FROM), ("基础部", FROM)], []]
    assert related(SPORT) == [[], [("体育实训中心", FROM)]]
    change(RENAME, LIBRARY, new=["图书信息中心"])
    assert related("图书信息中心") == [[], []]


def test_list_asks_as_much_for_three_changes_as_for_one(season, office, browser, change, django_assert_num_queries):
    page = reverse("campaigns:department-changes", args=["2009"])
    change(CLOSE, SPORT, to=LIBRARY)
    with django_assert_num_queries(9):
        browser.get(page)
    change(CLOSE, CENTRE, to="基础部")
    change(RENAME, LIBRARY, new=["图书信息中心"])
    with django_assert_num_queries(9):
        assert "图书信息中心" in browser.get(page).content.decode()


def test_departments_read_the_change_without_its_decision(season, office, client, change):
    found = change(CLOSE, SPORT, to=LIBRARY)
    head = make_actor(season, Role.HEAD, department=department(season, LIBRARY))
    client.force_login(User.objects.get(pk=head.user_id))
    page = client.get(reverse("campaigns:department-change", args=["2009", found.uuid])).content.decode()
    assert SPORT in page
    assert "院长办公会" not in page
    new = client.get(reverse("campaigns:department-change-new", args=["2009", "close"]))
    assert new.status_code == 403
