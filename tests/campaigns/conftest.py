"""What the tests of the campaigns' side have in common."""

import pytest


@pytest.fixture(autouse=True)
def _findings_later(settings):
    """Leave findings to a worker that is busy; the tests of scoring look for them."""
    settings.TASKS = {"default": {"BACKEND": "tests.background.BusyBackend"}}
