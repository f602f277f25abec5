"""Quality objectives: arithmetic, measured values, the page."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.objectives import is_met, parse_percent, percent_text, share_of_hundred
from campaigns.enums import Role
from campaigns.models import Measurement
from campaigns.queries.objectives import objective_states
from campaigns.services.objectives import enter_measurement, withdraw_measurement
from qualityseason.models import AuditEntry
from tests.campaigns.honours_working import liaison_of, refusal, stop_clock
from tests.campaigns.people_working import signed_in, url
from tests.factories import NOON, make_actor

PER_CENT = st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2))
GRADES = ["优秀", "良好", "合格", "不合格"]


# --- arithmetic


@pytest.mark.parametrize(
    ("value", "met"), [("85.00", True), ("85", True), ("84.99", False), ("0", False), ("100", True), (None, None)]
)
def test_at_least_includes_equality(value, met):
    assert is_met(Decimal(value) if value else None, "", at_least=Decimal(85)) is met


@pytest.mark.parametrize(("grade", "met"), [("合格", True), ("优秀", True), ("不合格", False), ("", None)])
def test_grades(grade, met):
    assert is_met(None, grade, met_by=GRADES[:3]) is met


@given(PER_CENT, PER_CENT)
def test_met_is_not_below(value, least):
    assert is_met(value, "", at_least=least) is not (value < least)


@given(PER_CENT)
def test_per_cent_written_is_read_again(value):
    assert parse_percent(percent_text(value)) == value
    assert 0 <= share_of_hundred(value) <= 100
    assert (share_of_hundred(value) == 100) == (value == 100)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("85", "85.00"),
        ("８５．５％", "85.50"),
        (" 90.05 ﹪", "90.05"),
        ("100%", "100.00"),
        ("0", "0.00"),
        ("85.500", "85.50"),
    ],
)
def test_per_cent_as_people_type(typed, value):
    assert str(parse_percent(typed)) == value


@pytest.mark.parametrize(
    "typed", ["", "很好", "-1", "100.01", "150%", "85.555", "85,5", "1e2", "8_5", "%", "NaN", "85%%"]
)
def test_what_is_no_per_cent(typed):
    with pytest.raises(ValueError, match=r"\w"):
        parse_percent(typed)


@given(st.text(max_size=12))
def test_any_text_is_per_cent_or_refused(text):
    try:
        found = parse_percent(text)
    except ValueError:
        return
    assert 0 <= found <= 100


def test_text():
    assert [percent_text(Decimal(value)) for value in ("85.00", "85.50", "85.05", "100.00", "0.00")] == [
        "85%",
        "85.5%",
        "85.05%",
        "100%",
        "0%",
    ]


# --- measured values


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def enter(season, by, *, objective="satisfaction", value="86.50", grade="", **values):
    said = {"uuid": uuid.uuid4(), "measured_on": date(2009, 12, 20), "source": "问卷，612份"} | values
    figure = Decimal(value) if value else None
    return enter_measurement(season, objective=objective, value=figure, grade=grade, by=by, at=NOON, **said)


def state(season, actor, code="satisfaction"):
    return next(found for found in objective_states(season, actor) if found.code == code)


def test_nothing_measured_is_unknown_and_never_missed(season, office):
    found = objective_states(season, office)
    assert [(row.code, row.is_met, row.value, row.history) for row in found] == [
        ("satisfaction", None, "", ()),
        ("employment", None, "", ()),
        ("evaluation", None, "", ()),
    ]
    assert [row.target for row in found] == ["≥85﹪", "≥90﹪", "合格及以上等级"]


def test_latest_day_counts_whenever_it_was_entered(season, office):
    enter(season, office, value="85.00", measured_on=date(2009, 12, 20))
    enter(season, office, value="80.00", measured_on=date(2009, 11, 20))
    found = state(season, office)
    assert (found.value, found.measured_on, found.is_met) == ("85%", date(2009, 12, 20), True)
    assert (found.pct, found.least, found.source) == (85, 85, "问卷，612份")
    assert [(row.text, row.is_met) for row in found.history] == [("85%", True), ("80%", False)]
    enter(season, office, value="84.99", measured_on=date(2009, 12, 20))
    assert (state(season, office).value, state(season, office).is_met) == ("84.99%", False)


def test_grade(season, office):
    enter(season, office, objective="evaluation", value="", grade="合格")
    found = state(season, office, "evaluation")
    assert (found.value, found.is_met, found.pct, found.least, found.grades) == (
        "合格",
        True,
        None,
        None,
        tuple(GRADES),
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value": "150"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "85.555"}, "value"),
        ({"value": ""}, "value"),
        ({"value": "85", "grade": "合格"}, "value"),
        ({"objective": "evaluation", "value": "", "grade": "一般"}, "grade"),
        ({"objective": "evaluation", "value": "85", "grade": "合格"}, "grade"),
        ({"measured_on": date(2009, 12, 29)}, "measured_on"),
        ({"measured_on": date(2008, 12, 31)}, "measured_on"),
        ({"source": " "}, "source"),
        ({"source": "问" * 201}, "source"),
        ({"objective": "happiness"}, None),
    ],
)
def test_bad_values_are_refused_at_their_field(season, office, values, field):
    assert refusal(enter, season, office, **values).field == field
    assert not Measurement.objects.exists()


def test_day_may_lie_before_the_season_within_its_year(season, office):
    assert enter(season, office, measured_on=date(2009, 1, 1)).pk


def test_same_form_twice_is_one(season, office):
    key = uuid.uuid4()
    first = enter(season, office, uuid=key)
    assert enter(season, office, uuid=key) == first
    assert refusal(enter, season, office, uuid=key, value="90").refusal_code == "used"
    assert AuditEntry.objects.filter(act="measurement.add").count() == 1


def test_withdrawn_values_count_no_more_and_are_shown_to_overseers_alone(season, office):
    enter(season, office, value="80.00", measured_on=date(2009, 11, 20))
    wrong = enter(season, office, value="96.50")
    assert refusal(withdraw_measurement, wrong, because="", by=office, at=NOON).field == "because"
    withdraw_measurement(wrong, because="录入有误", by=office, at=NOON)
    assert withdraw_measurement(wrong, because="别的", by=office, at=NOON).withdrawn_because == "录入有误"
    found = state(season, office)
    assert (found.value, found.is_met) == ("80%", False)
    assert [row.withdrawn_because for row in found.history] == ["录入有误", ""]
    liaison = state(season, liaison_of(season))
    assert [(row.text, row.entered_by) for row in liaison.history] == [("80%", "")]


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.TEAM_LEAD, Role.ASSESSOR])
def test_office_alone_enters_and_withdraws(season, office, role):
    found = enter(season, office)
    actor = make_actor(season, role)
    with pytest.raises(PermissionDenied):
        enter(season, actor)
    with pytest.raises(PermissionDenied):
        withdraw_measurement(found, because="x", by=actor, at=NOON)


def test_values_of_another_season_stay_there(season, other_season, office):
    Measurement.objects.create(
        campaign=other_season,
        objective="satisfaction",
        value=Decimal("99.00"),
        measured_on=date(2031, 5, 1),
        source="别处",
        entered_by_id=office.user_id,
        entered_at=NOON,
    )
    assert state(season, office).is_met is None


@pytest.mark.parametrize("rows", [1, 3])
def test_states_ask_one_query(season, office, rows, django_assert_num_queries):
    for number in range(rows):
        enter(season, office, value=f"8{number}")
    with django_assert_num_queries(1):
        objective_states(season, office)


# --- pages


@pytest.fixture
def at_noon(season):
    stop_clock(season)


def typed(**values):
    return {
        "uuid": "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a12",
        "value": "８６．５％",
        "measured_on": "2009年12月20日",
        "source": "问卷",
    } | values


def test_office_enters_as_people_type_and_withdraws(client, season, at_noon):
    signed_in(client, season, Role.OFFICE)
    path = url("measurement-new", "satisfaction")
    assert client.get(path).context["form"]["measured_on"].value() == "2009-12-28"
    for _click in range(2):
        assert client.post(path, typed()).url == url("objectives")
    found = Measurement.objects.get()
    assert (str(found.value), found.measured_on) == ("86.50", date(2009, 12, 20))
    assert "86.5%" in client.get(url("objectives")).content.decode()
    withdraw = url("measurement-withdraw", found.uuid)
    assert "because" in client.post(withdraw, {"because": ""}).context["form"].errors
    assert client.post(withdraw, {"because": "录入有误"}).url == url("objectives")
    assert "录入有误" in client.get(url("objectives")).content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"value": "150%"}, "value"), ({"measured_on": "2010-01-05"}, "measured_on"), ({"source": ""}, "source")],
)
def test_bad_form_keeps_what_was_typed(client, season, at_noon, values, field):
    signed_in(client, season, Role.OFFICE)
    form = client.post(url("measurement-new", "satisfaction"), typed(**values)).context["form"]
    assert list(form.errors) == [field]
    assert form["value"].value() == typed(**values)["value"]


def test_grade_is_chosen(client, season, at_noon):
    signed_in(client, season, Role.OFFICE)
    path = url("measurement-new", "evaluation")
    assert [key for key, _word in client.get(path).context["form"].fields["grade"].choices] == ["", *GRADES]
    assert "grade" in client.post(path, typed(grade="一般")).context["form"].errors
    assert client.post(path, typed(grade="不合格")).status_code == 302
    assert Measurement.objects.get().grade == "不合格"


def test_objective_nobody_named_is_not_there(client, season, at_noon):
    signed_in(client, season, Role.OFFICE)
    assert client.get(url("measurement-new", "happiness")).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_everybody_reads_the_page_with_the_same_queries(
    client, season, at_noon, office, rows, django_assert_num_queries
):
    for number in range(rows):
        enter(season, office, value=f"8{number}")
    signed_in(client, season, Role.STAFF, "图书馆")
    with django_assert_num_queries(7):
        page = client.get(url("objectives"))
    assert page.context["may_enter"] is False
    assert len(page.context["states"][0].history) == rows
