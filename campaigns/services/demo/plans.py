"""The demo's plans: written from the departments' duties, submitted in time or late, returned, approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.calculations.plans import digest_of
from campaigns.enums import MarkReason, PlanState
from campaigns.models import Department, Duty, Plan, PlanPart, Suggestion
from campaigns.queries.plan_content import content_of
from campaigns.services.attachments import attach_uploads
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.demo.word_plan import word_plan
from campaigns.services.plan_items import ItemDraft, add_item
from campaigns.services.plan_marks import mark_item
from campaigns.services.plan_workflow import approve_plan, request_confirmation, return_plan, submit_plan
from campaigns.services.plans import save_part, start_plan
from campaigns.services.suggestions import change_suggestion

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOT_SUBMITTED = ("none", PlanState.DRAFT, PlanState.REQUESTED)


def write_plans(paperwork: Paperwork) -> None:
    """Let every department write and submit its plan, and the office decide, as the data says."""
    due = paperwork.campaign.milestones.get(obligation="plan-electronic").due_on
    for department in paperwork.departments:
        about = paperwork.of(department)
        state = about.get("plan", PlanState.APPROVED)
        if state == "none":
            continue
        began = paperwork.moment(due - timedelta(days=8), 9, department.order)
        plan = _write(paperwork, department, about, at=began, complete=state != PlanState.DRAFT)
        paperwork.plans[department.pk] = plan
        _send(paperwork, plan, department, state, due=due, late=about.get("late", 0))


def _write(
    paperwork: Paperwork, department: Department, about: dict[str, Any], *, at: datetime, complete: bool
) -> Plan:
    by_id = paperwork.liaison(department).user_id
    plan = start_plan(department, by_id=by_id, at=at)
    if about.get("word"):
        _bring_word(paperwork, plan, department, at=at)
    texts = paperwork.data["parts"]
    for part in PlanPart.objects.filter(plan=plan).exclude(code=""):
        text = about["theme"] if part.code == "theme" else texts.get(part.code, "") % {"department": department.name}
        save_part(part, version=part.version, text=text, by_id=by_id, at=at)
    duties = list(Duty.objects.filter(department=department))
    neighbours = [one for one in paperwork.departments if one.pk != department.pk]
    written = duties if complete and department.order % 5 else duties[:-1]  # some leave a duty uncovered
    for number, (duty, entry) in enumerate(zip(written, about["duties"], strict=False), start=1):
        title = entry.partition("|")[0]
        draft = ItemDraft(
            title=paperwork.data["item_title"] % {"title": title},
            **{name: _phrase(paperwork, name, title) for name in ("measure", "standard", "outcome", "incentive")},
            service=_phrase(paperwork, "service", title) if complete else "",
            responsible=paperwork.data["responsible"] % {"department": department.name},
            due=paperwork.rng.choice(paperwork.data["items"]["due"]),
            quality_document=paperwork.data["quality_document"] % {"title": title},
            duties=(duty,),
            cooperating=tuple(paperwork.rng.sample(neighbours, 2)),
        )
        empty: dict[str, Any] = dict.fromkeys(about.get("gaps", {}).get(str(number), ()), "")
        if "cooperating" in empty:
            empty["cooperating"] = ()
        draft = replace(draft, **empty)
        add_item(plan, draft, uuid=paperwork.uuid(), by_id=by_id, at=at + timedelta(hours=1))
    _settle_suggestions(paperwork, plan, department, at=at + timedelta(hours=2))
    return plan


def _phrase(paperwork: Paperwork, name: str, title: str) -> str:
    phrase: str = paperwork.rng.choice(paperwork.data["items"][name])
    return phrase % {"title": title}


def _bring_word(paperwork: Paperwork, plan: Plan, department: Department, *, at: datetime) -> None:
    by = paperwork.liaison(department)
    content = word_plan(department, paperwork.of(department), paperwork.data)
    name = paperwork.data["word_name"] % {"department": department.name}
    upload = paperwork.upload(content, name=name, media_type=WORD_TYPE, by=by)
    [attachment] = attach_uploads(
        [upload],
        campaign_id=plan.campaign_id,
        department_id=department.pk,
        owner_kind="plan",
        owner_uuid=plan.uuid,
        slot="word",
        by_id=by.user_id,
        at=at,
    )
    plan.word_file = attachment
    plan.save(update_fields=["word_file"])


def _settle_suggestions(paperwork: Paperwork, plan: Plan, department: Department, *, at: datetime) -> None:
    items = list(plan.items.all())
    by_id = paperwork.liaison(department).user_id
    rows = Suggestion.objects.filter(session__department=department).select_related("session__campaign")
    for place, suggestion in enumerate(rows):
        if department.order % 6 == 1 and place == 0:
            continue  # left open
        taken = place % 2 == 0 and items
        change_suggestion(
            suggestion,
            text=suggestion.text,
            made_by=suggestion.made_by,
            item=items[place % len(items)] if taken else None,
            answer="" if taken else paperwork.pick("answers"),
            by_id=by_id,
            at=at,
        )


def _send(paperwork: Paperwork, plan: Plan, department: Department, state: str, *, due: date, late: int) -> None:
    head, office = paperwork.head(department), paperwork.actor(paperwork.data["office"])
    day = due + timedelta(days=late) if late else due - timedelta(days=paperwork.rng.randint(0, 3))
    asked = paperwork.moment(day, 8, 40 + department.order % 15)
    if state == PlanState.DRAFT:
        return
    request_confirmation(plan, by=paperwork.liaison(department), at=asked)
    if state == PlanState.REQUESTED:
        return
    plan.refresh_from_db()
    submit_plan(plan, by=head, digest=digest_of(content_of(plan)), at=asked + timedelta(hours=2))
    decided = paperwork.moment(due + timedelta(days=5), 10, department.order)
    plan.refresh_from_db()
    if state == PlanState.RETURNED:
        item = plan.items.first()
        remarks = {item.uuid: paperwork.data["remark"]} if item else {}
        return_plan(plan, by=office, number=1, note=paperwork.data["return_note"], remarks=remarks, at=decided)
    elif state == PlanState.APPROVED:
        approve_plan(plan, by=office, number=1, at=decided)


def mark_items(paperwork: Paperwork) -> None:
    """Let assessors note on items of submitted plans what the data say."""
    for entry in paperwork.data["marks"]:
        plan = Plan.objects.get(campaign=paperwork.campaign, department__name=entry["department"])
        item = plan.items.order_by("order", "pk")[entry["item"] - 1]
        mark_item(
            plan,
            number=1,
            target=item.uuid,
            reason=MarkReason(entry["reason"]),
            note=entry["note"],
            reviewed_on=entry.get("reviewed_on"),
            by=paperwork.actor(entry["by"]),
            at=entry["at"],
        )
