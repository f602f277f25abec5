"""Signing in and out, throttling, one-time passwords, one's own password."""

import re
import subprocess
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.urls import reverse

from campaigns.enums import Role
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from qualityseason.services.accounts import (
    change_password,
    create_account,
    issue_one_time_password,
    issue_one_time_passwords,
    unlock,
)
from tests.factories import PASSWORD, SHANGHAI, make_membership, make_user

NEW_PASSWORD = "ein-neues-wort-77"
HERE = "10.0.0.1"
ELSEWHERE = "10.0.0.2"


def sign_in(client, username, password=PASSWORD, *, address=HERE, **extra):
    return client.post(reverse("login"), {"username": username, "password": password, **extra}, REMOTE_ADDR=address)


@pytest.fixture
def user(db):
    return make_user("liu", name="刘杰")


# --- login


def test_login_goes_to_first_page(client, user):
    response = sign_in(client, "liu")
    assert (response.status_code, response.url) == (302, "/")


def test_login_goes_back_to_page_asked_for(client, user):
    assert client.get("/password/?a=1").url == "/login/?next=/password/%3Fa%3D1"
    assert sign_in(client, "liu", next="/password/?a=1").url == "/password/?a=1"


@pytest.mark.parametrize(
    "following", ["https://elsewhere.example/", "//elsewhere.example", "/login/", "/logout/", "/language/?a=1"]
)
def test_login_to_strange_next_goes_to_first_page(client, user, following):
    assert sign_in(client, "liu", next=following).url == "/"


def test_login_page_when_signed_in_goes_on(client, user):
    client.force_login(user)
    assert client.get("/login/?next=/login/").url == "/"


def test_login_takes_name_from_address(client, db):
    assert 'value="assessor-jwc"' in client.get("/login/?username=assessor-jwc").content.decode()


def test_login_of_inactive_account_is_refused(client, user):
    user.is_active = False
    user.save()
    assert sign_in(client, "liu").status_code == 200


def test_login_without_slip_is_refused(client, db):
    create_account("new", display_name="新", by_id=None)
    assert sign_in(client, "new", "").status_code == 200
    assert sign_in(client, "new", "!").status_code == 200


def test_logout_by_get_stays_signed_in(client, user):
    client.force_login(user)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/password/").status_code == 302


# --- throttle: per user and address together


def test_sixth_try_is_locked_even_with_the_right_password(client, user):
    for _try in range(5):
        sign_in(client, "liu", "wrong")
    response = sign_in(client, "liu")
    assert response.status_code == 429
    assert "sessionid" not in client.cookies


def test_locked_user_from_another_address_comes_in(client, user):
    for _try in range(6):
        sign_in(client, "liu", "wrong")
    assert sign_in(client, "liu", address=ELSEWHERE).status_code == 302


def test_other_user_from_the_same_address_comes_in(client, user):
    make_user("zhong")
    for _try in range(6):
        sign_in(client, "liu", "wrong")
    assert sign_in(client, "zhong").status_code == 302


def test_fifth_try_with_right_password_comes_in(client, user):
    for _try in range(4):
        sign_in(client, "liu", "wrong")
    assert sign_in(client, "liu").status_code == 302


def test_unlock_opens_login_at_once(client, user):
    for _try in range(6):
        sign_in(client, "liu", "wrong")
    unlock(user, by_id=None)
    assert sign_in(client, "liu").status_code == 302
    assert AuditEntry.objects.filter(act="account.unlock", object_id=str(user.pk)).count() == 1


def test_failed_try_keeps_no_password(client, user):
    from axes.models import AccessAttempt

    sign_in(client, "liu", "my-bank-password")
    assert "my-bank-password" not in AccessAttempt.objects.get().post_data


# --- services


def test_create_account_cleans_words(db):
    user = create_account(" １２３ ", display_name=" 张伟 ", staff_number="００７", by_id=None)
    assert (user.username, user.display_name, user.staff_number) == ("123", "张伟", "007")
    assert not user.has_usable_password()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "LIU"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"display_name": " "}, "display_name"),
        ({"display_name": "名" * 65}, "display_name"),
        ({"staff_number": "9" * 33}, "staff_number"),
        ({"staff_number": "００８"}, "staff_number"),
    ],
)
def test_create_account_with_bad_words_is_refused(db, values, field):
    make_user("liu", staff_number="008")
    count = get_user_model().objects.count()
    whole = {"username": "new", "display_name": "新", "staff_number": ""} | values
    with pytest.raises(Refused) as refusal:
        create_account(whole.pop("username"), **whole, by_id=None)
    assert refusal.value.field == field
    assert get_user_model().objects.count() == count


def test_one_time_password_is_readable_and_kept_nowhere(user):
    password = issue_one_time_password(user, by_id=None)
    user.refresh_from_db()
    assert re.fullmatch(r"[a-hjkmnp-z2-9]{12}", password)
    assert user.must_change_password
    assert user.check_password(password)
    assert password not in user.password
    entry = AuditEntry.objects.get(act="account.slip")
    assert (entry.before, entry.after) == (None, None)


def test_slip_does_not_show_its_password_when_logged(user):
    slip = issue_one_time_passwords([user], by_id=None)[0]
    assert slip.password not in repr(slip)


