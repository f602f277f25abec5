"""Default deny: every url name stands in one table that says who may come in. Apps add theirs when they are ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """Who may open a url: anybody, anybody signed in, or the holders of one of these roles in the campaign."""

    public: bool = False
    roles: frozenset[str] | None = None

    @property
    def needs_role(self) -> bool:
        """Whether a membership with one of the roles is needed."""
        return self.roles is not None


PUBLIC = Access(public=True)
SIGNED_IN = Access()

KERNEL: dict[str, Access] = {
    "login": PUBLIC,
    "logout": SIGNED_IN,
    "password": SIGNED_IN,
    "language": PUBLIC,
    "job": SIGNED_IN,
    "job-file": SIGNED_IN,
}

TABLE: dict[str, Access] = {}


def roles(*names: str) -> Access:
    """Return the access of a url that needs one of these roles."""
    return Access(roles=frozenset(names))


def register(table: Mapping[str, Access]) -> None:
    """Add an app's url names to the table."""
    TABLE.update(table)
