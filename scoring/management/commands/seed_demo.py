"""manage.py seed_demo [--accounts-only] [--if-empty]: accounts and activity to try the portal with."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from scoring.services.demo import demo_campaign, is_database_in_use, seed_demo

PASSWORD = "quality-season"  # noqa: S105  # the demo's, shown on the demo's login page


class Command(BaseCommand):
    help = "Makes demo accounts, and two months of demo activity under the demo clock; refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts-only", action="store_true", help="accounts and clock, no activity")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(_("In production there is no demo: its passwords are known to everybody."))
        if options["if_empty"] and is_database_in_use():
            self.stdout.write(_("There are accounts already; no demo is added."))
            return
        try:
            report = seed_demo(
                demo_campaign(),
                password=os.environ.get("DEMO_PASSWORD") or PASSWORD,
                activity=not options["accounts_only"],
            )
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        self.stdout.write(_("Demo accounts made: %(count)d.") % {"count": report.accounts})
        if report.has_activity:
            self.stdout.write(_("The season has records already; no activity was added."))
        elif not options["accounts_only"]:
            self.stdout.write(
                _("Demo activity: %(inspections)d inspections, %(deductions)d deductions.")
                % {"inspections": report.inspections, "deductions": report.deductions}
            )
