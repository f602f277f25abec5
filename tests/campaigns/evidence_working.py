"""What the tests of evidence share."""

import uuid
from datetime import date

from campaigns.models import (
    Assignment,
    AssignmentReport,
    Circular,
    CircularRecipient,
    Duty,
    Plan,
    PlanItem,
    Policy,
    PolicyItem,
    Problem,
    ProblemAnswer,
)
from campaigns.services.evidence import file_evidence
from tests.campaigns.handing_in import make_file
from tests.factories import NOON, department

DAY = date(2009, 11, 20)


def make_upload(season, by_id, content="x", name="照片.jpg"):
    """Return an upload of a person that waits to be attached; its content is not in the store."""
    stored = make_file(by_id=by_id, content=content, is_upload=True, name=name)
    type(stored).objects.filter(pk=stored.pk).update(campaign_id=season.pk)
    return stored


def filed(
    season, by, *, home="图书馆", text="读者服务周照片", happened_on=DAY, targets=(), uploads=(), at=NOON, **values
):
    """Return evidence filed for a department."""
    return file_evidence(
        department(season, home),
        uuid=values.pop("uuid", None) or uuid.uuid4(),
        text=text,
        happened_on=happened_on,
        uploads=uploads,
        targets=targets,
        by=by,
        at=at,
    )


def links_of(evidence):
    """Return what a piece of evidence proves, in order."""
    return sorted(evidence.links.values_list("target", "key"))


def make_task(season, by_id, *, home="图书馆", title="报送检查报告", state="given", judged_at=NOON):
    """Return an assignment of a department, reported and judged where `state` says so."""
    done_on = DAY if state in ("accepted", "reported") else None
    task = Assignment.objects.create(
        campaign=season,
        department=department(season, home),
        title=title,
        issuer="office",
        given_on=DAY,
        due_on=date(2009, 12, 30),
        state=state,
        done_on=done_on,
        given_by_id=by_id,
        entered_at=NOON,
    )
    if state == "accepted":
        AssignmentReport.objects.create(
            assignment=task,
            text="已报送",
            done_on=DAY,
            reported_by_id=by_id,
            reported_at=NOON,
            verdict="accepted",
            judged_by_id=by_id,
            judged_at=judged_at,
        )
    return task


def make_problem(season, by_id, *homes, title="开放时间不足", state="given"):
    """Return a problem naming departments, with an answer of each."""
    problem = Problem.objects.create(
        campaign=season,
        source="office",
        title=title,
        found_on=DAY,
        due_on=date(2009, 12, 30),
        raised_by_id=by_id,
        raised_at=NOON,
    )
    said = {} if state == "given" else {"kind": "rectification", "answered_on": DAY, "judged_at": NOON}
    for home in homes or ("图书馆",):
        ProblemAnswer.objects.create(problem=problem, department=department(season, home), state=state, **said)
    return problem


def make_circular(season, by_id, *homes, title="冬季安全工作的通知"):
    """Return a circular addressed to departments."""
    circular = Circular.objects.create(
        campaign=season,
        kind="issued",
        title=title,
        issued_on=DAY,
        due_on=date(2009, 12, 30),
        entered_by_id=by_id,
        entered_at=NOON,
    )
    for home in homes or ("图书馆",):
        CircularRecipient.objects.create(circular=circular, department=department(season, home))
    return circular


def make_policy_item(season, by_id, *, home="图书馆", text="阅览室每日开放十二小时"):
    """Return the one content of a policy of a department."""
    policy = Policy.objects.create(
        campaign=season,
        department=department(season, home),
        title="开放制度",
        issued_on=DAY,
        entered_by_id=by_id,
        entered_at=NOON,
    )
    return PolicyItem.objects.create(policy=policy, text=text)


def make_plan_item(season, *, home="图书馆", title="做好读者服务", **values):
    """Return an item of a department's plan."""
    plan, _made = Plan.objects.get_or_create(
        department=department(season, home),
        defaults={"campaign": season, "title": "方案", "created_at": NOON, "changed_at": NOON, **values},
    )
    return PlanItem.objects.create(plan=plan, title=title)


def make_duty(season, *, home="图书馆", number="1", text="做好读者服务工作", **values):
    """Return a duty of a department."""
    return Duty.objects.create(campaign=season, department=department(season, home), number=number, text=text, **values)
