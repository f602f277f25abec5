"""Publications and public notices as papers find them, made plainly: their own services are tested elsewhere."""

from datetime import timedelta

from pypdf import PdfReader

from qualityseason.models import User
from qualityseason.services.jobs import run_job
from scoring.enums import PublicationState, Visibility
from scoring.models import Display, Publication
from scoring.services.snapshots import take_snapshot
from tests.factories import NOON, make_user


def make_publication(season, *, visibility=Visibility.BLOCK, state=PublicationState.CONFIRMED, number=1, replaces=None):
    """Return a publication of the ledger as it stands."""
    confirmed = state == PublicationState.CONFIRMED
    return Publication.objects.create(
        campaign=season,
        number=number if confirmed else None,
        snapshot=take_snapshot(season, at=NOON),
        replaces=replaces,
        visibility=visibility,
        sign_until=NOON.date() + timedelta(days=14),
        state=state,
        proposed_by=_user("proposer"),
        proposed_at=NOON,
        decided_by=_user("signer") if confirmed else None,
        decided_at=NOON if confirmed else None,
    )


def make_display(season, *, visibility=Visibility.ALL, **values):
    """Return a result on public notice for five days."""
    return Display.objects.create(
        campaign=season,
        number=1,
        snapshot=take_snapshot(season, at=NOON),
        starts_on=NOON.date(),
        ends_on=NOON.date() + timedelta(days=4),
        visibility=visibility,
        opened_by=_user("proposer"),
        opened_at=NOON,
        **values,
    )


def run(job):
    """Do the work of a job and return it as it then stands."""
    run_job.func(job.pk, "trace")
    job.refresh_from_db()
    return job


def text_of(path):
    """Return the text of a PDF, page by page."""
    return [page.extract_text() for page in PdfReader(path).pages]


def _user(name):
    return User.objects.filter(username=name).first() or make_user(name)
