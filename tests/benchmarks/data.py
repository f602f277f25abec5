"""Seasons with as many departments and deductions as wanted, made by the portal's services and by bulk SQL."""

import re
import shutil
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from campaigns.enums import Role
from campaigns.models import Campaign, Department, Membership
from campaigns.services.seasons import load_season
from qualityseason.models import User
from scoring.models import Category, Tally
from scoring.services.tallies import recompute_tallies
from tests.benchmarks.ledger import fill_ledger
from tests.benchmarks.portals import Portal
from tests.benchmarks.registers import fill_registers

SEASON = "season2009"
READER = "reader"  # an assessor of the office's sight; reads pages
RECORDERS = [f"recorder-{number:02}" for number in range(1, 17)]
WIDENED = 100  # in the invented season a full mark is so many times the scheme's: 1,000 lines don't empty it


@dataclass(frozen=True)
class Sizes:
    """How much of everything a run makes and how often it looks."""

    departments: int
    lines: int
    few_lines: int
    sheet_lines: int
    few_sheet_lines: int
    recordings: int
    rounds: int  # of pages; others derive theirs


FULL = Sizes(1_000, 1_000_000, 1_000, 100_000, 10_000, 2_000, 40)
QUICK = Sizes(100, 10_000, 100, 1_000, 200, 160, 5)
COLLEGE_LINES = 240  # of the 24 departments of the shipped season: ten each


class Store:
    """The directory of one run: two seasons without deductions, and copies of them with as many as wanted."""

    def __init__(self, directory: Path, sizes: Sizes) -> None:
        self.directory = directory
        self.sizes = sizes
        self.college = self._season("college", SEASON)
        self._portals: dict[str, Portal] = {}
        self.invented = self._season("invented", write_season(directory / "season", sizes.departments))

    def _season(self, name: str, folder: str) -> Path:
        path = self.directory / f"{name}.sqlite3"
        portal = Portal.on_file(path)
        open_season(portal, folder)
        portal.close()
        return path

    def portal(self, season: Path, *, lines: int) -> Portal:
        """Return a portal with that many deductions, its tallies in line with them, and its reader signed in."""
        path = season.with_name(f"{season.stem}-{lines}.sqlite3")
        if path.name not in self._portals:
            self._portals[path.name] = self._fill(season, path, lines)
        return self._portals[path.name]

    def registers(self, season: Path, *, people: int) -> tuple[Portal, int]:
        """Return a portal with staff and a full season's registers, and how many register rows it has."""
        path = season.with_name(f"{season.stem}-registers.sqlite3")
        shutil.copy(season, path)
        rows = fill_registers(path, people=people)
        return Portal.on_file(path), rows

    def _fill(self, season: Path, path: Path, lines: int) -> Portal:
        shutil.copy(season, path)
        if lines:
            fill_ledger(path, lines)
        portal = Portal.on_file(path)
        if lines:
            set_tallies(portal)
        portal.sign_in(READER)
        return portal


def open_season(portal: Portal, folder: str) -> None:
    """Migrate the portal's database, load the season and let its readers and recorders in."""
    portal.use()
    call_command("migrate", verbosity=0)
    campaign = load_season(folder).campaign
    for username in (READER, *RECORDERS):
        user = User.objects.create_user(username, display_name=username)
        Membership.objects.create(campaign=campaign, user=user, role=Role.ASSESSOR, starts_on=campaign.facts_from)


def write_season(folder: Path, departments: int) -> str:
    """Write a season with the rulebook of 2009 and that many departments; return its folder for `load_season`."""
    source = Path(settings.BASE_DIR) / "fixtures" / SEASON
    folder.mkdir()
    shutil.copy(source / "campaign.toml", folder)
    rulebook = (source / "rulebook.toml").read_text()
    rulebook = re.sub(
        r'^full = "(.+)"$', lambda found: f'full = "{float(found[1]) * WIDENED:.2f}"', rulebook, flags=re.M
    )
    (folder / "rulebook.toml").write_text(rulebook)
    data = tomllib.loads((source / "departments.toml").read_text())
    parts = [f'[[blocks]]\ncode = "{block["code"]}"\nname = "{block["name"]}"\n' for block in data["blocks"]]
    known = data["departments"]
    for number in range(departments):
        like = known[number % len(known)]
        name = f"{like['name']}{number // len(known) + 1:02}"
        parts.append(f'[[departments]]\nblock = "{like["block"]}"\nname = "{name}"\nkind = "{like["kind"]}"\n')
    (folder / "departments.toml").write_text("\n".join(parts))
    return str(folder)


def set_tallies(portal: Portal) -> None:
    """Set every tally to what the ledger says."""
    portal.use()
    categories = list(Category.objects.values_list("pk", flat=True))
    with transaction.atomic():
        for department in Department.objects.values_list("pk", flat=True):
            recompute_tallies(department, category_ids=categories)
    assert Tally.objects.filter(charged__gt=0).exists()


def after_the_facts(campaign: Campaign) -> datetime:
    """Return a moment of the campaign's clock at which every day of its facts is past."""
    return datetime.combine(campaign.facts_until + timedelta(days=1), time(12), tzinfo=UTC)
