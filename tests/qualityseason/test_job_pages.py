"""A job and its file belong to whoever asked for it."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.models import Job
from qualityseason.models.jobs import stopped
from qualityseason.services.files import store_file
from qualityseason.services.jobs import KINDS, JobKind, JobResult
from tests.factories import make_user


@pytest.fixture
def user(client, db):
    user = make_user("liu")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def sight(monkeypatch):
    """The kind `test`; what the dict says decides whether its files may still be read."""
    sight = {"may_read": True}
    monkeypatch.setitem(KINDS, "test", JobKind(lambda job, progress: JobResult(), lambda job: sight["may_read"]))
    return sight


def make_job(user, **values):
    return Job.objects.create(kind="test", asked_by=user, asked_at=wall_now(), **values)


def test_job_shows_its_label_and_where_to_go_on(client, user):
    job = make_job(user, state=JobState.DONE, next_url="/campaigns/2009/", parameters={"label": "排名"})
    response = client.get(reverse("job", args=[job.uuid]))
    assert (response.context["label"], response.context["result_url"]) == ("排名", "/campaigns/2009/")


def test_job_page_leads_back_to_where_it_was_asked_for_on_this_host(client, user):
    page = reverse("job", args=[make_job(user).uuid])
    assert '<a href="/campaigns/2009/plans/">返回</a>' in client.get(page, {"back": "/campaigns/2009/plans/"}).text
    for elsewhere in ("", "https://example.org/", "//example.org", "javascript:alert(1)"):
        assert "返回" not in client.get(page, {"back": elsewhere}).text


def test_job_file_is_sent_as_attachment(client, user, portal_files):
    stored = store_file([b"a,b"], name="排名.csv", media_type="text/csv", by_id=user.pk)
    job = make_job(user, state=JobState.DONE, file=stored)
    assert client.get(reverse("job", args=[job.uuid])).context["result_url"] == reverse("job-file", args=[job.uuid])
    response = client.get(reverse("job-file", args=[job.uuid]))
    assert b"".join(response.streaming_content) == b"a,b"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "text/csv"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_job_of_somebody_else_reads_like_a_missing_one(client, user, portal_files):
    other = make_user("zhong")
    stored = store_file([b"a"], name="a.csv", media_type="text/csv", by_id=other.pk)
    job = make_job(other, state=JobState.DONE, file=stored)
    for name in ("job", "job-file"):
        assert client.get(reverse(name, args=[job.uuid])).status_code == 404
        assert client.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


def test_job_without_file_has_none(client, user):
    assert client.get(reverse("job-file", args=[make_job(user).uuid])).status_code == 404


def test_job_file_is_gone_with_the_right_to_read_it(client, user, portal_files, sight):
    stored = store_file([b"a"], name="a.csv", media_type="text/csv", by_id=user.pk)
    job = make_job(user, state=JobState.DONE, file=stored)
    sight["may_read"] = False
    for name in ("job", "job-file"):
        assert client.get(reverse(name, args=[job.uuid])).status_code == 404


def test_stalled_job_is_shown_as_failed(client, user):
    job = make_job(user, state=JobState.RUNNING, queued_at=wall_now() - timedelta(days=1))
    text = client.get(reverse("job", args=[job.uuid])).content.decode()
    assert "job-failed" in text
    assert stopped() in text


def test_job_page_that_polls_goes_on_by_itself_once_the_job_is_done(client, user):
    done = make_job(user, state=JobState.DONE, next_url="/campaigns/2009/")
    polled = client.get(reverse("job", args=[done.uuid]), headers={"HX-Request": "true"})
    assert polled.headers["HX-Redirect"] == "/campaigns/2009/"
    assert "HX-Redirect" not in client.get(reverse("job", args=[done.uuid])).headers
