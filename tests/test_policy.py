"""Default deny, held against every url: who is let in, who is sent to the login, who is told nothing."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver, reverse

from campaigns.enums import ImportKind, Role
from campaigns.models import ImportBatch, Interest, Membership, Responsibility
from qualityseason import policy
from qualityseason.models import AuditEntry, Job, User
from scoring.models import Announcement, Deduction, Finding, Inspection
from tests.campaigns.handing_in import make_handed_in
from tests.campaigns.motion_records import make_in_motion
from tests.factories import (
    NOON,
    department,
    make_actor,
    make_class,
    make_deduction,
    make_membership,
    make_person,
    make_user,
)
from tests.scoring.decision_records import make_decided
from tests.scoring.finding_working import make_finding

LET_IN = {200, 302, 404, 405}
# a responsibility, a state of the record or the lack of an interest is asked, too, and its lack is told
ASKS_MORE_THAN_A_ROLE = {
    "campaigns:attachment-add",
    "campaigns:attachment-remove",
    "campaigns:attachment-replace",
    "campaigns:contest-ballot",
    "campaigns:import-new",
    "campaigns:import-template",
    "campaigns:imports",
    "campaigns:invitation-answer",
    "campaigns:invitation-remark",
    "campaigns:plan-marks",
    "campaigns:plan-submit",
    "campaigns:problem-edit",
    "campaigns:problem-judge",
    "campaigns:problem-withdraw",
    "campaigns:receipt-electronic",
    "campaigns:receipt-paper",
    "campaigns:register",
    "campaigns:register-export",
    "campaigns:register-row",
    "campaigns:register-row-excuse",
    "campaigns:register-row-new",
    "campaigns:register-row-withdraw",
    "campaigns:summary-receipt",
    "campaigns:summary-submit",
}
HOME = "图书馆"  # of HEAD, STAFF and of the assessor with an interest


def url_names(resolver=None, namespace=""):
    """Yield the full name of every url with the names of its arguments."""
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from url_names(entry, inner)
        else:
            yield (f"{namespace}{entry.name}", tuple(entry.pattern.converters))


URLS = dict(url_names())
SEASON_URLS = sorted(name for name, arguments in URLS.items() if "campaign" in arguments)
OBJECT_URLS = sorted(name for name, arguments in URLS.items() if "uuid" in arguments and "campaign" in arguments)


# --- the table


def test_every_url_has_a_name_of_its_own():
    names = [name for name, _arguments in url_names()]
    assert not [name for name in names if name.endswith("None")]
    assert len(names) == len(set(names))


def test_every_url_is_declared():
    assert set(URLS) - policy.TABLE.keys() == set()


def test_every_declaration_names_a_url():
    assert policy.TABLE.keys() - set(URLS) == set()


def test_every_url_of_a_season_asks_for_a_role_and_no_other_does():
    assert {name for name, access in policy.TABLE.items() if access.roles is not None} == set(SEASON_URLS)


def test_public_are_only_login_language_and_the_check_of_a_printed_code():
    public = {name for name, access in policy.TABLE.items() if access.public}
    assert public == {"login", "language", "scoring:genuine", "scoring:genuine-code"}


def test_table_names_only_roles_that_exist():
    for name, access in policy.TABLE.items():
        assert access.roles is None or (access.roles and access.roles <= set(Role)), name


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
@pytest.mark.parametrize("name", ["ranking", "heatmap", "export"])
def test_departments_see_no_ranking_before_a_publication(role, name):
    assert role not in policy.TABLE[f"scoring:{name}"].roles


def test_only_the_team_writes_into_the_ledger():
    writing = re.compile(r"^scoring:(deductions?|inspection)-")
    found = {name for name in URLS if writing.match(name)}
    assert len(found) >= 7
    assert {policy.TABLE[name].roles for name in found} == {frozenset({Role.ASSESSOR, Role.TEAM_LEAD})}


def test_undeclared_url_is_a_mistake_of_ours_and_not_an_open_door(client, season, monkeypatch):
    monkeypatch.delitem(policy.TABLE, "scoring:rulebook")
    with pytest.raises(ImproperlyConfigured, match="scoring:rulebook"):
        client.get(reverse("scoring:rulebook", args=["2009"]))


# --- everybody at every door


@pytest.fixture
def world(season, other_season):
    """Users by who they are, and objects of both seasons by the url that shows them."""
    home = department(season, HOME)
    users, actors = {}, {}
    for role in Role:
        actors[role] = make_actor(
            season, role, username=role.lower(), department=home if role in (Role.HEAD, Role.STAFF) else None
        )
        users[role] = User.objects.get(pk=actors[role].user_id)
    users["superuser"] = make_user("root", is_superuser=True)
    users["elsewhere"] = make_user("elsewhere")
    for role in Role:
        place = department(other_season, "灯塔馆") if role in (Role.HEAD, Role.STAFF) else None
        make_membership(other_season, users["elsewhere"], role, department=place, starts_on=season.facts_from)
    users["gone"] = make_user("gone")
    make_membership(season, users["gone"], Role.OFFICE, ends_on=date(2009, 9, 30))
    users["interested"] = make_user("interested")
    make_membership(season, users["interested"], Role.ASSESSOR)
    Interest.objects.create(
        campaign=season, user=users["interested"], department=home, reason="亲属", starts_on=season.facts_from
    )
    return {
        "users": users,
        "own": objects_of(season, HOME, actors[Role.ASSESSOR], number="1"),
        "foreign": objects_of(
            other_season,
            "灯塔馆",
            make_actor(other_season, Role.ASSESSOR),
            number="2",
            at=NOON.replace(year=2031, month=6),
        ),
    }


def objects_of(season, home, assessor, *, number, at=NOON):
    """Return one object of the season for each url that names one; what is recorded was recorded by `assessor`."""
    place = department(season, home)
    code = "P1" if season.slug == "2009" else "N1"
    line = make_deduction(season, code, by=assessor, charged=home, at=at, happened_on=season.starts_on)
    visit = Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=place,
        started_at=at,
        entered_at=at,
        entered_by_id=assessor.user_id,
    )
    user = make_user(f"member-{number}")
    member = make_membership(season, user, Role.OFFICE)
    interest = Interest.objects.create(
        campaign=season, user=user, department=place, reason="亲属", starts_on=season.facts_from
    )
    task = Responsibility.objects.create(campaign=season, code="judge", user=user)
    batches = {
        kind: ImportBatch.objects.create(
            campaign=season, kind=kind, name="x.xlsx", digest=number, uploaded_by_id=assessor.user_id, uploaded_at=at
        )
        for kind in (ImportKind.STAFF, ImportKind.DEDUCTIONS)
    }
    person, klass = make_person(season, number=number, home=home), make_class(season, home=home)
    finding = make_finding(
        season, "S1b" if season.slug == "2009" else "M1b", place, happened_on=season.starts_on, at=at
    )
    announced = Announcement.objects.create(
        campaign=season, kind="session", starts_on=season.starts_on, announced_by=user, announced_at=at
    )
    handed_in = make_handed_in(season, place, person, by_id=user.pk, number=int(number), at=at)
    in_motion = make_in_motion(season, place, person, by_id=user.pk, number=int(number), at=at)
    decided = make_decided(season, place, line, by_id=user.pk, at=at)
    return (
        handed_in
        | in_motion
        | decided
        | {
            "campaigns:department": place,
            "campaigns:membership-end": member,
            "campaigns:interest-end": interest,
            "campaigns:responsibility-remove": task,
            "campaigns:staff-edit": person,
            "campaigns:posting-add": person,
            "campaigns:class-edit": klass,
            "campaigns:import": batches,
            "campaigns:import-apply": batches,
            "campaigns:import-annotated": batches,
            "campaigns:import-withdraw": batches,
            "campaigns:import-match": batches,
            "scoring:statement": place,
            "scoring:deduction": line,
            "scoring:deduction-confirm": line,
            "scoring:deduction-withdraw": line,
            "scoring:deduction-correct": line,
            "scoring:inspection": visit,
            "scoring:inspection-edit": visit,
            "scoring:inspection-confirm": visit,
            "scoring:inspection-rectification": visit,
            "scoring:finding": finding,
            "scoring:finding-match": finding,
            "scoring:finding-reopen": finding,
            "scoring:announcement-withdraw": announced,
            "scoring:mending": place,
        }
    )


KINDS = {
    "campaigns:attachment-add": "obligation",
    "campaigns:proposal-new": "staff-join",
    "campaigns:department-change-new": "rename",
    "scoring:decision-new": "visibility",
    "scoring:paper": "statement",
}


def address(name, world, who, *, objects="own", key=None):
    """Return the address of a url as `who` would call it."""
    kind = ImportKind.STAFF if who == Role.OFFICE else ImportKind.DEDUCTIONS
    values = {"campaign": "2009", "format": "xlsx", "code": "plan-ecopy", "number": 1}
    values |= {"target": "have", "key": "plan", "register": "evaluation"}
    values["kind"] = KINDS.get(name, kind.value)
    if "department" in URLS[name]:
        values["department"] = world[objects]["scoring:statement"].uuid
    if "uuid" in URLS[name]:
        found = world[objects][name]
        found = found[kind] if isinstance(found, dict) else found
        values["uuid"] = key or found.uuid
        inner = {"part": "parts", "item": "items", "reading": "readings"}
        values |= {word: getattr(found, rows).get().uuid for word, rows in inner.items() if word in URLS[name]}
    return reverse(name, kwargs={argument: values[argument] for argument in URLS[name]})


def test_every_url_that_names_an_object_has_one_to_be_tried_with(world):
    assert set(world["own"]) == set(OBJECT_URLS)


def test_anonymous_is_sent_to_the_login_and_back(client, world):
    for name in SEASON_URLS:
        path = address(name, world, "anonymous")
        for answer in (client.get(path), client.post(path)):
            assert (answer.status_code, answer.headers.get("Location")) == (302, f"{reverse('login')}?next={path}")


def count_rows():
    return tuple(model.objects.count() for model in (AuditEntry, Deduction, Finding, Membership))


@pytest.mark.parametrize("role", Role)
def test_roles_of_the_table_are_let_in_and_the_others_refused(client, world, role):
    written = count_rows()
    client.force_login(world["users"][role])
    wrong = []
    for name in SEASON_URLS:
        path = address(name, world, role)
        status = client.get(path).status_code
        if role not in policy.TABLE[name].roles:
            if (status, client.post(path).status_code) != (403, 403):
                wrong.append((name, status))
        elif status not in LET_IN | ({403} if name in ASKS_MORE_THAN_A_ROLE else set()):
            wrong.append((name, status))
    assert wrong == []
    assert written == count_rows()


@pytest.mark.parametrize("who", ["superuser", "elsewhere", "gone"])
def test_season_one_has_no_membership_in_does_not_exist(client, world, who):
    client.force_login(world["users"][who])
    wrong = []
    for name in SEASON_URLS:
        path = address(name, world, who)
        found = answers(client, path)
        if [status for status, _body in found] != [404, 404]:
            wrong.append(name)
        elif found != answers(client, path.replace("/2009/", "/1999/")):
            wrong.append(f"{name} differs")
    assert wrong == []


def test_member_of_another_season_is_at_home_there(client, world):
    client.force_login(world["users"]["elsewhere"])
    assert client.get(reverse("scoring:ranking", args=["2031"])).status_code == 200


@pytest.mark.parametrize("name", sorted(set(URLS) - set(SEASON_URLS)))
def test_pages_outside_the_seasons_are_public_or_for_the_signed_in(client, world, name):
    job = Job.objects.create(kind="test", asked_by=world["users"][Role.HEAD], asked_at=NOON)
    values = {"uuid": job.uuid, "code": "ABCD-2345"}
    path = reverse(name, kwargs={key: value for key, value in values.items() if key in URLS[name]})
    answer = client.get(path)
    if policy.TABLE[name].public:
        assert answer.status_code in LET_IN - {404}
        assert not answer.headers.get("Location", "").startswith(reverse("login"))
    else:
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{reverse('login')}?next={path}")
        client.force_login(world["users"][Role.HEAD])
        assert client.get(path).status_code in LET_IN


# --- what one may not know of is not there


def readable(answer):
    """Return the body without what differs from request to request."""
    body = answer.content.decode()
    body = re.sub(r"\b[A-Za-z0-9]{64}\b", "…", body)  # CSRF tokens
    body = re.sub(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", "…", body)
    return re.sub(r"/campaigns/\w+/", "/campaigns/…/", body)


def answers(client, path):
    """Return what GET and POST answer."""
    return [(answer.status_code, readable(answer)) for answer in (client.get(path), client.post(path))]


@pytest.mark.parametrize("role", Role)
def test_object_of_another_season_answers_as_one_that_does_not_exist(client, world, role):
    client.force_login(world["users"][role])
    wrong = []
    for name in OBJECT_URLS:
        if role not in policy.TABLE[name].roles:
            continue
        nothing = answers(client, address(name, world, role, key=uuid.uuid4()))
        statuses = {status for status, _body in nothing}
        bearable = {404, 405} | ({403} if name in ASKS_MORE_THAN_A_ROLE else set())
        if not statuses <= bearable or statuses == {405}:
            wrong.append((name, statuses))
        if answers(client, address(name, world, role, objects="foreign")) != nothing:
            wrong.append((name, "differs"))
    assert wrong == []


@pytest.mark.parametrize("name", ["scoring:statement", "scoring:mending", "scoring:deduction", "scoring:inspection"])
@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_object_of_another_department_answers_as_one_that_does_not_exist(client, season, world, name, role):
    first, second = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)
    line = make_deduction(season, "P1", by=first, confirmed_by=second, charged="体育部")
    visit = Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=line.charged,
        started_at=NOON,
        ended_at=NOON + timedelta(hours=1),
        entered_at=NOON,
        entered_by_id=first.user_id,
    )
    found = {
        "scoring:statement": line.charged,
        "scoring:mending": line.charged,
        "scoring:deduction": line,
        "scoring:inspection": visit,
    }[name]
    client.force_login(world["users"][role])
    nothing = answers(client, address(name, world, role, key=uuid.uuid4()))
    assert nothing[0][0] == 404
    assert answers(client, address(name, world, role, key=found.uuid)) == nothing


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_own_deduction_is_not_there_before_its_confirmation(client, world, role):
    client.force_login(world["users"][role])
    path = address("scoring:deduction", world, role)
    assert answers(client, path) == answers(client, address("scoring:deduction", world, role, key=uuid.uuid4()))
    assert client.get(path).status_code == 404


def test_assessor_with_an_interest_finds_nothing_unconfirmed_of_that_department(client, world):
    """Else as any assessor: the line and the visit of the own department are as good as absent."""
    client.force_login(world["users"]["interested"])
    wrong = []
    for name in SEASON_URLS:
        path = address(name, world, "interested")
        status = client.get(path).status_code
        if Role.ASSESSOR not in policy.TABLE[name].roles:
            fine = status == 403
        elif isinstance(world["own"].get(name), Deduction | Finding | Inspection):
            nothing = answers(client, address(name, world, "interested", key=uuid.uuid4()))
            fine = answers(client, path) == nothing and client.post(path).status_code in {404, 405}
        else:
            fine = status in LET_IN or (status == 403 and name in ASKS_MORE_THAN_A_ROLE)
        if not fine:
            wrong.append((name, status))
    assert wrong == []


def test_act_against_a_department_of_own_interest_is_refused_with_the_sentence(client, season, world):
    line = make_deduction(
        season,
        "P1",
        by=make_actor(season, Role.ASSESSOR),
        confirmed_by=make_actor(season, Role.TEAM_LEAD),
        charged=HOME,
    )
    lead = make_user("interested-lead")
    make_membership(season, lead, Role.TEAM_LEAD, department=line.charged)
    client.force_login(lead)
    client.cookies["django_language"] = "en"
    path = reverse("scoring:deduction-withdraw", args=["2009", line.uuid])
    answer = client.post(path, {"because": "看错"})
    assert answer.status_code == 403
    assert "You have an interest in this department" in answer.content.decode()
    line.refresh_from_db()
    assert line.withdrawn_at is None


@pytest.mark.parametrize("name", ["job", "job-file"])
def test_job_of_somebody_else_answers_as_one_that_does_not_exist(client, world, name):
    job = Job.objects.create(kind="test", asked_by=world["users"][Role.OFFICE], asked_at=NOON)
    client.force_login(world["users"][Role.HEAD])
    nothing = answers(client, reverse(name, args=[uuid.uuid4()]))
    assert nothing[0][0] == 404
    assert answers(client, reverse(name, args=[job.uuid])) == nothing


def test_one_time_password_opens_nothing_but_its_change(client, world):
    User.objects.filter(pk=world["users"][Role.OFFICE].pk).update(must_change_password=True)
    client.force_login(world["users"][Role.OFFICE])
    for name in [*SEASON_URLS, "campaigns:home"]:
        answer = client.get(address(name, world, Role.OFFICE))
        assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("password")), name


def test_account_switched_off_is_out_at_once(client, world):
    client.force_login(world["users"][Role.OFFICE])
    path = reverse("campaigns:people", args=["2009"])
    assert client.get(path).status_code == 200
    User.objects.filter(pk=world["users"][Role.OFFICE].pk).update(is_active=False)
    assert client.get(path).status_code == 302
