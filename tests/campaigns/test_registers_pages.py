"""The register pages: who sees what, one row entered, corrected, excused, withdrawn; lists and their queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.enums import RegisterCode, Role
from campaigns.models import ClassAttendanceRow, EvaluationRow, Responsibility, WorkloadRow
from qualityseason.models import AuditEntry
from tests.campaigns.people_working import make_member, signed_in, url
from tests.campaigns.register_working import make_keeper, rows_of, the_term
from tests.factories import NOON, department, make_class, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english", "at_noon")]
E, W = RegisterCode.EVALUATION, RegisterCode.WORKLOAD
UUID = "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11"
TYPED = {"uuid": UUID, "person": "张 伟", "term": "2009-2010-1", "score": "８８．５", "note": ""}


@pytest.fixture
def _english(settings, client):
    settings.LANGUAGE_CODE = "en"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def at_noon(season):
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def keeper(client, season):
    user = make_keeper(season, E)
    client.force_login(user)
    return user


def make_row(season, person, *, model=EvaluationRow, by=None, **values):
    """Return a row about a person, of the home on the staff list."""
    home = person.postings.get().department
    values = {"score": Decimal(80)} | values if model is EvaluationRow else values
    return model.objects.create(
        campaign=season,
        person=person,
        department=home,
        term=the_term(season),
        entered_by=by or make_member(season, Role.OFFICE, username=f"by-{person.number}"),
        entered_at=NOON,
        **values,
    )


# --- one row


def test_row_is_entered_as_people_type_and_twice_is_once(client, season, keeper):
    make_person(season)
    path = url("register-row-new", "evaluation")
    first = client.post(path, TYPED)
    row = EvaluationRow.objects.get()
    assert first.url == url("register-row", "evaluation", row.uuid)
    assert (str(row.uuid), row.score, row.person.number, row.department.name) == (
        UUID,
        Decimal("88.5"),
        "00123",
        "图书馆",
    )
    assert client.post(path, TYPED).url == first.url
    again = client.post(path, TYPED | {"score": "90"})
    assert "has been sent before with other words" in again.content.decode()
    assert EvaluationRow.objects.get().score == Decimal("88.5")
    assert AuditEntry.objects.filter(act="register.enter").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"person": "无此人"}, "person"),
        ({"person": ""}, "person"),
        ({"term": ""}, "term"),
        ({"score": "101"}, "score"),
        ({"score": "-1"}, "score"),
        ({"score": "好"}, "score"),
        ({"score": ""}, "score"),
        ({"note": "注" * 201}, "note"),
    ],
)
def test_bad_row_keeps_what_was_typed(client, season, keeper, values, field):
    make_person(season)
    form = client.post(url("register-row-new", "evaluation"), TYPED | values).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in TYPED} == TYPED | values
    assert not EvaluationRow.objects.exists()


def test_row_that_stands_already_is_linked(client, season, keeper):
    row = make_row(season, make_person(season))
    answer = client.post(url("register-row-new", "evaluation"), TYPED)
    assert list(answer.context["form"].errors) == ["person"]
    assert url("register-row", "evaluation", row.uuid) in answer.content.decode()


def test_row_is_corrected_and_a_stale_correction_loses_neither(client, season, keeper):
    row = make_row(season, make_person(season))
    path = url("register-row", "evaluation", row.uuid)
    form = client.get(path).context["form"]
    typed = {name: form[name].value() for name in ("version", "person", "term", "score", "note")}
    assert typed == {"version": "1", "person": "张伟(00123)", "term": "2009-2010-1", "score": "80.00", "note": ""}
    assert client.post(path, typed | {"score": "81"}).status_code == 302
    row.refresh_from_db()
    assert (row.score, row.version) == (Decimal(81), 2)
    stale = client.post(path, typed | {"score": "82"})
    text = stale.content.decode()
    assert ("81.00" in text, stale.context["form"]["score"].value(), stale.context["version"]) == (True, "82", 2)
    assert client.post(path, typed | {"score": "82", "version": "2"}).status_code == 302
    row.refresh_from_db()
    assert row.score == Decimal(82)
    assert client.post(path, typed | {"score": "82", "version": "1"}).status_code == 302  # says what stands
    entry = AuditEntry.objects.filter(act="register.correct").latest("pk")
    assert (entry.before["score"], entry.after["score"], entry.department_id) == ("81.00", "82.00", row.department_id)


def test_case_is_excused_and_counts_again(client, season, keeper):
    row = make_row(season, make_person(season))
    path = url("register-row-excuse", "evaluation", row.uuid)
    typed = {"version": "1", "because": "病假", "approved_by": "教务处长", "on": "2009.12.1"}
    for values, field in (
        ({"because": ""}, "because"),
        ({"on": "2010-01-20"}, "on"),
        ({"approved_by": " "}, "approved_by"),
    ):
        assert list(client.post(path, typed | values).context["form"].errors) == [field]
    assert client.post(path, typed).status_code == 302
    assert client.post(path, typed).status_code == 302
    row.refresh_from_db()
    assert (row.excused_because, row.excused_by, row.excused_on, row.version) == (
        "病假",
        "教务处长",
        date(2009, 12, 1),
        2,
    )
    stale = client.post(path, typed | {"because": "事假"})
    assert ("What stands there now" in stale.content.decode(), stale.context["version"]) == (True, 2)
    assert client.post(path, {"act": "take-back", "version": "2"}).status_code == 302
    row.refresh_from_db()
    assert not row.is_excused
    acts = AuditEntry.objects.filter(act__startswith="register.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["register.excuse", "register.unexcuse"]


def test_row_is_withdrawn_with_a_reason_and_read_by_its_keeper_alone(client, season, keeper):
    row = make_row(season, make_person(season))
    path = url("register-row-withdraw", "evaluation", row.uuid)
    assert "because" in client.post(path, {"because": ""}).context["form"].errors
    assert client.post(path, {"because": "录错"}).url == url("register", "evaluation")
    assert client.post(path, {"because": "再来"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_because == "录错"
    assert client.get(url("register", "evaluation")).context["page"].total == 0
    assert "录错" in client.get(url("register-row", "evaluation", row.uuid)).content.decode()
    correction = {"version": "2", "person": "张伟", "term": "2009-2010-1", "score": "90"}
    assert "was withdrawn" in client.post(url("register-row", "evaluation", row.uuid), correction).content.decode()
    client.force_login(make_member(season, Role.HEAD, "图书馆"))
    assert client.get(url("register-row", "evaluation", row.uuid)).status_code == 404


def test_yes_and_no_days_and_departments_are_typed_too(client, season):
    signed_in(client, season, Role.OFFICE)
    make_person(season)
    typed = {"person": "00123", "organiser": "", "happened_on": "2009年11月7日", "shift": "晚", "missed": "yes"}
    assert client.post(url("register-row-new", "duty-roster"), typed).status_code == 302
    path = client.get(url("register", "duty-roster")).context["page"].rows[0]
    assert [(cell.label, cell.text) for cell in path.cells][:4] == [
        ("Roster of", "图书馆"),
        ("Day", "2009-11-07"),
        ("Shift", "晚"),
        ("Missed", "yes"),
    ]
    form = client.get(url("register-row", "duty-roster", path.uuid)).context["form"]
    assert (form["missed"].value(), form["organiser"].value()) == ("yes", str(department(season, "图书馆").uuid))


# --- sight


@pytest.mark.parametrize(
    ("role", "home", "expected"),
    [
        (Role.OFFICE, None, {"00123", "00201"}),
        (Role.ASSESSOR, None, {"00123", "00201"}),
        (Role.TEAM_LEAD, None, {"00123", "00201"}),
        (Role.HEAD, "图书馆", {"00123"}),
        (Role.STAFF, "教务处", set()),
    ],
)
def test_rows_are_seen_by_office_team_and_the_departments_they_are_about(client, season, role, home, expected):
    first, second = make_person(season), make_person(season, "李敏", number="00201", home="基础部")
    rows = {"00123": make_row(season, first), "00201": make_row(season, second)}
    signed_in(client, season, role, home)
    assert {row.number for row in client.get(url("register", "evaluation")).context["page"].rows} == expected
    opened = {
        number
        for number, row in rows.items()
        if client.get(url("register-row", "evaluation", row.uuid)).status_code == 200
    }
    assert opened == expected
    assert {row[0] for row in rows_of(client.get(url("register-export", "evaluation")))[1:]} == expected
    [card] = [card for card in client.get(url("registers")).context["cards"] if card.code == E]
    assert (card.rows, card.may_keep) == (len(expected), role == Role.OFFICE)


def test_leadership_has_no_registers(client, season):
    row = make_row(season, make_person(season))
    signed_in(client, season, Role.LEADERSHIP)
    assert client.get(url("registers")).context["cards"] == ()
    for name in ("register", "register-export", "register-row-new"):
        assert client.get(url(name, "evaluation")).status_code == 403
    for name in ("register-row", "register-row-excuse", "register-row-withdraw"):
        assert client.get(url(name, "evaluation", row.uuid)).status_code == 404
    assert client.get(url("register", "salaries")).status_code == 404


def test_keeper_keeps_the_own_register_alone(client, season, keeper):
    person = make_person(season)
    workload = make_row(season, person, model=WorkloadRow, required=10, done=8)
    assert client.get(url("register-row", "workload", workload.uuid)).status_code == 404
    assert client.get(url("register-row-new", "workload")).status_code == 403
    assert client.get(url("import-new", "register-workload")).status_code == 403
    assert client.get(url("import-new", "register-evaluation")).status_code == 200
    assert [kind for kind, _label in client.get(url("imports")).context["kinds"]] == ["register-evaluation"]


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_who_keeps_nothing_reads_and_changes_nothing(client, season, role):
    row = make_row(season, make_person(season))
    signed_in(client, season, role, "图书馆")
    assert client.get(url("register-row", "evaluation", row.uuid)).context["form"] is None
    assert client.get(url("imports")).status_code == 403
    assert client.post(url("register-row-new", "evaluation"), TYPED).status_code == 403
    for name in ("register-row", "register-row-excuse", "register-row-withdraw"):
        typed = TYPED | {"version": "1", "because": "x", "approved_by": "x", "on": "2009-12-01"}
        assert client.post(url(name, "evaluation", row.uuid), typed).status_code == 403
    row.refresh_from_db()
    assert (row.version, row.withdrawn_at) == (1, None)


# --- lists


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_queries(client, season, keeper, count, django_assert_num_queries):
    for number in range(count):
        make_row(season, make_person(season, f"人{number}", number=f"{number}"))
    with django_assert_num_queries(11):  # session, user, campaign, actor (3), filter (2), terms, rows, how many
        assert len(client.get(url("register", "evaluation")).context["page"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_overview_asks_the_same_queries(client, season, keeper, count, django_assert_num_queries):
    for number in range(count):
        make_row(season, make_person(season, f"人{number}", number=f"{number}"))
        user = make_member(season, Role.HEAD, username=f"h{number}", home="工会") if number else keeper
        Responsibility.objects.create(campaign=season, code=W.responsibility, user=user)
    with django_assert_num_queries(16):  # session, user, campaign, actor (3), sheets, keepers, one for each register
        assert len(client.get(url("registers")).context["cards"]) == 8


@pytest.mark.parametrize("count", [1, 3])
def test_row_and_export_ask_the_same_queries(client, season, keeper, count, django_assert_num_queries):
    rows = [make_row(season, make_person(season, f"人{number}", number=f"{number}")) for number in range(count)]
    with django_assert_num_queries(8):  # session, user, campaign, actor (3), the row, terms
        client.get(url("register-row", "evaluation", rows[0].uuid))
    with django_assert_num_queries(7):  # session, user, campaign, actor (3), rows
        assert len(rows_of(client.get(url("register-export", "evaluation")))) == count + 1


def test_rows_are_filtered_by_who_where_and_what_strikes_the_eye(client, season):
    signed_in(client, season, Role.OFFICE)
    enough = make_row(season, make_person(season), model=WorkloadRow, required=10, done=10)
    less = make_row(
        season, make_person(season, "李敏", number="00201", home="基础部"), model=WorkloadRow, required=10, done=9
    )
    excused = make_row(
        season,
        make_person(season, "王五", number="00301", home="基础部"),
        model=WorkloadRow,
        required=10,
        done=0,
        excused_because="病假",
        excused_by="处长",
        excused_on=date(2009, 12, 1),
    )

    def found(**query):
        return {row.uuid for row in client.get(url("register", "workload"), query).context["page"].rows}

    assert found() == {enough.uuid, less.uuid, excused.uuid}
    assert found(show="striking") == {less.uuid}
    assert found(show="excused") == {excused.uuid}
    assert found(q="李 敏") == found(q="0201") == {less.uuid}
    assert found(department=department(season, "基础部").uuid) == {less.uuid, excused.uuid}
    assert found(term="2009-2010-1", show="wrong", department="x") == {enough.uuid, less.uuid, excused.uuid}


def test_lowest_come_first_and_months_are_chosen(client, season):
    signed_in(client, season, Role.OFFICE, username="office")
    klass = make_class(season)
    by = make_member(season, Role.OFFICE, username="by")
    for day, rate in ((date(2009, 11, 6), 80), (date(2009, 11, 9), 40), (date(2009, 12, 1), 60)):
        ClassAttendanceRow.objects.create(
            campaign=season,
            student_class=klass,
            department=klass.department,
            happened_on=day,
            rate=rate,
            entered_by=by,
            entered_at=NOON,
        )

    def rates(**query):
        rows = client.get(url("register", "class-attendance"), query).context["page"].rows
        return [cell.text for row in rows for cell in row.cells if cell.is_figure]

    assert rates() == ["60.00%", "40.00%", "80.00%"]
    assert rates(order="lowest") == ["40.00%", "60.00%", "80.00%"]
    assert rates(month="2009-11", order="lowest") == ["40.00%", "80.00%"]


def test_list_goes_page_by_page_and_keeps_its_filter(client, season, keeper):
    by = make_member(season, Role.OFFICE, username="by")
    for number in range(60):
        make_row(season, make_person(season, f"人{number}", number=f"{number:03}"), by=by)
    first = client.get(url("register", "evaluation"), {"q": "人"})
    second = client.get(url("register", "evaluation") + first.context["after_url"])
    assert [len(answer.context["page"].rows) for answer in (first, second)] == [50, 10]
    assert (first.context["before_url"], second.context["after_url"]) == ("", "")
    assert second.context["filter"]["q"].value() == "人"
    assert client.get(url("register", "evaluation"), {"page": "x"}).status_code == 200


def test_texts_in_the_export_are_inert(client, season, keeper):
    make_row(season, make_person(season, "=1+1"), note="=HYPERLINK(1)", score=Decimal("0.5"))
    body = rows_of(client.get(url("register-export", "evaluation")))[1]
    assert (body[1], body[4], body[5]) == ("=1+1", "0.50%", "=HYPERLINK(1)")
