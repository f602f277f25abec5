"""Recommendations: made, changed, withdrawn, chosen; never a point."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from campaigns.enums import Role
from campaigns.models import Department, Interest, Recommendation
from campaigns.queries.actors import load_actor
from campaigns.queries.recommendations import praised_for_honours, recommendation_row, recommendations_page
from campaigns.services.recommendations import (
    RecommendationDraft,
    choose_recommendation,
    edit_recommendation,
    make_recommendation,
    withdraw_recommendation,
)
from qualityseason.errors import ConflictOfInterest
from qualityseason.models import AuditEntry, User
from scoring.models import Deduction, Tally
from tests.campaigns.honours_working import liaison_of, praise, refusal
from tests.factories import NOON, department, make_actor, make_deduction


def choose(found, office, *, version=None, **uses):
    wanted = {"for_exchange": False, "for_volume": False, "for_honours": False} | uses
    return choose_recommendation(found, **wanted, version=version, by=office, at=NOON)


def draft(season, *, of="工会", title="预约上门服务", practice="每周到各系部一次。", outcome=""):
    return RecommendationDraft(department(season, of), title, practice, outcome)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


# --- making


def test_department_praises_another_and_itself(season):
    liaison = liaison_of(season)
    other = praise(season, liaison, title=" 预约上门服务 ")
    own = praise(season, liaison, of="图书馆")
    assert (other.department.name, other.recommended.name, other.title) == ("图书馆", "工会", "预约上门服务")
    assert recommendation_row(liaison, own).is_own
    entry = AuditEntry.objects.filter(act="recommendation.add").first()
    assert entry.department_id == department(season).pk
    assert entry.after["title"] == "预约上门服务"


def test_same_form_twice_is_one_and_other_words_are_refused(season):
    liaison, key = liaison_of(season), uuid.uuid4()
    first = praise(season, liaison, uuid=key)
    assert praise(season, liaison, uuid=key) == first
    refused = refusal(praise, season, liaison, uuid=key, title="别的做法")
    assert (refused.refusal_code, refused.existing) == ("used", first)
    elsewhere = refusal(praise, season, liaison_of(season, "团委"), uuid=key, home="团委")
    assert (elsewhere.refusal_code, elsewhere.existing) == ("used", None)
    assert Recommendation.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "做" * 201}, "title"),
        ({"practice": ""}, "practice"),
        ({"practice": "做" * 2001}, "practice"),
        ({"outcome": "做" * 2001}, "outcome"),
    ],
)
def test_bad_words_are_refused_at_their_field(season, values, field):
    assert refusal(praise, season, liaison_of(season), **values).field == field
    assert not Recommendation.objects.exists()


def test_closed_and_foreign_departments_are_not_praised(season, other_season):
    liaison = liaison_of(season)
    Department.objects.filter(name="工会").update(closed_on=NOON.date())
    assert refusal(praise, season, liaison).refusal_code == "closed"
    foreign = RecommendationDraft(department(other_season, "灯塔馆"), "做法", "做法")
    refused = refusal(make_recommendation, department(season), foreign, uuid=uuid.uuid4(), by=liaison, at=NOON)
    assert refused.refusal_code == "foreign"


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_who_oversees_recommends_nothing(season, role):
    with pytest.raises(PermissionDenied):
        praise(season, make_actor(season, role))


def test_liaison_writes_for_the_own_department_alone(season):
    with pytest.raises(PermissionDenied):
        praise(season, liaison_of(season, "团委"))


def test_office_writes_on_behalf_but_never_for_or_about_its_own(season, office):
    assert praise(season, office).department.name == "图书馆"
    for home, of in (("团委", "工会"), ("图书馆", "团委")):
        barred = make_actor(season, Role.OFFICE, department=department(season, "团委"))
        with pytest.raises(ConflictOfInterest):
            praise(season, barred, home=home, of=of)


# --- changing, withdrawing


def test_words_change_until_it_is_chosen(season, office):
    liaison = liaison_of(season)
    found = praise(season, liaison)
    changed = edit_recommendation(found, draft(season, title="上门服务", of="团委"), version=1, by=liaison, at=NOON)
    assert (changed.title, changed.recommended.name, changed.version) == ("上门服务", "团委", 2)
    assert (
        edit_recommendation(changed, draft(season, title="上门服务", of="团委"), version=2, by=liaison, at=NOON).version
        == 2
    )
    choose(changed, office, for_volume=True)
    refused = refusal(edit_recommendation, changed, draft(season), version=3, by=liaison, at=NOON)
    assert refused.refusal_code == "chosen"
    choose(changed, office)
    assert edit_recommendation(changed, draft(season), version=4, by=liaison, at=NOON).title == "预约上门服务"


def test_stale_change_is_refused(season):
    liaison = liaison_of(season)
    found = praise(season, liaison)
    edit_recommendation(found, draft(season, title="甲"), version=1, by=liaison, at=NOON)
    refused = refusal(edit_recommendation, found, draft(season, title="乙"), version=1, by=liaison, at=NOON)
    assert (refused.refusal_code, refused.existing.title) == ("stale", "甲")


def test_withdrawn_with_a_reason_and_gone_for_the_one_praised(season, office):
    liaison, praised = liaison_of(season), liaison_of(season, "工会")
    found = praise(season, liaison)
    assert Recommendation.objects.visible_to(praised).count() == 1
    assert refusal(withdraw_recommendation, found, because=" ", by=liaison, at=NOON).field == "because"
    withdrawn = withdraw_recommendation(found, because="事实有误", by=liaison, at=NOON)
    assert withdraw_recommendation(found, because="别的", by=liaison, at=NOON).withdrawn_because == "事实有误"
    assert AuditEntry.objects.filter(act="recommendation.withdraw").count() == 1
    assert not Recommendation.objects.visible_to(praised).exists()
    assert Recommendation.objects.visible_to(liaison).exists()
    assert (
        refusal(edit_recommendation, withdrawn, draft(season), version=None, by=liaison, at=NOON).refusal_code
        == "withdrawn"
    )
    assert refusal(choose, withdrawn, office, for_volume=True).refusal_code == "withdrawn"


def test_the_one_praised_changes_nothing(season):
    found, praised = praise(season, liaison_of(season)), liaison_of(season, "工会")
    with pytest.raises(PermissionDenied):
        edit_recommendation(found, draft(season), version=1, by=praised, at=NOON)
    with pytest.raises(PermissionDenied):
        withdraw_recommendation(found, because="谦虚", by=praised, at=NOON)


# --- choosing


def test_office_chooses_and_no_score_moves(season, office):
    liaison = liaison_of(season)
    make_deduction(season, "P1", by=make_actor(season, Role.ASSESSOR), charged="工会")
    before = (list(Deduction.objects.values()), list(Tally.objects.order_by("pk").values()))
    found = choose(praise(season, liaison), office, for_exchange=True, for_honours=True, version=1)
    assert recommendation_row(liaison, found).uses == (_("Exchange"), _("Honours"))
    assert (list(Deduction.objects.values()), list(Tally.objects.order_by("pk").values())) == before
    assert AuditEntry.objects.get(act="recommendation.choose").after["for_honours"] is True


def test_choice_is_guarded_by_version_and_the_same_again_is_none(season, office):
    found = choose(praise(season, liaison_of(season)), office, for_volume=True, version=1)
    assert choose(found, office, for_volume=True, version=1).version == 2
    assert refusal(choose, found, office, for_exchange=True, version=1).refusal_code == "stale"


def test_choice_is_the_offices_and_never_about_own_departments(season):
    liaison = liaison_of(season)
    found = praise(season, liaison)
    for home in ("图书馆", "工会"):
        with pytest.raises(ConflictOfInterest):
            choose(found, make_actor(season, Role.OFFICE, department=department(season, home)), for_volume=True)
    for actor in (liaison, make_actor(season, Role.LEADERSHIP), make_actor(season, Role.TEAM_LEAD)):
        with pytest.raises(PermissionDenied):
            choose(found, actor, for_volume=True)
    declared = make_actor(season, Role.OFFICE)
    Interest.objects.create(
        campaign=season,
        user=User.objects.get(pk=declared.user_id),
        department=department(season, "工会"),
        reason="配偶",
        starts_on=season.facts_from,
    )
    with pytest.raises(ConflictOfInterest):
        choose(found, load_actor(User.objects.get(pk=declared.user_id), season, on=NOON.date()), for_volume=True)


def test_chosen_for_honours_is_offered_to_the_department_praised(season, office):
    liaison, praised = liaison_of(season), liaison_of(season, "工会")
    found = praise(season, liaison)
    assert praised_for_honours(praised, department(season, "工会").pk) == ()
    choose(found, office, for_honours=True)
    assert praised_for_honours(praised, department(season, "工会").pk) == (found,)
    assert praised_for_honours(liaison, department(season, "图书馆").pk) == ()


# --- the list


def test_each_reads_what_it_may(season, office):
    liaison, praised, other = liaison_of(season), liaison_of(season, "工会"), liaison_of(season, "团委")
    praise(season, liaison)
    for actor, number in ((liaison, 1), (praised, 1), (other, 0), (office, 1), (make_actor(season, Role.ASSESSOR), 1)):
        assert len(recommendations_page(actor).rows) == number
    author = User.objects.get(pk=liaison.user_id).display_name
    assert [recommendations_page(actor).rows[0].made_by for actor in (liaison, praised, office)] == [author, "", author]


def test_filters(season, office):
    liaison = liaison_of(season)
    first, second = praise(season, liaison, title="一"), praise(season, liaison, title="二", of="团委")
    third = praise(season, office, home="工会", title="三", of="图书馆")
    choose(first, office, for_exchange=True)
    withdraw_recommendation(second, because="重复", by=liaison, at=NOON)

    def titles(**filters):
        return [row.title for row in recommendations_page(office, filters=filters).rows]

    assert titles() == ["三", "二", "一"]
    assert titles(department=department(season, "工会")) == ["三"]
    assert titles(recommended=department(season, "团委")) == ["二"]
    assert titles(use="exchange") == ["一"]
    assert titles(use="volume") == []
    assert (titles(state="chosen"), titles(state="open"), titles(state="withdrawn")) == (["一"], ["三"], ["二"])
    assert third.pk > second.pk


def test_pages_of_fifty(season, office):
    for number in range(60):
        praise(season, office, title=f"{number}")
    first = recommendations_page(office)
    second = recommendations_page(office, older_than=first.older)
    assert ([len(page.rows) for page in (first, second)], second.rows[-1].title, second.older) == ([50, 10], "0", None)
