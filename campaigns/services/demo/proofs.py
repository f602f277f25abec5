"""The demo's evidence: filed once with a picture, ticked for duties, plan items, months and haves; with its gaps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from campaigns.calculations.months import first_day_of_month, month_of
from campaigns.enums import EvidenceTarget, ObligationKind
from campaigns.models import Department, Obligation
from campaigns.services.demo.paperwork import Paperwork, picture
from campaigns.services.evidence import file_evidence

PNG = "image/png"


def file_proofs(paperwork: Paperwork) -> None:
    """Let every department file its evidence as the data say."""
    for department in paperwork.departments:
        _publicise(paperwork, department)
        _prove(paperwork, department)
        _report_stage(paperwork, department)
    for entry in paperwork.data["inbox"]:
        department = next(each for each in paperwork.departments if each.name == entry["department"])
        _file(paperwork, department, entry["text"], entry["day"], [], files=entry["files"])


def _prove(paperwork: Paperwork, department: Department) -> None:
    gaps = paperwork.data["evidence_gaps"].get(department.name, {"haves": [], "duties": 0})
    duties = list(department.duties.filter(ended_at__isnull=True).order_by("pk"))
    shown = duties[: len(duties) - gaps["duties"]]
    titles = [each.partition("|")[0] for each in paperwork.of(department)["duties"]]
    plan = getattr(department, "plan", None)
    items = {
        duty.pk: item
        for item in (plan.items.filter(removed_at__isnull=True) if plan else ())
        for duty in item.duties.all()
    }
    entries = [entry for entry in paperwork.data["evidence"] if not set(entry["have"]) & set(gaps["haves"])]
    for number in range(max(len(entries), len(shown))):
        entry, duty = entries[number % len(entries)], shown[number % len(shown)]
        words = {"title": titles[duties.index(duty)], "department": department.name}
        day = first_day_of_month(entry["month"]) + timedelta(days=entry["day"] + department.order % 5)
        targets: list[tuple[EvidenceTarget, str]] = [(EvidenceTarget.DUTY, str(duty.uuid))]
        targets += [(EvidenceTarget.HAVE, name) for name in entry["have"]]
        targets.append((EvidenceTarget.MONTH, month_of(day)))
        if duty.pk in items:
            targets.append((EvidenceTarget.PLAN_ITEM, str(items[duty.pk].uuid)))
        _file(paperwork, department, entry["text"] % words, day, targets)


def _publicise(paperwork: Paperwork, department: Department) -> None:
    data = paperwork.data["publicity"]
    owed = Obligation.objects.filter(department=department, kind=ObligationKind.PUBLICITY).first()
    if owed is None or department.name in data["missing"]:
        return
    late = department.name in data["late"]
    day = owed.due_on + timedelta(days=3) if late else owed.due_on - timedelta(days=2 + department.order % 5)
    medium = data["media"][department.order % len(data["media"])]
    text = data["text"] % {"medium": medium}
    _file(paperwork, department, text, day, [(EvidenceTarget.PUBLICITY, medium)], name=data["file_name"])


def _report_stage(paperwork: Paperwork, department: Department) -> None:
    data = paperwork.data["stage_reports"]
    if department.name not in data["missing"]:
        text = data["text"] % {"department": department.name}
        targets = [(EvidenceTarget.STAGE_REPORT, ""), (EvidenceTarget.MONTH, month_of(data["day"]))]
        _file(paperwork, department, text, data["day"], targets)


def _file(
    paperwork: Paperwork,
    department: Department,
    text: str,
    day: date,
    targets: list[tuple[EvidenceTarget, str]],
    *,
    files: int = 1,
    name: str = "",
) -> None:
    by, at = paperwork.liaison(department), paperwork.moment(day, 16, department.order)
    uploads: list[Any] = [
        paperwork.upload(
            picture(paperwork.rng.randint(300, 330)),
            name=name or f"{text[:30]}.png",
            media_type=PNG,
            by=by,
        )
        for _number in range(files)
    ]
    file_evidence(
        department,
        uuid=paperwork.uuid(),
        text=text,
        happened_on=at.date(),
        uploads=uploads,
        targets=targets,
        by=by,
        at=at,
    )
