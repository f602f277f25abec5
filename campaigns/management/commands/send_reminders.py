"""manage.py send_reminders CAMPAIGN [--days N]: one message per person with all that is due; for the nightly timer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.jobs.reminder_mail import mail_day
from campaigns.models import Campaign
from campaigns.queries.reminders import DAYS, drafts
from campaigns.services.reminders import send_reminders
from qualityseason import clock
from qualityseason.errors import Refused


class Command(BaseCommand):
    help = "Reminds heads and liaisons of what is overdue or due soon: one message per person and day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season, e.g. 2009")
        parser.add_argument("--days", type=int, default=DAYS, help=f"how far ahead it looks (default {DAYS})")
        parser.add_argument("--dry-run", action="store_true", help="only say who would get what")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(_("No such season: %(slug)s") % {"slug": options["campaign"]})
        at = clock.now(campaign)
        if options["dry_run"]:
            for draft in drafts(campaign, on=clock.day_of(at), days=options["days"]):
                titles = "、".join(line.title for line in draft.lines)
                self.stdout.write(f"{draft.username} {draft.name} {len(draft.lines)}: {titles}")
            return
        try:
            sent = send_reminders(campaign, days=options["days"], by=None, at=at)
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        words = {"made": sent.made, "again": sent.again}
        self.stdout.write(_("Messages made: %(made)s; had theirs today: %(again)s.") % words)
        if settings.MAIL_IS_SET:
            gone, failed = mail_day(campaign, clock.day_of(at), lambda done, total: None)
            self.stdout.write(_("Mail sent: %(gone)s; not sent: %(failed)s.") % {"gone": gone, "failed": failed})
