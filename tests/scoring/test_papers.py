"""Papers of a result: who may have which, made once in the background from what was frozen, each with its code."""

import uuid
import zipfile
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from campaigns.enums import Role
from campaigns.models import Department, Membership
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.models import AuditEntry, Job, User
from qualityseason.pdf_libraries import ONLY_SLOWER, missing_packages
from qualityseason.services.files import path_of
from scoring.enums import DEPARTMENT_PAPERS, PaperKind, PublicationState, Visibility
from scoring.jobs.paper_writers import FORMATS, WRITERS
from scoring.jobs.papers import may_read_paper
from scoring.models import PrintedCopy
from scoring.queries.papers import find_source
from scoring.services.ledger import withdraw_deduction
from scoring.services.papers import start_live_statement, start_paper
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.paper_working import make_display, make_publication, run, text_of

LACKING = sorted(set(missing_packages()) - ONLY_SLOWER)
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"the system lacks {LACKING}")


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD, username="lead")


@pytest.fixture
def charged(season, lead):
    """A deduction of the library: 3 × 0.10."""
    assessor = make_actor(season, Role.ASSESSOR, username="assessor")
    return make_deduction(season, "P1", quantity=3, note="条目空泛", by=assessor, confirmed_by=lead)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


@pytest.fixture
def head(season):
    return make_actor(season, Role.HEAD, username="head", department=department(season))


def log_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def ask(client, season, record, kind, format="pdf", **fields):
    address = reverse("scoring:paper", args=[season.slug, record.uuid, kind, format])
    return client.post(address, fields)


def papers_page(client, season, record):
    return client.get(reverse("scoring:papers", args=[season.slug, record.uuid]))


def source_of(actor, record):
    return find_source(actor, record.uuid)


# --- from the page to the file


def test_statement_is_made_in_the_background_with_its_code(season, client, office, charged, portal_files):
    publication = make_publication(season)
    answer = ask(log_in(client, office), season, publication, "statement", department=department(season).uuid)
    job = Job.objects.get(kind="paper")
    assert answer["Location"].startswith(reverse("job", args=[job.uuid]))

    run(job)

    assert (job.state, job.problem) == (JobState.DONE, "")
    copy = PrintedCopy.objects.get()
    assert (copy.kind, copy.snapshot_id) == (PaperKind.STATEMENT, publication.snapshot_id)
    pages = text_of(path_of(job.file))
    assert all(copy.code in page for page in pages)
    assert copy.code in job.file.name
    assert "图书馆" in job.file.name
    entry = AuditEntry.objects.get(act="paper.make")
    assert (entry.by_id, entry.department_id, entry.after["code"]) == (
        office.user_id,
        department(season).pk,
        copy.code,
    )


def test_asking_twice_is_one_job_until_it_is_done(season, office, charged, portal_files):
    source = source_of(office, make_publication(season))
    asked = {"kind": PaperKind.WORKBOOK, "format": "xlsx", "by": office, "at": NOON}
    first = start_paper(source, **asked)
    assert start_paper(source, **asked) == first
    run(first)
    again = start_paper(source, **asked)
    assert again != first
    run(again)
    assert PrintedCopy.objects.count() == 1


def test_paper_says_what_was_frozen_though_the_ledger_has_moved(season, office, lead, charged, portal_files):
    source = source_of(office, make_publication(season))
    withdraw_deduction(charged, by=lead, at=NOON, because="记错了")
    job = run(
        start_paper(source, kind=PaperKind.STATEMENT, format="pdf", department=department(season), by=office, at=NOON)
    )
    text = "".join(text_of(path_of(job.file)))
    assert "99.70" in text
    assert "条目空泛" in text


def test_every_kind_of_the_table_is_written(season, office, charged, portal_files):
    publication, display = make_publication(season), make_display(season)
    for kind, format in WRITERS:
        source = source_of(office, display if kind == PaperKind.DISPLAY else publication)
        whose = department(season) if kind in DEPARTMENT_PAPERS else None
        job = run(start_paper(source, kind=kind, format=format, department=whose, by=office, at=NOON))
        assert (kind, job.state, job.problem) == (kind, JobState.DONE, "")
        assert job.file.media_type == FORMATS[format]
        assert job.file.name.endswith(f".{format}")
    assert PrintedCopy.objects.count() == len({kind for kind, _format in WRITERS})


