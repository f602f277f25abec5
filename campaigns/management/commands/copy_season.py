"""manage.py copy_season OLD NEW --name … --starts-on … --office …: the next season as a copy of this one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.queries.season_copies import SeasonDraft, preview_copy
from campaigns.services.season_copies import copy_season, judged
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.text import parse_date


class Command(BaseCommand):
    help = "Sets a new season up as a copy of another: departments, duties, dates moved, rulebook; no records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season to copy, e.g. 2009")
        parser.add_argument("slug", help="slug of the new season, e.g. 2010")
        parser.add_argument("--name", default="", help="its name; that of the old one when left out")
        parser.add_argument("--starts-on", required=True, help="its first day, e.g. 2010-10-11")
        parser.add_argument("--office", required=True, help="login name of who becomes its campaign office")
        parser.add_argument("--dry-run", action="store_true", help="only print how everything would move")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(_("No such season: %(slug)s") % {"slug": options["campaign"]})
        office = User.objects.filter(username=options["office"]).first()
        if office is None:
            raise CommandError(_("No account has this login name: %(login)s") % {"login": options["office"]})
        try:
            starts_on = parse_date(options["starts_on"])
        except ValueError as error:
            raise CommandError(_("Write the day like 2009-11-06.")) from error
        try:
            draft = judged(campaign, SeasonDraft(options["slug"], options["name"] or campaign.name, starts_on))
            preview = preview_copy(campaign, draft)
            for title, rows in preview.sections:
                self.stdout.write(f"# {title}")
                for row in rows:
                    self.stdout.write(f"{row.name} {row.before} -> {row.after}".strip())
            if options["dry_run"]:
                return
            copied = copy_season(campaign, draft, office=office, by=None, at=clock.now(campaign))
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        words = {"season": copied.slug, "login": office.username}
        self.stdout.write(_("Season %(season)s is set up; %(login)s is its campaign office.") % words)
