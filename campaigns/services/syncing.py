"""Bringing rows in line with data: writes what differs, or only says what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from campaigns.models import Campaign

M = TypeVar("M", bound=models.Model)


class Sync:
    """Collects differences between data and database; writes them when `write` is set.

    ``written`` are those written in any case, because nothing that was recorded rests on them.
    """

    def __init__(self, *, write: bool) -> None:
        self.write = write
        self.differences: list[str] = []
        self.written: list[str] = []

    def row(
        self, model: type[M], *, lookup: dict[str, Any], values: dict[str, Any], always: frozenset[str] = frozenset()
    ) -> M | None:
        """Return the row found by `lookup` with `values` in it; None when it is missing and nothing is written.

        Fields named in `always` are written though records rest on the season.
        """
        instance = model._default_manager.filter(**lookup).first()
        if instance is None:
            self.differences.append(f"+ {_named(model, lookup)}")
            return model._default_manager.create(**lookup, **values) if self.write else None
        changed = {name: value for name, value in values.items() if getattr(instance, name) != value}
        for name, value in changed.items():
            change = f"{_shown(getattr(instance, name))} -> {_shown(value)}"
            told = self.differences if self.write or name not in always else self.written
            told.append(f"~ {_named(model, lookup)} {name}: {change}")
            setattr(instance, name, value)
        kept = [name for name in changed if self.write or name in always]
        if kept:
            instance.save(update_fields=kept)
        return instance

    def report_unnamed(self, model: type[models.Model], *, within: dict[str, Any], key: str, known: set[Any]) -> None:
        """Report rows of the database that the data does not name; they stay."""
        for name in (
            model._default_manager.filter(**within).exclude(**{f"{key}__in": known}).values_list(key, flat=True)
        ):
            self.differences.append(f"- {model._meta.object_name} {name}")


def pick(rows: Mapping[str, M | None], code: str, *, where: str) -> M | None:
    """Return the row the season's files call `code`; raises ValueError naming the place that calls it wrongly."""
    if code not in rows:
        raise ValueError(f"{where}: {code!r}?")
    return rows[code]


def _named(model: type[models.Model], lookup: dict[str, Any]) -> str:
    words = " ".join(str(value) for value in lookup.values() if not isinstance(value, Campaign))
    return f"{model._meta.object_name} {words}".strip()


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str | list | dict) else str(value)
