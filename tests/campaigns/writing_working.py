"""A plan to write on: who writes it, its duties, its items, and what a form sends."""

import uuid

from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Duty, PlanItem, StudySession, Suggestion
from campaigns.services.plan_items import ItemDraft, add_item
from campaigns.services.plans import start_plan
from tests.factories import NOON, department, make_membership, make_user

TEXTS = ("measure", "standard", "outcome", "incentive", "service", "responsible", "due", "quality_document")
FULL = dict.fromkeys(("measure", "standard", "outcome", "incentive", "service"), "有")


def make_writer(season, home="图书馆", *, role=Role.STAFF, username="writer", name="联络员甲"):
    """Return a user who prepares what the department hands in."""
    user = make_user(username, name=name)
    make_membership(season, user, role, department=department(season, home) if home else None)
    return user


def make_plan(season, writer, home="图书馆"):
    """Return the department's plan, begun."""
    return start_plan(department(season, home), by_id=writer.pk, at=NOON)


def make_duty(season, number="1", text="采购图书", *, home="图书馆", **values):
    """Return a current duty of a department."""
    return Duty.objects.create(campaign=season, department=department(season, home), number=number, text=text, **values)


def make_item(plan, writer, title="开馆", **values):
    """Return an item at the end of the plan."""
    return add_item(plan, ItemDraft(title=title, **values), uuid=uuid.uuid4(), by_id=writer.pk, at=NOON)


def make_suggestion(season, writer, text="延长开馆时间", *, home="图书馆", **values):
    """Return a suggestion of a study session of the department."""
    place = department(season, home)
    session, _made = StudySession.objects.get_or_create(
        campaign=season, department=place, topic="学习", entered_by=writer, entered_at=NOON
    )
    return Suggestion.objects.create(session=session, text=text, made_by="读者", **values)


def item_data(title="开馆", **values):
    """Return what the form of an item sends."""
    return dict.fromkeys(TEXTS, "") | {"title": title, "uuid": str(uuid.uuid4())} | values


def page(name, plan, *more):
    """Return the address of one of the plan's pages."""
    return reverse(f"campaigns:{name}", args=["2009", plan.uuid, *more])


def titles(plan):
    """Return the titles of the standing items in their order."""
    rows = PlanItem.objects.filter(plan=plan, removed_at__isnull=True)
    return [row.title for row in rows]
