"""manage.py detect 2009 [--department NAME]: look at the records and bring the findings in line with them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.management.importing import find_campaign
from campaigns.models import Campaign, Department
from campaigns.queries.departments import DepartmentBook
from qualityseason import clock
from scoring.models import Detection
from scoring.services.detection import detect_campaign, detect_department


class Command(BaseCommand):
    help = "Looks at the records of all departments, or of one; ends with 1 when a detector failed, and says which."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="slug of the season, e.g. 2009")
        parser.add_argument("--department", default="", help="look at this one only, by its name or alias")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        department = _find_department(campaign, options["department"]) if options["department"] else None
        at = clock.now(campaign)
        outcome = detect_campaign(campaign, at=at) if department is None else detect_department(department, at=at)
        counts = {"opened": outcome.opened, "returned": outcome.returned, "gone": outcome.gone}
        self.stdout.write(
            _("Findings opened: %(opened)d, returned with other facts: %(returned)d, gone by themselves: %(gone)d.")
            % counts
        )
        if outcome.troubles:
            self._tell_troubles(campaign, department)
            raise CommandError(_("Detectors that failed: %(count)d.") % {"count": outcome.troubles})

    def _tell_troubles(self, campaign: Campaign, department: Department | None) -> None:
        looked = Detection.objects.filter(campaign=campaign).exclude(troubles=[]).select_related("department")
        if department is not None:
            looked = looked.filter(department=department)
        for row in looked:
            for trouble in row.troubles:
                words = {"department": row.department.name, **trouble}
                self.stderr.write(
                    _("%(department)s: detector “%(detector)s” failed; the log tells why under %(trace)s.") % words
                )


def _find_department(campaign: Campaign, name: str) -> Department:
    found = DepartmentBook(campaign).find(name)
    if found is None:
        raise CommandError(_("There is no department “%(name)s” in this season.") % {"name": name})
    return found
