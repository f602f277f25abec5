"""The demo's end of the season: recommendations, measured objectives, nominations, calls and reminders."""

from __future__ import annotations

from decimal import Decimal

from campaigns.models import Department, Nomination, Posting
from campaigns.queries.nominations import mark_of
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.demo.summaries import write_summaries
from campaigns.services.nominations import nominate, shortlist_nominations
from campaigns.services.objectives import enter_measurement
from campaigns.services.recommendations import RecommendationDraft, choose_recommendation, make_recommendation
from campaigns.services.reminders import note_call, send_reminders

OFFICE = "office"
AHEAD = 7  # days a reminder looks ahead


def wind_up(paperwork: Paperwork) -> None:
    """Tell what departments praise, what was measured, who is nominated, what was summed up, who was reminded."""
    _recommend(paperwork)
    _measure(paperwork)
    _nominate(paperwork)
    write_summaries(paperwork)
    _remind(paperwork)


def _place(paperwork: Paperwork, name: str) -> Department:
    return next(each for each in paperwork.departments if each.name == name)


def _recommend(paperwork: Paperwork) -> None:
    office = paperwork.actor(OFFICE)
    for number, entry in enumerate(paperwork.data["recommendations"]):
        department, at = _place(paperwork, entry["by"]), paperwork.moment(paperwork.data["recommended_on"], 9 + number)
        draft = RecommendationDraft(
            recommended=_place(paperwork, entry["whom"]),
            title=entry["title"],
            practice=entry["practice"],
            outcome=entry["outcome"],
        )
        made = make_recommendation(department, draft, uuid=paperwork.uuid(), by=paperwork.liaison(department), at=at)
        if entry["chosen"]:
            chosen = {f"for_{name}": name in entry["chosen"] for name in ("exchange", "volume", "honours")}
            choose_recommendation(made, **chosen, version=made.version, by=office, at=at)


def _measure(paperwork: Paperwork) -> None:
    for entry in paperwork.data["measurements"]:
        enter_measurement(
            paperwork.campaign,
            uuid=paperwork.uuid(),
            objective=entry["objective"],
            value=Decimal(entry["value"]),
            measured_on=entry["day"],
            source=entry["source"],
            by=paperwork.actor(OFFICE),
            at=paperwork.moment(entry["day"], 16),
        )


def _nominate(paperwork: Paperwork) -> None:
    at = paperwork.moment(paperwork.data["nominated_on"], 10)
    ticked = set()
    for entry in paperwork.data["nominations"]:
        department = _place(paperwork, entry["department"])
        posted = Posting.objects.filter(department=department).current(on=at.date()).select_related("staff_member")
        person = posted.order_by("staff_member__number")[entry["person"]].staff_member
        made = nominate(
            department,
            uuid=paperwork.uuid(),
            person=person,
            honour=entry["honour"],
            reasons=entry["reasons"],
            by=paperwork.liaison(department),
            at=at,
        )
        if entry["shortlisted"]:
            ticked.add(made.uuid)
    rows = Nomination.objects.filter(campaign=paperwork.campaign)
    seen = {row.uuid: mark_of(row) for row in rows}
    shortlist_nominations(
        paperwork.campaign, ticked=ticked, seen=seen, by=paperwork.actor(OFFICE), at=paperwork.moment(at.date(), 16)
    )


def _remind(paperwork: Paperwork) -> None:
    office = paperwork.actor(OFFICE)
    for entry in paperwork.data["calls"]:
        note_call(
            _place(paperwork, entry["department"]),
            uuid=paperwork.uuid(),
            spoken_with=entry["spoken_with"],
            happened_on=entry["day"],
            note=entry["note"],
            by=office,
            at=paperwork.moment(entry["day"], 16),
        )
    send_reminders(paperwork.campaign, days=AHEAD, by=office, at=paperwork.data["reminders"]["sent"])
