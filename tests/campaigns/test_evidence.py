"""Filing, changing, linking and withdrawing evidence."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.enums import EvidenceTarget, Role
from campaigns.models import Attachment, Evidence, Exchange, Obligation, Recommendation
from campaigns.services.attachments import remove_attachment
from campaigns.services.evidence import change_evidence, choose_evidence, link_evidence, link_to, withdraw_evidence
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.evidence_working import (
    DAY,
    filed,
    links_of,
    make_circular,
    make_duty,
    make_plan_item,
    make_policy_item,
    make_problem,
    make_task,
    make_upload,
)
from tests.factories import NOON, SHANGHAI, department, make_actor


@pytest.fixture
def liaison(season):
    return make_actor(season, Role.STAFF, department=department(season))


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def everything(season, by):
    """Return one link to each sort of thing the library's evidence can prove."""
    event = Exchange.objects.create(
        campaign=season, kind="sharing", title="交流会", starts_at=NOON, place="礼堂", entered_by_id=by, entered_at=NOON
    )
    praise = Recommendation.objects.create(
        campaign=season,
        department=department(season),
        recommended=department(season, "工会"),
        title="送书到班",
        practice="做法",
        made_by_id=by,
        made_at=NOON,
    )
    records = {
        "duty": make_duty(season),
        "plan-item": make_plan_item(season),
        "circular": make_circular(season, by),
        "assignment": make_task(season, by),
        "problem": make_problem(season, by),
        "policy-item": make_policy_item(season, by),
        "exchange": event,
        "recommendation": praise,
    }
    named = [("month", "2009-11"), ("have", "有记录"), ("publicity", "墙报"), ("stage-report", "")]
    return [*((target, str(record.uuid)) for target, record in records.items()), *named]


def change(evidence, by, **values):
    said = {"text": evidence.text, "happened_on": evidence.happened_on, "targets": links_of(evidence)}
    return change_evidence(evidence, **said | {"version": evidence.version, "by": by, "at": NOON} | values)


def refusal(act, *args, **values):
    with pytest.raises(Refused) as refused:
        act(*args, **values)
    return refused.value.field, refused.value.refusal_code


# --- filing


def test_three_photos_filed_once_count_for_everything_ticked(season, liaison):
    uploads = [make_upload(season, liaison.user_id, content=str(n), name=f"{n}.jpg") for n in range(3)]
    targets = everything(season, liaison.user_id)
    evidence = filed(season, liaison, targets=targets, uploads=[file.uuid for file in uploads])
    assert links_of(evidence) == sorted(targets)
    assert {target for target, _key in targets} == set(EvidenceTarget.values)
    files = Attachment.objects.of_owner("evidence", evidence.uuid)
    assert [(file.file_id, file.department_id) for file in files] == [
        (upload.pk, evidence.department_id) for upload in uploads
    ]


def test_without_a_tick_it_waits_unfiled(season, liaison):
    evidence = filed(season, liaison)
    assert list(Evidence.objects.unfiled()) == [evidence]
    link_evidence(evidence, target=EvidenceTarget.HAVE, key="有记录", by=liaison, at=NOON)
    assert not Evidence.objects.unfiled().exists()


