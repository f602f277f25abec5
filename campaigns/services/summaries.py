"""The beginning of closing summaries and materials; their text is written by `paper_parts`, as that of plans."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import PIECES, SummaryKind
from campaigns.models import Campaign, Department, Summary, SummaryPart
from campaigns.policy import can_hand_in
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit

MAXIMUM_PIECES = 30  # materials of one department
PART = "part-%d"  # the code of a part is its place in the season's list


@transaction.atomic
def start_summary(department: Department, *, kind: SummaryKind, uuid: UUID, by: Actor, at: datetime) -> Summary:
    """Return a new summary or material; of the closing summary a department has one, which is returned again.

    The same `uuid` again is the first material. Raises Refused: `used` when that uuid stands for another text, `many`;
    ConflictOfInterest for an office member with an interest in the department.
    """
    departments = Department.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    department = departments.get(pk=department.pk)
    if not can_hand_in(by, department.pk):
        message = _("You have an interest in %(department)s, so another member of the office writes for it.")
        raise ConflictOfInterest(message % {"department": department.name})
    existing = _existing(department, kind, uuid)
    if existing is not None:
        return existing
    campaign = department.campaign
    summary = Summary.objects.create(
        uuid=uuid,
        campaign=campaign,
        department=department,
        kind=kind,
        title=_title(campaign, department, kind),
        created_at=at,
        changed_at=at,
    )
    if kind == SummaryKind.SUMMARY:
        SummaryPart.objects.bulk_create(
            SummaryPart(summary=summary, code=PART % order, title=name, order=order)
            for order, name in enumerate(campaign.lists.get("summary_parts", ()), start=1)
        )
    audit.record(
        "summary.start",
        summary,
        by_id=by.user_id,
        campaign_id=summary.campaign_id,
        department_id=summary.department_id,
        at=at,
        after={"title": summary.title, "kind": summary.kind},
    )
    return summary


def _existing(department: Department, kind: SummaryKind, uuid: UUID) -> Summary | None:
    """Return what stands for this request already; raises Refused where it cannot be met."""
    own = Summary.objects.filter(department=department)
    if kind == SummaryKind.SUMMARY:
        standing = own.filter(kind=kind).first()
        if standing is not None:
            return standing
    known = Summary.objects.filter(uuid=uuid).first()
    if known is not None:
        if (known.department_id, known.kind) == (department.pk, kind):
            return known
        raise Refused(_("This button was pressed before, for another text. Open the list anew."), code="used")
    if kind in PIECES and own.filter(kind__in=sorted(PIECES)).count() >= MAXIMUM_PIECES:
        message = _("A department has at most %(limit)s materials. Go on with one that is begun.")
        raise Refused(message % {"limit": MAXIMUM_PIECES}, code="many")
    return None


def _title(campaign: Campaign, department: Department, kind: SummaryKind) -> str:
    words = {"department": department.name, "campaign": campaign.name, "kind": SummaryKind(kind).label}
    with translation.override(settings.LANGUAGE_CODE):  # the text of a document, not of somebody's screen
        if kind == SummaryKind.SUMMARY:
            return _("%(department)s: summary of %(campaign)s") % words
        return _("%(department)s: %(kind)s of %(campaign)s") % (words | {"kind": str(SummaryKind(kind).label)})
