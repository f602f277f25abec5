"""The pages about notices: opened by looking, printed, handed over, seen by the office, owed among the rest."""

import io
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from campaigns.enums import ObligationKind, Role
from campaigns.models import Attachment, Interest, Obligation
from campaigns.queries.actors import seen_as
from qualityseason.models import User
from scoring.exports.notice_pdf import notice_code
from scoring.models import Deduction, Notice
from scoring.queries.notice_overview import load_notice_rows, notices_panel
from scoring.queries.notices import load_department_notices
from scoring.services.appeals import make_appeal, take_back_appeal
from scoring.services.notices import hand_over_notice, open_notices
from tests.campaigns.files_working import upload_of
from tests.factories import NOON, department, make_actor, make_membership
from tests.scoring.reading import Pair, page, parsed, reader, table_rows, turn_clock, words

DAY = timedelta(days=1)
EARLIER = NOON - 5 * DAY


@pytest.fixture
def home(season):
    turn_clock(season, NOON)
    return department(season)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def head(season, home):
    return make_actor(season, Role.HEAD, department=home)


@pytest.fixture
def clerk(season):
    return make_actor(season, Role.OFFICE)


def address(season, home, name="department-notices"):
    return page(name, season, home.uuid)


def untold(home):
    return Deduction.objects.confirmed().filter(charged=home, told_at__isnull=True).count()


def text_of(response):
    assert response.status_code == 200, response.content
    content = b"".join(response.streaming_content)
    return "".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages).split())


# --- opening


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_looking_opens_and_says_until_when(season, home, pair, role):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    browser = reader(make_actor(season, role, department=home))
    tree = parsed(browser.get(address(season, home)))
    cards = tree.xpath("//article[contains(@class, 'notice-line')]")
    assert [card.get("id") for card in cards] == [f"line-{line.uuid}" for line in reversed(lines)]
    for card, line in zip(cards, reversed(lines), strict=True):
        assert "".join(line.text.split()) in "".join(words(card).split())
        assert "May be appealed until 2010-01-04" in words(card)
        assert "Assessment team" in words(card)
        assert "first-2009" not in words(card)
    assert untold(home) == 0
    links = set(tree.xpath("//article//@href"))
    assert (page("appeal-new", season, lines[0].uuid) in links) == (role == Role.HEAD)
    again = parsed(browser.get(address(season, home)))
    assert not again.xpath("//article[contains(@class, 'notice-line')]")
    assert [row[2:4] for row in table_rows(again)] == [["2009-12-28", "2010-01-04"]] * 2


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Moz"])
@pytest.mark.parametrize("name", ["department-notices", "notice-print", "deduction"])
def test_fetching_ahead_opens_nothing_and_shows_nothing(season, home, pair, head, header, name):
    line = pair.charge("P3", at=EARLIER)
    where = page(name, season, line.uuid if name == "deduction" else home.uuid)
    answer = reader(head).get(where, headers={header: "prefetch;prerender"})
    assert (answer.status_code, answer.content) == (503, b"")
    assert untold(home) == 1
    assert reader(head).get(where).status_code == 200
    assert untold(home) == 0
    if name != "notice-print":
        assert reader(head).get(where, headers={header: "prefetch"}).status_code == 200


@pytest.mark.parametrize("name", ["department-notices", "notice-print", "deduction"])
def test_asking_for_the_head_of_a_page_opens_nothing(season, home, pair, head, name):
    line = pair.charge("P3", at=EARLIER)
    assert reader(head).head(page(name, season, line.uuid if name == "deduction" else home.uuid)).status_code == 200
    assert untold(home) == 1


def test_the_deduction_s_own_page_opens_that_one(season, home, pair, head):
    line, other = pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)
    text = words(parsed(reader(head).get(page("deduction", season, line.uuid))))
    line.refresh_from_db()
    other.refresh_from_db()
    assert line.told_at is not None
    assert other.told_at is None
    assert "Was told to the department" in text


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEAM_LEAD, Role.ASSESSOR, Role.LEADERSHIP])
def test_overseers_read_without_opening(season, home, pair, role):
    line = pair.charge("P3", at=EARLIER)
    browser = reader(make_actor(season, role))
    tree = parsed(browser.get(address(season, home)))
    assert "the days to appeal have not begun" in words(tree)
    assert browser.get(page("deduction", season, line.uuid)).status_code == 200
    assert untold(home) == 1


def test_looking_as_the_department_opens_nothing(season, home, pair, clerk):
    pair.charge("P3", at=EARLIER)
    browser = reader(clerk)
    browser.post(reverse("campaigns:see-as", args=[season.slug]), {"department": str(home.uuid)})
    text = words(parsed(browser.get(address(season, home))))
    assert "nothing is opened by that" in text
    assert untold(home) == 1


