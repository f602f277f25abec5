"""The whole demo of the season of 2009, seeded once for all tests of this folder."""

import pytest
from django.core.management import call_command
from django.db import transaction

from qualityseason.clock import wall_now
from tests.factories import season_of


@pytest.fixture(scope="package")
def seeded(django_db_setup, django_db_blocker):
    """Seed the whole demo in a transaction around this folder, since that takes long; when it began and ended."""
    with (
        pytest.MonkeyPatch.context() as environment,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        environment.delenv("DEMO_PASSWORD", raising=False)
        began = wall_now()
        call_command("seed_demo", verbosity=0)
        yield began, wall_now()
        transaction.set_rollback(True)


@pytest.fixture
def season(seeded, db):
    """The seeded season; what the test does is rolled back."""
    return season_of("2009")
