"""The version that a code typed from paper names, and the one it may have meant."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from campaigns.actors import Actor
from campaigns.calculations.codes import nearest_code
from campaigns.enums import ReceiptKind
from campaigns.models import PlanVersion, Receipt
from campaigns.queries.receipts import plan_versions


@dataclass(frozen=True)
class PaperFound:
    """What a code on paper names: the version, the newest of its plan, and the receipt there is already."""

    version: PlanVersion
    newest: int
    existing: Receipt | None

    @property
    def is_newest(self) -> bool:
        """Whether the paper is the text of the newest e-copy."""
        return self.version.number == self.newest

    @property
    def token(self) -> str:
        """What the second step sends back, so that a version submitted in between is seen."""
        return f"{self.version.uuid}:{self.newest}"


@dataclass(frozen=True)
class NearCode:
    """A code much like the one typed, and what it names."""

    code: str
    department: str
    number: int


def find_paper(actor: Actor, code: str) -> PaperFound | None:
    """Return what an understood code names among the versions the actor sees, or None. Three queries."""
    visible = PlanVersion.objects.visible_to(actor).select_related("plan__department", "plan__campaign")
    version = visible.defer("content").annotate(title=F("content__title")).filter(code=code).first()
    if version is None:
        return None
    newest = PlanVersion.objects.filter(plan_id=version.plan_id).order_by("-number").values_list("number", flat=True)
    existing = Receipt.objects.filter(version=version, kind=ReceiptKind.PAPER).select_related("received_by").first()
    return PaperFound(version, newest[0], existing)


def find_near_code(actor: Actor, code: str) -> NearCode | None:
    """Return the code of a newest version that is much like `code`, or None. One query."""
    newest = {versions[-1].code: versions[-1] for versions in plan_versions(actor)}
    near = nearest_code(code, newest) if code else ""
    if not near:
        return None
    return NearCode(near, newest[near].paper.department.name, newest[near].number)