def test_another_department_s_notices_are_not_there(season, home, pair):
    pair.charge("P3", at=EARLIER)
    stranger = reader(make_actor(season, Role.HEAD, department=department(season, "体育部")))
    nowhere = page("department-notices", season, uuid.uuid4())
    assert stranger.get(address(season, home)).status_code == stranger.get(nowhere).status_code == 404
    assert stranger.get(address(season, home, "notice-print")).status_code == 404
    assert untold(home) == 1


def test_a_line_confirmed_while_its_department_looks_comes_with_the_next_look(season, home, pair, head, clerk):
    line = pair.charge("P3", at=EARLIER)
    assert load_department_notices(season, head, home, at=NOON).fresh == ()
    looking = seen_as(clerk, str(home.uuid))
    for actor in (clerk, looking):
        assert [one.uuid for one in load_department_notices(season, actor, home, at=NOON).fresh] == [line.uuid]


def test_recorded_lines_stand_on_no_notice(season, home, pair, head):
    line = pair.record("P3")
    for actor in (head, make_actor(season, Role.OFFICE)):
        assert str(line.uuid) not in reader(actor).get(address(season, home)).content.decode()


def test_state_of_the_appeal_stands_beside_its_line(season, home, pair, head):
    line, other = pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)
    open_notices([line, other], by=head, at=EARLIER)
    appeal = make_appeal(line, uuid=uuid.uuid4(), reason="已补", by=head, at=EARLIER)
    found = load_department_notices(season, head, home, at=NOON)
    assert [one.is_open for one in found.earlier] == [True, False]
    assert found.open_windows == 1
    tree = parsed(reader(head).get(address(season, home)))
    assert page("appeal", season, appeal.uuid) in tree.xpath("//td//@href")
    take_back_appeal(appeal, by=head, at=EARLIER)
    assert load_department_notices(season, head, home, at=NOON).open_windows == 2


@pytest.mark.parametrize("amount", [1, 3])
def test_a_department_s_page_asks_the_same_queries(season, home, pair, head, amount, django_assert_num_queries):
    for _number in range(amount):
        line = pair.charge("P3", at=EARLIER)
        open_notices([pair.charge("P1", at=EARLIER)], by=head, at=EARLIER)
        assert line.told_at is None
    clerk = make_actor(season, Role.OFFICE)
    with django_assert_num_queries(6):
        load_department_notices(season, clerk, home, at=NOON)


# --- statement and home


def test_the_statement_says_how_many_are_not_opened(season, home, pair, head):
    pair.charge("P3", at=EARLIER)
    browser = reader(head)
    where = page("statement", season, home.uuid)
    assert address(season, home) in parsed(browser.get(where)).xpath("//p[contains(@class, 'note')]//@href")
    browser.get(address(season, home))
    assert address(season, home) not in parsed(browser.get(where)).xpath("//p[contains(@class, 'note')]//@href")


def test_the_home_tells_what_to_open_and_how_long_one_may_appeal(season, home, pair, head):
    assert notices_panel(season, head, None, NOON) is None
    line = pair.charge("P3", at=EARLIER)
    pair.charge("P1", at=EARLIER)
    open_notices([line], by=head, at=EARLIER)
    panel = notices_panel(season, head, None, NOON)
    assert (panel["untold"], panel["running"], panel["is_alone"]) == (1, 1, True)
    assert [(one.uuid, one.days_left) for one in panel["windows"]] == [(line.uuid, 2)]
    assert notices_panel(season, head, None, NOON + 3 * DAY)["running"] == 0
    tree = parsed(reader(head).get(reverse("campaigns:campaign-home", args=[season.slug])))
    assert "may be appealed for 2 more days" in words(tree.xpath("//section[contains(@class, 'panel-notices')]")[0])
    todo = [link for link in tree.xpath("//main//@href") if link == address(season, home)]
    assert len(todo) >= 2  # the panel, and the line of what is owed


def test_the_home_of_others_has_no_such_panel(season, home, pair):
    pair.charge("P3", at=EARLIER)
    for role in (Role.OFFICE, Role.TEAM_LEAD, Role.LEADERSHIP):
        assert notices_panel(season, make_actor(season, role), None, NOON) is None
    other = make_actor(season, Role.HEAD, department=department(season, "体育部"))
    assert notices_panel(season, other, None, NOON) is None


@pytest.mark.parametrize("amount", [1, 3])
def test_the_panel_asks_the_same_queries(season, home, pair, head, amount, django_assert_num_queries):
    for _number in range(amount):
        open_notices([pair.charge("P3", at=EARLIER)], by=head, at=EARLIER)
        pair.charge("P1", at=EARLIER)
    with django_assert_num_queries(3):
        notices_panel(season, head, None, NOON)