def test_form_sent_twice_files_once_and_another_body_is_refused(season, liaison):
    upload = make_upload(season, liaison.user_id)
    values = {"uuid": uuid.uuid4(), "targets": [("month", "2009-11"), ("have", "有记录")], "uploads": [upload.uuid]}
    first = filed(season, liaison, **values)
    again = filed(season, liaison, **values | {"targets": values["targets"][::-1]})
    same_content = make_upload(season, liaison.user_id)
    assert filed(season, liaison, **values | {"uploads": [same_content.uuid]}) == again == first
    change(first, liaison, text="另一句话")
    assert filed(season, liaison, **values) == first
    assert (Evidence.objects.count(), Attachment.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(act="evidence.file").count() == 1
    for other in ({"text": "别的"}, {"targets": []}, {"uploads": []}, {"happened_on": DAY + timedelta(days=1)}):
        assert refusal(filed, season, liaison, **values | other) == (None, "reused")
    colleague = make_actor(season, Role.HEAD, department=department(season))
    assert refusal(filed, season, colleague, **values | {"uploads": []}) == (None, "reused")


BODIES = [
    {"text": "甲", "targets": []},
    {"text": "甲", "targets": [("month", "2009-11"), ("have", "有记录")]},
    {"text": "甲", "targets": [("have", "有记录"), ("month", "2009-11")]},
    {"text": "乙", "targets": [("have", "有记录")]},
]
SAME_AS = [0, 1, 1, 3]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sendings=st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_however_often_a_form_is_sent_its_first_body_alone_is_filed(season, liaison, sendings):
    form, answers = uuid.uuid4(), []
    for number in sendings:
        try:
            answers.append(filed(season, liaison, uuid=form, **BODIES[number]))
        except Refused as refused:
            answers.append(refused.refusal_code)
    first = Evidence.objects.get(uuid=form)
    assert links_of(first) == sorted(BODIES[sendings[0]]["targets"])
    assert answers == [first if SAME_AS[number] == SAME_AS[sendings[0]] else "reused" for number in sendings]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2009, 8, 31), "outside"),
        (date(2009, 9, 1), ""),
        (date(2009, 12, 28), ""),
        (date(2009, 12, 29), "future"),
        (date(2010, 2, 1), "outside"),
    ],
)
def test_day_lies_in_the_season_and_has_come(season, liaison, day, code):
    if not code:
        assert filed(season, liaison, happened_on=day).happened_on == day
    else:
        assert refusal(filed, season, liaison, happened_on=day) == ("happened_on", code)
        assert not Evidence.objects.exists()


@pytest.mark.parametrize("text", ["", " \u200b ", "字" * 301])
def test_sentence_is_needed_and_short(season, liaison, text):
    assert refusal(filed, season, liaison, text=text) == ("text", "text")


@pytest.mark.parametrize(
    "target",
    [("month", "2009-10"), ("month", "x"), ("have", "有面子"), ("publicity", ""), ("stage-report", "x"), ("x", "y")],
)
def test_what_the_season_does_not_have_is_refused(season, liaison, target):
    code = "month" if target[0] == "month" else "target"
    assert refusal(filed, season, liaison, targets=[target]) == ("targets", code)
    assert not Evidence.objects.exists()


def test_only_open_things_of_the_very_department_can_be_proven(season, liaison, office):
    by = liaison.user_id
    gone = [
        ("duty", make_duty(season, number="9", ended_at=NOON)),
        ("assignment", make_task(season, by, state="withdrawn")),
        ("plan-item", make_plan_item(season)),
        ("circular", make_circular(season, by)),
        ("problem", make_problem(season, by)),
        ("policy-item", make_policy_item(season, by)),
    ]
    gone[2][1].removed_at = NOON
    gone[2][1].save()
    gone[3][1].recipients.update(removed_at=NOON)
    gone[4][1].answers.update(state="withdrawn")
    type(gone[5][1].policy).objects.update(withdrawn_at=NOON)
    strange = [
        ("duty", make_duty(season, home="工会")),
        ("assignment", make_task(season, by, home="工会")),
        ("plan-item", make_plan_item(season, home="工会")),
        ("circular", make_circular(season, by, "工会")),
        ("problem", make_problem(season, by, "工会")),
        ("policy-item", make_policy_item(season, by, home="工会")),
    ]
    for target, record in (*gone, *strange):
        key = str(record.uuid)
        assert refusal(filed, season, liaison, targets=[(target, key)]) == ("targets", "target"), target
        assert refusal(link_evidence, filed(season, liaison), target=target, key=key, by=liaison, at=NOON) == (
            "targets",
            "target",
        )


# --- changing and linking


