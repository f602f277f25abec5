"""manage.py import_deductions 2009 FILE.xlsx --by assessor: bring in a sheet of deductions, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.enums import ImportKind
from campaigns.management.importing import find_actor, find_campaign, read_file, tell, upload_of
from qualityseason import clock
from scoring.services.imports import import_deductions


class Command(BaseCommand):
    help = "Brings in a sheet of deductions; every error is named by sheet/row/column, and then nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season, e.g. 2009")
        parser.add_argument("file", help="the .xlsx file")
        parser.add_argument("--by", required=True, help="login name of the team member who records")
        parser.add_argument("--confirm-by", default="", help="login name of another one who confirms all lines")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be written")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        at = clock.now(campaign)
        by = find_actor(campaign, options["by"], ImportKind.DEDUCTIONS, at=at)
        confirm_by = None
        if options["confirm_by"]:
            confirm_by = find_actor(campaign, options["confirm_by"], ImportKind.DEDUCTIONS, at=at)
            if confirm_by.user_id == by.user_id:
                raise CommandError(
                    _("Another member of the team must confirm, not %(login)s.") % {"login": options["by"]}
                )
        outcome = import_deductions(
            campaign,
            read_file(options["file"], ImportKind.DEDUCTIONS),
            upload=upload_of(options["file"]),
            by=by,
            at=at,
            confirm_by=confirm_by,
            dry_run=options["dry_run"],
        )
        tell(outcome, kind=ImportKind.DEDUCTIONS, dry_run=options["dry_run"], out=self.stdout, err=self.stderr)
        if confirm_by is not None and outcome.is_new and not options["dry_run"]:
            self.stdout.write(_("Confirmed by %(name)s.") % {"name": options["confirm_by"]})
