"""Several people on one piece of evidence, each with a connection of their own."""

import uuid

import pytest

from campaigns.enums import Role
from campaigns.models import Evidence, EvidenceLink, Obligation
from campaigns.services.evidence import change_evidence, link_evidence, withdraw_evidence
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.at_once import at_once
from tests.campaigns.evidence_working import filed, links_of, make_upload
from tests.factories import NOON, department, make_actor

THREADS = 6


@pytest.fixture
def liaison(committed_season):
    return make_actor(committed_season, Role.STAFF, department=department(committed_season, "财会金融系"))


def test_one_form_sent_several_times_at_once_files_once(committed_season, liaison):
    upload = make_upload(committed_season, liaison.user_id)
    values = {"home": "财会金融系", "uuid": uuid.uuid4(), "targets": [("publicity", "墙报")], "uploads": [upload.uuid]}
    results = at_once(*[lambda: filed(committed_season, liaison, **values)] * THREADS)
    assert {type(result) for result in results} == {Evidence}
    assert (Evidence.objects.count(), EvidenceLink.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(act="evidence.file").count() == 1
    assert Obligation.objects.filter(kind="publicity", met_at__isnull=False).count() == 1


def test_two_people_change_one_record_and_one_of_them_is_told(committed_season, liaison):
    evidence = filed(committed_season, liaison, home="财会金融系", targets=[("have", "有记录")])

    def changing(number):
        return lambda: change_evidence(
            evidence,
            text=f"第{number}人的话",
            happened_on=evidence.happened_on,
            targets=[("have", "有记录")],
            version=1,
            by=liaison,
            at=NOON,
        )

    results = at_once(*(changing(number) for number in range(THREADS)))
    won = [result for result in results if isinstance(result, Evidence)]
    lost = [result for result in results if isinstance(result, Refused)]
    assert (len(won), len(lost), {one.refusal_code for one in lost}) == (1, THREADS - 1, {"stale"})
    evidence.refresh_from_db()
    assert (evidence.text, evidence.version) == (won[0].text, 2)


def test_links_made_at_once_all_stay(committed_season, liaison):
    evidence = filed(committed_season, liaison, home="财会金融系")
    keys = ["有计划", "有步骤", "有主题", "有活动", "有特色", "有典型"]

    def linking(key):
        return lambda: link_evidence(evidence, target="have", key=key, by=liaison, at=NOON)

    at_once(*(linking(key) for key in keys))
    assert [key for _target, key in links_of(evidence)] == sorted(keys)


def test_last_publicity_withdrawn_while_another_is_filed_leaves_the_obligation_met(committed_season, liaison):
    values = {"home": "财会金融系", "targets": [("publicity", "墙报")]}
    first = filed(committed_season, liaison, **values)
    results = at_once(
        lambda: withdraw_evidence(first, because="错", by=liaison, at=NOON),
        lambda: filed(committed_season, liaison, **values),
    )
    assert {type(result) for result in results} == {Evidence}
    owed = Obligation.objects.get(kind="publicity", department=department(committed_season, "财会金融系"))
    assert owed.met_by_uuid == results[1].uuid