def test_change_keeps_what_is_not_open_any_more_and_bumps_the_version(season, liaison):
    duty = make_duty(season)
    evidence = filed(season, liaison, targets=[("duty", str(duty.uuid))])
    duty.ended_at = NOON
    duty.save()
    changed = change(evidence, liaison, targets=[*links_of(evidence), ("month", "2009-12")], text="读者服务周")
    assert (changed.version, changed.text) == (2, "读者服务周")
    assert links_of(changed) == [("duty", str(duty.uuid)), ("month", "2009-12")]
    entry = AuditEntry.objects.get(act="evidence.change")
    assert (entry.before["text"], entry.after["proves"]) == ("读者服务周照片", [f"duty {duty.uuid}", "month 2009-12"])
    assert change(changed, liaison, targets=[]).links.count() == 0


def test_stale_change_is_refused_and_loses_nothing(season, liaison):
    evidence = filed(season, liaison, targets=[("have", "有记录")])
    link_evidence(evidence, target="month", key="2009-11", by=liaison, at=NOON)
    assert refusal(change, evidence, liaison, text="我的") == (None, "stale")
    evidence.refresh_from_db()
    assert (evidence.text, len(links_of(evidence))) == ("读者服务周照片", 2)
    assert change(evidence, liaison, version=1).version == 2


def test_linking_again_changes_nothing(season, liaison):
    evidence = filed(season, liaison)
    for _click in range(2):
        linked = link_to(evidence, targets=[("have", "有记录"), ("month", "2009-11")], by=liaison, at=NOON)
    assert (linked.version, len(links_of(linked))) == (2, 2)
    assert AuditEntry.objects.filter(act="evidence.link").count() == 1


def test_own_evidence_is_chosen_for_one_thing_more(season, liaison, office):
    mine, other = filed(season, liaison), filed(season, office, home="工会")
    duty = make_duty(season)
    values = {"target": "duty", "key": str(duty.uuid), "by": liaison, "at": NOON}
    assert choose_evidence(department(season), uuids=[mine.uuid, other.uuid], **values) == [mine]
    assert (len(links_of(mine)), len(links_of(other))) == (1, 0)
    assert refusal(choose_evidence, department(season), uuids=[other.uuid], **values) == ("evidence", "none")


# --- withdrawing, and what rests on it


def test_withdrawn_evidence_stays_and_is_changed_no_more(season, liaison):
    evidence = filed(season, liaison, targets=[("have", "有记录")])
    assert refusal(withdraw_evidence, evidence, because=" ", by=liaison, at=NOON) == ("because", "reason")
    for because in ("传错了", "再点一次"):
        evidence = withdraw_evidence(evidence, because=because, by=liaison, at=NOON)
    assert (evidence.withdrawn_because, evidence.withdrawn_at) == ("传错了", NOON)
    assert not Evidence.objects.standing().exists()
    assert AuditEntry.objects.filter(act="evidence.withdraw").count() == 1
    assert refusal(change, evidence, liaison, text="x") == (None, "withdrawn")
    assert refusal(link_evidence, evidence, target="month", key="2009-11", by=liaison, at=NOON) == (None, "withdrawn")


def make_accepted(season, by_id, target):
    if target == "assignment":
        return make_task(season, by_id, title="报送检查报告", state="accepted")
    return make_problem(season, by_id, title="开放时间不足", state="accepted")


@pytest.mark.parametrize(("target", "title"), [("assignment", "报送检查报告"), ("problem", "开放时间不足")])
def test_what_was_accepted_keeps_its_evidence(season, liaison, target, title):
    upload = make_upload(season, liaison.user_id)
    record = make_accepted(season, liaison.user_id, target)
    targets = [(target, str(record.uuid)), ("have", "有记录")]
    evidence = filed(season, liaison, targets=targets, uploads=[upload.uuid])
    with pytest.raises(Refused, match=title):
        withdraw_evidence(evidence, because="错", by=liaison, at=NOON)
    assert refusal(change, evidence, liaison, targets=[("have", "有记录")]) == ("targets", "rests")
    with pytest.raises(Refused, match=title):
        remove_attachment(Attachment.objects.get(), by_id=liaison.user_id, at=NOON)
    assert change(evidence, liaison, targets=[(target, str(record.uuid))]).links.count() == 1


