"""What a leader who came to a study session says of its discussion: by the own account, or told to the team."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import InvitationAnswer
from campaigns.models import Invitation
from campaigns.queries.session_page import can_remark
from campaigns.services.sessions import began_at
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_REMARK = 2000


def remark_mark(invitation: Invitation) -> str:
    """Return a mark of the remark as it stands; a form carries it, so that a stale one is seen."""
    return invitation.remark_at.isoformat() if invitation.remark_at else ""


def judge_remark(invitation: Invitation, *, actor: Actor) -> None:
    """Raise ConflictOfInterest or PermissionDenied where the actor may not write what this leader says.

    The leader may, and team and office after asking; none of them with an interest in the department.
    """
    if actor.is_interested_in(invitation.session.department_id):
        raise ConflictOfInterest(
            _("You have an interest in this department: what leaders say of its session is written down by others.")
        )
    if not can_remark(actor, invitation.session.department_id, invitation.user_id):
        raise PermissionDenied


@transaction.atomic
def record_remark(
    invitation: Invitation, *, remark: str, seen: str | None = None, actor: Actor, at: datetime
) -> Invitation:
    """Write down what the leader says; with another `seen` than the row's mark (None: any) it is refused as stale.

    What a leader wrote by the own account nobody else changes.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("session")
    invitation = rows.get(pk=invitation.pk)
    judge_remark(invitation, actor=actor)
    remark = tidy(remark)
    if not 0 < len(remark) <= MAXIMUM_REMARK:
        raise Refused(_("Write down what was said, at most 2000 characters."), field="remark", code="remark")
    if invitation.session.cancelled_at is not None:
        raise Refused(_("This session was called off; nothing is written into it any more."), code="cancelled")
    if invitation.came is False:
        message = _("By the roll %(leader)s did not come. If that is wrong, have the roll corrected first.")
        raise Refused(message % {"leader": invitation.name}, code="absent")
    if invitation.remark == remark:
        return invitation
    is_own = invitation.remark_by_id is not None and invitation.remark_by_id == invitation.user_id
    if is_own and invitation.user_id != actor.user_id:
        message = _("%(leader)s has written this personally; nobody else changes it.")
        raise Refused(message % {"leader": invitation.name}, field="remark", code="own")
    if seen is not None and seen != remark_mark(invitation):
        message = _("Somebody else wrote meanwhile: “%(text)s” Send again to replace it.")
        raise Refused(message % {"text": invitation.remark}, field="remark", code="stale", existing=invitation)
    before = {"remark": invitation.remark, "by": invitation.remark_by_id}
    invitation.remark, invitation.remark_by_id, invitation.remark_at = remark, actor.user_id, at
    invitation.save(update_fields=["remark", "remark_by", "remark_at"])
    audit.record(
        "invitation.remark",
        invitation,
        by_id=actor.user_id,
        campaign_id=invitation.session.campaign_id,
        department_id=invitation.session.department_id,
        at=at,
        before=before,
        after={"remark": remark, "by": actor.user_id},
    )
    return invitation


@transaction.atomic
def answer_invitation(invitation: Invitation, *, answer: InvitationAnswer, actor: Actor, at: datetime) -> Invitation:
    """Answer an own invitation beforehand; changed as often as wanted until the session begins.

    Raises PermissionDenied for anybody else, Refused once the session has begun or was called off.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("session")
    invitation = rows.get(pk=invitation.pk)
    if invitation.user_id != actor.user_id:
        raise PermissionDenied
    if invitation.session.cancelled_at is not None:
        raise Refused(_("This session was called off; nothing is written into it any more."), code="cancelled")
    began = began_at(invitation.session)
    if began is not None and began <= at:
        raise Refused(_("The session has begun; whether you came stands on its roll."), code="begun")
    if invitation.answer == answer:
        return invitation
    before, invitation.answer, invitation.answered_at = invitation.answer, answer, at
    invitation.save(update_fields=["answer", "answered_at"])
    audit.record(
        "invitation.answer",
        invitation,
        by_id=actor.user_id,
        campaign_id=invitation.session.campaign_id,
        department_id=invitation.session.department_id,
        at=at,
        before={"answer": before},
        after={"answer": answer},
    )
    return invitation
