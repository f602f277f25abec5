"""Findings made directly, without detectors, for tests of pages, decisions and figures."""

import re
import uuid
from dataclasses import dataclass
from datetime import date

from campaigns.models import StaffMember, StudentClass, Term
from scoring.calculations import ZERO, fact_key, text_key
from scoring.detectors import DETECTORS
from scoring.enums import FindingState, Once, Proof, SubjectKind
from scoring.facts import Detector, Fact, Subject, Suspicion, named
from scoring.models import Finding, RuleVersion
from scoring.queries.subjects import subject_of
from scoring.services.findings import Picked
from tests.factories import DAY, NOON, department, rule

SENTENCES = {"missing": "No %(parts)s by %(day)s.", "wrong": "It says %(figure)s."}


@dataclass(frozen=True)
class Paper(Fact):
    """A record no detector reads."""

    kind = "test-paper"
    title: str = named("Title")
    written_on: date = named("Written on")
    figure: str | None = named("Figure", default=None)


def paper(title="第三项", *, on=DAY, figure=None, files=(), **values) -> Paper:
    """Return a record for a finding to rest on."""
    return Paper(values.pop("uuid", None) or uuid.uuid4(), title, on, figure, files=tuple(files), **values)


def make_finding(
    season,
    code,
    charged="图书馆",
    *,
    subject=None,
    happened_on=DAY,
    quantity=1,
    proof=Proof.PROVEN,
    state=FindingState.OPEN,
    facts=None,
    reason=None,
    parameters=None,
    at=NOON,
    period=None,
    **fields,
) -> Finding:
    """Return a stored finding of a rule, priced as on its day, open and proven unless said otherwise.

    `charged` is a department or its name; `subject` a person, a class, a text or a Subject (by default a text where the
    rule names one); `facts` are Fact values or rows of JSON. Other columns are taken as they are (state charged wants
    `deduction`, dismissed `because` and `decided_by_id`, gone sets `gone_at` itself).
    """
    place = department(season, charged) if isinstance(charged, str) else charged
    one = rule(season, code)
    version = RuleVersion.objects.in_force(on=happened_on).get(rule=one)
    about = _subject(one, subject)
    period = _period(season, one, happened_on) if period is None else period
    reason, parameters = _words(one, reason, parameters, happened_on)
    suspicion = Suspicion(
        reason, parameters, happened_on, subject=about, record=_record(one, fields), period=period, quantity=quantity
    )
    rows = [paper(on=happened_on)] if facts is None else facts
    amount = version.points * quantity
    defaults = {
        "charge_key": fact_key(one.family, one.once, department=f"department:{place.uuid}", suspicion=suspicion),
        "amount": amount,
        "peak": amount if proof == Proof.PROVEN else ZERO,
        "fingerprint": uuid.uuid4().hex * 2,
        "first_seen_at": at,
        "last_seen_at": at,
        "gone_at": at if state == FindingState.GONE else None,
        "decided_at": at if "decided_by" in fields or "decided_by_id" in fields else None,
    }
    return Finding.objects.create(
        campaign=season,
        charged=place,
        rule=one,
        rule_version=version,
        reason=reason,
        parameters=parameters,
        quantity=quantity,
        points=version.points,
        subject_person_id=about.person_id,
        subject_class_id=about.class_id,
        subject_label=about.label,
        period=period,
        happened_on=happened_on,
        facts=[row.frozen() if isinstance(row, Fact) else row for row in rows],
        proof=proof,
        state=state,
        **(defaults | fields),
    )


def say(monkeypatch, season, code, **sentences):
    """Give the rule a detector with sentences of the test's own (SENTENCES when none are given)."""
    name = rule(season, code).detector
    own = Detector(
        name,
        source="workload",
        detect=lambda facts, terms: iter(()),
        reasons=sentences or SENTENCES,
        words={"measure": "measures", "standard": "standards"},
    )
    monkeypatch.setitem(DETECTORS, name, own)


def _record(one, fields):
    needs = not one.once or one.subject == SubjectKind.ASSIGNMENT
    return fields.pop("record", f"record:{uuid.uuid4()}") if needs else fields.pop("record", "")


def _subject(one, subject):
    if isinstance(subject, Subject):
        return subject
    if isinstance(subject, StaffMember | StudentClass):
        return subject_of(subject)
    if subject is None and one.subject in (SubjectKind.NONE, SubjectKind.MONTH):
        return Subject()
    text = subject or {SubjectKind.PERSON: "李四", SubjectKind.CLASS: "某班"}.get(one.subject, "第三项")
    return Subject(text, key=text_key(text, one.subject))


def _period(season, one, day):
    if one.once == Once.TERM:
        return Term.objects.get(campaign=season, starts_on__lte=day, ends_on__gte=day).code
    return f"{day:%Y-%m}" if one.once == Once.MONTH else ""


def _words(one, reason, parameters, day):
    """Return a reason of the rule's detector and parameters that fill its sentence, where none are given."""
    sentences = DETECTORS[one.detector].reasons
    reason = reason or next(iter(sentences), "missing")
    if parameters is not None:
        return reason, parameters
    sentence = str(sentences.get(reason, SENTENCES["missing"]))
    found = re.findall(r"%\((\w+)\)[^a-zA-Z]*([a-zA-Z])", sentence)
    return reason, {name: _filler(name, kind, day) for name, kind in found}


def _filler(name, kind, day):
    if kind in "df":
        return 1
    if "day" in name or name.endswith(("_on", "date")):
        return day.isoformat()
    return f"{day:%Y-%m}" if "month" in name else "第三项"


def picked(finding) -> Picked:
    """Return the finding as somebody picks it who has just seen it."""
    return Picked(finding.uuid, finding.fingerprint)


def ticked(*findings) -> list[str]:
    """Return what the boxes of the queue send for these findings."""
    return [f"{finding.uuid}.{finding.fingerprint}" for finding in findings]
