"""manage.py import_people 2009 staff FILE.xlsx --by office: bring in a staff list, classes or accounts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.enums import ImportKind
from campaigns.management.importing import find_actor, find_campaign, read_file, tell, upload_of
from campaigns.services.imports import import_at_once
from qualityseason import clock

KINDS = (ImportKind.STAFF, ImportKind.CLASSES, ImportKind.ACCOUNTS)


class Command(BaseCommand):
    help = "Brings in a staff list, classes or accounts; every error is named, and then nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season, e.g. 2009")
        parser.add_argument("kind", choices=[kind.value for kind in KINDS])
        parser.add_argument("file", help="the .xlsx file")
        parser.add_argument("--by", required=True, help="login name of an account of the campaign office")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be written")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        if kind not in KINDS:
            raise CommandError(_("There is no kind of sheet “%(kind)s”.") % {"kind": kind})
        campaign = find_campaign(options["campaign"])
        at = clock.now(campaign)
        by = find_actor(campaign, options["by"], kind, at=at)
        outcome = import_at_once(
            campaign,
            kind,
            read_file(options["file"], kind),
            upload=upload_of(options["file"]),
            by=by,
            at=at,
            dry_run=options["dry_run"],
        )
        tell(outcome, kind=kind, dry_run=options["dry_run"], out=self.stdout, err=self.stderr)
