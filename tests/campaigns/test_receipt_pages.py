"""The pages of receipts: one tap for the e-copy, two steps for paper, the list, the print."""

import io
import uuid
from datetime import date

import pytest
from pypdf import PdfReader

from campaigns.enums import ResponsibilityCode, Role
from campaigns.models import Receipt
from qualityseason.clock import wall_now
from tests.campaigns.people_working import make_receiver, make_version, on, signed_in, url
from tests.factories import NOON, department, make_membership

ELECTRONIC, PAPER = ResponsibilityCode.ELECTRONIC_RECEIVER, ResponsibilityCode.PAPER_RECEIVER
TYPED = {"code": " ７kqm 2x9a ", "pages": "１２", "received_on": "2009.11.6", "note": "负责人送来"}


@pytest.fixture
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def personnel(client, season, at_noon):
    user = make_receiver(season, ELECTRONIC, "组织人事处", username="personnel")
    client.force_login(user)
    return user


@pytest.fixture
def supervision(client, season, at_noon):
    user = make_receiver(season, PAPER, "督导室", username="supervision")
    client.force_login(user)
    return user


def make_receipt(season, version, by, *, number=1, kind="paper", **values):
    return Receipt.objects.create(
        campaign=season,
        number=number,
        kind=kind,
        department=version.plan.department,
        version=version,
        received_on=date(2009, 11, 9),
        pages=12,
        received_by=by,
        entered_at=NOON,
        **values,
    )


def confirmed(page):
    """Return what the second step's button sends."""
    found, form = page.context["found"], page.context["form"]
    values = {name: form.cleaned_data[name] for name in ("code", "pages", "note")}
    return values | {"received_on": form.cleaned_data["received_on"].isoformat(), "confirmed": found.token}


# --- the e-copy


def test_ecopy_is_confirmed_with_one_tap_and_twice_is_once(client, season, personnel):
    version = make_version(season)
    page = client.get(url("receipts")).content.decode()
    assert url("receipt-electronic", version.uuid) in page
    for _click in range(2):
        assert client.post(url("receipt-electronic", version.uuid)).url == url("receipts")
    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.received_on) == ("electronic", date(2009, 11, 5))
    assert client.get(url("receipts")).context["page"].electronic == ()


def test_superseded_ecopy_is_told_and_not_confirmed(client, season, personnel):
    first = make_version(season)
    make_version(season, number=2, code="AAAA-2222")
    page = client.post(url("receipt-electronic", first.uuid), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_others_receive_nothing(client, season, role):
    version = make_version(season)
    signed_in(client, season, role, "图书馆" if role in (Role.HEAD, Role.STAFF) else None)
    assert client.post(url("receipt-electronic", version.uuid)).status_code == 403
    assert client.post(url("receipt-paper"), TYPED).status_code == 403
    assert client.get(url("receipt-paper")).status_code == 403
    assert not Receipt.objects.exists()


def test_version_that_does_not_exist_is_404(client, season, other_season, personnel):
    assert client.post(url("receipt-electronic", uuid.uuid4())).status_code == 404


# --- paper


def test_paper_is_taken_in_two_steps_as_people_type(client, season, supervision):
    version = make_version(season)
    page = client.post(url("receipt-paper"), TYPED)
    assert (page.context["found"].version, page.context["found"].is_newest) == (version, True)
    assert not Receipt.objects.exists()  # nothing is written before the second step
    sent = confirmed(page)
    answers = [client.post(url("receipt-paper"), sent) for _click in range(2)]
    receipt = Receipt.objects.get()
    assert [answer.url for answer in answers] == [url("receipt", receipt.uuid)] * 2
    assert (receipt.pages, receipt.received_on, receipt.note) == (12, date(2009, 11, 6), "负责人送来")


def test_older_paper_is_warned_of_and_taken_all_the_same(client, season, supervision):
    make_version(season)
    make_version(season, number=2, code="AAAA-2222")
    page = client.post(url("receipt-paper"), TYPED)
    assert page.context["found"].is_newest is False
    assert "message-warning" in page.content.decode()
    assert client.post(url("receipt-paper"), confirmed(page)).status_code == 302
    assert Receipt.objects.get().version.number == 1


def test_version_submitted_between_the_steps_is_shown_before_anything_is_written(client, season, supervision):
    make_version(season)
    sent = confirmed(client.post(url("receipt-paper"), TYPED))
    make_version(season, number=2, code="AAAA-2222")
    page = client.post(url("receipt-paper"), sent)
    assert (page.context["found"].newest, Receipt.objects.count()) == (2, 0)
    assert client.post(url("receipt-paper"), confirmed(page)).status_code == 302


def test_confirmation_of_one_paper_does_not_confirm_another(client, season, supervision):
    make_version(season)
    make_version(season, "工会", code="AAAA-2222")
    sent = confirmed(client.post(url("receipt-paper"), TYPED))
    page = client.post(url("receipt-paper"), sent | {"code": "AAAA-2222"})
    assert (page.context["found"].version.plan.department.name, Receipt.objects.count()) == ("工会", 0)


def test_change_goes_back_to_what_was_typed(client, season, supervision):
    make_version(season)
    form = client.post(url("receipt-paper"), TYPED | {"change": "1"}).context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED
    assert not form.errors


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "7KQM"}, "code"),
        ({"code": "图书馆的方案纸质版"}, "code"),
        ({"code": "ZZZZ-ZZZZ"}, "code"),
        ({"code": "\x00"}, "code"),
        ({"pages": "十二"}, "pages"),
        ({"pages": "1.5"}, "pages"),
        ({"pages": "0"}, "pages"),
        ({"pages": "999999"}, "pages"),
        ({"received_on": "2009-11-31"}, "received_on"),
        ({"received_on": "2010-01-01"}, "received_on"),
        ({"received_on": "2009-11-01"}, "received_on"),
        ({"note": "长" * 301}, "note"),
    ],
)
def test_bad_paper_keeps_what_was_typed(client, season, supervision, values, field):
    make_version(season)
    typed = TYPED | values
    form = client.post(url("receipt-paper"), typed).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in TYPED} == typed


