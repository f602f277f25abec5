"""The sign-in sheet on paper, read back from the PDF."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from campaigns.enums import Role
from campaigns.exports.sign_in import sheet_context, write_sign_in
from campaigns.models import StudySession
from campaigns.queries.sign_in import sign_in_facts
from campaigns.services.sessions import cancel_session
from tests.campaigns.session_working import (
    FIRST,
    HOME,
    NOW,
    SECOND,
    announced,
    five_people,
    invited,
    liaison,
    signed_in,
)
from tests.factories import make_person


@pytest.fixture
def session(season):
    return announced(season, FIRST, SECOND, by=liaison(season), invitations=(invited(),))


def pages_of(path):
    return ["".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_every_sitting_has_a_sheet_with_everybody(season, session, tmp_path):
    five_people(season)
    make_person(season, "外人", number="00999", home="工会")
    path = tmp_path / "sheet.pdf"
    assert write_sign_in(sign_in_facts(session), path) == 2
    first, second = pages_of(path)
    for word in ("图书馆", "学习质量管理季活动实施方案", "2009-10-1515:00", "三楼会议室", "李岳彪"):
        assert word in first
    for word in ("00101", "丁一", "00105", "赵五"):
        assert word in first
        assert word in second
    assert "2009-10-2215:00" in second
    assert "外人" not in first


def test_people_stand_in_pairs_with_blank_rows_for_guests(season, session):
    five_people(season)
    context = sheet_context(sign_in_facts(session))
    assert context["pairs"] == [
        ((1, "00101", "丁一"), (2, "00102", "王二")),
        ((3, "00103", "张三"), (4, "00104", "李四")),
        ((5, "00105", "赵五"), ("", "", "")),
    ]
    assert [name for pair in context["guests"] for _post, name in pair] == ["李岳彪", "", "", "", "", ""]


@pytest.mark.parametrize(("name", "most"), [("丁一", 7), ("阿卜杜热西提" * 5, 36)])
def test_two_hundred_people_fit(season, session, tmp_path, name, most):
    facts = sign_in_facts(session)
    people = tuple((f"{number:05d}", name) for number in range(200))
    path = tmp_path / "sheet.pdf"
    assert write_sign_in(replace(facts, people=people, sittings=facts.sittings[:1]), path) <= most
    text = "".join(pages_of(path))
    assert all(number in text for number, _name in people)
    assert text.count(name) == 200


def test_markup_in_a_topic_stays_text(season, session, tmp_path):
    facts = replace(sign_in_facts(session), topic="<b>题</b><script>")
    path = tmp_path / "sheet.pdf"
    write_sign_in(facts, path)
    assert "<b>题</b><script>" in pages_of(path)[0]


def test_page_hands_out_the_sheet_to_who_sees_the_session(client, season, session):
    five_people(season)
    page = reverse("campaigns:session-sign-in", args=["2009", session.uuid])
    for role, home in ((Role.STAFF, HOME), (Role.ASSESSOR, None)):
        signed_in(client, season, role, home)
        response = client.get(page)
        assert (response["Content-Type"], response["Content-Disposition"][:10]) == ("application/pdf", "attachment")
        assert len(PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages) == 2
    signed_in(client, season, Role.STAFF, "工会")
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_asks_the_same_queries(season, session, people, django_assert_num_queries):
    for number in range(people):
        make_person(season, f"人{number}", number=f"{number:05d}")
    found = StudySession.objects.select_related("department", "campaign").prefetch_related("sittings").get()
    with django_assert_num_queries(2):
        assert len(sign_in_facts(found).people) == people


def test_session_without_people_prints_blank_rows(season, session, tmp_path):
    cancel_session(session, because="填错", by_id=session.entered_by_id, at=NOW)
    assert write_sign_in(sign_in_facts(session), tmp_path / "sheet.pdf") == 2
