"""Summaries and materials being written, and what their forms send."""

import uuid

from django.urls import reverse

from campaigns.calculations.plans import digest_of
from campaigns.enums import SummaryKind
from campaigns.models import SummaryPart
from campaigns.queries.paper_content import content_of
from campaigns.services.obligations import make_obligations
from campaigns.services.paper_parts import add_section, save_part
from campaigns.services.paper_workflow import approve_paper, return_paper, submit_paper
from campaigns.services.summaries import start_summary
from tests.campaigns.flow_working import STAFF, actor
from tests.factories import NOON, department

FIVE = ["实施成效", "存在的问题", "原因剖析", "问题处理", "改进举措"]
SUMMARY, FEATURE, EXPERIENCE = SummaryKind.SUMMARY, SummaryKind.FEATURE, SummaryKind.EXPERIENCE


def page(name, summary, *more):
    """Return the address of one of a summary's pages; name '' its own."""
    name = f"campaigns:summary-{name}" if name else "campaigns:summary"
    return reverse(name, args=["2009", summary.uuid, *more])


def begin(season, by, place="图书馆", kind=SUMMARY, *, at=NOON, new=None):
    """Return a summary or material begun by the actor; the obligations are made."""
    make_obligations(season)
    return start_summary(department(season, place), kind=kind, uuid=new or uuid.uuid4(), by=by, at=at)


def write(summary, by, *, parts=FIVE, at=NOON):
    """Write the named parts of a summary; a material gets a section of its own."""
    if summary.is_piece:
        add_section(summary, uuid=uuid.uuid4(), title="做法", text="上门送书", by_id=by.user_id, at=at)
    for part in SummaryPart.objects.filter(summary=summary, title__in=parts).exclude(code=""):
        save_part(part, version=part.version, text=f"{part.title}如下。", by_id=by.user_id, at=at)


def submit(summary, by, *, at=NOON, **values):
    """Submit the summary as it reads now; returns the version."""
    summary.refresh_from_db()
    done = submit_paper(summary, by=by, digest=digest_of(content_of(summary)), at=at, **values)
    summary.refresh_from_db()
    return done.version


def give_back(summary, by, *, note="请补充", remarks=None, at=NOON):
    """Return the version submitted last to the department."""
    number = summary.versions.order_by("-number").first().number
    return_paper(summary, by=by, number=number, note=note, remarks=remarks or {}, at=at)
    summary.refresh_from_db()


def approve(summary, by, *, at=NOON):
    """Approve the version submitted last."""
    number = summary.versions.order_by("-number").first().number
    approve_paper(summary, by=by, number=number, at=at)
    summary.refresh_from_db()


def make_approved(season, office, place="图书馆", kind=SUMMARY, *, at=NOON):
    """Return an approved summary or material of a department, written, submitted by its head."""
    head = actor(season, "HEAD", place=place, username=f"head-{uuid.uuid4().hex[:8]}", at=at)
    summary = begin(season, head, place, kind, at=at)
    write(summary, head, at=at)
    submit(summary, head, at=at)
    approve(summary, office, at=at)
    return summary


def writer_of(season, place="图书馆", *, username="liaison"):
    """Return the liaison of a department as actor."""
    return actor(season, STAFF, place=place, username=username, name="李联络", at=NOON)
