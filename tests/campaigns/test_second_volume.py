"""The second volume: approved summaries, then materials, then the recommendations chosen, in the scheme's order."""

import io
import re

import pytest
from pypdf import PdfReader

from campaigns.enums import Role
from campaigns.models import Recommendation, Volume
from campaigns.queries.volume import PLANS, SUMMARIES, content_of, load_volume
from campaigns.services.volume import ask_for_volume
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.files import path_of
from tests.campaigns.contest_working import make_approved_plan
from tests.campaigns.flow_working import OFFICE, actor, log_in
from tests.campaigns.people_working import signed_in, url
from tests.campaigns.summary_working import EXPERIENCE, FEATURE, give_back, make_approved, submit
from tests.factories import NOON, department

pytestmark = pytest.mark.usefixtures("portal_files")


@pytest.fixture
def office(season):
    return actor(season, OFFICE, at=NOON)


@pytest.fixture
def make(season, office, django_capture_on_commit_callbacks):
    """Return what asks for the volume and does the work at once."""

    def run(kind=SUMMARIES):
        with django_capture_on_commit_callbacks(execute=True):
            return ask_for_volume(season, by=office, at=NOON, kind=kind)

    return run


def recommend(season, office, place="教务处", title="课堂巡查", *, by="图书馆", **values):
    values = {"for_volume": True, "practice": "每日巡查三次。", "outcome": "到课率上升。"} | values
    return Recommendation.objects.create(
        campaign=season,
        department=department(season, by),
        recommended=department(season, place),
        title=title,
        made_by_id=office.user_id,
        made_at=NOON,
        **values,
    )


def entries(season):
    return [(entry.sort, entry.department) for entry in load_volume(season, SUMMARIES).entries]


def test_summaries_then_materials_then_recommendations_in_the_schemes_order(season, office):
    recommend(season, office, "体育部", "阳光体育")
    recommend(season, office, "教务处")
    for place, kind in (("图书馆", FEATURE), ("监察审计室", EXPERIENCE), ("图书馆", "summary"), ("教务处", "summary")):
        make_approved(season, office, place, kind)
    assert entries(season) == [
        ("summary", "教务处"),
        ("summary", "图书馆"),
        ("piece", "监察审计室"),
        ("piece", "图书馆"),
        ("recommendation", "教务处"),
        ("recommendation", "体育部"),
    ]


def test_only_what_is_approved_chosen_and_not_withdrawn_goes_in(season, office):
    summary = make_approved(season, office)
    recommend(season, office, for_volume=False)
    recommend(season, office, withdrawn_at=NOON, withdrawn_by_id=office.user_id)
    facts = load_volume(season, SUMMARIES)
    assert (len(facts.entries), len(facts.missing), len(facts.missing_pieces)) == (1, 23, 24)
    give_back(summary, office)
    assert entries(season) == []


def test_newest_approved_version_goes_in(season, office):
    summary = make_approved(season, office)
    give_back(summary, office)
    head = actor(season, "HEAD", place="图书馆", username="second", at=NOON)
    second = submit(summary, head)
    summary.state = "approved"
    summary.save(update_fields=["state"])
    assert [entry.version for entry in load_volume(season, SUMMARIES).entries] == [second.uuid]


@pytest.mark.parametrize("change", ["recommendation", "another", "returned", "words"])
def test_what_goes_in_decides_whether_it_is_made_again(season, office, change):
    summary, recommended = make_approved(season, office), recommend(season, office)
    before = load_volume(season, SUMMARIES).digest
    assert load_volume(season, SUMMARIES).digest == before
    if change == "recommendation":
        recommend(season, office, "体育部")
    elif change == "another":
        make_approved(season, office, "工会", FEATURE)
    elif change == "returned":
        give_back(summary, office)
    else:
        recommended.practice = "每日巡查四次。"
        recommended.save(update_fields=["practice"])
    assert load_volume(season, SUMMARIES).digest != before


def test_recommendation_says_practice_outcome_and_who_recommends(season, office):
    recommend(season, office)
    content = content_of(load_volume(season, SUMMARIES).entries[0])
    assert (content.title, [part.text for part in content.parts]) == (
        "课堂巡查",
        ["每日巡查三次。", "到课率上升。", "图书馆"],
    )


def test_volume_is_made_whole_with_contents_page_numbers_and_what_is_missing(season, office, make):
    for place, kind in (("教务处", "summary"), ("图书馆", FEATURE)):
        make_approved(season, office, place, kind)
    recommend(season, office)
    make()
    volume = Volume.objects.get()
    assert (volume.kind, volume.entries, volume.pages) == ("summaries", 3, 6)
    reader = PdfReader(io.BytesIO(path_of(volume.file).read_bytes()))
    pages = [re.sub(r"\s+", "", page.extract_text()) for page in reader.pages]
    assert [name in pages[1] for name in ("教务处", "图书馆", "课堂巡查")] == [True, True, True]
    assert ("实施成效如下" in pages[2], "上门送书" in pages[3], "每日巡查三次" in pages[4]) == (True, True, True)
    assert [f"—{number}—" in pages[number - 1] for number in (3, 4, 5, 6)] == [True] * 4
    assert ("工会" in pages[5], "教务处" in pages[5].partition("工会")[0]) == (True, False)
    assert make().volume == volume


def test_two_volumes_do_not_know_of_each_other(season, office, make):
    make_approved_plan(season, "图书馆")
    make_approved(season, office)
    make(PLANS)
    make()
    assert sorted(Volume.objects.values_list("kind", flat=True)) == ["plans", "summaries"]
    assert sorted(Job.objects.values_list("kind", flat=True)) == ["volume", "volume-summaries"]


def test_without_anything_approved_nothing_is_made(season, office):
    with pytest.raises(Refused) as refusal:
        ask_for_volume(season, by=office, at=NOON, kind=SUMMARIES)
    assert (refusal.value.refusal_code, Job.objects.count()) == ("no_texts", 0)


# --- the page


def test_page_shows_what_goes_in_and_makes_it_once(client, season, office, django_capture_on_commit_callbacks):
    make_approved(season, office)
    recommend(season, office)
    log_in(client, office)
    page = client.get(url("volume-summaries"))
    found = {row.name: (row.summaries, row.materials) for row in page.context["departments"]}
    assert (found["图书馆"], found["教务处"], len(page.context["recommended"])) == ((1, 0), (0, 0), 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url("volume-summaries-make")).url == url("volume-summaries")
    page = client.get(url("volume-summaries"))
    assert page.context["volumes"].current == Volume.objects.get()
    assert url("volume-summaries-make") not in page.content.decode()
    assert client.get(url("volume-file", Volume.objects.get().uuid))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for place in ("图书馆", "教务处", "工会")[:rows]:
        make_approved(season, office, place)
        make_approved(season, office, place, FEATURE)
        recommend(season, office, place)
    log_in(client, office)
    with django_assert_num_queries(13):
        client.get(url("volume-summaries"))


@pytest.mark.parametrize(
    ("role", "page", "make_it"),
    [(Role.OFFICE, 200, 302), (Role.ASSESSOR, 200, 403), (Role.LEADERSHIP, 200, 403), (Role.HEAD, 403, 403)],
)
def test_who_may_what(client, season, role, page, make_it):
    signed_in(client, season, role, "图书馆" if role == Role.HEAD else None)
    assert client.get(url("volume-summaries")).status_code == page
    assert client.post(url("volume-summaries-make")).status_code == make_it
