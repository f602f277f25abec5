"""What tests of recommendations, objectives, honours and copied seasons start from."""

import uuid

import pytest

from campaigns.enums import NominationState, Role
from campaigns.models import Decision, Nomination, Recommendation
from campaigns.queries.honours import decision_list
from campaigns.queries.nominations import mark_of
from campaigns.services.honours import decide_honours
from campaigns.services.nominations import nominate, shortlist_nominations
from campaigns.services.recommendations import RecommendationDraft, make_recommendation
from qualityseason.clock import wall_now
from qualityseason.errors import Refused
from qualityseason.models import StoredFile
from tests.campaigns.handing_in import make_file
from tests.factories import NOON, department, make_actor, make_person

HONOURS = ("教书育人", "管理育人", "服务育人")


def refusal(call, *args, **options):
    """Return what a service refuses with."""
    with pytest.raises(Refused) as refused:
        call(*args, **options)
    return refused.value


def stop_clock(season):
    """Let the season's clock read about noon of 2009-12-28."""
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


def liaison_of(season, home="图书馆"):
    """Return a new liaison of a department."""
    return make_actor(season, Role.STAFF, department=department(season, home))


def praise(season, by, *, home="图书馆", of="工会", title="预约上门服务", **values) -> Recommendation:
    """Return a recommendation made through the service."""
    draft = RecommendationDraft(
        department(season, of), title, values.pop("practice", "每周到各系部一次。"), values.pop("outcome", "投诉减少。")
    )
    key = values.pop("uuid", None) or uuid.uuid4()
    return make_recommendation(department(season, home), draft, uuid=key, by=by, at=NOON)


def upload(season, actor) -> uuid.UUID:
    """Return the id of a file the actor has uploaded."""
    stored = make_file(by_id=actor.user_id, is_upload=True)
    StoredFile.objects.filter(pk=stored.pk).update(campaign_id=season.pk)
    return stored.uuid


def put_up(season, by, person, *, home="图书馆", honour="服务育人", reasons="坚持延时开放。", **values) -> Nomination:
    """Return a nomination made through the service."""
    key = values.pop("uuid", None) or uuid.uuid4()
    return nominate(
        department(season, home), uuid=key, person=person, honour=honour, reasons=reasons, by=by, at=NOON, **values
    )


def nominate_in(season, homes, *, honour="服务育人"):
    """Return a new nomination of a new person of each department."""
    found = []
    for number, home in enumerate(homes, start=Nomination.objects.count() + 1):
        person = make_person(season, f"某{number}", number=f"7{number:03}", home=home)
        found.append(put_up(season, liaison_of(season, home), person, home=home, honour=honour))
    return found


def shortlist(season, office, *nominations):
    """Put nominations on the short list, and return how many changed."""
    seen = {row.uuid: mark_of(row) for row in nominations}
    return shortlist_nominations(season, ticked=set(seen), seen=seen, by=office, at=NOON)


def decide(season, by, *, chosen=(), taken_back=(), **values) -> Decision:
    """Record a decision on what stands now."""
    said = {
        "uuid": uuid.uuid4(),
        "nobody": False,
        "decided_on": NOON.date(),
        "present": "支校衡、郭朝雄",
        "text": "一致同意。",
        "standing": decision_list(by, season).standing,
        "uploads": [] if by.has(Role.LEADERSHIP) else [upload(season, by)],
    } | values
    return decide_honours(
        season,
        chosen={row.uuid for row in chosen},
        taken_back={row.uuid for row in taken_back},
        by=by,
        at=NOON,
        **said,
    )


def states(*nominations):
    """Return the states of nominations as they are in the database."""
    found = dict(Nomination.objects.values_list("pk", "state"))
    return [NominationState(found[row.pk]) for row in nominations]
