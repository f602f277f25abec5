"""The kinds of sheets the campaign side takes."""

from __future__ import annotations

from campaigns import hooks
from campaigns.imports import accounts, classes, duties, registers, staff


def register() -> None:
    """Add them to the registry."""
    specs = (staff.SPEC, classes.SPEC, accounts.SPEC, duties.SPEC, *registers.SPECS)
    hooks.import_kinds.update({spec.kind: spec for spec in specs})
