"""Database triggers that keep tables append-only, for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def forbid(schema_editor: Any, table: str, event: str, *, when: str = "") -> None:
    """Make the database refuse `event` (UPDATE or DELETE) on `table`, only for rows where `when` holds if given."""
    name = trigger_name(table, event)
    condition = f" WHEN ({when})" if when else ""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$ "
            "LANGUAGE plpgsql"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()"
        )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def allow(schema_editor: Any, table: str, event: str) -> None:
    """Take the trigger for `event` on `table` away again."""
    on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, event)}{on_table}")


def changed(columns: Sequence[str], *, vendor: str) -> str:
    """Return the SQL condition that one of `columns` gets another value."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def rewritten(columns: Sequence[str], *, vendor: str) -> str:
    """Return the SQL condition that one of `columns`, once written, gets another value."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return " OR ".join(f"(OLD.{column} IS NOT NULL AND OLD.{column} {differs} NEW.{column})" for column in columns)


def trigger_name(table: str, event: str) -> str:
    """Return the name of the trigger that forbids `event` on `table`."""
    return f"{table}_no_{event.lower()}"
