"""The office looks at the portal as a department sees it: begun, every page opened, ended, all in the audit log."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Department
from qualityseason.services import audit

MAXIMUM_PATH = 500  # characters of an address that are kept


def begin_seeing(department: Department, *, by: Actor, at: datetime) -> None:
    """Write down that somebody of the office begins to look as the department; raises PermissionDenied for others."""
    if not by.has(Role.OFFICE):
        raise PermissionDenied
    _record("see-as.begin", department, by_id=by.user_id, at=at)


def end_seeing(department: Department, *, by: Actor, at: datetime) -> None:
    """Write down that the look has ended."""
    _record("see-as.end", department, by_id=by.user_id, at=at)


def note_seen(seen: Actor, *, path: str, at: datetime) -> None:
    """Write down which page was opened while looking as a department (`seen.seeing_as`)."""
    department = Department.objects.visible_to(seen).get(pk__in=seen.departments)
    _record("see-as.open", department, by_id=seen.user_id, at=at, path=path[:MAXIMUM_PATH])


def _record(act: str, department: Department, *, by_id: int, at: datetime, path: str = "") -> None:
    audit.record(
        act,
        department,
        by_id=by_id,
        campaign_id=department.campaign_id,
        department_id=department.pk,
        at=at,
        after={"path": path} if path else None,
    )
