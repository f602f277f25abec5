"""Suggestions of a session: several at once, taken into the plan or answered; services and pages."""

from uuid import uuid4

import pytest
from django.urls import reverse

from campaigns.enums import PlanState, Role
from campaigns.models import Plan, PlanItem, Suggestion
from campaigns.queries.actors import load_actor
from campaigns.queries.suggestions import suggestions_of
from campaigns.services.suggestions import (
    SuggestionDraft,
    add_suggestions,
    change_suggestion,
    suggestion_mark,
)
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.handing_in import make_submitted_plan
from tests.campaigns.session_working import FIRST, HOME, NOW, announced, liaison, signed_in
from tests.factories import department


@pytest.fixture
def person(season):
    return liaison(season)


@pytest.fixture
def session(season, person):
    return announced(season, FIRST, by=person)


@pytest.fixture
def item(season, person):
    return make_submitted_plan(season, department(season), by_id=person.pk, at=NOW).items.get()


def add(session, person, *texts):
    drafts = [SuggestionDraft(uuid4(), text, "丁一") for text in texts or ("多买书",)]
    return add_suggestions(session, drafts, by_id=person.pk, at=NOW)


def settle(row, person, **values):
    return change_suggestion(row, text=row.text, made_by=row.made_by, **values, by_id=person.pk, at=NOW)


def test_suggestions_come_together_and_once(season, session, person):
    drafts = [SuggestionDraft(uuid4(), " 多买书 ", "丁 一"), SuggestionDraft(uuid4(), "延长开馆")]
    for _time in range(2):
        add_suggestions(session, drafts, by_id=person.pk, at=NOW)
    rows = [(row.text, row.made_by) for row in Suggestion.objects.all()]
    assert rows == [("多买书", "丁 一"), ("延长开馆", "")]
    assert AuditEntry.objects.filter(act="suggestion.add").count() == 2
    with pytest.raises(Refused) as refusal:
        add_suggestions(session, [SuggestionDraft(drafts[0].uuid, "别的")], by_id=person.pk, at=NOW)
    assert refusal.value.refusal_code == "used"


@pytest.mark.parametrize(
    ("text", "made_by", "field"), [(" ", "", "text"), ("字" * 2001, "", "text"), ("好", "名" * 65, "made_by")]
)
def test_nonsense_writes_none_of_them(season, session, person, text, made_by, field):
    drafts = [SuggestionDraft(uuid4(), "多买书"), SuggestionDraft(uuid4(), text, made_by)]
    with pytest.raises(Refused) as refusal:
        add_suggestions(session, drafts, by_id=person.pk, at=NOW)
    assert (refusal.value.field, Suggestion.objects.count()) == (field, 0)


def test_taken_into_the_plan_answered_and_opened_again(season, session, person, item):
    (row,) = add(session, person)
    taken = settle(row, person, item=item)
    assert (taken.item, taken.settled_by, taken.settled_at) == (item, person, NOW)
    answered = settle(row, person, answer="没有经费")
    assert (answered.item, answered.answer, answered.settled_at) == (None, "没有经费", NOW)
    opened = settle(row, person)
    assert (opened.settled_by, opened.settled_at) == (None, None)
    assert AuditEntry.objects.filter(act="suggestion.change").count() == 3


def test_both_or_an_item_of_another_plan_is_refused(season, session, person, item):
    (row,) = add(session, person)
    with pytest.raises(Refused) as refusal:
        settle(row, person, item=item, answer="没有经费")
    assert refusal.value.refusal_code == "both"
    foreign = make_submitted_plan(season, department(season, "工会"), by_id=person.pk, at=NOW, number=2).items.get()
    with pytest.raises(Refused) as refusal:
        settle(row, person, item=foreign)
    assert refusal.value.refusal_code == "item"
    row.refresh_from_db()
    assert (row.item, row.answer) == (None, "")


def test_suggestion_whose_item_was_removed_is_not_settled(season, session, person, item):
    first, second = add(session, person, "多买书", "延长开馆")
    settle(first, person, item=item)
    settle(second, person, answer="没有经费")
    reader = load_actor(person, season, on=NOW.date())
    assert [(line.text, line.is_settled) for line in suggestions_of(session, reader)] == [
        ("多买书", True),
        ("延长开馆", True),
    ]
    PlanItem.objects.update(removed_at=NOW)
    lines = suggestions_of(session, reader)
    assert [(line.text, line.is_settled, line.item) for line in lines] == [
        ("多买书", False, ""),
        ("延长开馆", True, ""),
    ]


