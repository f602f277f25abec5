"""What the tests of proposals, duties, leaders, delegations and receipts share."""

from datetime import datetime

from django.urls import reverse

from campaigns.facts import PlanContent
from campaigns.models import Duty, Plan, PlanVersion, Responsibility
from campaigns.queries.actors import load_actor
from qualityseason.models import User
from tests.factories import NOON, SHANGHAI, department, make_membership, make_user


def url(name, *args):
    """Return the address of a page of the season of 2009."""
    return reverse(f"campaigns:{name}", args=["2009", *args])


def on(month, day, hour=12, *, year=2009):
    """Return a moment in Shanghai."""
    return datetime(year, month, day, hour, 0, tzinfo=SHANGHAI)


def make_member(season, role, home=None, *, username=None, name="", **dates):
    """Return a user with one role, of the department `home`."""
    user = make_user(username or f"{role.lower()}-{home or 'college'}", name=name)
    make_membership(season, user, role, department=department(season, home) if home else None, **dates)
    return user


def signed_in(client, season, role, home=None, **values):
    """Return a new user with one role, logged in."""
    user = make_member(season, role, home, **values)
    client.force_login(user)
    return user


def actor_of(user, season, *, at=NOON):
    """Return who the user is in the season on that day."""
    actor = load_actor(User.objects.get(pk=user.pk), season, on=at.date())
    assert actor is not None
    return actor


def make_receiver(season, code, home="督导室", *, role="STAFF", username="receiver"):
    """Return a user of a department that holds the responsibility `code`."""
    user = make_member(season, role, home, username=username, name="收件人")
    Responsibility.objects.get_or_create(campaign=season, code=code, department=department(season, home), user=None)
    return user


def make_version(season, home="图书馆", *, number=1, code="7KQM-2X9A", at=None, by=None):
    """Return a submitted version of a department's plan; the plan is made when it is missing."""
    at = at or on(11, 5)
    by = by or User.objects.filter(username="author").first() or make_user("author", name="起草人")
    plan, _made = Plan.objects.get_or_create(
        department=department(season, home),
        defaults={
            "campaign": season,
            "title": f"{home}方案",
            "state": "submitted",
            "created_at": at,
            "changed_at": at,
            "submitted_at": at,
        },
    )
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        code=code,
        content=PlanContent(title=plan.title).as_json(),
        digest="0" * 64,
        submitted_at=at,
        submitted_by=by,
    )


def make_duty(season, home="图书馆", number="1", text="读者服务", **values):
    """Return a duty of a department."""
    return Duty.objects.create(campaign=season, department=department(season, home), number=number, text=text, **values)
