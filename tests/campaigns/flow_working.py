"""A plan being written, and people on its way: for the tests of workflow, pages, versions, marks and print."""

from datetime import datetime

from django.urls import reverse

from campaigns.calculations.plans import digest_of
from campaigns.enums import Role
from campaigns.models import Delegation, Membership, Plan, PlanItem, PlanPart
from campaigns.queries.actors import load_actor
from campaigns.queries.plan_content import content_of
from campaigns.services.obligations import make_obligations
from campaigns.services.plan_workflow import approve_plan, return_plan, submit_plan
from qualityseason.models import User
from tests.factories import SHANGHAI, department, make_membership, make_user

LATE = datetime(2009, 11, 10, 9, 0, tzinfo=SHANGHAI)  # four days after the 6th
IN_TIME = datetime(2009, 11, 6, 23, 59, tzinfo=SHANGHAI)
LATER = datetime(2009, 11, 20, 9, 0, tzinfo=SHANGHAI)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def make_plan(season, place="图书馆", *, items=("借阅服务", "开放时间"), text="读者满意度达到90％", **values):
    """Return a plan with one part of prose and items that say something in every part but the incentive."""
    make_obligations(season)
    plan = Plan.objects.create(
        campaign=season,
        department=department(season, place),
        title=f"{place}活动方案",
        created_at=IN_TIME,
        changed_at=IN_TIME,
        **values,
    )
    PlanPart.objects.create(plan=plan, code="goals", title="工作目标", text=text, order=1)
    for order, title in enumerate(items, start=1):
        PlanItem.objects.create(
            plan=plan,
            order=order,
            title=title,
            measure=f"{title}的举措",
            standard="等候不超过5分钟",
            outcome="满意度提高",
            service="主动上门征求意见",
        )
    return plan


def actor(season, role, *, place="", username="", name="", at=LATE):
    """Return the actor of a new user with one role, at home in a department for HEAD and STAFF."""
    user = make_user(username or f"{role.lower()}-{place}", name=name)
    home = department(season, place) if place else None
    make_membership(season, user, role, department=home)
    return load_actor(user, season, on=at.date())


def again(season, who, at=LATE):
    """Return the actor as loaded anew."""
    return load_actor(User.objects.get(pk=who.user_id), season, on=at.date())


def hand_over(season, head, delegate, *, place="图书馆", at=LATE):
    """Let a head hand submitting to somebody for a week; returns the delegate's actor."""
    Delegation.objects.create(
        campaign=season,
        department=department(season, place),
        head_id=head.user_id,
        delegate_id=delegate.user_id,
        starts_on=at.date(),
        ends_on=at.date().replace(day=at.day + 7),
        given_at=at,
    )
    return again(season, delegate, at)


def digest(plan):
    return digest_of(content_of(plan))


def submit(plan, by, at=LATE, **values):
    """Submit the plan as it reads now; returns the version."""
    done = submit_plan(plan, by=by, digest=values.pop("digest", None) or digest(plan), at=at, **values)
    plan.refresh_from_db()
    return done.version


def give_back(plan, by, *, note="请补充", remarks=None, at=LATER):
    """Return the plan's latest version to the department."""
    number = plan.versions.order_by("-number").first().number
    return_plan(plan, by=by, number=number, note=note, remarks=remarks or {}, at=at)
    plan.refresh_from_db()


def approve(plan, by, at=LATER):
    number = plan.versions.order_by("-number").first().number
    approve_plan(plan, by=by, number=number, at=at)
    plan.refresh_from_db()


def log_in(client, who):
    """Log in as the person behind an actor."""
    client.force_login(User.objects.get(pk=who.user_id))


def appoint(season, who, role, place=""):
    """Give somebody one more role; returns the actor anew."""
    Membership.objects.create(
        campaign=season,
        user_id=who.user_id,
        role=role,
        department=department(season, place) if place else None,
        starts_on=season.facts_from,
    )
    return again(season, who)


HEAD, STAFF, OFFICE = Role.HEAD, Role.STAFF, Role.OFFICE
