"""What every test has: both seasons loaded once per test database, users and logins."""

import pytest
from django.db import connection
from django.utils import translation

from campaigns.services.seasons import load_season
from qualityseason import triggers

DATABASE_FIXTURES = frozenset({"db", "transactional_db"})  # pytest-django's others ask for one of these
APPEND_ONLY = ("qualityseason_auditentry", "scoring_deduction")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches the database; `pytest -m database` is the part that runs on PostgreSQL too."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(item.fixturenames):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load the real season and the invented one once; tests that roll back find them every time."""
    with django_db_blocker.unblock():
        _load_seasons()


def _load_seasons():
    load_season("season2009")
    load_season("invented")


@pytest.fixture(autouse=True)
def _language_of_the_portal(settings):
    """Begin every test in the portal's language, whatever a request of the test before has chosen."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def season(db):
    """The season of 2009."""
    from tests.factories import season_of

    return season_of("2009")


@pytest.fixture
def other_season(db):
    """The invented season with other blocks, categories and prices."""
    from tests.factories import season_of

    return season_of("2031")


@pytest.fixture
def _season_after_flush(django_db_blocker):
    """Put triggers and seasons back once a committing test's database has been emptied."""
    yield
    with django_db_blocker.unblock():
        _protect()
        _load_seasons()


@pytest.fixture
def committed_season(_season_after_flush, transactional_db):
    """The season of 2009 for tests with several connections; the database is emptied and loaded again after."""
    from tests.factories import season_of

    yield season_of("2009")
    with connection.schema_editor() as editor:
        for table in APPEND_ONLY:
            triggers.allow(editor, table, "DELETE")


def _protect():
    with connection.schema_editor() as editor:
        for table in APPEND_ONLY:
            triggers.forbid(editor, table, "DELETE")


@pytest.fixture
def portal_files(settings, tmp_path):
    """A file store of the test's own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR
