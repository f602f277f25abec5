"""Where reminders are mailed to: set with the account, on a page, by sheet; taken back with the sheet."""

import pytest
from django.urls import reverse

from campaigns import hooks
from campaigns.enums import ImportKind, Role
from campaigns.imports.sheet import read_sheets
from campaigns.services.imports import Upload, import_at_once, withdraw_import
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, User
from qualityseason.services.accounts import change_email, create_account
from tests.campaigns.owed_working import signed_in
from tests.factories import NOON, make_actor, make_membership, make_user
from tests.sheets import make_sheet

HEADINGS = ("登录名", "姓名", "工号", "身份", "部门", "邮箱")


@pytest.fixture
def bring_in(season):
    office = make_actor(season, Role.OFFICE)

    def run(*rows):
        file = make_sheet(*rows, headings=HEADINGS)
        content = read_sheets(file, hooks.import_kinds[ImportKind.ACCOUNTS].columns)
        upload = Upload([file.getvalue()], "accounts.xlsx")
        return import_at_once(season, ImportKind.ACCOUNTS, content, upload=upload, by=office, at=NOON)

    return run


def test_an_address_is_kept_changed_and_taken_away(db):
    user = create_account("lisi", display_name="李四", email=" Li@Example.cn ", by_id=None)
    assert user.email == "Li@Example.cn"
    assert change_email(user, email="ｌｉ@example.cn", by_id=None)
    assert not change_email(user, email="li@example.cn", by_id=None)
    assert change_email(user, email="", by_id=None)
    user.refresh_from_db()
    assert (user.email, AuditEntry.objects.filter(act="account.email").count()) == ("", 2)


@pytest.mark.parametrize("email", ["li", "li@", "@x.cn", "a b@x.cn", "a@x.cn\nBcc: b@x.cn,"])
def test_no_address_is_refused_at_its_field(db, email):
    with pytest.raises(Refused) as refusal:
        create_account("lisi", display_name="李四", email=email, by_id=None)
    assert refusal.value.field == "email"
    assert not User.objects.filter(username="lisi").exists()


def test_the_office_sets_it_on_a_page(client, season):
    make_membership(season, make_user("lisi"), Role.ASSESSOR)
    signed_in(client, season, Role.OFFICE)
    here = f"{reverse('campaigns:account-email', args=['2009'])}?account=lisi"
    assert client.get(here).status_code == 200
    wrong = client.post(here, {"email": "nonsense"})
    assert "email" in wrong.context["form"].errors
    assert client.post(here, {"email": "li@example.cn"}).url == reverse("campaigns:accounts", args=["2009"])
    assert User.objects.get(username="lisi").email == "li@example.cn"
    assert client.get(here.replace("lisi", "stranger")).status_code == 404


def test_a_sheet_brings_addresses_and_takes_them_back(season, bring_in):
    user = make_user("wangwu", name="王五", email="old@example.cn")
    make_membership(season, user, Role.ASSESSOR)
    li = ("lisi", "李四", None, "考核小组成员", None, "li@example.cn")
    wang = ("wangwu", "王五", None, "考核小组成员", None, "wang@example.cn")
    outcome = bring_in(li, wang)
    assert User.objects.get(username="lisi").email == "li@example.cn"
    user.refresh_from_db()
    assert user.email == "wang@example.cn"
    withdraw_import(outcome.batch, by=make_actor(season, Role.OFFICE), at=NOON, because="wrong list")
    user.refresh_from_db()
    assert (user.email, user.is_active) == ("old@example.cn", True)


def test_a_wrong_address_in_a_sheet_is_named(bring_in):
    outcome = bring_in(("lisi", "李四", None, "考核小组成员", None, "li"))
    assert [(error.row, error.column) for error in outcome.errors] == [(2, "电子邮箱")]
