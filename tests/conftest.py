"""What every test has: both seasons loaded once per test database, users and logins."""

import gc

import heroicons
import pytest
from django.db import connection
from django.utils import translation

from campaigns.services.seasons import load_season
from qualityseason import triggers
from tests.migrated import put_migrated

DATABASE_FIXTURES = frozenset({"db", "transactional_db"})  # pytest-django's others ask for one of these
APPEND_ONLY = (
    "qualityseason_auditentry",
    "scoring_deduction",
    "scoring_snapshot",
    "scoring_printedcopy",
    "scoring_notice",
    "scoring_appeal",
    "scoring_display",
    "scoring_objection",
    "scoring_publication",
    "scoring_benchmark",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches the database; `pytest -m database` is the part that runs on PostgreSQL too."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(item.fixturenames):
            item.add_marker(pytest.mark.database)


# --- what costs every test: the interpreter, and the seventy icons of a page


def pytest_collection_finish():
    """Spare the collector what stays until the end: thousands of tests, models and templates."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Run the test above one large frame.

    CPython maps memory for frames in small pieces. Templates are rendered so deep that calls cross from one piece into
    the next a thousand times a page, and each time memory is mapped and unmapped. Above a frame that needs a large
    piece everything fits into the rest of it.
    """
    return _above_a_large_frame(item.config.pluginmanager.get_plugin("runner").pytest_runtest_protocol, item, nextitem)


def _above_a_large_frame(run, item, nextitem):
    return run(item, nextitem)


_above_a_large_frame.__code__ = _above_a_large_frame.__code__.replace(co_stacksize=2**16 + 2**8)


@pytest.fixture(autouse=True, scope="session")
def _icons_drawn_once():
    """Keep each icon as it was drawn; the library draws it from its XML each time."""
    drawn, draw = {}, heroicons._render_icon

    def draw_once(style, name, size, attrs):
        key = (style, name, size, *((attribute, str(value)) for attribute, value in attrs.items()))
        if key not in drawn:
            drawn[key] = draw(style, name, size, attrs)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heroicons, "_render_icon", draw_once)
        yield


# --- databases


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_keepdb, django_db_modify_db_settings, django_db_blocker):
    """Begin with a copy of the migrated database on SQLite; what is kept is only the run's own, which ends with it."""
    cache = getattr(request.config, "cache", None)
    if django_db_keepdb or cache is None or connection.vendor != "sqlite":
        return django_db_keepdb
    with django_db_blocker.unblock():
        put_migrated(cache.mkdir("migrated"), connection.settings_dict["TEST"]["NAME"])
    return True


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
