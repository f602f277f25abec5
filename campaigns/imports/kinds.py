"""The kinds of sheets the campaign side takes."""

from __future__ import annotations

from campaigns import hooks
from campaigns.imports import accounts, classes, duties, staff


def register() -> None:
    """Add them to the registry."""
    hooks.import_kinds.update({spec.kind: spec for spec in (staff.SPEC, classes.SPEC, accounts.SPEC, duties.SPEC)})
