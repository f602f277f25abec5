"""The pages of summaries: who sees what, the list, writing, submitting, reviewing and receiving in the browser."""

import uuid

import pytest

from campaigns.enums import PlanState, ResponsibilityCode, Role
from campaigns.models import Interest, Receipt, Summary, SummaryPart
from qualityseason.clock import wall_now
from qualityseason.models import Job
from tests.campaigns.flow_working import HEAD, OFFICE, actor, log_in
from tests.campaigns.people_working import make_receiver, url
from tests.campaigns.summary_working import (
    EXPERIENCE,
    FEATURE,
    FIVE,
    SUMMARY,
    approve,
    begin,
    give_back,
    page,
    submit,
    write,
    writer_of,
)
from tests.factories import NOON, department, make_user

SECRET = "尚未提交的成效"


@pytest.fixture(autouse=True)
def _clock(season):
    """Let the season's clock read about noon of 2009-12-28."""
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def head(season):
    return actor(season, HEAD, place="图书馆", name="王馆长", at=NOON)


@pytest.fixture
def liaison(season):
    return writer_of(season)


@pytest.fixture
def office(season):
    return actor(season, OFFICE, name="办公室小陈", at=NOON)


@pytest.fixture
def summary(season, liaison):
    return begin(season, liaison)


@pytest.fixture
def browser(client, liaison):
    log_in(client, liaison)
    return client


def seen_by(client, who, address):
    log_in(client, who)
    return client.get(address)


# --- the list


def test_department_begins_its_summary_and_materials_from_the_list(browser, season):
    answer = browser.get(url("summaries"))
    row, new, kinds = answer.context["own"][0]
    assert (row.department, row.summary, row.pieces, [kind.value for kind, _uuid in kinds]) == (
        "图书馆",
        None,
        (),
        ["feature", "experience", "reflection"],
    )
    data = {"department": row.uuid, "kind": "summary", "uuid": new}
    started = [browser.post(url("summary-start"), data).url for _click in range(2)]
    made = Summary.objects.get()
    assert started == [page("write", made)] * 2
    browser.post(url("summary-start"), {"department": row.uuid, "kind": "feature", "uuid": kinds[0][1]})
    row = browser.get(url("summaries")).context["own"][0][0]
    assert (row.summary.uuid, [piece.kind for piece in row.pieces]) == (made.uuid, ["feature"])


def test_nothing_is_begun_for_another_department_or_of_an_unknown_kind(browser, season):
    other = department(season, "工会")
    for data in ({"department": other.uuid, "kind": "summary"}, {"department": department(season).uuid, "kind": "x"}):
        answer = browser.post(url("summary-start"), data | {"uuid": uuid.uuid4()})
        assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert not Summary.objects.exists()


def test_office_begins_for_any_department_it_has_no_interest_in(client, season, office):
    Interest.objects.create(
        campaign=season,
        user_id=office.user_id,
        department=department(season, "工会"),
        reason="配偶",
        starts_on=season.starts_on,
    )
    log_in(client, office)
    offered = client.get(url("summary-start")).context["form"].fields["department"].queryset
    assert (offered.filter(name="工会").exists(), offered.count()) == (False, 23)


def test_overseers_read_states_and_filter_what_is_not_handed_in(client, season, summary, liaison, head, office):
    write(summary, liaison)
    submit(summary, head)
    piece = begin(season, liaison, kind=FEATURE)
    log_in(client, office)
    answer = client.get(url("summaries"))
    rows = {row.department: row for row in answer.context["others"]}
    assert (len(rows), rows["图书馆"].summary.state, rows["工会"].summary) == (24, "submitted", None)
    assert ([entry.state for entry in rows["图书馆"].pieces], rows["图书馆"].submitted) == (["draft"], 0)
    assert page("", piece) in answer.content.decode()
    found = [
        {row.department for row in client.get(url("summaries"), {"show": show}).context["others"]}
        for show in ("summary", "piece", "any")
    ]
    assert [("图书馆" in names, len(names)) for names in found] == [(False, 23), (True, 24), (True, 24)]
    assert len(client.get(url("summaries"), {"block": "A"}).context["others"]) == 14