def test_stale_suggestion_is_refused(season, session, person):
    (row,) = add(session, person)
    seen = suggestion_mark(row)
    settle(row, person, answer="没有经费", seen=seen)
    with pytest.raises(Refused) as refusal:
        settle(row, person, answer="已在办", seen=seen)
    assert refusal.value.refusal_code == "stale"
    row.refresh_from_db()
    assert row.answer == "没有经费"


@pytest.mark.parametrize("rows", [1, 3])
def test_suggestions_ask_one_query(season, session, person, item, rows, django_assert_num_queries):
    for row in add(session, person, *["多买书"] * rows):
        settle(row, person, item=item)
    reader = load_actor(person, season, on=NOW.date())
    with django_assert_num_queries(1):
        assert len(suggestions_of(session, reader)) == rows


# --- pages


def typed_rows(response, *rows):
    form = {"uuid": response.context["form"]["uuid"].value(), "rows-TOTAL_FORMS": "4", "rows-INITIAL_FORMS": "0"}
    for number, (text, made_by) in enumerate(rows):
        form |= {f"rows-{number}-text": text, f"rows-{number}-made_by": made_by}
    return form


def test_page_takes_several_rows_and_sent_twice_writes_once(client, season, session):
    signed_in(client, season, Role.STAFF, HOME)
    page = reverse("campaigns:suggestion-add", args=["2009", session.uuid])
    form = typed_rows(client.get(page), ("多买书", "丁一"), ("", ""), ("延长开馆", ""))
    for _time in range(2):
        assert client.post(page, form).status_code == 302
    assert sorted(Suggestion.objects.values_list("text", flat=True)) == ["多买书", "延长开馆"]
    halves = client.post(page, typed_rows(client.get(page), ("", "丁一")))
    assert halves.status_code == 200
    assert "丁一" in halves.content.decode()


def test_page_settles_and_offers_the_items_of_the_own_plan_alone(client, season, session, person, item):
    signed_in(client, season, Role.STAFF, HOME)
    (row,) = add(session, person)
    make_submitted_plan(season, department(season, "工会"), by_id=person.pk, at=NOW, number=2)
    page = reverse("campaigns:suggestion", args=["2009", row.uuid])
    response = client.get(page)
    assert list(response.context["form"].fields["item"].queryset) == [item]
    form = {"version": response.context["version"], "text": "多买书", "made_by": "丁一", "answer": ""}
    assert client.post(page, form | {"item": item.uuid}).status_code == 302
    stale = client.post(page, form | {"item": "", "answer": "没有经费"})
    assert stale.context["now"].item == item
    assert "没有经费" in stale.content.decode()
    again = form | {"item": "", "answer": "没有经费", "version": stale.context["version"]}
    assert client.post(page, again).status_code == 302
    row.refresh_from_db()
    assert (row.item, row.answer) == (None, "没有经费")


def test_page_goes_back_to_the_plan_it_was_opened_from(client, season, session, person, item):
    signed_in(client, season, Role.STAFF, HOME)
    (row,) = add(session, person)
    page = reverse("campaigns:suggestion", args=["2009", row.uuid])
    plan = item.plan
    writing = reverse("campaigns:plan-write", args=["2009", plan.uuid])
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    assert client.get(page, {"from": "plan"}).context["back"] == writing
    form = {"version": client.get(page).context["version"], "text": "多买书", "made_by": "丁一", "item": item.uuid}
    assert client.post(f"{page}?from=plan", form).url == writing
    held = reverse("campaigns:session", args=["2009", session.uuid])
    assert client.get(page).context["back"] == held
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)  # nothing is written there now
    assert client.get(page, {"from": "plan"}).context["back"] == held


@pytest.mark.parametrize("name", ["suggestion", "suggestion-add"])
@pytest.mark.parametrize(
    ("role", "home", "status"),
    [
        (Role.STAFF, HOME, 200),
        (Role.HEAD, HOME, 200),
        (Role.OFFICE, None, 200),
        (Role.OFFICE, HOME, 403),
        (Role.STAFF, "工会", 404),
        (Role.ASSESSOR, None, 403),
        (Role.LEADERSHIP, None, 403),
    ],
)
def test_who_opens_the_forms(client, season, session, person, name, role, home, status):
    (row,) = add(session, person)
    signed_in(client, season, role, home)
    target = row if name == "suggestion" else session
    assert client.get(reverse(f"campaigns:{name}", args=["2009", target.uuid])).status_code == status
