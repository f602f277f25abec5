"""manage.py appoint_office CAMPAIGN USERNAME: give a season its first account of the campaign office."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.enums import Role
from campaigns.models import Campaign
from campaigns.services.people import add_membership
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services.accounts import create_account, issue_one_time_password


class Command(BaseCommand):
    help = "Makes an account an office account of a season; a new account gets a one-time password, printed here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season, e.g. 2009")
        parser.add_argument("username", help="login name; made when there is none")
        parser.add_argument("--name", default="", help="the person's name, for a new account")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(_("No such season: %(slug)s") % {"slug": options["campaign"]})
        user = User.objects.filter(username=options["username"]).first()
        at = clock.now(campaign)
        starts_on = min(campaign.facts_from, clock.day_of(at))
        password = ""
        try:
            if user is None:
                name = options["name"] or options["username"]
                user = create_account(
                    options["username"], display_name=name, by_id=None, campaign_id=campaign.pk, at=at
                )
                password = issue_one_time_password(user, by_id=None, campaign_id=campaign.pk, at=at)
            add_membership(
                campaign, user=user, role=Role.OFFICE, department=None, starts_on=starts_on, by_id=None, at=at
            )
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        words = {"login": user.username, "season": campaign.slug}
        self.stdout.write(_("%(login)s is campaign office of season %(season)s.") % words)
        if password:
            self.stdout.write(_("One-time password: %(password)s") % {"password": password})
