"""A department's dossier: one zip with a contents page; nothing in it that its own staff may not read."""

import zipfile
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from campaigns.enums import Role
from campaigns.models import Attachment, Evidence, StudySession, Suggestion
from campaigns.services.attachments import attach_uploads
from qualityseason.pdf_libraries import ONLY_SLOWER, missing_packages
from qualityseason.services.files import path_of, place_of, store_file
from scoring.enums import AppealState
from scoring.exports.dossier import write_dossier
from scoring.exports.result_paper import PaperHead
from scoring.models import Appeal
from scoring.queries.dossier import load_dossier
from scoring.queries.results import freeze, load_result, thaw
from tests.campaigns.flow_working import LATER, actor, give_back, make_plan, submit
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.paper_working import text_of

LACKING = sorted(set(missing_packages()) - ONLY_SLOWER)
printing = pytest.mark.skipif(bool(LACKING), reason=f"the system lacks {LACKING}")
QUERIES = 7


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD, username="组长甲")


@pytest.fixture
def charge(season, lead):
    assessor = make_actor(season, Role.ASSESSOR, username="组员乙")

    def make(code, charged="图书馆", **values):
        return make_deduction(season, code, charged=charged, by=assessor, confirmed_by=lead, **values)

    return make


def attach(season, lead, name, content=b"x", *, kind, uuid, place="图书馆"):
    stored = store_file([content], name=name, media_type="image/png", by_id=lead.user_id, is_upload=True)
    attach_uploads(
        [stored.uuid],
        campaign_id=season.pk,
        department_id=department(season, place).pk,
        owner_kind=kind,
        owner_uuid=uuid,
        by_id=lead.user_id,
        at=NOON,
    )
    return stored


def make_evidence(season, lead, text="九月例会", place="图书馆"):
    return Evidence.objects.create(
        campaign=season,
        department=department(season, place),
        text=text,
        happened_on=date(2009, 11, 3),
        entered_by_id=lead.user_id,
        entered_at=NOON,
    )


def make_session(season, lead, topic="学习讨论会", place="图书馆"):
    found = StudySession.objects.create(
        campaign=season,
        department=department(season, place),
        topic=topic,
        main_content="学习方案全文",
        discussion="谈想法",
        entered_by_id=lead.user_id,
        entered_at=NOON,
    )
    found.sittings.create(starts_at=NOON - timedelta(days=60), place="二楼")
    return found


def make_appeal(season, lead, line):
    return Appeal.objects.create(
        campaign=season,
        department=line.charged,
        deduction=line,
        reason="当天补了标准",
        appealed_by_id=lead.user_id,
        appealed_at=NOON,
        appealed_on=NOON.date(),
        state=AppealState.UPHELD,
        ruling="补在检查之后",
        ruled_by_id=lead.user_id,
        ruled_at=NOON,
    )


@pytest.fixture
def full(season, lead, charge, portal_files):
    """A department that has something of everything."""
    line = charge("P1", quantity=3)
    attach(season, lead, "现场.png", b"1", kind="deduction", uuid=line.uuid)
    attach(season, lead, "现场.png", b"2", kind="deduction", uuid=line.uuid)
    attach(season, lead, "例会.png", b"3", kind="evidence", uuid=make_evidence(season, lead).uuid)
    attach(season, lead, "记录.png", b"4", kind="study-session", uuid=make_session(season, lead).uuid)
    attach(season, lead, "补标准.png", b"5", kind="appeal", uuid=make_appeal(season, lead, line).uuid)
    return line


def bind(season, tmp_path, name="图书馆"):
    result = thaw(freeze(load_result(season, at=NOON)))
    place = department(season, name)
    statement = result.statement_of(place.uuid)
    path, steps = tmp_path / "dossier.zip", []
    write_dossier(
        result,
        statement,
        load_dossier(place, statement),
        path,
        head=PaperHead.of(result, standing="第1号", code="7KQM-2X9A"),
        place=place_of,
        progress=lambda done, total: steps.append((done, total)),
    )
    return zipfile.ZipFile(path), steps