def test_what_is_being_written_is_for_department_and_office(client, season, summary, liaison, head, office):
    part = SummaryPart.objects.filter(summary=summary).first()
    SummaryPart.objects.filter(pk=part.pk).update(text=SECRET)
    assessor = actor(season, Role.ASSESSOR)
    stranger = actor(season, HEAD, place="工会")
    assert [seen_by(client, who, page("", summary)).status_code for who in (head, office, assessor, stranger)] == [
        200,
        200,
        404,
        404,
    ]
    row = next(
        row for row in seen_by(client, assessor, url("summaries")).context["others"] if row.department == "图书馆"
    )
    assert row.summary is None
    submit(summary, head)
    give_back(summary, office)
    SummaryPart.objects.filter(pk=part.pk).update(text="改过的成效")
    shown = seen_by(client, assessor, page("", summary)).content.decode()
    assert (SECRET in shown, "改过的成效" in shown) == (True, False)
    assert seen_by(client, stranger, page("", summary)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for place in ("图书馆", "工会", "体育部")[:rows]:
        who = writer_of(season, place, username=f"writer-{place}")
        begin(season, who, place)
        for kind in (FEATURE, EXPERIENCE):
            begin(season, who, place, kind)
    log_in(client, office)
    with django_assert_num_queries(12):
        client.get(url("summaries"))


# --- one page


@pytest.mark.parametrize("parts", [1, 3])
def test_page_asks_the_same_queries(client, summary, liaison, head, office, parts, django_assert_num_queries):
    write(summary, liaison, parts=FIVE[:parts])
    submit(summary, head)
    log_in(client, office)
    with django_assert_num_queries(17):
        client.get(page("", summary))


def test_writers_page_names_the_empty_parts_and_saves_one(browser, summary, liaison):
    answer = browser.get(page("write", summary))
    assert [gap.title for gap in answer.context["gaps"].parts] == FIVE
    part = SummaryPart.objects.get(summary=summary, code="part-1")
    assert browser.post(page("part", summary, part.uuid), {"version": 1, "text": "好"}).status_code == 302
    assert len(browser.get(page("write", summary)).context["gaps"].parts) == 4
    stale = browser.post(page("part", summary, part.uuid), {"version": 1, "text": "更好"})
    assert [(row.theirs, row.mine) for row in stale.context["conflict"].rows] == [("好", "更好")]
    part.refresh_from_db()
    assert part.text == "好"


def test_section_is_added_to_a_material_moved_and_removed(browser, season, liaison):
    piece = begin(season, liaison, kind=FEATURE)
    for title in ("甲", "乙"):
        browser.post(page("section-new", piece), {"uuid": uuid.uuid4(), "title": title, "text": "文"})
    first, second = SummaryPart.objects.filter(summary=piece)
    browser.post(page("part", piece, second.uuid), {"move": "up", "position": "2"})
    assert [part.title for part in piece.parts.all()] == ["乙", "甲"]
    browser.post(page("section-remove", piece, first.uuid), {"version": "1"})
    assert [part.title for part in piece.parts.all()] == ["乙"]


def test_title_is_changed(browser, summary):
    browser.post(page("title", summary), {"title": "图书馆总结", "seen": summary.title})
    summary.refresh_from_db()
    assert summary.title == "图书馆总结"


def test_incomplete_summary_is_submitted_and_told_so(client, summary, liaison, head):
    write(summary, liaison, parts=FIVE[:3])
    answer = seen_by(client, head, page("submit", summary))
    assert [gap.title for gap in answer.context["gaps"].parts] == FIVE[3:]
    assert all(f"“{title}”" in answer.content.decode() for title in FIVE[3:])
    answer = client.post(page("submit", summary), {"digest": answer.context["digest"]}, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert any("问题处理、改进举措" in sentence for sentence in told)
    assert Summary.objects.get().state == PlanState.SUBMITTED
    assert "“问题处理”" in seen_by(client, head, page("", summary)).content.decode()


def test_text_changed_after_the_page_was_opened_is_not_submitted(client, summary, liaison, head):
    write(summary, liaison, parts=FIVE[:3])
    digest = seen_by(client, head, page("submit", summary)).context["digest"]
    write(summary, liaison)
    answer = client.post(page("submit", summary), {"digest": digest})
    assert (answer.status_code, summary.versions.count()) == (200, 0)


def test_office_returns_with_a_remark_even_to_an_empty_part(client, summary, liaison, head, office):
    write(summary, liaison, parts=FIVE[:4])
    submit(summary, head)
    empty = SummaryPart.objects.get(summary=summary, code="part-5")
    answer = seen_by(client, office, page("review", summary))
    assert f'name="remark-{empty.uuid}"' in answer.content.decode()
    client.post(page("review", summary), {"number": 1, "note": "", f"remark-{empty.uuid}": "请补写改进举措"})
    summary.refresh_from_db()
    assert summary.state == PlanState.RETURNED
    assert "请补写改进举措" in seen_by(client, liaison, page("write", summary)).content.decode()


def test_head_asks_liaison_recalls_office_approves(client, summary, liaison, head, office):
    write(summary, liaison)
    log_in(client, liaison)
    client.post(page("request", summary))
    client.post(page("recall", summary))
    submit(summary, head)
    log_in(client, office)
    client.post(page("approve", summary), {"number": 1, "note": ""})
    assert Summary.objects.get().state == PlanState.APPROVED
    assert client.get(page("version", summary, 1)).status_code == 200
    assert client.get(page("version", summary, 2)).status_code == 404


def test_versions_are_compared(client, summary, liaison, head, office):
    write(summary, liaison, parts=FIVE[:4])
    submit(summary, head)
    give_back(summary, office)
    write(summary, liaison)
    submit(summary, head)
    changes = seen_by(client, office, page("changes", summary)).context["changes"]
    assert (changes.older, changes.newer, changes.changed, changes.added) == (1, 2, 1, 0)


def test_version_is_printed_with_its_code(client, summary, liaison, head, portal_files):
    write(summary, liaison)
    version = submit(summary, head)
    log_in(client, head)
    assert client.post(page("print", summary, 1)).status_code == 302
    job = Job.objects.get()
    assert (job.kind, job.parameters["version"]) == ("summary-print", str(version.uuid))


# --- receiving


@pytest.fixture
def personnel(season):
    return make_receiver(season, ResponsibilityCode.ELECTRONIC_RECEIVER, "组织人事处", username="personnel")


def test_e_copy_is_confirmed_from_the_list_of_receipts(client, summary, liaison, head, personnel):
    write(summary, liaison)
    version = submit(summary, head)
    client.force_login(personnel)
    address = url("summary-receipt", version.uuid)
    assert address in client.get(url("receipts")).content.decode()
    for _click in range(2):
        assert client.post(address).url == url("receipts")
    receipt = Receipt.objects.get()
    for name in ("receipt", "receipt-print"):
        assert client.get(url(name, receipt.uuid)).status_code == 200
    assert page("version", summary, 1) in client.get(url("receipt", receipt.uuid)).content.decode()
    own = next(row for row in client.get(url("summaries")).context["others"] if row.department == "图书馆")
    assert own.summary.is_received


def test_only_the_receiver_confirms(client, summary, liaison, head, office):
    write(summary, liaison)
    version = submit(summary, head)
    for who in (liaison, office):
        log_in(client, who)
        assert client.post(url("summary-receipt", version.uuid)).status_code == 403
    assert client.get(url("summary-receipt", version.uuid)).status_code == 405


def test_files_of_a_draft_are_not_for_overseers(client, season, summary, liaison, head, office, portal_files):
    from tests.campaigns.handing_in import make_attachment

    values = {"kind": "summary", "owner": summary, "by_id": liaison.user_id, "at": NOON}
    enclosed = make_attachment(season, summary.department, **values)
    write(summary, liaison)
    submit(summary, head)
    give_back(summary, office)
    draft = make_attachment(season, summary.department, **values)
    approver = actor(season, Role.LEADERSHIP)
    log_in(client, approver)
    answers = [client.get(url("attachment-pages", file.uuid)).status_code for file in (enclosed, draft)]
    assert (answers[0] != 404, answers[1]) == (True, 404)


def test_approved_summary_of_kind_is_named_on_its_page(client, season, summary, liaison, head, office):
    write(summary, liaison)
    submit(summary, head)
    approve(summary, office)
    client.force_login(make_user("nobody"))
    assert client.get(page("", summary)).status_code == 404
    assert str(SUMMARY.label) in seen_by(client, office, page("", summary)).content.decode()
