"""Interpretations: who says how a line is read, what a parameter does, where it stands, and how it is taken back."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from qualityseason.models import AuditEntry
from scoring.models import Detection, Interpretation, RuleVersion
from scoring.queries.rule_versions import latest_versions
from scoring.services.interpretations import interpret, withdraw_interpretation
from tests.campaigns.honours_working import refusal, stop_clock
from tests.factories import NOON, department, make_actor, rule
from tests.scoring.reading import Pair, page, parsed, reader, words
from tests.scoring.supplement_working import adopt, drafted, reprice
from tests.scoring.working import errors

FROM = date(2009, 11, 15)
PLAN = {"per": "plan"}


@pytest.fixture
def season(season):
    stop_clock(season)
    return season


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def read(season, by, code="P2", *, text="同一要素只扣一次。", valid_from=FROM, key=None, **thresholds):
    """Return an interpretation made through the service."""
    return interpret(
        rule(season, code),
        uuid=key or uuid.uuid4(),
        text=text,
        valid_from=valid_from,
        thresholds=thresholds,
        by=by,
        at=NOON,
    )


def take_back(row, by, because="另有规定"):
    return withdraw_interpretation(row, because=because, by=by, at=NOON)


def in_force(season, code, day):
    """Return (price, thresholds) of a rule on a day."""
    version = RuleVersion.objects.in_force(on=day).get(rule=rule(season, code))
    return version.points, version.thresholds


def test_words_alone_make_no_version(season, lead):
    before = RuleVersion.objects.count()
    made = read(season, lead, "B1")
    assert (made.number, RuleVersion.objects.count()) == (1, before)
    assert read(season, lead, "B2").number == 2


def test_parameter_makes_a_version_of_the_same_words_and_price(season, lead):
    was = latest_versions([rule(season, "P2").pk])[rule(season, "P2").pk]
    made = read(season, lead, per="plan")
    now = latest_versions([was.rule_id])[was.rule_id]
    assert (now.number, now.text, now.points, now.label) == (2, was.text, was.points, was.label)
    assert (now.thresholds, now.valid_from, now.interpretation) == (was.thresholds | PLAN, FROM, made)
    assert in_force(season, "P2", date(2009, 11, 14))[1]["per"] == "item"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.LEADERSHIP])
def test_only_the_head_of_the_team_interprets(season, lead, role):
    other = make_actor(season, role)
    with pytest.raises(PermissionDenied):
        read(season, other)
    with pytest.raises(PermissionDenied):
        take_back(read(season, lead), other)


def test_sent_twice_it_is_one(season, lead):
    key = uuid.uuid4()
    assert read(season, lead, key=key) == read(season, lead, key=key)
    assert refusal(read, season, lead, key=key, text="别的").refusal_code == "reused"
    assert Interpretation.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"text": " "}, "text", "text"),
        ({"valid_from": date(2009, 8, 31)}, "valid_from", "outside"),
        ({"per": "item"}, "per", "same"),
        ({"per": "month"}, "per", "no_parameter"),
        ({"code": "B1", "per": "plan"}, "per", "no_parameter"),
    ],
)
def test_refused_at_its_field(season, lead, values, field, code):
    said = refusal(read, season, lead, **values)
    assert (said.field, said.refusal_code) == (field, code)


def test_parameter_does_not_begin_before_a_later_version(season, lead):
    read(season, lead, per="plan")
    said = refusal(read, season, lead, per="item", valid_from=date(2009, 11, 14))
    assert (said.field, said.refusal_code) == ("valid_from", "later_version")


def test_taken_back_the_parameter_is_as_before_also_under_a_later_price(season, lead):
    made = read(season, lead, per="plan")
    later = date(2009, 12, 1)
    draft = drafted(season, lead, reprice(season, "P2", "0.70"), applies_from=later)
    adopt(draft, make_actor(season, Role.LEADERSHIP))
    assert in_force(season, "P2", later)[1]["per"] == "plan"
    price = in_force(season, "P2", FROM)[0]
    take_back(made, lead)
    assert in_force(season, "P2", FROM) == (price, in_force(season, "P2", date(2009, 9, 1))[1])
    assert [str(in_force(season, "P2", later)[0]), in_force(season, "P2", later)[1]["per"]] == ["0.70", "item"]
    take_back(made, lead)
    assert AuditEntry.objects.filter(act="interpretation.withdraw").count() == 1


def test_taken_back_with_a_reason_and_the_later_one_first(season, lead):
    first = read(season, lead, per="plan")
    assert refusal(take_back, first, lead, because=" ").field == "because"
    second = read(season, lead, per="item", valid_from=date(2009, 12, 1))
    assert refusal(take_back, first, lead).refusal_code == "later"
    take_back(second, lead)
    take_back(first, lead)
    assert in_force(season, "P2", date(2009, 12, 28))[1]["per"] == "item"


@pytest.mark.parametrize(("thresholds", "looked"), [({}, False), (PLAN, True)])
def test_records_are_looked_at_anew_where_a_parameter_changes(
    season, lead, thresholds, looked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        read(season, lead, **thresholds)
    assert Detection.objects.exclude(wanted_at=None, detected_at=None).exists() is looked


# --- pages


@pytest.mark.parametrize("number", [1, 3])
def test_register_asks_the_same_queries_at_any_size(season, lead, number, django_assert_num_queries):
    for _one in range(number):
        read(season, lead, "B1")
    client = reader(lead)
    with django_assert_num_queries(8):  # six of the session, two of the register
        client.get(page("interpretations", season))


def test_stands_on_the_rule_while_recording_from_its_day_on(season, lead):
    read(season, lead, "B1", text="同一天的记录只计一次")
    client, library = reader(Pair(season).first), str(department(season).uuid)
    for day, stands in (("2009-11-14", False), ("2009-11-15", True)):
        typed = {"charged": library, "rule": "B1", "happened_on": day}
        tree = parsed(client.get(page("deduction-new", season), typed))
        [aside] = tree.xpath("//*[@id='effect-body']")
        assert ("同一天的记录只计一次" in words(aside)) is stands


def test_stands_on_the_rulebook_and_at_the_deduction_until_it_is_taken_back(season, lead):
    made = read(season, lead, "B1", text="同一天的记录只计一次")
    line = Pair(season).charge("B1")
    head = make_actor(season, Role.HEAD, department=department(season))
    for path in (page("rulebook", season), page("deduction", season, line.uuid)):
        assert "同一天的记录只计一次" in words(parsed(reader(head).get(path)))
    take_back(made, lead)
    assert "同一天的记录只计一次" not in words(parsed(reader(head).get(page("rulebook", season))))
    assert "同一天的记录只计一次" in words(parsed(reader(head).get(page("interpretations", season))))


def test_issued_and_taken_back_by_their_forms(season, lead):
    client, path = reader(lead), page("interpretation-new", season)
    form = parsed(client.get(path, {"rule": "P2"})).xpath("//form[.//input[@name='valid_from']]")[0]
    values = dict(form.form_values())
    assert (values["rule"], values["valid_from"]) == ("P2", "2009-12-28")
    assert "text" in errors(client.post(path, values))
    assert "per" in errors(client.post(path, values | {"text": "按方案计", "per": "item"}))
    assert client.post(path, values | {"text": "按方案计", "per": "plan"}).status_code == 302
    made = Interpretation.objects.get()
    path = page("interpretation-withdraw", season, made.uuid)
    assert "because" in errors(client.post(path, {"because": ""}))
    assert client.post(path, {"because": "另有规定"}).status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    assert client.get(path).status_code == 302
