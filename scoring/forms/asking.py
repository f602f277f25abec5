"""What a form needs to know of who fills it in: the season, the person, the moment. A request has all three."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from qualityseason.text import NO_UUID, parse_uuid


class Asking(Protocol):
    """Somebody in a campaign at a moment of its clock."""

    campaign: Campaign
    actor: Actor
    at: datetime


def department_to_assess(asking: Asking, typed: str) -> Department:
    """Return the department of that uuid; raises ValidationError when there is none or it is of own interest (回避)."""
    visible = Department.objects.visible_to(asking.actor).select_related("block", "campaign")
    found = visible.filter(uuid=parse_uuid(typed) or NO_UUID).first()
    if found is None:
        raise ValidationError(_("Choose a department."), code="unknown")
    if asking.actor.is_interested_in(found.pk):
        raise ValidationError(
            _("You have an interest in this department and take no part in its assessment."), code="conflict"
        )
    return found