# --- over all departments


def test_the_office_sees_who_has_not_opened_since_when(season, home, pair, clerk):
    pair.charge("P3", at=EARLIER - 10 * DAY)
    pair.charge("P1", at=EARLIER)
    pair.charge("P3", charged="体育部", at=EARLIER)
    rows = load_notice_rows(clerk, at=NOON)
    assert [(row.department, row.untold, row.waiting_days, row.days_over) for row in rows[:2]] == [
        ("图书馆", 2, 15, 8),
        ("体育部", 1, 5, 0),
    ]
    tree = parsed(reader(clerk).get(page("notices", season)))
    assert address(season, home, "notice-hand-over") in tree.xpath("//td//@href")


def test_a_department_goes_to_its_own_and_sees_no_other_row(season, home, pair, head):
    pair.charge("P3", charged="体育部", at=EARLIER)
    answer = reader(head).get(page("notices", season))
    assert (answer.status_code, answer.url) == (302, address(season, home))
    user = User.objects.get(pk=head.user_id)
    make_membership(season, user, Role.STAFF, department=department(season, "教务处"))
    rows = table_rows(parsed(reader(head).get(page("notices", season))))
    assert {row[0] for row in rows} == {"图书馆", "教务处"}


@pytest.mark.parametrize("amount", [1, 3])
def test_the_list_asks_the_same_queries(season, home, pair, clerk, amount, django_assert_num_queries):
    for name in ("图书馆", "体育部", "教务处")[:amount]:
        pair.charge("P3", charged=name, at=EARLIER)
    with django_assert_num_queries(3):
        load_notice_rows(clerk, at=NOON)


# --- on paper


def test_the_paper_names_every_line_its_clause_and_how_to_appeal(season, home, pair, clerk):
    lines = [pair.charge("P3", at=EARLIER, note="第三项职责没有写"), pair.charge("P1", at=EARLIER)]
    text = text_of(reader(clerk).get(address(season, home, "notice-print")))
    for line in lines:
        assert "".join(line.text.split()) in text
    assert home.name in text
    assert str(sum(line.amount for line in lines)) in text
    assert "第三项职责没有写" in text
    assert notice_code(line.uuid for line in lines).replace("-", "") in text.replace("-", "")
    assert "2010-01-04" in text
    assert untold(home) == 2  # printed is not handed over


def test_head_and_liaison_open_by_printing_and_print_that_day_s_again(season, home, pair, head):
    line = pair.charge("P3", at=EARLIER)
    browser = reader(head)
    first = text_of(browser.get(address(season, home, "notice-print")))
    assert untold(home) == 0
    assert text_of(browser.get(address(season, home, "notice-print") + "?told=2009-12-28")) == first
    answer = browser.get(address(season, home, "notice-print"))
    assert (answer.status_code, answer.url) == (302, address(season, home))
    assert "".join(line.text.split()) in first


def test_the_code_is_of_the_lines_alone():
    one, two = uuid.uuid4(), uuid.uuid4()
    assert notice_code([one, two]) == notice_code([two, one]) != notice_code([one])


def test_only_the_office_and_the_department_print(season, home, pair):
    pair.charge("P3", at=EARLIER)
    for role in (Role.TEAM_LEAD, Role.ASSESSOR, Role.LEADERSHIP):
        browser = reader(make_actor(season, role))
        assert browser.get(address(season, home, "notice-print")).status_code == 403
        assert browser.get(address(season, home, "notice-hand-over")).status_code == 403


def form_of(lines, **values):
    return {
        "uuid": str(uuid.uuid4()),
        "lines": [str(line.uuid) for line in lines],
        "handed_on": "2009年12月24日",
        "received_by": "王芳",
        "note": "",
    } | values


@pytest.mark.usefixtures("portal_files")
def test_the_office_records_the_handing_over_with_the_signed_copy(season, home, pair, clerk, head):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    browser, where = reader(clerk), address(season, home, "notice-hand-over")
    tree = parsed(browser.get(where))
    assert len(tree.xpath("//input[@name='lines' and @checked]")) == 2
    file = upload_of(User.objects.get(pk=clerk.user_id), season, name="签收.pdf")
    sent = form_of(lines, files=[str(file.uuid)])
    answer = browser.post(where, sent)
    notice = Notice.objects.get()
    assert answer.url == page("notice", season, notice.uuid)
    assert browser.post(where, sent).url == answer.url
    assert Attachment.objects.get(owner_kind="notice").owner_uuid == notice.uuid
    for actor in (clerk, head):
        shown = words(parsed(reader(actor).get(answer.url)))
        assert "王芳" in shown
        assert "签收.pdf" in shown
        assert notice_code(line.uuid for line in lines) in shown
    text = text_of(reader(head).get(address(season, home, "notice-print") + f"?notice={notice.uuid}"))
    assert "2009-12-31" in text  # seven days from the day it was handed over
    assert untold(home) == 0


