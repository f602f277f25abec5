"""What tests of the contest and the volume start from: approved plans, judges, ballots."""

from datetime import date

from campaigns.calculations.plans import digest_of, version_code
from campaigns.enums import PlanState, ResponsibilityCode, Role
from campaigns.facts.plans import FileContent, ItemContent, PartContent, PlanContent
from campaigns.models import Contest, ContestEntry, Plan, PlanVersion, Responsibility
from campaigns.queries.actors import load_actor
from campaigns.services.contest import award_contest, close_contest, give_ballot, open_contest
from campaigns.services.plans import start_plan
from qualityseason.services.files import store_file
from tests.factories import NOON, department, make_actor, make_membership, make_user

UNTIL = date(2009, 12, 31)
SIX = ("监察审计室", "工会", "党院办", "教务处", "图书馆", "基础部")  # in the scheme's order, over both blocks


def make_content(title="活动方案", *, text="", items=1, files=(), word_sha256="") -> PlanContent:
    """Return what a plan says: one part of prose and some items, if any."""
    return PlanContent(
        title=title,
        parts=(PartContent(uuid="p1", code="goals", title="工作目标", text=text),),
        items=tuple(
            ItemContent(
                uuid=f"i{number}",
                number=number,
                title=f"条目{number}",
                measure="每周五下午检查阅览室，如实记录。",
                standard="记录完整，问题三日内整改。",
                outcome="读者满意度达到85%以上。",
                incentive="与部门考核挂钩。",
                service="主动到各系部征求意见。",
            )
            for number in range(1, items + 1)
        ),
        word_sha256=word_sha256,
        word_name="方案.docx" if word_sha256 else "",
        files=tuple(files),
    )


def make_approved_plan(season, name, content=None, *, state=PlanState.APPROVED) -> Plan:
    """Return the department's plan with one more version of that content, approved unless said otherwise."""
    home = department(season, name)
    user = make_user(f"writer-{home.pk}-{PlanVersion.objects.count()}")
    plan = start_plan(home, by_id=user.pk, at=NOON)
    content = content or make_content(f"{name}质量管理季活动方案")
    number = plan.versions.count() + 1
    digest = digest_of(content)
    PlanVersion.objects.create(
        plan=plan,
        number=number,
        code=version_code(digest, department=name, number=number),
        content=content.as_json(),
        digest=digest,
        submitted_at=NOON,
        submitted_by=user,
    )
    plan.title, plan.state = content.title, state
    plan.submitted_at = plan.approved_at = NOON
    plan.save()
    return plan


def make_judge(season, username, *, home=None, name=""):
    """Return the actor of a new judge, liaison of `home` or assessor."""
    user = make_user(username, name=name or username)
    role = Role.STAFF if home else Role.ASSESSOR
    make_membership(season, user, role, department=department(season, home) if home else None)
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.CONTEST_JUDGE, user=user)
    return as_actor(season, user)


def as_actor(season, user):
    """Return who the user is in the season now."""
    return load_actor(user, season, on=max(NOON.date(), season.facts_from))


def make_office(season):
    """Return the actor of a new member of the office."""
    return make_actor(season, Role.OFFICE)


def entry_of(name) -> ContestEntry:
    """Return the entry of a department's plan."""
    return ContestEntry.objects.select_related("plan__department", "contest__campaign").get(plan__department__name=name)


def judge(actor, name, *points, comment="", version=0):
    """Give a plan points for the three criteria."""
    given = dict(zip(("全面", "可行", "有特色"), points, strict=True))
    return give_ballot(entry_of(name), points=given, comment=comment, version=version, by=actor, at=NOON)


def make_contest(season, names=SIX, *, judges=2) -> tuple:
    """Return the office, the judges and the contest opened on approved plans of `names`."""
    for name in names:
        make_approved_plan(season, name)
    voters = [make_judge(season, f"judge-{number}", name=f"评委{number}") for number in range(1, judges + 1)]
    office = make_office(season)
    contest = open_contest(season, judged_until=UNTIL, by=office, at=NOON)
    return office, voters, contest


def tied_contest(season) -> tuple:
    """Return office, judges and the closed contest of six plans: 图书馆 and 基础部 share rank 3, across a line."""
    office, voters, contest = make_contest(season)
    points = {"监察审计室": 95, "工会": 90, "党院办": 70, "教务处": 60, "图书馆": 80, "基础部": 80}
    for voter in voters:
        for name, each in points.items():
            judge(voter, name, each, each, each)
    contest = close_contest(contest, accepts_missing=False, by=office, at=NOON)
    return office, voters, contest


def awarded_contest(season, names=SIX) -> tuple:
    """Return office, judges and the awarded contest, without ties: each plan five points less than the one before."""
    office, voters, contest = make_contest(season, names)
    for voter in voters:
        for number, name in enumerate(names):
            judge(voter, name, *[95 - 5 * number] * 3)
    contest = close_contest(contest, accepts_missing=False, by=office, at=NOON)
    return office, voters, award_contest(contest, by=office, at=NOON)


def keep(content: bytes, name: str, media_type: str) -> FileContent:
    """Return a file as a plan's content names it, its content in the store."""
    stored = store_file([content], name=name, media_type=media_type, by_id=None)
    return FileContent(uuid=str(stored.uuid), name=name, sha256=stored.sha256, media_type=media_type)


def contest_now() -> Contest:
    """Return the contest as it is in the database."""
    return Contest.objects.select_related("campaign").get()
