"""What tests of circulars and policies share: who acts, circulars sent, policies entered, evidence filed."""

from datetime import date
from uuid import uuid4

from campaigns.enums import CircularKind, EvidenceTarget, Role
from campaigns.models import CircularRecipient, Department, Evidence, EvidenceLink, Obligation
from campaigns.services.circular_drafts import CircularDraft
from campaigns.services.circular_records import record_carrying_out, record_relay
from campaigns.services.circulars import issue_circular
from campaigns.services.policies import enter_policy
from campaigns.services.policy_drafts import ItemDraft, PolicyDraft
from tests.factories import NOON, department, make_actor

HOME, OTHER = "图书馆", "工会"
ISSUED, DUE = date(2009, 12, 1), date(2009, 12, 10)


def liaison_of(season, home=HOME):
    """Return the actor of a new liaison."""
    return make_actor(season, Role.STAFF, department=department(season, home))


def draft(**values):
    """Return a circular as typed."""
    typed = {
        "kind": CircularKind.ISSUED,
        "number": "郴职院发[2009]40号",
        "title": "关于加强考勤的通知",
        "text": "请遵照执行。",
        "issued_on": ISSUED,
        "due_on": DUE,
    }
    return CircularDraft(**typed | values)


def places(season, *names):
    """Return departments by name; all that are open where none is named."""
    if names:
        return [department(season, name) for name in names]
    return list(Department.objects.filter(campaign=season, closed_on__isnull=True))


def sent(season, office, *names, uuid=None, uploads=(), again=False, at=NOON, **values):
    """Return a circular sent to the departments named, by default to 图书馆 alone."""
    return issue_circular(
        season,
        draft(**values),
        uuid=uuid or uuid4(),
        departments=places(season, *(names or (HOME,))),
        uploads=uploads,
        again=again,
        by=office,
        at=at,
    )


def part(circular, home=HOME):
    """Return the row of a department that a circular went to."""
    rows = CircularRecipient.objects.select_related("circular", "department")
    return rows.get(circular=circular, department__name=home)


def owed(circular, home=HOME):
    """Return what a department owes for a circular."""
    return Obligation.objects.get(kind="circular", key=str(circular.uuid), department__name=home)


def relayed(circular, by, *, home=HOME, on=date(2009, 12, 3), persons=(), how="部门例会", version=None, **values):
    """Record the relay: to all where no persons are given."""
    return record_relay(
        part(circular, home),
        relayed_on=on,
        to_all=values.pop("to_all", not persons),
        persons=persons,
        how=how,
        version=version,
        by=by,
        at=values.pop("at", NOON),
    )


def carried_out(circular, by, *, home=HOME, on=date(2009, 12, 8), what="已落实", version=None, at=NOON):
    """Record the execution."""
    return record_carrying_out(part(circular, home), carried_out_on=on, what=what, version=version, by=by, at=at)


def prove(season, target, key, *, home=HOME, by_id, withdrawn=False):
    """Return a piece of evidence of a department linked to what it proves."""
    piece = Evidence.objects.create(
        campaign=season,
        department=department(season, home),
        text="会议照片",
        happened_on=date(2009, 12, 4),
        entered_by_id=by_id,
        entered_at=NOON,
        **({"withdrawn_at": NOON, "withdrawn_by_id": by_id} if withdrawn else {}),
    )
    EvidenceLink.objects.create(evidence=piece, target=EvidenceTarget(target), key=str(key))
    return piece


def policy_draft(*texts, items=(), **values):
    """Return a policy as typed."""
    rows = items or [ItemDraft(text) for text in texts or ("每周检查一次", "每月通报一次")]
    typed = {"title": "值班制度", "number": "馆字[2008]3号", "issued_on": date(2008, 9, 1)}
    return PolicyDraft(items=tuple(rows), **typed | values)


def entered(season, by, *texts, home=HOME, uuid=None, uploads=(), at=NOON, **values):
    """Return a policy of a department."""
    place = department(season, home)
    return enter_policy(place, policy_draft(*texts, **values), uuid=uuid or uuid4(), uploads=uploads, by=by, at=at)
