"""manage.py reset_password USERNAME: a one-time password for whoever can ask nobody else."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from qualityseason.models import User
from qualityseason.services.accounts import issue_one_time_password


class Command(BaseCommand):
    help = "Gives an account a one-time password, printed here, and opens its login; ends the person's sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="login name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(_("No account has this login name."))
        password = issue_one_time_password(user, by_id=None)
        self.stdout.write(_("One-time password: %(password)s") % {"password": password})