@pytest.mark.usefixtures("portal_files")
def test_a_form_with_an_error_comes_back_whole(season, home, pair, clerk):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    file = upload_of(User.objects.get(pk=clerk.user_id), season, name="签收.pdf")
    sent = form_of(lines[:1], handed_on="2009-12-30", note="门卫代收", files=[str(file.uuid)])
    answer = reader(clerk).post(address(season, home, "notice-hand-over"), sent)
    assert set(answer.context["form"].errors) == {"handed_on"}
    tree = parsed(answer)
    assert tree.xpath("//input[@name='lines' and @checked]/@value") == [str(lines[0].uuid)]
    assert tree.xpath("//input[@name='uuid']/@value") == [sent["uuid"]]
    assert "门卫代收" in words(tree)
    assert "签收.pdf" in words(tree)
    assert untold(home) == 2


def test_a_line_opened_meanwhile_is_told_at_the_ticks(season, home, pair, clerk, head):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    open_notices(lines[:1], by=head, at=NOON)
    answer = reader(clerk).post(address(season, home, "notice-hand-over"), form_of(lines))
    assert set(answer.context["form"].errors) == {"lines"}
    assert untold(home) == 1
    answer = reader(clerk).post(address(season, home, "notice-hand-over"), form_of([]))
    assert set(answer.context["form"].errors) == {"lines"}


def test_own_interest_hands_nothing_over_but_reads_what_its_staff_read(season, home, pair, clerk):
    pair.charge("P3", at=EARLIER)
    user = User.objects.get(pk=clerk.user_id)
    Interest.objects.create(campaign=season, user=user, department=home, reason="亲属", starts_on=season.facts_from)
    browser = reader(clerk)
    answer = browser.post(address(season, home, "notice-hand-over"), form_of([]))
    assert answer.status_code == 403
    assert "interest" in answer.content.decode()
    tree = parsed(browser.get(address(season, home)))
    assert address(season, home, "notice-hand-over") not in tree.xpath("//@href")
    assert address(season, home, "notice-hand-over") not in parsed(browser.get(page("notices", season))).xpath(
        "//@href"
    )


def test_a_notice_is_there_for_its_department_alone(season, home, pair, clerk):
    line = pair.charge("P3", at=EARLIER)
    made = hand_over_notice(
        home, uuid=uuid.uuid4(), lines=[line.uuid], handed_on=NOON.date(), received_by="王芳", by=clerk, at=NOON
    )
    other = department(season, "体育部")
    stranger = reader(make_actor(season, Role.HEAD, department=other))
    assert stranger.get(page("notice", season, made.uuid)).status_code == 404
    assert stranger.get(address(season, other, "notice-print") + f"?notice={made.uuid}").status_code == 404
    assert reader(clerk).get(address(season, other, "notice-print") + f"?notice={made.uuid}").status_code == 404
    lead = reader(make_actor(season, Role.TEAM_LEAD))
    name = User.objects.get(pk=clerk.user_id).display_name
    assert name in lead.get(page("notice", season, made.uuid)).content.decode()
    own = reader(make_actor(season, Role.STAFF, department=home))
    assert name not in own.get(page("notice", season, made.uuid)).content.decode()


# --- among what is owed


def test_it_stands_in_the_matrix_and_leads_to_the_notices(season, home, pair, head, clerk):
    pair.charge("P3", at=EARLIER)
    owed = Obligation.objects.get(kind=ObligationKind.NOTICE)
    assert (owed.get_kind_display(), settings.LANGUAGE_CODE) == (owed.label, "zh-hans")
    matrix = reader(clerk).get(reverse("campaigns:obligations", args=[season.slug]) + "?milestone=records:notice")
    assert home.name in words(parsed(matrix).xpath("//table[contains(@class, 'owed-matrix')]")[0])
    own = parsed(reader(head).get(reverse("campaigns:obligations", args=[season.slug])))
    assert address(season, home) in own.xpath("//@href")
    one = parsed(reader(clerk).get(reverse("campaigns:obligation", args=[season.slug, owed.uuid])))
    assert address(season, home) in one.xpath("//@href")
    chase = reverse("campaigns:obligations-chase", args=[season.slug]) + "?milestone=records:notice"
    assert home.name in reader(clerk).get(chase).content.decode()
    days = reverse("campaigns:calendar", args=[season.slug]) + "?month=2009-12"
    assert reverse("campaigns:obligation", args=[season.slug, owed.uuid]) in reader(head).get(days).content.decode()
