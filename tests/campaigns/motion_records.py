"""One record of everything the implementation months bring, for tests that need an object of each kind."""

from datetime import timedelta

from campaigns.enums import DecisionKind, DepartmentChangeKind
from campaigns.facts import PlanContent
from campaigns.models import (
    Assignment,
    AssignmentReport,
    Circular,
    CircularRecipient,
    Decision,
    Department,
    DepartmentChange,
    EvaluationRow,
    Evidence,
    EvidenceLink,
    Exchange,
    Measurement,
    MonthlyReport,
    Nomination,
    Policy,
    PolicyItem,
    PolicyMeasure,
    Problem,
    ProblemAnswer,
    ProblemPerson,
    Recommendation,
    ServiceWork,
    Summary,
    SummaryPart,
    SummaryReading,
    SummaryVersion,
    Term,
)
from tests.campaigns.handing_in import make_attachment


def make_evidence(season, place, *, by_id, at, links=(), **values):
    """Return a piece of evidence that proves `links` (pairs of target and key)."""
    evidence = Evidence.objects.create(
        campaign=season,
        department=place,
        text=values.pop("text", "检查记录"),
        happened_on=values.pop("happened_on", at.date()),
        entered_by_id=by_id,
        entered_at=at,
        **values,
    )
    EvidenceLink.objects.bulk_create(EvidenceLink(evidence=evidence, target=target, key=key) for target, key in links)
    return evidence


def make_submitted_summary(season, place, *, by_id, at, number=1, state="returned"):
    """Return the closing summary of a department with one part and one version that says nothing."""
    summary = Summary.objects.create(
        campaign=season,
        department=place,
        kind="summary",
        title="总结",
        state=state,
        created_at=at,
        submitted_at=at,
        changed_at=at,
    )
    SummaryPart.objects.create(summary=summary, code="", title="其他", text="正文")
    SummaryVersion.objects.create(
        summary=summary,
        number=1,
        code=f"SSSS-{number:04}",
        content=PlanContent(title="总结").as_json(),
        digest="0" * 64,
        submitted_at=at,
        submitted_by_id=by_id,
    )
    return summary


def make_evaluation(season, place, person, *, by_id, at, score=80):
    """Return a row of the student evaluation."""
    return EvaluationRow.objects.create(
        campaign=season,
        department=place,
        person=person,
        term=Term.objects.filter(campaign=season).first(),
        score=score,
        entered_by_id=by_id,
        entered_at=at,
    )