def test_paper_of_a_replaced_publication_says_so(season, office, charged, portal_files):
    first = make_publication(season)
    asked = {"kind": PaperKind.CONFIRMATION, "format": "pdf", "department": department(season)}
    with translation.override(PAPER_LANGUAGE):
        said = gettext("Replaced by publication no. %(number)s") % {"number": 2}
    before = run(start_paper(source_of(office, first), **asked, by=office, at=NOON))
    make_publication(season, number=2, replaces=first)
    after = run(start_paper(source_of(office, first), **asked, by=office, at=NOON))
    assert [said in text_of(path_of(job.file))[0] for job in (before, after)] == [False, True]


# --- who may have what


@pytest.mark.parametrize("kind", [kind for kind in PaperKind if kind != PaperKind.DISPLAY])
def test_department_has_its_own_three_and_nothing_else(season, head, kind):
    source = source_of(head, make_publication(season, visibility=Visibility.ALL))
    own = kind in (PaperKind.STATEMENT, PaperKind.CONFIRMATION, PaperKind.ANNEX)
    whose = department(season) if kind in DEPARTMENT_PAPERS else None
    asked = {"kind": kind, "format": "pdf", "by": head, "at": NOON}
    if own:
        start_paper(source, department=whose, **asked)
        with pytest.raises(PermissionDenied):
            start_paper(source, department=department(season, "教务处"), **asked)
    else:
        with pytest.raises(PermissionDenied):
            start_paper(source, department=whose, **asked)
    assert Job.objects.count() == own


def test_department_asks_for_anothers_paper_as_for_one_that_is_not_there(season, client, head):
    publication = make_publication(season)
    log_in(client, head)
    other = ask(client, season, publication, "statement", department=department(season, "教务处").uuid)
    nobody = ask(client, season, publication, "statement", department=uuid.uuid4())
    assert other.status_code == nobody.status_code == 404
    assert ask(client, season, publication, "statement", department="x").status_code == 404
    assert ask(client, season, publication, "workbook", "xlsx").status_code == 403
    assert not Job.objects.exists()


def test_department_of_another_season_is_not_there(season, other_season, client, office):
    publication = make_publication(season)
    theirs = Department.objects.filter(campaign=other_season).first()
    answer = ask(log_in(client, office), season, publication, "statement", department=theirs.uuid)
    assert answer.status_code == 404


@pytest.mark.parametrize("state", [PublicationState.PROPOSED, PublicationState.REFUSED, PublicationState.RECALLED])
def test_nothing_is_made_of_what_is_not_published(season, client, office, head, state):
    publication = make_publication(season, state=state)
    with pytest.raises(Refused) as refusal:
        start_paper(source_of(office, publication), kind=PaperKind.WORKBOOK, format="xlsx", by=office, at=NOON)
    assert refusal.value.refusal_code == "not_published"
    page = papers_page(log_in(client, office), season, publication)
    assert (page.status_code, page.context["common"], page.context["of_department"]) == (200, [], [])
    assert ask(client, season, publication, "workbook", "xlsx")["Location"].endswith("/papers/")
    assert papers_page(log_in(client, head), season, publication).status_code == 404
    assert not Job.objects.exists()


def test_public_notice_has_its_sheet_alone_and_for_overseers_alone(season, client, office, head):
    display = make_display(season)
    page = papers_page(log_in(client, office), season, display)
    assert [(offer.kind, offer.formats) for offer in page.context["common"]] == [(PaperKind.DISPLAY, ("pdf",))]
    assert page.context["of_department"] == []
    address = reverse("scoring:papers", args=[season.slug, display.uuid])
    assert log_in(client, head).get(address).status_code == 404
    assert ask(client, season, display, "display").status_code == 404
    with pytest.raises(PermissionDenied):
        start_paper(
            source_of(office, display),
            kind=PaperKind.STATEMENT,
            format="pdf",
            department=department(season),
            by=office,
            at=NOON,
        )


@pytest.mark.parametrize(("kind", "format"), [("novel", "pdf"), ("statement", "xlsx"), ("workbook", "pdf")])
def test_paper_that_does_not_exist_is_not_found(season, client, office, kind, format):
    publication = make_publication(season)
    answer = ask(log_in(client, office), season, publication, kind, format, department=department(season).uuid)
    assert answer.status_code == 404


