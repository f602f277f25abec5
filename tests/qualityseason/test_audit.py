"""The audit log: who, what, when on both clocks, before and after."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from qualityseason.models import AuditEntry
from qualityseason.services import audit
from qualityseason.tracing import request_id
from tests.factories import NOON, department, make_user


@time_machine.travel(datetime(2026, 3, 1, 4, 0, tzinfo=UTC), tick=False)
def test_record_writes_both_clocks_and_the_request(season):
    user = make_user("li")
    here = department(season)
    token = request_id.set("trace-7")
    entry = audit.record(
        "thing.do",
        here,
        by_id=user.pk,
        campaign_id=season.pk,
        department_id=here.pk,
        at=NOON,
        before={"points": Decimal("0.10")},
        after={"day": date(2009, 11, 6)},
    )
    request_id.reset(token)
    entry = AuditEntry.objects.get(pk=entry.pk)
    assert (entry.at, entry.campaign_at) == (datetime(2026, 3, 1, 4, 0, tzinfo=UTC), NOON)
    assert (entry.act, entry.object_type, entry.object_id) == ("thing.do", "campaigns.Department", str(here.uuid))
    assert (entry.by, entry.campaign_id, entry.department_id) == (user, season.pk, here.pk)
    assert (entry.before, entry.after, entry.request_id) == ({"points": "0.10"}, {"day": "2009-11-06"}, "trace-7")


def test_record_names_an_object_without_uuid_by_its_key(season):
    entry = audit.record("thing.do", season, by_id=None)
    assert (entry.object_id, entry.request_id, entry.before) == (str(season.pk), "", None)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("0.10"), "0.10"),
        (date(2009, 11, 6), "2009-11-06"),
        (datetime(2009, 11, 6, 4, 0, tzinfo=UTC), "2009-11-06T04:00:00+00:00"),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        ({"a": (Decimal("1.00"), None)}, {"a": ["1.00", None]}),
        (frozenset({1}), [1]),
        ("text", "text"),
        (True, True),
    ],
)
def test_plain_is_what_json_can_hold(value, plain):
    assert audit.plain(value) == plain
