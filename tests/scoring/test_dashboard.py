"""The leading group's dashboard: own departments, what changed since the last visit, what waits for a yes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.enums import InvitationAnswer, LeaderPost, Role
from campaigns.models import DepartmentLeader, Interest, Invitation, Sitting, StudySession
from campaigns.services.invitations import answer_invitation
from qualityseason.errors import Refused
from scoring.enums import AppealState
from scoring.models import DashboardVisit
from scoring.queries.dashboard import load_dashboard
from scoring.services.appeals import WordOfMouth, make_appeal, rule_appeal
from scoring.services.dashboard_visits import note_visit
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import Pair, page, parsed, reader, turn_clock, words

QUERIES = 43  # whatever the season holds


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP, username="leader")


def board(season, actor, *, before=None, at=NOON):
    return load_dashboard(season, actor, before=before, at=at)


def lead(season, actor, name, post=LeaderPost.IN_CHARGE):
    return DepartmentLeader.objects.create(
        campaign=season, department=department(season, name), post=post, name="张院长", user_id=actor.user_id
    )


def test_it_opens_on_the_departments_of_the_leader(season, leader):
    lead(season, leader, "图书馆")
    lead(season, leader, "教务处", LeaderPost.LIAISON)
    Pair(season).charge("P2", charged="图书馆")
    found = board(season, leader, at=NOON + timedelta(days=1))
    assert [(own.row.department, own.row.rank, str(own.row.total)) for own in found.own] == [
        ("教务处", 1, "100.00"),
        ("图书馆", 10, "99.00"),
    ]


def test_movement_is_told_against_the_ranking_known_at_the_last_visit(season, leader):
    pair = Pair(season)
    pair.charge("P2", charged="图书馆", at=NOON)
    before = NOON + timedelta(hours=1)
    pair.charge("P2", charged="体育部", quantity=2, at=NOON + timedelta(hours=2))
    found = board(season, leader, before=before, at=NOON + timedelta(hours=3))
    moved = {row.department: (row.rank, row.moved) for block in found.blocks for row in block.rows}
    assert moved["体育部"] == (10, -9)
    assert moved["图书馆"] == (9, 1)
    assert moved["教务处"] == (1, 0)
    assert (found.news.lines, str(found.news.points)) == (1, "2.00")


def test_first_visit_tells_of_the_last_seven_days(season, leader):
    pair = Pair(season)
    pair.charge("P2", charged="图书馆", at=NOON)
    assert board(season, leader, at=NOON + timedelta(days=6)).news.lines == 1
    assert board(season, leader, at=NOON + timedelta(days=8)).news.lines == 0


def test_a_reload_belongs_to_the_same_visit(season, leader):
    def look(minutes):
        return note_visit(season, user_id=leader.user_id, at=NOON + timedelta(minutes=minutes))

    assert [look(0), look(10), look(39)] == [None, None, None]
    assert look(100) == NOON + timedelta(minutes=39)
    assert look(101) == NOON + timedelta(minutes=39)
    assert DashboardVisit.objects.count() == 1


def test_what_costs_most_by_points_and_by_departments(season, leader):
    pair = Pair(season)
    pair.charge("S3b", charged="图书馆")
    for name in ("教务处", "工会", "团委"):
        pair.charge("P5", charged=name)
    found = board(season, leader)
    assert [(cost.code, str(cost.points), cost.departments) for cost in found.by_points] == [
        ("S3b", "10.00", 1),
        ("P5", "0.30", 3),
    ]
    assert [cost.code for cost in found.by_departments] == ["P5", "S3b"]


def test_appeal_waits_for_a_leader_only_where_no_head_of_the_team_is_free(season, leader):
    line = Pair(season).charge("P2", charged="图书馆")
    office = make_actor(season, Role.OFFICE, username="office")
    said = WordOfMouth("李娜", NOON.date())
    make_appeal(line, uuid=line.uuid, reason="有佐证", spoken=said, by=office, at=NOON)
    assert [appeal.deduction for appeal in board(season, leader).waiting.appeals] == [line]
    team_lead = make_actor(season, Role.TEAM_LEAD, username="lead")
    assert board(season, leader).waiting.appeals == ()
    appeal = line.appeals.get()
    rule_appeal(appeal, state=AppealState.UPHELD, ruling="属实", by=team_lead, at=NOON)
    found = board(season, leader, before=NOON - timedelta(hours=1))
    assert (found.news.ruled, found.appeals) == (1, {"upheld": 1})


def test_recorded_lines_of_a_department_of_own_interest_are_told_nowhere(season, leader):
    pair = Pair(season)
    Interest.objects.create(
        campaign=season,
        user_id=leader.user_id,
        department=department(season, "图书馆"),
        reason="亲属",
        starts_on=season.facts_from,
    )
    before = board(season, leader)
    pair.record("P2", charged="图书馆")
    assert board(season, leader) == before


def invite(season, actor, *, starts_at):
    session = StudySession.objects.create(
        campaign=season,
        department=department(season, "图书馆"),
        topic="质量",
        entered_by_id=actor.user_id,
        entered_at=NOON,
    )
    Sitting.objects.create(session=session, starts_at=starts_at, place="会议室")
    return Invitation.objects.create(
        session=session, post=LeaderPost.IN_CHARGE, name="张院长", user_id=actor.user_id, invited_on=NOON.date()
    )


def test_invitation_is_answered_on_the_dashboard_until_the_session_begins(season, leader):
    turn_clock(season, NOON)
    invitation = invite(season, leader, starts_at=NOON + timedelta(days=2))
    client = reader(leader)
    address = page("dashboard", season)
    assert "coming" in client.get(address).content.decode()
    path = reverse("campaigns:invitation-answer", args=[season.slug, invitation.uuid])
    assert client.post(path, {"answer": "coming", "next": address}).headers["Location"] == address
    invitation.refresh_from_db()
    assert invitation.answer == InvitationAnswer.COMING
    refused = client.post(path, {"answer": "perhaps", "next": "https://elsewhere.example/"})
    assert refused.headers["Location"] == reverse("campaigns:session", args=[season.slug, invitation.session.uuid])
    assert board(season, leader, at=NOON + timedelta(days=3)).waiting.invitations == ()
    with pytest.raises(Refused) as found:
        answer_invitation(invitation, answer=InvitationAnswer.NOT_COMING, actor=leader, at=NOON + timedelta(days=3))
    assert found.value.code == "begun"


def test_somebody_elses_invitation_is_not_answered(season, leader):
    invitation = invite(season, leader, starts_at=NOON + timedelta(days=2))
    other = make_actor(season, Role.LEADERSHIP, username="another")
    turn_clock(season, NOON)
    path = reverse("campaigns:invitation-answer", args=[season.slug, invitation.uuid])
    assert reader(other).post(path, {"answer": "coming"}).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_page_asks_the_same_queries_at_any_size(season, leader, amount, django_assert_num_queries):
    turn_clock(season, NOON)
    pair = Pair(season)
    for name in ("图书馆", "教务处", "体育部")[:amount]:
        lead(season, leader, name)
        pair.charge("P2", charged=name)
        invite(season, leader, starts_at=NOON + timedelta(days=2))
    client = reader(leader)
    client.get(page("dashboard", season))
    with django_assert_num_queries(QUERIES):
        client.get(page("dashboard", season))


def test_every_department_is_a_link_to_its_statement(season, leader):
    turn_clock(season, NOON)
    tree = parsed(reader(leader).get(page("dashboard", season)))
    names = [words(link) for link in tree.xpath("//ol[contains(@class, 'board-ranking')]//a")]
    assert len(names) == 24
    hrefs = tree.xpath("//ol[contains(@class, 'board-ranking')]//a/@href")
    assert hrefs[0] == page("statement", season, department(season, names[0]).uuid)