def test_right_is_asked_again_when_the_work_runs_and_when_the_file_is_fetched(season, client, head, portal_files):
    source = source_of(head, make_publication(season))
    asked = {"kind": PaperKind.STATEMENT, "format": "pdf", "department": department(season), "by": head, "at": NOON}
    made = run(start_paper(source, **asked))
    waiting = start_paper(source, **asked)
    assert may_read_paper(made)
    Membership.objects.filter(user_id=head.user_id).update(ends_on=date(2009, 12, 1))
    assert not may_read_paper(made)
    assert (run(waiting).state, waiting.file) == (JobState.FAILED, None)
    log_in(client, head)
    assert client.get(reverse("job-file", args=[made.uuid])).status_code == 404


def test_head_who_has_moved_to_another_department_has_the_old_ones_papers_no_more(season, head, portal_files):
    source = source_of(head, make_publication(season))
    asked = {"kind": PaperKind.STATEMENT, "format": "pdf", "department": department(season), "by": head, "at": NOON}
    live = start_live_statement(department(season), by=head, at=NOON)
    made = run(start_paper(source, **asked))
    Membership.objects.filter(user_id=head.user_id).update(department=department(season, "教务处"))
    made.refresh_from_db()
    assert not may_read_paper(made)
    assert (run(live).state, live.file) == (JobState.FAILED, None)


# --- the page


@pytest.mark.parametrize("made", [1, 3])
def test_page_of_papers_asks_a_fixed_number_of_queries(
    season, client, office, charged, made, django_assert_num_queries
):
    publication = make_publication(season)
    log_in(client, office)
    for format in range(made):
        Job.objects.create(
            kind="paper",
            campaign_id=season.pk,
            asked_by_id=office.user_id,
            asked_at=NOON,
            parameters={"source": str(publication.uuid), "label": str(format)},
        )
    papers_page(client, season, publication)
    with django_assert_num_queries(PAGE):
        page = papers_page(client, season, publication)
    assert len(page.context["page"].made) == made
    assert len(page.context["page"].departments) == 24


PAGE = 10


def test_page_lists_for_a_department_its_own_papers(season, client, head):
    page = papers_page(log_in(client, head), season, make_publication(season))
    assert [one.name for one in page.context["page"].departments] == ["图书馆"]
    assert page.context["common"] == []
    assert [offer.kind for offer in page.context["of_department"]] == ["statement", "confirmation", "annex"]


# --- as it stands


def test_live_statement_has_no_code_and_leaves_out_what_waits(season, client, head, office, charged, portal_files):
    make_deduction(season, "P2", note="只记了", by=make_actor(season, Role.ASSESSOR))
    for actor in (head, office):
        answer = log_in(client, actor).post(reverse("scoring:statement-print", args=["2009", department(season).uuid]))
        job = run(Job.objects.latest("pk"))
        assert (answer.status_code, job.state, job.problem) == (302, JobState.DONE, "")
        text = "".join(text_of(path_of(job.file)))
        assert "99.70" in text
        assert "条目空泛" in text
        assert "只记了" not in text
    assert not PrintedCopy.objects.exists()


def test_live_statement_of_another_department_is_not_there(season, client, head):
    there = reverse("scoring:statement-print", args=["2009", department(season, "教务处").uuid])
    assert log_in(client, head).post(there).status_code == 404
    assert client.get(there).status_code == 405
    with pytest.raises(PermissionDenied):
        start_live_statement(department(season, "教务处"), by=head, at=NOON)


def test_workbook_and_dossier_open(season, office, charged, portal_files):
    source = source_of(office, make_publication(season))
    asked = {"by": office, "at": NOON}
    book = run(start_paper(source, kind=PaperKind.WORKBOOK, format="xlsx", **asked)).file
    assert openpyxl.load_workbook(path_of(book).open("rb")).sheetnames[-1] == "核对"
    zipped = run(start_paper(source, kind=PaperKind.DOSSIER, format="zip", department=department(season), **asked)).file
    assert zipfile.ZipFile(path_of(zipped)).testzip() is None
