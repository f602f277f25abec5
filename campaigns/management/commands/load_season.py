"""manage.py load_season season2009: bring a season in line with its folder under fixtures/."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.services.seasons import load_season


class Command(BaseCommand):
    help = "Loads a season from fixtures/<name>; once deductions rest on it, only reports the differences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="folder below fixtures/, e.g. season2009")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load = load_season(options["name"])
        except FileNotFoundError as error:
            raise CommandError(_("No such season: %(file)s") % {"file": error.filename}) from error
        except ValueError as error:
            raise CommandError(_("The season's files cannot be read: %(why)s") % {"why": error}) from error
        for difference in (*load.differences, *load.always):
            self.stdout.write(difference)
        if load.always:
            self.stdout.write(
                _("Written, since nothing recorded rests on it: %(count)d.") % {"count": len(load.always)}
            )
        elif not load.differences:
            self.stdout.write(_("The season is as its files say; nothing changed."))
        elif load.written:
            self.stdout.write(_("Season loaded: %(count)d rows written.") % {"count": len(load.differences)})
        if load.differences and not load.written:
            self.stdout.write(_("Records rest on this season: the other differences above were not written."))
