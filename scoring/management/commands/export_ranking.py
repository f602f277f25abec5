"""manage.py export_ranking 2009 --format xlsx --output FILE: the ranking as workbook or PDF."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.text import parse_date
from scoring.exports.formats import FORMATS
from scoring.jobs.exports import write_export


class Command(BaseCommand):
    help = "Writes the ranking of a season to a file; an older file is replaced once the new one is whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season, e.g. 2009")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--output", required=True, help="the file to write")
        parser.add_argument("--at", default="", help="count facts up to this day, e.g. 2009-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(_("There is no season “%(slug)s”.") % {"slug": options["campaign"]})
        if options["format"] not in FORMATS:
            raise CommandError(_("There is no format “%(format)s”.") % {"format": options["format"]})
        as_of = _read_day(options["at"])
        output = Path(options["output"])
        try:
            _write(campaign, output, format=options["format"], as_of=as_of)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s") % {"file": output, "why": error.strerror or error}
            ) from error
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        self.stdout.write(_("Written: %(file)s") % {"file": output})


def _read_day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return parse_date(typed)
    except ValueError as error:
        raise CommandError(_("“%(typed)s” is not a date; write it as 2009-12-31.") % {"typed": typed}) from error


def _write(campaign: Campaign, output: Path, *, format: str, as_of: date | None) -> None:
    """Write beside the output, then rename: whoever reads it never meets half a file."""
    if output.is_dir():
        raise IsADirectoryError(None, _("it is a folder"))
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")
    partial = Path(name)
    try:
        os.close(handle)
        write_export(campaign, partial, format=format, as_of=as_of, actor=None, at=clock.now(campaign))
        partial.chmod(0o666 & ~_umask())
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