def test_one_time_password_ends_sessions_and_opens_login(client, user):
    for _try in range(6):
        sign_in(client, "liu", "wrong")
    client.force_login(user)
    password = issue_one_time_password(user, by_id=None)
    assert client.get("/password/").url.startswith("/login/")
    assert sign_in(client, "liu", password).status_code == 302


def test_change_password_keeps_no_flag(user):
    issue_one_time_password(user, by_id=None)
    change_password(user, password=NEW_PASSWORD)
    user.refresh_from_db()
    assert (user.must_change_password, user.check_password(NEW_PASSWORD)) == (False, True)


# --- slips that have run out (ONE_TIME_PASSWORD_DAYS = 30)


ISSUED = datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("days", "seconds", "comes_in"), [(29, 86_399, True), (30, 0, False)], ids=["last second", "thirty days"]
)
def test_one_time_password_opens_for_thirty_days(client, user, days, seconds, comes_in):
    with time_machine.travel(ISSUED, tick=False):
        password = issue_one_time_password(user, by_id=None)
    with time_machine.travel(ISSUED + timedelta(days=days, seconds=seconds), tick=False):
        response = sign_in(client, "liu", password)
    assert (response.status_code == 302) is comes_in
    assert ("sessionid" in client.cookies) is comes_in


def test_expired_slip_is_told_to_who_knows_its_password_alone(client, user):
    with time_machine.travel(ISSUED, tick=False):
        password = issue_one_time_password(user, by_id=None)
    codes = [
        sign_in(client, "liu", typed).context["form"].non_field_errors().as_data()[0].code
        for typed in (password, "wrong")
    ]
    assert codes == ["expired", "invalid_login"]


def test_new_slip_and_own_password_begin_anew(client, user):
    with time_machine.travel(ISSUED, tick=False):
        issue_one_time_password(user, by_id=None)
    assert sign_in(client, "liu", issue_one_time_password(user, by_id=None)).status_code == 302
    with time_machine.travel(ISSUED, tick=False):
        issue_one_time_password(user, by_id=None)
        change_password(user, password=NEW_PASSWORD)
    assert sign_in(client, "liu", NEW_PASSWORD).status_code == 302


# --- ended sessions


def test_make_run_forgets_ended_sessions_before_serving():
    command = ["make", "--dry-run", "run"]
    told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    assert told.index("manage.py migrate") < told.index("manage.py clearsessions") < told.index("-m gunicorn")


# --- the password page


def test_first_login_forces_a_new_password_and_goes_on(client, season):
    user = make_user("liu")
    make_membership(season, user, Role.OFFICE)
    password = issue_one_time_password(user, by_id=None)
    wanted = "/campaigns/2009/departments/"
    response = sign_in(client, "liu", password, next=wanted)
    assert response.url == "/password/?next=%2Fcampaigns%2F2009%2Fdepartments%2F"
    assert client.get(wanted).url == "/password/"
    page = client.get(response.url).content.decode()
    assert "old_password" not in page
    answer = client.post("/password/", {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD, "next": wanted})
    assert answer.url == wanted
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("new", ["short", "1234567890123", "password1", "qwertyuiop"])
def test_weak_password_is_refused(client, user, new):
    client.force_login(user)
    response = client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert response.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_same_password_again_is_refused(client, user):
    client.force_login(user)
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    response = client.post("/password/", same)
    assert "new_password1" in response.context["form"].errors


def test_one_time_password_cannot_be_kept(client, user):
    password = issue_one_time_password(user, by_id=None)
    sign_in(client, "liu", password)
    response = client.post("/password/", {"new_password1": password, "new_password2": password})
    assert "new_password1" in response.context["form"].errors
    user.refresh_from_db()
    assert user.must_change_password


def test_changing_needs_the_old_password(client, user):
    client.force_login(user)
    wrong = {"old_password": "wrong", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert "old_password" in client.post("/password/", wrong).context["form"].errors


def test_changing_keeps_this_session_and_ends_the_others(client, user):
    from django.test import Client

    other = Client()
    other.force_login(user)
    client.force_login(user)
    answer = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    )
    assert answer.status_code == 302
    assert client.get("/password/").status_code == 200
    assert other.get("/password/").status_code == 302


# --- commands


def test_reset_password_prints_a_one_time_password(client, user, capsys):
    call_command("reset_password", "liu")
    password = capsys.readouterr().out.strip().split()[-1].split("：")[-1]
    assert sign_in(client, "liu", password).url == "/password/?next=%2F"


def test_reset_password_of_nobody_is_refused(db):
    with pytest.raises(CommandError):
        call_command("reset_password", "nobody")


# --- language


def test_language_is_kept_in_a_cookie_and_goes_back(client, db):
    response = client.post("/language/", {"language": "en", "next": "/login/?next=/"})
    assert (response.status_code, response.url) == (302, "/login/?next=/")
    assert client.cookies["django_language"].value == "en"
    assert "Sign in" in client.get("/login/").content.decode()


def test_language_goes_to_no_other_host(client, db):
    response = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response.url == "/"


def test_language_unknown_changes_nothing(client, db):
    client.post("/language/", {"language": "xx", "next": "/"})
    assert "django_language" not in client.cookies
    assert client.get("/language/").status_code == 405
