"""The demo's command where it makes no activity, and where it refuses."""

import tomllib
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from campaigns.models import Campaign, StaffMember
from qualityseason import clock
from qualityseason.models import User
from scoring.models import Deduction, Inspection
from tests.factories import SHANGHAI

START = datetime(2009, 12, 28, 9, 0, tzinfo=SHANGHAI)


def seed(*arguments):
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def test_seed_demo_accounts_only_adds_no_record(db):
    seed("--accounts-only")
    assert User.objects.count() == 54
    assert not Deduction.objects.exists()
    assert not Inspection.objects.exists()
    assert not StaffMember.objects.exists()
    assert clock.now(Campaign.objects.get(slug="2009")) >= START


def test_seed_demo_in_production_is_refused(db, settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError):
        seed()
    assert not User.objects.exists()


def test_seed_demo_without_the_season_names_the_command(db):
    Campaign.objects.filter(slug="2009").update(slug="2008")
    with pytest.raises(CommandError) as refusal:
        seed()
    assert "load_season season2009" in str(refusal.value)


def test_demo_cases_name_rules_of_the_season():
    fixtures = Path(project.BASE_DIR) / "fixtures"
    rules = tomllib.loads((fixtures / "season2009" / "rulebook.toml").read_text())["rules"]
    cases = tomllib.loads((fixtures / "demo" / "cases.toml").read_text())["cases"]
    assert {code for case in cases for code in case["rules"]} <= {rule["code"] for rule in rules}
