"""Reading a season in one piece, and keeping what was made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.models import StoredFile
from qualityseason.services import audit
from qualityseason.services.files import store_path
from scoring.queries.exports import ExportFacts, load_export_facts


@contextmanager
def open_export(campaign: Campaign, *, actor: Actor | None, as_of: date | None, at: datetime) -> Iterator[ExportFacts]:
    """Open one consistent reading of the season; lines confirmed meanwhile are in none of its sheets.

    Nothing may be written before it is closed: on SQLite it holds no lock, so that recording goes on.
    """
    with _snapshot():
        yield load_export_facts(campaign, actor=actor, as_of=as_of, at=at)


@contextmanager
def _snapshot() -> Iterator[None]:
    if connection.in_atomic_block:  # the caller's transaction decides
        yield
    elif connection.vendor == "sqlite":
        with _deferred(), transaction.atomic():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """Let the next transaction begin without the lock that the settings ask for on behalf of writers."""
    connection.ensure_connection()  # connecting sets the mode
    sqlite: Any = connection
    mode = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = mode


def keep_export(
    path: Path, *, campaign: Campaign, name: str, media_type: str, as_of: date | None, by_id: int, at: datetime
) -> StoredFile:
    """Put a made file into the store for the person who asked, and the act into the audit log."""
    with transaction.atomic():
        stored = store_path(path, name=name, media_type=media_type, by_id=by_id)
        audit.record(
            "ranking.export",
            stored,
            by_id=by_id,
            campaign_id=campaign.pk,
            at=at,
            after={"name": stored.name, "as_of": as_of, "sha256": stored.sha256},
        )
    return stored