def make_in_motion(season, place, person, *, by_id, number, at):
    """Return the objects of the urls that name one, by the name of the url."""
    on, other = at.date(), Department.objects.filter(campaign=season).exclude(pk=place.pk).first()
    evidence = make_evidence(season, place, by_id=by_id, at=at)
    exchange = Exchange.objects.create(
        campaign=season, kind="sharing", title="交流", starts_at=at, place="礼堂", entered_by_id=by_id, entered_at=at
    )
    service = ServiceWork.objects.create(
        campaign=season,
        department=place,
        visited=other,
        kind="guidance",
        happened_on=on,
        text="指导",
        entered_by_id=by_id,
        entered_at=at,
    )
    report = MonthlyReport.objects.create(
        campaign=season,
        department=place,
        kind="conduct",
        month=f"{on:%Y-%m}",
        addressee=place,
        reported_on=on,
        entered_by_id=by_id,
        entered_at=at,
    )
    circular = Circular.objects.create(
        campaign=season,
        kind="issued",
        title="通知",
        issued_on=on,
        due_on=on + timedelta(days=7),
        entered_by_id=by_id,
        entered_at=at,
    )
    recipient = CircularRecipient.objects.create(circular=circular, department=place)
    policy = Policy.objects.create(
        campaign=season, department=place, title="制度", issued_on=on, entered_by_id=by_id, entered_at=at
    )
    item = PolicyItem.objects.create(policy=policy, text="每天开馆")
    measure = PolicyMeasure.objects.create(item=item, text="已开馆", happened_on=on, entered_by_id=by_id, entered_at=at)
    assignment = Assignment.objects.create(
        campaign=season,
        department=place,
        title="任务",
        issuer="office",
        given_on=on,
        due_on=on,
        state="reported",
        given_by_id=by_id,
        entered_at=at,
    )
    AssignmentReport.objects.create(
        assignment=assignment, text="已办", done_on=on, reported_by_id=by_id, reported_at=at
    )
    problem = Problem.objects.create(
        campaign=season,
        source="department",
        raising_department=place,
        title="问题",
        found_on=on,
        due_on=on,
        raised_by_id=by_id,
        raised_at=at,
    )
    answer = ProblemAnswer.objects.create(
        problem=problem,
        department=place,
        state="reported",
        kind="explanation",
        text="说明",
        answered_on=on,
        answered_by_id=by_id,
        answered_at=at,
    )
    concerned = ProblemPerson.objects.create(answer=answer, label="某班某号")
    recommendation = Recommendation.objects.create(
        campaign=season,
        department=place,
        recommended=place,
        title="做法",
        practice="做法",
        made_by_id=by_id,
        made_at=at,
    )
    measurement = Measurement.objects.create(
        campaign=season, objective="x", value=90, measured_on=on, source="问卷", entered_by_id=by_id, entered_at=at
    )
    nomination = Nomination.objects.create(
        campaign=season,
        department=place,
        person=person,
        honour="先进",
        reasons="突出",
        nominated_by_id=by_id,
        nominated_at=at,
    )
    summary = make_submitted_summary(season, place, by_id=by_id, at=at, number=number)
    decision = Decision.objects.create(
        campaign=season,
        kind=DecisionKind.DEPARTMENTS,
        decided_on=on,
        present="某某",
        text="更名",
        recorded_by_id=by_id,
        recorded_at=at,
    )
    change = DepartmentChange.objects.create(
        campaign=season,
        kind=DepartmentChangeKind.RENAME,
        decision=decision,
        effective_on=on,
        recorded_by_id=by_id,
        recorded_at=at,
    )
    row = make_evaluation(season, place, person, by_id=by_id, at=at)
    objects = {
        "evidence-record": evidence,
        "evidence-edit": evidence,
        "evidence-withdraw": evidence,
        "exchange": exchange,
        "exchange-edit": exchange,
        "exchange-cancel": exchange,
        "service-record": service,
        "service-edit": service,
        "service-withdraw": service,
        "monthly-report": report,
        "monthly-report-edit": report,
        "monthly-report-confirm": report,
        "circular": circular,
        "circular-edit": circular,
        "circular-withdraw": circular,
        "circular-relay": recipient,
        "circular-carry-out": recipient,
        "policy": policy,
        "policy-edit": policy,
        "policy-withdraw": policy,
        "policy-measure-add": item,
        "policy-measure-remove": measure,
        "assignment": assignment,
        "assignment-edit": assignment,
        "assignment-withdraw": assignment,
        "assignment-report": assignment,
        "assignment-judge": assignment,
        "problem": problem,
        "problem-edit": problem,
        "problem-withdraw": problem,
        "problem-answer": answer,
        "problem-judge": answer,
        "problem-person-add": answer,
        "problem-person": concerned,
        "register-row": row,
        "register-row-excuse": row,
        "register-row-withdraw": row,
        "recommendation": recommendation,
        "recommendation-edit": recommendation,
        "recommendation-withdraw": recommendation,
        "recommendation-choose": recommendation,
        "measurement-withdraw": measurement,
        "nomination": nomination,
        "nomination-edit": nomination,
        "nomination-withdraw": nomination,
        "summary-receipt": summary.versions.get(),
        "reminder-call": place,
        "department-change": change,
    }
    attachment = make_attachment(season, place, kind="summary", owner=summary, by_id=by_id, at=at)
    SummaryReading.objects.create(
        summary=summary,
        attachment=attachment,
        content={"version": 1, "kind": "word", "title": "", "parts": [], "items": []},
        read_by_id=by_id,
        read_at=at,
    )
    objects |= dict.fromkeys(["summary", *(f"summary-{name}" for name in SUMMARY_PAGES)], summary)
    return {f"campaigns:{name}": found for name, found in objects.items()}


SUMMARY_PAGES = (
    "write",
    "title",
    "part",
    "section-new",
    "section-remove",
    "bring-in",
    "reading",
    "request",
    "recall",
    "submit",
    "review",
    "approve",
    "version",
    "changes",
    "print",
)
