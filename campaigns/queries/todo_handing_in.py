"""What waits for those who hand in: heads, liaisons, and who stands in for a head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, PlanState, ProposalState, SummaryKind, TaskState
from campaigns.models import (
    Assignment,
    Campaign,
    Delegation,
    Evidence,
    MonthlyReport,
    Plan,
    ProblemAnswer,
    Proposal,
    Suggestion,
    Summary,
)
from campaigns.policy import can_submit_plan
from campaigns.queries.obligation_pages import where_met
from campaigns.queries.obligations import OwedRow, own_rows
from campaigns.queries.todo_item import Todo, gathered, line, together
from qualityseason.clock import day_of

NEWS = timedelta(days=14)  # how long a decided proposal is told of


@dataclass(frozen=True)
class _Mine:
    """Whose list it is, on which day; ``heads`` names, by department, the head one stands in for."""

    campaign: Campaign
    actor: Actor
    on: date
    heads: dict[int, str]

    def url(self, name: str, *args: object) -> str:
        return reverse(f"campaigns:{name}", args=[self.campaign.slug, *args])

    def about(self, department: str, head: str = "") -> str:
        name = department if len(self.actor.departments) > 1 or head else ""
        return _("%(department)s, for %(head)s") % {"department": name, "head": head} if head else name

    def answers_for(self, paper: Plan | Summary) -> bool:
        own = paper.department_id in self.actor.headed or paper.department_id in self.actor.delegated
        return own and can_submit_plan(self.actor, paper)


def handing_in(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    """Return what own departments owe, their papers in my hands, what was sent back, what waits to be settled.

    Nine queries, ten for who stands in for a head.
    """
    if not actor.departments:
        return []
    on = day_of(at)
    mine = _Mine(campaign, actor, on, _stood_in_for(actor, on=on))
    rows = [row for row in own_rows(actor, on=on) if row.is_open]
    plans, confirmed = _plans(mine, rows)
    summaries, summarised = _summaries(mine, rows)
    left = [row for row in rows if (row.department_id, row.kind) not in confirmed | summarised]
    return [
        *plans,
        *summaries,
        *_owed(mine, left),
        *_suggestions(mine),
        *_reports_to_confirm(mine),
        *_inbox(mine),
        *_decided_proposals(mine, at=at),
    ]


Answered = set[tuple[int, ObligationKind]]


def _plans(mine: _Mine, rows: list[OwedRow]) -> tuple[list[Todo], Answered]:
    """Return the plans in my hands; where one waits for its head, the head confirms it instead of handing it in."""
    own = Plan.objects.visible_to(mine.actor).filter(department_id__in=mine.actor.departments)
    papers = own.filter(state__in=[PlanState.REQUESTED, PlanState.RETURNED]).select_related("department")
    words = (_("Confirm and submit the plan"), _("The plan was returned with remarks"))
    return _papers(mine, list(papers), rows, "plan", words, lambda paper: ObligationKind.PLAN_ELECTRONIC)


def _summaries(mine: _Mine, rows: list[OwedRow]) -> tuple[list[Todo], Answered]:
    """Return the summaries and materials in my hands."""
    own = Summary.objects.visible_to(mine.actor).filter(department_id__in=mine.actor.departments)
    papers = own.filter(state__in=[PlanState.REQUESTED, PlanState.RETURNED]).select_related("department")
    words = (_("Confirm and submit: %(what)s"), _("Returned with remarks: %(what)s"))
    return _papers(mine, list(papers), rows, "summary", words, _kind_of_summary)


def _kind_of_summary(paper: Plan | Summary) -> ObligationKind:
    is_summary = isinstance(paper, Summary) and paper.kind == SummaryKind.SUMMARY
    return ObligationKind.SUMMARY if is_summary else ObligationKind.PIECE


def _papers(
    mine: _Mine,
    papers: list[Plan] | list[Summary],
    rows: list[OwedRow],
    page: str,
    words: tuple[str, str],
    kind_of: Callable[[Plan | Summary], ObligationKind],
) -> tuple[list[Todo], Answered]:
    deadlines = {(row.department_id, row.kind): row.deadline for row in rows}
    items: list[Todo] = []
    confirmed: Answered = set()
    for paper in papers:
        owed = (paper.department_id, kind_of(paper))
        about = mine.about(paper.department.name, mine.heads.get(paper.department_id, ""))
        what = {"what": paper.get_kind_display() if isinstance(paper, Summary) else ""}
        if paper.state == PlanState.RETURNED:
            url = mine.url(page, paper.uuid)
            items.append(line(words[1] % what, url, about, day=deadlines.get(owed), on=mine.on))
        elif mine.answers_for(paper):
            url = mine.url(f"{page}-submit", paper.uuid)
            items.append(line(words[0] % what, url, about, day=deadlines.get(owed), on=mine.on))
            confirmed.add(owed)
    return items, confirmed


def _owed(mine: _Mine, rows: list[OwedRow]) -> list[Todo]:
    """Return the open obligations: those of many records of a kind as one line, what is reported already left out."""
    own = sorted(mine.actor.departments)
    assignments = Assignment.objects.filter(
        department_id__in=own, state__in=[TaskState.REPORTED, TaskState.SENT_BACK]
    ).values_list("uuid", "state")
    state = {str(uuid): task for uuid, task in assignments}
    answers = ProblemAnswer.objects.standing().filter(department_id__in=own, state=TaskState.SENT_BACK)
    sent_back = {(str(uuid), pk) for uuid, pk in answers.values_list("problem__uuid", "department_id")}
    items: dict[ObligationKind, list[Todo]] = defaultdict(list)
    for row in rows:
        if state.get(row.key) == TaskState.REPORTED:
            continue
        is_back = state.get(row.key) == TaskState.SENT_BACK or (row.key, row.department_id) in sent_back
        url, about = where_met(mine.campaign, row), mine.about(row.department)
        items[row.kind].append(line(_named(row, is_back), url, about, day=row.deadline, on=mine.on))
    everything = f"{mine.url('obligations')}#owed-open"
    return [item for kind, found in items.items() for item in gathered(str(kind.label), found, url=everything)]


def _named(row: OwedRow, is_back: bool) -> str:
    if is_back:
        return _("Sent back: %(name)s") % {"name": row.name}
    return _("%(kind)s: %(name)s") % {"kind": row.kind.label, "name": row.name} if row.is_record else row.name


def _stood_in_for(actor: Actor, *, on: date) -> dict[int, str]:
    """Return department id → head whose work was handed to the actor for these days."""
    if not actor.delegated:
        return {}
    held = Delegation.objects.of_campaign(actor).filter(delegate_id=actor.user_id, department_id__in=actor.delegated)
    return dict(held.current(on=on).order_by("given_at", "pk").values_list("department_id", "head__display_name"))


def _suggestions(mine: _Mine) -> list[Todo]:
    open_ones = Suggestion.objects.visible_to(mine.actor).filter(
        session__department_id__in=mine.actor.departments,
        session__cancelled_at__isnull=True,
        settled_at__isnull=True,
    )
    rows = open_ones.order_by("session_id").values_list("session__uuid", "session__topic").annotate(Count("pk"))
    return [
        Todo(
            _("Suggestions to take into the plan or to answer"),
            mine.url("session", uuid),
            topic,
            count=number,
        )
        for uuid, topic, number in rows
    ]


def _reports_to_confirm(mine: _Mine) -> list[Todo]:
    """Return the reports on students' conduct that other departments sent to own ones. One query."""
    sent = MonthlyReport.objects.visible_to(mine.actor).filter(
        addressee_id__in=mine.actor.departments, confirmed_at__isnull=True
    )
    rows = sent.order_by("month", "department__order").values_list("uuid", "department__name", "month")
    found = [(f"{name} {month}", mine.url("monthly-report", uuid)) for uuid, name, month in rows]
    return together(_("Reports on conduct to confirm"), found, url=mine.url("months"), on=mine.on)


def _inbox(mine: _Mine) -> list[Todo]:
    """Return how much evidence of own departments proves nothing yet. One query."""
    waiting = Evidence.objects.visible_to(mine.actor).unfiled().filter(department_id__in=mine.actor.departments)
    number = waiting.count()
    if not number:
        return []
    return [line(_("Evidence in the inbox: say what it proves"), mine.url("evidence-inbox"), on=mine.on, count=number)]


def _decided_proposals(mine: _Mine, *, at: datetime) -> list[Todo]:
    decided = Proposal.objects.visible_to(mine.actor).filter(
        department_id__in=mine.actor.departments,
        state__in=[ProposalState.ACCEPTED, ProposalState.REFUSED],
        decided_at__gte=at - NEWS,
    )
    found = [
        (f"{row.get_kind_display()}: {row.get_state_display()}", mine.url("proposal", row.uuid))
        for row in decided.order_by("-decided_at", "-pk")
    ]
    title = _("Proposed changes are decided")
    return together(title, found, url=mine.url("proposals"), on=day_of(at), is_news=True)
