"""Staff lists, classes and accounts by sheet: new, changed, unchanged, and taken back."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns import hooks
from campaigns.enums import ImportKind, Role, StaffCategory
from campaigns.imports.sheet import read_sheets
from campaigns.models import ImportBatch, Interest, Membership, Posting, Responsibility, StaffMember, StudentClass
from campaigns.queries.actors import load_actor
from campaigns.services.imports import (
    Upload,
    apply_import,
    check_import,
    import_at_once,
    new_batch,
    withdraw_import,
)
from campaigns.services.staff import add_posting
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, User
from scoring.services.ledger import record_deduction
from tests.factories import (
    DAY,
    NOON,
    department,
    make_actor,
    make_class,
    make_draft,
    make_membership,
    make_person,
    make_user,
)
from tests.sheets import ACCOUNT_HEADINGS, STAFF_HEADINGS, make_sheet

pytestmark = pytest.mark.usefixtures("portal_files", "_english")
HEADINGS = {
    ImportKind.STAFF: STAFF_HEADINGS,
    ImportKind.CLASSES: ("班级", "部门"),
    ImportKind.ACCOUNTS: ACCOUNT_HEADINGS,
}


@pytest.fixture
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


@pytest.fixture
def bring_in(season, office):
    def run(kind, *rows, **options):
        file = make_sheet(*rows, headings=HEADINGS[kind])
        content = read_sheets(file, hooks.import_kinds[kind].columns)
        upload = Upload([file.getvalue()], "people.xlsx")
        return import_at_once(season, kind, content, upload=upload, by=office, at=NOON, **options)

    return run


def places(outcome):
    return [error.place for error in outcome.errors]


def marks(outcome):
    return [row.mark for row in outcome.written.shown]


def postings():
    rows = Posting.objects.order_by("staff_member__number", "starts_on")
    return [(p.staff_member.number, p.department.name, p.starts_on, p.ends_on) for p in rows]


ZHANG = ("00123", "张伟", "专职教师", "图书馆", None, None)


# --- staff


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("专职教师", StaffCategory.FULL_TIME),
        ("专职", StaffCategory.FULL_TIME),
        ("兼职", StaffCategory.PART_TIME),
        ("外聘教师", StaffCategory.EXTERNAL),
        ("非教学", StaffCategory.NON_TEACHING),
    ],
)
def test_staff_are_added_with_category_and_posting(season, bring_in, word, category):
    outcome = bring_in(ImportKind.STAFF, ("00123", " 张 伟 ", word, "党办", "2009.9.1", None))
    person = StaffMember.objects.get()
    assert (person.number, person.name, person.squeezed_name, person.category) == ("00123", "张 伟", "张伟", category)
    assert postings() == [("00123", "党院办", date(2009, 9, 1), None)]
    assert marks(outcome) == ["new"]


def test_posting_without_a_first_day_begins_with_the_season(season, bring_in):
    bring_in(ImportKind.STAFF, ZHANG)
    assert postings() == [("00123", "图书馆", season.facts_from, None)]


def test_unchanged_row_changes_nothing(season, bring_in):
    make_person(season)
    outcome = bring_in(ImportKind.STAFF, ZHANG, ("00124", "李四", "兼职", "图书馆", None, None))
    assert marks(outcome) == ["", "new"]
    assert outcome.written.totals == [("Rows", "2"), ("New", "1"), ("Changed", "0"), ("Unchanged", "1")]


def test_another_department_ends_the_former_posting_the_day_before(season, bring_in):
    make_person(season)
    outcome = bring_in(ImportKind.STAFF, ("00123", "张伟", "专职", "教务处", "2009-11-01", None))
    assert postings() == [
        ("00123", "图书馆", season.facts_from, date(2009, 10, 31)),
        ("00123", "教务处", date(2009, 11, 1), None),
    ]
    assert marks(outcome) == ["changed"]


def test_another_department_without_a_first_day_is_an_error(season, bring_in):
    make_person(season)
    outcome = bring_in(ImportKind.STAFF, ("00123", "张伟", "专职", "教务处", None, None))
    assert places(outcome) == ["Sheet1/2/任职开始"]


def test_last_day_closes_a_posting(season, bring_in):
    make_person(season)
    bring_in(ImportKind.STAFF, ("00123", "张伟", "专职", "图书馆", None, "2009-12-31"))
    assert postings() == [("00123", "图书馆", season.facts_from, date(2009, 12, 31))]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("", "张伟", "专职", "图书馆", None, None)], ["Sheet1/2/工号"]),
        ([(123, "张伟", "专职", "图书馆", None, None)], ["Sheet1/2/工号"]),
        ([ZHANG, ZHANG], ["Sheet1/3/工号"]),
        ([("00123", "", "专职", "图书馆", None, None)], ["Sheet1/2/姓名"]),
        ([("00123", "张伟", "教授", "图书馆", None, None)], ["Sheet1/2/类别"]),
        ([("00123", "张伟", "专职", "图书管", None, None)], ["Sheet1/2/部门"]),
        ([("00123", "张伟", "专职", "图书馆", "开学", None)], ["Sheet1/2/任职开始"]),
        ([("00123", "张伟", "专职", "图书馆", "2009-11-01", "2009-10-01")], ["Sheet1/2/任职结束"]),
        ([("0" * 33, "张伟", "专职", "图书馆", None, None)], ["Sheet1/2/工号"]),
    ],
)
def test_wrong_staff_row_is_named_and_nothing_is_written(bring_in, rows, expected):
    outcome = bring_in(ImportKind.STAFF, *rows, ("00999", "李四", "专职", "图书馆", None, None))
    assert places(outcome) == expected
    assert not StaffMember.objects.exists()


def test_account_of_the_same_number_is_linked_so_that_its_posting_counts_as_interest(season, bring_in):
    user = make_user("zhangwei", staff_number="00123")
    make_membership(season, user, Role.ASSESSOR)
    bring_in(ImportKind.STAFF, ZHANG)
    actor = load_actor(user, season, on=DAY)
    assert actor.is_interested_in(department(season, "图书馆").pk)


def test_withdrawn_staff_list_is_gone_and_what_it_changed_is_as_before(season, office, bring_in):
    make_person(season, "张伟", number="00123")
    before = postings()
    outcome = bring_in(
        ImportKind.STAFF,
        ("00123", "张炜", "兼职", "教务处", "2009-11-01", None),
        ("00124", "李四", "专职", "图书馆", None, None),
    )
    withdraw_import(outcome.batch, by=office, at=NOON, because="old list")
    person = StaffMember.objects.get()
    assert (person.name, person.squeezed_name, person.category) == ("张伟", "张伟", StaffCategory.FULL_TIME)
    assert postings() == before
    assert AuditEntry.objects.filter(act="import.withdraw").count() == 1


def test_staff_named_by_a_deduction_keep_their_import_standing(season, office, bring_in):
    from scoring.queries.subjects import subject_of

    batch = bring_in(ImportKind.STAFF, ZHANG, ("00124", "李四", "专职", "图书馆", None, None)).batch
    subject = subject_of(StaffMember.objects.get(number="00123"))
    record_deduction(make_draft(season, "S2", subject=subject), by=make_actor(season, Role.ASSESSOR), at=NOON)
    with pytest.raises(Refused):
        withdraw_import(batch, by=office, at=NOON, because="old list")
    assert StaffMember.objects.count() == 2
    batch.refresh_from_db()
    assert batch.withdrawn_at is None


def test_staff_changed_since_keep_their_import_standing(season, office, bring_in):
    batch = bring_in(ImportKind.STAFF, ZHANG).batch
    person = StaffMember.objects.get()
    add_posting(
        person, department=department(season, "教务处"), starts_on=date(2009, 12, 1), by_id=office.user_id, at=NOON
    )
    with pytest.raises(Refused):
        withdraw_import(batch, by=office, at=NOON, because="old list")
    assert StaffMember.objects.exists()


def test_known_staff_cost_no_query_per_row(season, office, bring_in, django_assert_num_queries):
    spec = hooks.import_kinds[ImportKind.STAFF]
    rows = [(f"{number:05}", f"人{number}", "专职", "图书馆", None, None) for number in range(20)]
    batch = bring_in(ImportKind.STAFF, *rows).batch
    for count in (1, 3, 20):
        content = read_sheets(make_sheet(*rows[:count], headings=STAFF_HEADINGS), spec.columns)
        with django_assert_num_queries(5):  # departments, the lock, people, their postings, accounts
            understood, _errors = spec.understand(season, content.rows)
            assert spec.write(batch, understood, office, NOON).changes == []


def queries_of(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (ImportKind.STAFF, lambda n: (f"{n:05}", f"人{n}", "专职", "图书馆", None, None)),
        (ImportKind.CLASSES, lambda n: (f"会计{n:04}", "财会金融系")),
    ],
)
def test_new_and_changed_and_withdrawn_rows_are_written_at_once(season, office, bring_in, kind, row):
    few = queries_of(lambda: bring_in(kind, *[row(n) for n in range(3)]))
    assert queries_of(lambda: bring_in(kind, *[row(n) for n in range(100, 160)])) == few
    batches = ImportBatch.objects.order_by("pk")
    undone = [queries_of(lambda b=b: withdraw_import(b, by=office, at=NOON, because="x")) for b in batches]
    assert undone[0] == undone[1]


def test_import_of_people_leaves_one_entry_with_all_changes(season, bring_in):
    before = AuditEntry.objects.count()
    batch = bring_in(ImportKind.STAFF, ZHANG, ("00124", "李四", "专职", "图书馆", None, None)).batch
    [entry] = AuditEntry.objects.order_by("pk")[before:]
    assert (entry.act, entry.after["changes"]) == ("import.apply", batch.changes)
    assert [sorted(change)[-1] for change in batch.changes] == ["staff", "posting", "staff", "posting"]


def test_known_accounts_cost_no_query_per_row(season, bring_in):
    def row(n):
        return (f"u{n}", f"人{n}", f"{n:05}", "考核小组成员", None, "学生评教台账", "图书馆")

    for n in range(40):
        make_user(f"u{n}", name=f"人{n}")
    few = queries_of(lambda: bring_in(ImportKind.ACCOUNTS, *[row(n) for n in range(3)]))
    assert queries_of(lambda: bring_in(ImportKind.ACCOUNTS, *[row(n) for n in range(3, 40)])) == few


def test_sheet_is_understood_before_the_transaction(committed_season, monkeypatch):
    office = make_actor(committed_season, Role.OFFICE)
    spec = hooks.import_kinds[ImportKind.STAFF]
    inside = []

    def understand(campaign, rows):
        inside.append(connection.in_atomic_block)
        return spec.understand(campaign, rows)

    monkeypatch.setitem(hooks.import_kinds, ImportKind.STAFF, replace(spec, understand=understand))
    content = read_sheets(make_sheet(ZHANG, headings=STAFF_HEADINGS), spec.columns)
    batch = new_batch(committed_season, ImportKind.STAFF, "a.xlsx", by=office, at=NOON)
    check_import(batch, content, by=office, at=NOON)
    apply_import(batch, content, by=office, at=NOON)
    assert inside == [False, False]
    assert StaffMember.objects.count() == 1


@pytest.mark.parametrize(("used", "remains"), [(True, True), (False, False)])
def test_posting_that_counted_as_an_interest_counts_after_the_withdrawal(season, office, bring_in, used, remains):
    user = make_user("zhangwei", staff_number="00123", last_login=NOON if used else None)
    make_membership(season, user, Role.ASSESSOR)
    batch = bring_in(ImportKind.STAFF, ZHANG).batch
    withdraw_import(batch, by=office, at=NOON, because="old list")
    assert not StaffMember.objects.exists()
    assert load_actor(user, season, on=NOON.date()).is_interested_in(department(season, "图书馆").pk) == remains


def test_interest_from_a_list_of_accounts_stays_once_it_counted(season, office, bring_in):
    user = make_user("lisi", name="李四", last_login=NOON)
    batch = bring_in(ImportKind.ACCOUNTS, LI).batch
    withdraw_import(batch, by=office, at=NOON + timedelta(days=3), because="wrong list")
    held = Interest.objects.filter(user=user, ends_on=None)
    assert {interest.department.name for interest in held} == {"图书馆", "教务处"}


def test_account_of_another_person_is_not_linked_twice(season, bring_in):
    user = make_user("zhangwei", staff_number="00123")
    make_membership(season, user, Role.ASSESSOR)
    StaffMember.objects.filter(pk=make_person(season, "李四", number="00999").pk).update(user=user)
    assert places(bring_in(ImportKind.STAFF, ZHANG)) == ["Sheet1/2/工号"]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("00123", "张伟", "专职", "教务处", "2009-09-01", None), "Sheet1/2/任职开始"),
        (("00123", "张伟", "专职", "教务处", "2009-08-01", None), "Sheet1/2/任职开始"),
        (("00123", "张伟", "专职", "图书馆", None, "2009-08-01"), "Sheet1/2/任职结束"),
    ],
)
def test_postings_never_overlap(season, bring_in, row, place):
    make_person(season)
    assert places(bring_in(ImportKind.STAFF, row)) == [place]


def test_role_that_begins_later_is_not_given_twice(season, bring_in):
    user = make_user("lisi", name="李四")
    make_membership(season, user, Role.ASSESSOR, starts_on=date(2010, 1, 15))
    assert places(bring_in(ImportKind.ACCOUNTS, LI)) == ["Sheet1/2/身份"]


@pytest.mark.parametrize("kind", list(ImportKind))
def test_examples_are_of_the_campaign(season, other_season, kind):
    spec = hooks.import_kinds[kind]
    words = {column.example for column in spec.columns_of(other_season)} - {""}
    departments = set(season.departments.values_list("name", flat=True))
    assert words.isdisjoint(departments)
    assert any(words & set(other_season.departments.values_list("name", flat=True)))
    assert not any(column.example in departments for column in spec.columns)


# --- classes


def test_classes_are_added_and_moved_and_put_back(season, office, bring_in):
    known = make_class(season, "会计0901")
    outcome = bring_in(ImportKind.CLASSES, ("会计 ０９０１", "基础部"), (901, "财会金融系"))
    assert marks(outcome) == ["changed", "new"]
    classes = StudentClass.objects.order_by("name")
    assert [(c.name, c.department.name) for c in classes] == [("901", "财会金融系"), ("会计0901", "基础部")]
    withdraw_import(outcome.batch, by=office, at=NOON, because="x")
    assert [(c.pk, c.department.name) for c in StudentClass.objects.all()] == [(known.pk, "财会金融系")]


def test_wrong_class_rows_are_named(bring_in):
    outcome = bring_in(
        ImportKind.CLASSES, ("会计0901", "财会"), ("会计0902", "财会金融系"), ("会计 0902", "财会金融系")
    )
    assert places(outcome) == ["Sheet1/2/部门", "Sheet1/4/班级"]


# --- accounts

LI = ("lisi", "李四", "00124", "考核小组成员", None, None, "图书馆、教务处")


def test_accounts_are_made_with_roles_responsibilities_and_interests(season, bring_in):
    person = make_person(season, "张伟", number="00123")
    outcome = bring_in(
        ImportKind.ACCOUNTS,
        ("zhangwei", "张伟", "00123", "部门负责人，领导小组", "图书馆", "学生评教台账", None),
        LI,
        ("lisi", "李四", None, "考核小组组长", None, None, None),
    )
    assert marks(outcome) == ["new", "new", "changed"]
    zhang, li = User.objects.get(username="zhangwei"), User.objects.get(username="lisi")
    assert not zhang.has_usable_password()
    rows = Membership.objects.exclude(user__username="office").order_by("pk")
    assert [(m.user.username, m.role, m.department and m.department.name) for m in rows] == [
        ("zhangwei", Role.HEAD, "图书馆"),
        ("zhangwei", Role.LEADERSHIP, "图书馆"),
        ("lisi", Role.ASSESSOR, None),
        ("lisi", Role.TEAM_LEAD, None),
    ]
    person.refresh_from_db()
    assert person.user == zhang
    assert [(r.user, r.code) for r in Responsibility.objects.all()] == [(zhang, "register-evaluation")]
    assert {i.department.name for i in Interest.objects.filter(user=li)} == {"图书馆", "教务处"}


def test_known_account_gets_only_what_it_lacks(season, bring_in):
    user = make_user("lisi", name="李四")
    make_membership(season, user, Role.ASSESSOR)
    outcome = bring_in(ImportKind.ACCOUNTS, ("LiSi", "李四", None, "考核小组成员", None, None, None))
    assert marks(outcome) == [""]
    assert (User.objects.filter(username="lisi").count(), user.memberships.count()) == (1, 1)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("l s", "李四", None, "领导小组", None, None, None), "Sheet1/2/登录名"),
        ((1001, "李四", None, "领导小组", None, None, None), "Sheet1/2/登录名"),
        (("taken", "李四", None, "领导小组", None, None, None), "Sheet1/2/姓名"),
        (("lisi", "李四", "00999", "领导小组", None, None, None), "Sheet1/2/工号"),
        (("lisi", "李四", None, "院长", None, None, None), "Sheet1/2/身份"),
        (("lisi", "李四", None, None, None, None, None), "Sheet1/2/身份"),
        (("lisi", "李四", None, "联络员", None, None, None), "Sheet1/2/部门"),
        (("lisi", "李四", None, "领导小组", None, "扫地", None), "Sheet1/2/职能"),
        (("lisi", "李四", None, "领导小组", None, None, "图书管"), "Sheet1/2/回避部门"),
    ],
)
def test_wrong_account_row_is_named_and_nothing_is_written(bring_in, row, place):
    make_user("taken", name="王五", staff_number="00999")
    outcome = bring_in(ImportKind.ACCOUNTS, row)
    assert places(outcome) == [place]
    assert not User.objects.filter(username="lisi").exists()


def test_one_login_is_one_person_throughout_the_sheet(bring_in):
    outcome = bring_in(
        ImportKind.ACCOUNTS,
        LI,
        ("lisi", "王五", None, "领导小组", None, None, None),
        ("wangwu", "王五", "00124", "领导小组", None, None, None),
    )
    assert places(outcome) == ["Sheet1/3/姓名", "Sheet1/4/工号"]


def test_withdrawn_accounts_are_closed_and_hold_no_role(season, office, bring_in):
    kept = make_user("wangwu", name="王五")
    make_membership(season, kept, Role.ASSESSOR)
    wang = ("wangwu", "王五", None, "考核小组组长", None, "学生评教台账", None)
    batch = bring_in(ImportKind.ACCOUNTS, LI, wang).batch
    withdraw_import(batch, by=office, at=NOON, because="wrong list")
    li = User.objects.get(username="lisi")
    assert (li.is_active, li.memberships.count(), li.interests.count()) == (False, 0, 0)
    kept.refresh_from_db()
    assert kept.is_active
    assert [membership.role for membership in kept.memberships.all()] == [Role.ASSESSOR]
    assert not Responsibility.objects.exists()
    again = bring_in(ImportKind.ACCOUNTS, LI, ("wangwu", "王五", None, "考核小组组长", None, "学生评教台账", None))
    assert again.is_new
    li.refresh_from_db()
    assert li.is_active


def test_role_that_was_used_ends_instead_of_vanishing(season, office, bring_in):
    batch = bring_in(ImportKind.ACCOUNTS, LI).batch
    User.objects.filter(username="lisi").update(last_login=NOON)
    withdraw_import(batch, by=office, at=NOON + timedelta(days=3), because="wrong list")
    assert Membership.objects.get(user__username="lisi").ends_on == date(2009, 12, 30)
    assert not User.objects.get(username="lisi").is_active


def test_nobody_withdraws_the_import_of_their_own_role(season, office, bring_in):
    batch = bring_in(ImportKind.ACCOUNTS, ("chen", "陈晨", None, "活动办公室", None, None, None)).batch
    chen = load_actor(User.objects.get(username="chen"), season, on=NOON.date())
    with pytest.raises(Refused):
        withdraw_import(batch, by=chen, at=NOON, because="x")
    assert User.objects.get(username="chen").is_active


# --- all kinds


@pytest.mark.parametrize(
    ("kind", "row"),
    [(ImportKind.STAFF, ZHANG), (ImportKind.CLASSES, ("会计0901", "财会金融系")), (ImportKind.ACCOUNTS, LI)],
)
def test_same_content_again_changes_nothing(bring_in, kind, row):
    first = bring_in(kind, row)
    again = bring_in(kind, row)
    assert again.standing == first.batch
    assert ImportBatch.objects.count() == 1


@pytest.fixture
def office_today(season):
    make_membership(season, make_user("office"), Role.OFFICE)
    make_membership(season, make_user("assessor"), Role.ASSESSOR)


def test_command_brings_a_staff_list_in(office_today, tmp_path):
    path = tmp_path / "staff.xlsx"
    path.write_bytes(make_sheet(ZHANG, headings=STAFF_HEADINGS).getvalue())
    out = io.StringIO()
    call_command("import_people", "2009", "staff", str(path), "--by", "office", "--dry-run", stdout=out)
    assert not StaffMember.objects.exists()
    call_command("import_people", "2009", "staff", str(path), "--by", "office", stdout=out)
    assert StaffMember.objects.get().name == "张伟"
    with pytest.raises(CommandError):
        call_command("import_people", "2009", "staff", str(path), "--by", "assessor", stdout=out)
