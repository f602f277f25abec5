"""What tests of obligations share: days in the portal's zone, rows of the season, files that wait."""

from datetime import date, datetime
from uuid import uuid4

from campaigns.models import Milestone, Obligation, Plan
from campaigns.queries.obligations import owed_row
from campaigns.services.obligations import make_obligations
from qualityseason.models import StoredFile
from tests.factories import SHANGHAI, department, make_membership, make_user

DUE = date(2009, 11, 6)  # of both copies of the plan
LIBRARY, UNION = "图书馆", "工会"


def moment(month, day, hour=12, minute=0):
    """Return a moment of the autumn of 2009, Shanghai time."""
    return datetime(2009, month, day, hour, minute, tzinfo=SHANGHAI)


def owed(season, code="plan-ecopy", home=LIBRARY):
    """Return what a department owes for a milestone."""
    rows = Obligation.objects.select_related("milestone", "department")
    return rows.get(campaign=season, milestone__code=code, department__name=home)


def met(season, at, code="plan-ecopy", home=LIBRARY):
    """Mark it as met at that moment, by nothing in particular; returns the row."""
    row = owed(season, code, home)
    row.met_at = row.recorded_at = at
    row.save()
    return row


def state(row, on):
    """Return (state, days late, days left) on that day."""
    shown = owed_row(Obligation.objects.select_related("milestone", "department").get(pk=row.pk), on=on)
    return shown.state.value, shown.days_late, shown.days_left


def signed_in(client, season, role, home=None):
    """Sign a new user in; returns the user."""
    user = make_user(f"{role.lower()}-{home or 'all'}", name=f"{role}")
    make_membership(season, user, role, department=department(season, home) if home else None)
    client.force_login(user)
    return user


def make_plan(season, home=LIBRARY, *, state="draft", submitted_at=None):
    """Return the plan of a department in that state."""
    return Plan.objects.create(
        campaign=season,
        department=department(season, home),
        title=f"{home}活动方案",
        state=state,
        created_at=moment(11, 1),
        changed_at=moment(11, 1),
        submitted_at=submitted_at,
    )


def waiting_file(season, user_id, name="总结.docx"):
    """Return an upload of that person which waits to be attached."""
    return StoredFile.objects.create(
        sha256="a" * 64,
        name=name,
        media_type="application/octet-stream",
        size=3,
        stored_by_id=user_id,
        campaign_id=season.pk,
        is_upload=True,
    )


def ask_for_files(season, code="files", *, due_on=date(2009, 12, 31), name="补充材料"):
    """Let every department owe files by a day, which no milestone of the season does; returns the milestone's code."""
    Milestone.objects.create(campaign=season, code=code, name=name, due_on=due_on, obligation="hand-in")
    make_obligations(season)
    return code


def owe_record(season, kind, home=LIBRARY, *, key=None, name="临时任务", due_on=date(2009, 12, 20), **values):
    """Return what a record or month (`key`) asks of a department."""
    return Obligation.objects.create(
        campaign=season,
        department=department(season, home),
        kind=kind,
        key=key or str(uuid4()),
        name=name,
        due_on=due_on,
        **values,
    )
