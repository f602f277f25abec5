"""What the commands that bring sheets in share: finding campaign and people, reading the file, telling the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError, OutputWrapper
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.facts import SheetContent, SheetError
from campaigns.imports.archive import check_name
from campaigns.imports.sheet import read_sheets
from campaigns.models import Campaign
from campaigns.policy import importable_kinds
from campaigns.queries.actors import load_actor
from campaigns.services.imports import ImportOutcome, Upload
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.intake.package import MIB
from qualityseason.models import User


def find_campaign(slug: str) -> Campaign:
    """Return the campaign, or end the command with a sentence."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise CommandError(_("There is no season “%(slug)s”.") % {"slug": slug})
    return campaign


def find_actor(campaign: Campaign, username: str, kind: str, *, at: datetime) -> Actor:
    """Return who `username` is in the campaign; ends the command unless they may bring in sheets of this kind."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(_("There is no account “%(login)s”.") % {"login": username})
    actor = load_actor(user, campaign, on=clock.day_of(at)) if user.is_active else None
    if actor is None:
        raise CommandError(
            _("%(login)s has no role in season %(season)s.") % {"login": username, "season": campaign.slug}
        )
    if kind not in importable_kinds(actor):
        raise CommandError(_("The roles of %(login)s do not allow this import.") % {"login": username})
    return actor


def read_file(path: str, kind: str) -> SheetContent:
    """Return the rows of the file; a file that cannot be taken as a whole is one error."""
    spec = hooks.import_kinds[kind]
    try:
        check_name(path)
        with Path(path).open("rb") as handle:
            return read_sheets(handle, spec.columns, maximum_rows=spec.maximum_rows)
    except Refused as refused:
        return SheetContent((), (SheetError(str(refused.sentence)),))
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror or error}
        ) from error


def upload_of(path: str) -> Upload:
    """Return the file as an upload, read when it is stored."""
    return Upload(_chunks(Path(path)), Path(path).name)


def tell(outcome: ImportOutcome, *, kind: str, dry_run: bool, out: OutputWrapper, err: OutputWrapper) -> None:
    """Print what was understood, or every error; ends the command with 1 when there are errors."""
    for error in outcome.errors:
        err.write(f"{error.place}: {error.sentence}" if error.place else error.sentence)
    if outcome.errors:
        raise CommandError(_("%(count)d errors; nothing was written.") % {"count": len(outcome.errors)}, returncode=1)
    if outcome.standing is not None:
        day = outcome.standing.applied_at
        out.write(
            _("The same content was brought in already, on %(day)s as “%(name)s”. Nothing was changed.")
            % {"day": f"{clock.day_of(day):%Y-%m-%d}" if day else "", "name": outcome.standing.name}
        )
        return
    out.write("\t".join(("", *hooks.import_kinds[kind].shown)))
    for row in outcome.written.shown:
        mark = (f"[{row.mark}]",) if row.mark else ()
        out.write("\t".join((f"{row.sheet}/{row.number}", *(" ".join(cell.split()) for cell in row.cells), *mark)))
    for label, value in (*outcome.written.totals, *outcome.written.sums):
        out.write(f"{label}: {value}")
    out.write(_("Tried only; nothing was written.") if dry_run else _("Brought in."))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while chunk := handle.read(MIB):
            yield chunk
