"""What sentences, lists and finished work do not tell: names of others, drafts, what one may not read any more."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaigns.enums import ContestState, ProposalKind, ResponsibilityCode, Role
from campaigns.jobs.awards import AWARDS
from campaigns.models import Contest, ContestEntry, Membership, Plan, Proposal, Suggestion
from campaigns.queries.contest_facts import load_contest
from campaigns.queries.suggestions import suggestions_of
from campaigns.services.proposals import propose_change
from campaigns.services.sessions import enter_session
from qualityseason.errors import Refused
from qualityseason.models import Job, User
from qualityseason.services.jobs import start_job
from tests.campaigns.flow_working import HEAD, OFFICE, STAFF, actor, give_back, log_in, make_plan, submit, url
from tests.campaigns.people_working import make_receiver, make_version
from tests.campaigns.session_working import FIRST, announced, draft, invited
from tests.factories import NOON, department, make_person

OWN, OTHER = "图书馆", "体育部"


@pytest.fixture
def liaison(season):
    return actor(season, STAFF, place=OWN)


def propose(season, who, kind, values, **target):
    return propose_change(
        department(season, OWN),
        kind=kind,
        values=values,
        reason="调整",
        uuid=uuid.uuid4(),
        by=who,
        at=NOON,
        **target,
    )


def join(number, name="某人"):
    return {"number": number, "name": name, "category": "full_time", "starts_on": date(2009, 12, 1)}


def test_taken_staff_number_of_another_department_names_nobody(season, liaison):
    make_person(season, "秦桧之", number="00777", home=OTHER)
    own = make_person(season, "自己人", number="00778", home=OWN)
    for kind, target in ((ProposalKind.STAFF_JOIN, {}), (ProposalKind.STAFF_CORRECT, {"staff_member": own})):
        values = join("00777") if kind == ProposalKind.STAFF_JOIN else {**join("00777"), "name": "自己人"}
        with pytest.raises(Refused) as refused:
            propose(season, liaison, kind, values, **target)
        assert (refused.value.field, refused.value.refusal_code) == ("number", "taken")
        assert refused.value.existing is None
        assert "秦桧之" not in str(refused.value.sentence)


def test_taken_staff_number_of_the_own_department_names_the_person(season, liaison):
    make_person(season, "自己人", number="00778", home=OWN)
    with pytest.raises(Refused, match="自己人"):
        propose(season, liaison, ProposalKind.STAFF_JOIN, join("00778"))


def test_proposal_of_another_department_about_the_same_person_is_not_linked(client, season, liaison):
    person = make_person(season, "调动者", home=OWN)
    head = actor(season, HEAD, place=OTHER)
    foreign = Proposal.objects.create(
        campaign=season,
        department=department(season, OTHER),
        kind=ProposalKind.STAFF_CORRECT,
        staff_member=person,
        values={"number": person.number, "name": "改名", "category": "full_time"},
        reason="错",
        proposed_by_id=head.user_id,
        proposed_at=NOON,
    )
    log_in(client, liaison)
    page = f"{url('proposal-new', 'staff-correct')}?person={person.uuid}"
    words = {"number": person.number, "name": "改名", "category": "full_time", "reason": "错"}
    answer = client.post(page, words)
    assert (answer.status_code, answer.context["twin"]) == (200, None)
    assert str(foreign.uuid) not in answer.content.decode()


def test_form_of_another_department_used_again_tells_no_topic(client, season, liaison):
    stranger = User.objects.get(pk=actor(season, STAFF, place=OTHER).user_id)
    there = announced(season, FIRST, by=stranger, invitations=(invited(),))
    there.department = department(season, OTHER)
    there.topic = "秘密议题"
    there.save()
    with pytest.raises(Refused) as refused:
        enter_session(
            department(season, OWN),
            draft(FIRST),
            uuid=there.uuid,
            witness="某某",
            notified_on=None,
            by_id=liaison.user_id,
            at=NOON,
        )
    assert "秘密议题" not in str(refused.value.sentence)
    assert refused.value.existing is None


def test_title_of_an_item_still_being_written_is_told_to_writers_and_office_alone(season, liaison):
    plan, head, office = make_plan(season), actor(season, HEAD, place=OWN), actor(season, OFFICE)
    session = announced(season, FIRST, by=User.objects.get(pk=liaison.user_id))
    item = plan.items.first()
    Suggestion.objects.create(session=session, text="延长开放", item=item)
    assessor = actor(season, Role.ASSESSOR)

    def told(who):
        [line] = suggestions_of(session, who)
        return line.item, line.is_settled

    assert [told(who) for who in (liaison, office, assessor)] == [
        ("借阅服务", True),
        ("借阅服务", True),
        ("", True),
    ]
    submit(plan, head)
    assert told(assessor) == ("借阅服务", True)
    give_back(plan, office)
    item.title = "另起的草稿"
    item.save()
    assert (told(assessor)[0], told(liaison)[0]) == ("借阅服务", "另起的草稿")


def test_volume_says_nothing_of_plans_being_written(client, season, liaison):
    plan = make_plan(season, state="requested")
    state = plan.get_state_display()
    for who, knows in ((actor(season, Role.ASSESSOR), False), (actor(season, OFFICE), True)):
        log_in(client, who)
        row = next(row for row in client.get(url("volume")).context["page"].departments if row.name == OWN)
        assert ((row.state, row.plan) == (state, plan.uuid)) is knows, who.roles
        assert knows or (row.state, row.plan) == ("", None)


def test_printed_award_list_is_not_read_after_ones_time_in_the_season(
    client, season, liaison, portal_files, django_capture_on_commit_callbacks
):
    office = actor(season, OFFICE)
    Contest.objects.create(
        campaign=season,
        judged_until=NOON.date(),
        state=ContestState.AWARDED,
        opened_by_id=office.user_id,
        opened_at=NOON,
        awarded_at=NOON,
    )
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(AWARDS, by_id=liaison.user_id, campaign_id=season.pk, parameters={}, at=NOON)
    job = Job.objects.get(pk=job.pk)
    assert job.file is not None, job.problem
    log_in(client, liaison)
    page = reverse("job-file", args=[job.uuid])
    assert client.get(page).status_code == 200
    Membership.objects.update(ends_on=NOON.date() - timedelta(days=1))
    assert client.get(page).status_code == 404


def test_numbers_no_version_has_are_none(client, season):
    log_in_as = make_receiver(season, ResponsibilityCode.PAPER_RECEIVER)
    client.force_login(log_in_as)
    version = make_version(season)
    words = {"code": version.code, "pages": "3", "received_on": "2009-12-01", "note": ""}
    answer = client.post(url("receipt-paper"), words | {"confirmed": f"{version.uuid}:{'9' * 5000}"})
    assert answer.status_code == 200
    plan = Plan.objects.get()
    client.force_login(User.objects.get(pk=actor(season, OFFICE).user_id))
    for number in (10**6, 10**12, 10**25):
        assert client.get(f"/campaigns/2009/plans/{plan.uuid}/versions/{number}/").status_code == 404


def test_title_being_written_is_told_to_nobody_else(client, season, liaison, portal_files):
    plan, head, office = make_plan(season), actor(season, HEAD, place=OWN), actor(season, OFFICE)
    entered = submit(plan, head)
    contest = Contest.objects.create(
        campaign=season, judged_until=NOON.date(), opened_by_id=office.user_id, opened_at=NOON
    )
    entry = ContestEntry.objects.create(contest=contest, plan=plan, version=entered)
    give_back(plan, office)
    Plan.objects.filter(pk=plan.pk).update(title="另起的题目")
    judge = make_receiver(season, ResponsibilityCode.CONTEST_JUDGE, username="judge")
    receiver = make_receiver(season, ResponsibilityCode.PAPER_RECEIVER)
    assert load_contest(contest, on=NOON.date()).entries[0].title == "图书馆活动方案"
    client.force_login(receiver)
    words = {"code": entered.code, "pages": "3", "received_on": "2009-12-01", "note": ""}
    pages = [client.post(url("receipt-paper"), words), client.get(url("plan", plan.uuid))]
    client.force_login(judge)
    pages += [client.get(url("contest-ballot", entry.uuid)), client.get(url("contest"))]
    for page in pages:
        assert "图书馆活动方案" in page.content.decode(), page.request["PATH_INFO"]
        assert "另起的题目" not in page.content.decode(), page.request["PATH_INFO"]
    log_in(client, liaison)
    assert "另起的题目" in client.get(url("plan", plan.uuid)).content.decode()