def test_evidence_filed_after_the_verdict_or_of_another_department_is_free(season, liaison, office):
    task = make_task(season, liaison.user_id, state="accepted", judged_at=NOON)
    later = NOON + timedelta(minutes=1)
    mistaken = filed(season, liaison, targets=[("assignment", str(task.uuid))], at=later)
    assert withdraw_evidence(mistaken, because="点错", by=liaison, at=later).withdrawn_at == later
    problem = make_problem(season, office.user_id, "图书馆", "工会")
    problem.answers.filter(department__name="工会").update(state="accepted", kind="explanation", answered_on=DAY)
    evidence = filed(season, liaison, targets=[("problem", str(problem.uuid))])
    assert withdraw_evidence(evidence, because="点错", by=liaison, at=NOON).withdrawn_at == NOON


# --- publicity


def owed_publicity(season, home="财会金融系"):
    return Obligation.objects.get(department=department(season, home), kind="publicity")


def noon(month, day):
    return datetime(2009, month, day, 12, tzinfo=SHANGHAI)


def test_publicity_is_met_by_the_earliest_and_reopened_by_the_last(season):
    by = make_actor(season, Role.STAFF, department=department(season, "财会金融系"))
    values = {"home": "财会金融系", "targets": [("publicity", "墙报")]}
    late = filed(season, by, happened_on=date(2009, 11, 5), **values)
    assert (owed_publicity(season).met_at, owed_publicity(season).met_by_uuid) == (noon(11, 5), late.uuid)
    early = filed(season, by, happened_on=date(2009, 10, 25), **values)
    assert (owed_publicity(season).met_at, owed_publicity(season).met_by_uuid) == (noon(10, 25), early.uuid)
    change(early, by, happened_on=date(2009, 10, 28))
    assert owed_publicity(season).met_at == noon(10, 28)
    early.refresh_from_db()
    change(early, by, targets=[("have", "有活动")])
    assert owed_publicity(season).met_by_uuid == late.uuid
    withdraw_evidence(late, because="错", by=by, at=NOON)
    assert (owed_publicity(season).met_at, owed_publicity(season).met_by_uuid) == (None, None)
    link_evidence(early, target="publicity", key="广播", by=by, at=NOON)
    assert owed_publicity(season).met_at == noon(10, 28)


def test_other_evidence_leaves_publicity_owed(season):
    by = make_actor(season, Role.STAFF, department=department(season, "财会金融系"))
    filed(season, by, home="财会金融系", targets=[("have", "有活动")])
    assert owed_publicity(season).met_at is None


# --- who


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_file_nothing(season, liaison, role):
    stranger, evidence = make_actor(season, role), filed(season, liaison)
    for act in (
        lambda: filed(season, stranger),
        lambda: change(evidence, stranger, text="x"),
        lambda: link_evidence(evidence, target="have", key="有记录", by=stranger, at=NOON),
        lambda: choose_evidence(
            department(season), uuids=[evidence.uuid], target="have", key="有记录", by=stranger, at=NOON
        ),
        lambda: withdraw_evidence(evidence, because="x", by=stranger, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_office_files_for_a_department_but_not_for_one_of_own_interest(season, office):
    evidence = filed(season, office, home="工会", targets=[("have", "有记录")])
    assert evidence.entered_by_id == office.user_id
    barred = replace(office, interests=frozenset({evidence.department_id}))
    for act in (
        lambda: filed(season, barred, home="工会"),
        lambda: withdraw_evidence(evidence, because="x", by=barred, at=NOON),
    ):
        with pytest.raises(ConflictOfInterest):
            act()


def test_nobody_files_for_another_department(season, liaison):
    with pytest.raises(PermissionDenied):
        filed(season, liaison, home="工会")
