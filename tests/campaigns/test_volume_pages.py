"""Asking for the volume, keeping it only when it is whole, and its page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from campaigns.enums import PlanState, Role
from campaigns.models import Department, Membership, Volume
from campaigns.queries.volume import load_volume
from campaigns.services.volume import ask_for_volume, keep_volume
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, Job, StoredFile, User
from qualityseason.services.files import path_of
from qualityseason.services.jobs import run_job
from tests.campaigns.contest_working import keep, make_approved_plan, make_content, make_judge, make_office
from tests.factories import NOON, department, make_membership, make_user

pytestmark = pytest.mark.usefixtures("portal_files")


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def signed_in(client, season, role, home=None):
    user = make_user(f"{role.lower()}-{home or 'user'}")
    make_membership(season, user, role, department=department(season, home) if home else None)
    client.force_login(user)
    return user


@pytest.fixture
def office(season):
    return make_office(season)


@pytest.fixture
def plan(season):
    return make_approved_plan(season, "图书馆", make_content("图书馆方案", items=0))


@pytest.fixture
def make(season, office, django_capture_on_commit_callbacks):
    """Return what asks for the volume and does the work at once."""

    def run(at=NOON):
        with django_capture_on_commit_callbacks(execute=True):
            return ask_for_volume(season, by=office, at=at)

    return run


# --- asking and keeping


def test_volume_is_made_in_the_background_and_kept_whole(season, plan, office, make):
    asked = make()
    job = Job.objects.get()
    assert (asked.job, asked.is_new, job.state, job.problem, job.done, job.total) == (
        job,
        True,
        JobState.DONE,
        "",
        3,
        3,
    )
    volume = Volume.objects.get()
    assert (volume.entries, volume.pages, volume.made_by_id) == (1, 4, office.user_id)
    assert len(PdfReader(path_of(volume.file)).pages) == 4
    assert volume.file.name.startswith(season.name[:3])
    assert AuditEntry.objects.get(act="volume.make").after["entries"] == 1


def test_nothing_changed_offers_the_volume_that_is_there(season, plan, make):
    make()
    again = make(NOON + timedelta(days=2))
    assert (again.volume, again.job, again.is_new) == (Volume.objects.get(), None, False)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("change", ["version", "file", "another", "order", "name", "returned"])
def test_what_goes_in_decides_whether_it_is_made_again(season, plan, change):
    make_approved_plan(season, "工会", make_content("工会方案", items=0))
    before = load_volume(season).digest
    assert load_volume(season).digest == before
    if change == "version":
        make_approved_plan(season, "图书馆", make_content("图书馆方案", items=1))
    elif change == "file":
        file = keep(b"%PDF-1.4", "附件.pdf", "application/pdf")
        make_approved_plan(season, "图书馆", make_content("图书馆方案", items=0, files=(file,)))
    elif change == "another":
        make_approved_plan(season, "团委")
    elif change == "order":
        Department.objects.filter(campaign=season, name="工会").update(order=200)
        Department.objects.filter(campaign=season, name="团委").update(order=201)
    elif change == "name":
        season.college = "郴州学院"
        season.save()
    else:
        plan.state = PlanState.RETURNED
        plan.save()
    assert load_volume(season).digest != before


def test_plan_not_approved_any_more_is_missing(season, plan):
    plan.state = PlanState.RETURNED
    plan.save()
    facts = load_volume(season)
    assert facts.entries == ()
    assert ("图书馆" in [name for _block, name in facts.missing], len(facts.missing)) == (True, 24)


def test_plans_stand_in_the_schemes_order_by_block(season):
    for name in ("图书馆", "教务处", "监察审计室"):
        make_approved_plan(season, name)
    assert [plan.department for plan in load_volume(season).entries] == ["监察审计室", "教务处", "图书馆"]


def test_two_people_asking_start_one_work(season, plan, office):
    first = ask_for_volume(season, by=office, at=NOON)  # the work waits for a commit that never comes here
    second = ask_for_volume(season, by=make_office(season), at=NOON)
    assert (second.job, first.is_new, second.is_new, Job.objects.count()) == (first.job, True, False, 1)


def test_work_that_stalled_is_given_up_and_asked_anew(season, plan, office):
    stalled = ask_for_volume(season, by=office, at=NOON).job
    Job.objects.filter(pk=stalled.pk).update(queued_at=stalled.queued_at - timedelta(hours=1))
    anew = ask_for_volume(season, by=office, at=NOON)
    stalled.refresh_from_db()
    assert (anew.is_new, stalled.state) == (True, JobState.FAILED)


def test_without_an_approved_plan_nothing_is_made(season, office):
    with pytest.raises(Refused) as refused:
        ask_for_volume(season, by=office, at=NOON)
    assert (refused.value.refusal_code, Job.objects.count()) == ("no_plans", 0)


def test_crash_in_the_middle_leaves_no_volume(season, plan, make, monkeypatch):
    def crash(*args):
        raise MemoryError

    monkeypatch.setattr("campaigns.exports.volume.VolumeMaker._bind", crash)
    make()
    assert (Job.objects.get().state, Volume.objects.count(), StoredFile.objects.count()) == (JobState.FAILED, 0, 0)
    monkeypatch.undo()
    make()
    assert Volume.objects.count() == 1


def test_who_has_left_the_office_meanwhile_makes_nothing(season, plan, office, make):
    asked = ask_for_volume(season, by=office, at=NOON)
    Membership.objects.filter(user_id=office.user_id).update(role=Role.ASSESSOR)
    run_job.func(asked.job.pk, "trace")
    assert (Job.objects.get().state, Volume.objects.count()) == (JobState.FAILED, 0)


def test_same_volume_finished_twice_is_kept_once(season, plan, office, tmp_path):
    path = tmp_path / "volume.pdf"
    path.write_bytes(b"%PDF-1.4")
    values = {"name": "方案汇编.pdf", "digest": "d" * 64, "pages": 1, "entries": 1, "by_id": office.user_id, "at": NOON}
    assert keep_volume(season, path, **values) == keep_volume(season, path, **values)
    assert (Volume.objects.count(), StoredFile.objects.count()) == (1, 1)


# --- the page


def test_page_shows_states_and_makes_the_volume_once(client, season, plan, django_capture_on_commit_callbacks):
    signed_in(client, season, Role.OFFICE)
    text = client.get(url("volume")).content.decode()
    assert url("volume-make") in text
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url("volume-make")).url == url("volume")
    page = client.get(url("volume"))
    volume = Volume.objects.get()
    assert url("volume-file", volume.uuid) in page.content.decode()
    assert url("volume-make") not in page.content.decode()
    answer = client.get(url("volume-file", volume.uuid))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_pressing_twice_starts_one_work_and_says_so(client, season, plan):
    signed_in(client, season, Role.OFFICE)
    client.post(url("volume-make"))
    client.post(url("volume-make"))
    assert Job.objects.count() == 1
    page = client.get(url("volume"))
    assert page.context["job"].state == JobState.WAITING
    assert 'id="job-progress"' in page.content.decode()
    assert url("volume-make") not in page.content.decode()


def test_page_that_polls_is_sent_to_the_finished_volume(client, season, plan, make):
    signed_in(client, season, Role.OFFICE)
    make()
    answer = client.get(url("volume"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == url("volume")


def test_page_says_that_plans_have_changed_since(client, season, plan, make):
    signed_in(client, season, Role.OFFICE)
    make()
    make_approved_plan(season, "工会")
    page = client.get(url("volume"))
    assert (page.context["volumes"].current, page.context["volumes"].latest) == (None, Volume.objects.get())
    assert url("volume-make") in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    for name in ("图书馆", "教务处", "工会")[:rows]:
        make_approved_plan(season, name)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(11):
        client.get(url("volume"))


@pytest.mark.parametrize(
    ("role", "page", "make_it", "file"),
    [
        (Role.OFFICE, 200, 302, 200),
        (Role.ASSESSOR, 200, 403, 200),
        (Role.TEAM_LEAD, 200, 403, 200),
        (Role.LEADERSHIP, 200, 403, 200),
        (Role.HEAD, 403, 403, 403),
        (Role.STAFF, 403, 403, 403),
    ],
)
def test_who_may_what(client, season, plan, make, role, page, make_it, file):
    make()
    volume = Volume.objects.get()
    signed_in(client, season, role, "图书馆" if role in (Role.HEAD, Role.STAFF) else None)
    assert client.get(url("volume")).status_code == page
    assert client.get(url("volume-file", volume.uuid)).status_code == file
    assert client.post(url("volume-make")).status_code == make_it
    assert client.get(url("volume-make")).status_code == (405 if make_it == 302 else 403)


def test_volume_of_another_season_is_404(client, season, other_season, plan, make):
    make()
    Volume.objects.update(campaign=other_season)
    signed_in(client, season, Role.OFFICE)
    assert client.get(url("volume-file", Volume.objects.get().uuid)).status_code == 404


def test_judge_of_a_department_reads_no_volume(client, season, plan):
    judge = make_judge(season, "judge", home="工会")
    client.force_login(User.objects.get(pk=judge.user_id))
    assert client.get(url("volume")).status_code == 403
