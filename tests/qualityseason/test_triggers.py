"""Append-only triggers: put there, taken away, and precise about what they forbid."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from qualityseason import triggers
from qualityseason.models import StoredFile

TABLE = "qualityseason_storedfile"


@pytest.fixture
def editor(db):
    """What triggers need of a schema editor; Django's own may not be opened inside a test's transaction on SQLite."""
    with connection.cursor() as cursor:
        yield SimpleNamespace(connection=connection, execute=cursor.execute)


@pytest.fixture
def stored(db):
    return StoredFile.objects.create(sha256="0" * 64, name="a", media_type="", size=1)


def refused(act):
    try:
        with transaction.atomic():
            act()
    except DatabaseError as problem:
        return "append-only" in str(problem)
    return False


def test_forbidden_event_is_refused_until_allowed_again(stored, editor):
    rows = StoredFile.objects.filter(pk=stored.pk)
    triggers.forbid(editor, TABLE, "UPDATE")
    assert refused(lambda: rows.update(name="b"))
    assert not refused(lambda: StoredFile.objects.create(sha256="1" * 64, name="c", media_type="", size=1))
    triggers.allow(editor, TABLE, "UPDATE")
    assert not refused(lambda: rows.update(name="b"))


def test_condition_forbids_only_the_rows_it_names(stored, editor):
    rows = StoredFile.objects.filter(pk=stored.pk)
    condition = triggers.changed(["size", "sha256"], vendor=connection.vendor)
    triggers.forbid(editor, TABLE, "UPDATE", when=condition)
    assert not refused(lambda: rows.update(name="b"))
    assert not refused(lambda: rows.update(size=1))
    assert refused(lambda: rows.update(size=2))
    triggers.allow(editor, TABLE, "UPDATE")


def test_rewritten_lets_a_value_be_written_once(stored, editor, django_user_model):
    rows = StoredFile.objects.filter(pk=stored.pk)
    one = django_user_model.objects.create_user("li")
    two = django_user_model.objects.create_user("wang")
    condition = triggers.rewritten(["stored_by_id"], vendor=connection.vendor)
    triggers.forbid(editor, TABLE, "UPDATE", when=condition)
    assert not refused(lambda: rows.update(stored_by=one))
    assert not refused(lambda: rows.update(stored_by=one))
    assert refused(lambda: rows.update(stored_by=two))
    assert refused(lambda: rows.update(stored_by=None))
    triggers.allow(editor, TABLE, "UPDATE")


def test_allow_without_a_trigger_does_nothing(editor):
    triggers.allow(editor, TABLE, "DELETE")