def test_code_off_by_a_letter_is_answered_with_the_one_meant(client, season, supervision):
    make_version(season)
    form = client.post(url("receipt-paper"), TYPED | {"code": "7KQN-2X9A"}).context["form"]
    assert len(form.errors["code"]) == 2
    assert "7KQM-2X9A" in form.errors["code"][1]
    assert "图书馆" in form.errors["code"][1]


def test_paper_received_before_leads_to_its_receipt(client, season, supervision):
    receipt = make_receipt(season, make_version(season), supervision)
    page = client.post(url("receipt-paper"), TYPED)
    assert list(page.context["form"].errors) == ["code"]
    assert url("receipt", receipt.uuid) in page.content.decode()


def test_own_departments_paper_is_told_before_it_is_taken(client, season, supervision):
    make_version(season, "督导室")
    assert client.post(url("receipt-paper"), TYPED).context["is_own"] is True


def test_codes_of_papers_still_to_come_are_not_on_the_page(client, season, supervision):
    make_version(season, code="WXYZ-2345")
    page = client.get(url("receipts"))
    assert [row.department for row in page.context["page"].paper] == ["图书馆"]
    assert "WXYZ" not in page.content.decode()


# --- lists and single receipts


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, supervision, rows, django_assert_num_queries):
    for number, home in enumerate(("图书馆", "工会", "体育部")[:rows], start=1):
        first = make_version(season, home, code=f"AAAA-222{number}")
        make_version(season, home, number=2, code=f"BBBB-222{number}")
        make_receipt(season, first, supervision, number=number)
    with django_assert_num_queries(10):
        client.get(url("receipts"))


@pytest.mark.parametrize("rows", [1, 3])
def test_departments_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    user = signed_in(client, season, Role.HEAD, "图书馆")
    for number in range(1, rows + 1):
        make_receipt(season, make_version(season, number=number, code=f"AAAA-222{number}"), user, number=number)
    with django_assert_num_queries(8):
        client.get(url("receipts"))


@pytest.mark.parametrize(
    ("role", "home", "status"),
    [
        (Role.OFFICE, None, 200),
        (Role.TEAM_LEAD, None, 200),
        (Role.LEADERSHIP, None, 200),
        (Role.HEAD, "图书馆", 200),
        (Role.STAFF, "图书馆", 200),
        (Role.HEAD, "工会", 404),
    ],
)
def test_receipt_is_for_receivers_overseers_and_the_department(client, season, role, home, status):
    receipt = make_receipt(season, make_version(season), make_receiver(season, PAPER))
    signed_in(client, season, role, home)
    assert client.get(url("receipt", receipt.uuid)).status_code == status
    assert client.get(url("receipt-print", receipt.uuid)).status_code == status


def test_receipt_says_late_newer_and_own(client, season, supervision):
    receipt = make_receipt(season, make_version(season), supervision, is_own=True)
    make_version(season, number=2, code="AAAA-2222", at=on(11, 10))
    detail = client.get(url("receipt", receipt.uuid)).context["detail"]
    assert (detail.row.days_late, detail.newest, detail.row.is_own) == (3, 2, True)
    assert client.get(url("receipt", uuid.uuid4())).status_code == 404


def test_printed_receipt_reads_back_in_chinese_whatever_the_screen_speaks(client, season, supervision):
    make_membership(season, supervision, Role.STAFF, department=department(season, "工会"))
    receipt = make_receipt(season, make_version(season), supervision, number=37, note="缺封面")
    client.cookies["django_language"] = "en"
    response = client.get(url("receipt-print", receipt.uuid))
    assert (response["Content-Type"], response["Content-Disposition"].split(";")[0]) == (
        "application/pdf",
        "attachment",
    )
    pages = PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert len(pages) == 1
    for words in ("郴州职业技术学院", "图书馆方案", "7KQM-2X9A", "2009-11-09", "收件人", "缺封面", "37"):
        assert words in text