class Links(HTMLParser):
    """Collects where a page leads."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [unquote(value) for name, value in attrs if (tag, name) == ("a", "href")]


@printing
def test_dossier_holds_everything_and_its_contents_lead_to_every_file(season, full, tmp_path):
    book, steps = bind(season, tmp_path)
    assert book.testzip() is None
    names = book.namelist()
    links = Links()
    links.feed(book.read("index.html").decode())
    (contents,) = [name for name in names if "/" not in name and name.endswith(".pdf")]
    assert set(links.found) | {"index.html", contents} == set(names)
    assert len(names) == len(set(names))
    assert sorted(book.read(name) for name in names if name.endswith(".png")) == [b"1", b"2", b"3", b"4", b"5"]
    assert [name.rsplit("/", 1)[1] for name in names if "P1" in name] == ["001 P1 现场.png", "001 P1 现场 (2).png"]
    assert {name[0] for name in names if "/" in name} == {"1", "3", "4", "5", "6"}
    assert (steps[0], steps[-1]) == ((0, 7), (7, 7))
    book.extract(contents, tmp_path)
    listed = "".join("".join(text_of(tmp_path / contents)).split())
    assert "7KQM-2X9A" in listed
    assert listed.count("现场.png") == 2
    texts = {name: "".join("".join(text_of(book.open(name))).split()) for name in names if name.endswith(".pdf")}
    for said in ("学习方案全文", "九月例会", "当天补了标准", "补在检查之后"):
        assert [name for name, text in texts.items() if said in text], said


@printing
def test_dossier_names_neither_recorder_nor_ruler(season, full, tmp_path):
    book, _steps = bind(season, tmp_path)
    for name in book.namelist():
        if name.endswith(".pdf"):
            text = "".join("".join(text_of(book.open(name))).split())
            assert "组长甲" not in text
            assert "组员乙" not in text


@printing
def test_content_that_is_missing_or_was_removed_is_named_and_the_rest_is_there(season, lead, full, tmp_path):
    gone, kept = Attachment.objects.filter(owner_kind="deduction").order_by("pk")
    path_of(Attachment.objects.get(owner_kind="evidence").file).unlink()
    result = thaw(freeze(load_result(season, at=NOON)))
    Attachment.objects.filter(pk=gone.pk).update(removed_at=NOON, removed_by_id=lead.user_id)
    place = department(season)
    statement = result.statement_of(place.uuid)
    path = tmp_path / "dossier.zip"
    head = PaperHead.of(result, standing="第1号", code="7KQM-2X9A")
    asked = {"head": head, "place": place_of, "progress": lambda done, total: None}
    write_dossier(result, statement, load_dossier(place, statement), path, **asked)
    book = zipfile.ZipFile(path)
    assert sorted(book.read(name) for name in book.namelist() if name.endswith(".png")) == [b"2", b"4", b"5"]
    page = book.read("index.html").decode()
    assert page.count("例会.png (") == 1
    assert page.count("现场.png (") == 1
    assert kept.file.sha256 != gone.file.sha256


def hand_in(season):
    """Hand a plan of the library in, have it returned, and hand it in once more; returns both versions."""
    head = actor(season, Role.HEAD, place="图书馆")
    plan = make_plan(season)
    first = submit(plan, head)
    give_back(plan, actor(season, Role.OFFICE))
    plan.items.update(measure="改写后的举措")
    return first, submit(plan, head, at=LATER)


@printing
def test_plan_handed_in_is_typeset_in_its_last_version(season, tmp_path, portal_files):
    first, second = hand_in(season)
    book, _steps = bind(season, tmp_path)
    (name,) = [name for name in book.namelist() if name.startswith("2 ")]
    text = "".join("".join(text_of(book.open(name))).split())
    assert second.code in text
    assert first.code not in text
    assert "改写后的举措" in text


@printing
@pytest.mark.parametrize("name", ["../../夜.png", "a:b\\c.png", "CON.png", "名" * 150 + ".png"])
def test_name_of_a_file_cannot_leave_its_folder(season, lead, charge, tmp_path, portal_files, name):
    attach(season, lead, name, kind="deduction", uuid=charge("P1").uuid)
    book, _steps = bind(season, tmp_path)
    (found,) = [name for name in book.namelist() if name.endswith(".png")]
    assert found.count("/") == 1
    assert found.startswith("5 ")
    assert not {"\\", ":"} & set(found)


def test_dossier_holds_nothing_of_another_department_nor_what_staff_may_not_read(season, lead, charge, portal_files):
    for place in ("图书馆", "教务处"):
        line = charge("P1", place)
        attach(season, lead, f"{place}.png", kind="deduction", uuid=line.uuid, place=place)
        make_evidence(season, lead, place, place)
        make_session(season, lead, place, place)
        make_appeal(season, lead, line)
    recorded = make_deduction(season, "P2", by=make_actor(season, Role.ASSESSOR))
    attach(season, lead, "未确认.png", kind="deduction", uuid=recorded.uuid)
    session = make_session(season, lead, "取消的会")
    StudySession.objects.filter(pk=session.pk).update(cancelled_at=NOON)
    Suggestion.objects.create(session=session, text="不在内")
    facts = load_dossier(department(season), _statement(season))
    assert [row.text for row in facts.evidence] == ["图书馆"]
    assert [row.topic for row in facts.sessions] == ["图书馆"]
    assert len(facts.appeals) == 1
    assert [file.name for files in facts.line_files.values() for file in files] == ["图书馆.png"]


@pytest.mark.parametrize("rows", [1, 3])
def test_dossier_asks_a_fixed_number_of_queries(season, lead, charge, portal_files, rows, django_assert_num_queries):
    hand_in(season)
    for number in range(rows):
        line = charge("P1", note=str(number))
        attach(season, lead, "现场.png", kind="deduction", uuid=line.uuid)
        make_evidence(season, lead)
        make_session(season, lead)
        make_appeal(season, lead, line)
    place, statement = department(season), _statement(season)
    with django_assert_num_queries(QUERIES):
        facts = load_dossier(place, statement)
    assert (len(facts.appeals), len(facts.sessions), len(facts.evidence)) == (rows, rows, rows)


def _statement(season):
    return load_result(season, at=NOON).statement_of(department(season).uuid)
