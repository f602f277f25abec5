"""Who is asking: a plain value under every list, act and page."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.enums import (
    NAMING_ROLES,
    OVERSEEING_ROLES,
    RECEIVERS,
    TEAM_ROLES,
    RegisterCode,
    ResponsibilityCode,
    Role,
)


@dataclass(frozen=True)
class Actor:
    """One user in one campaign at one moment.

    ``departments`` are those the person is head or liaison of, ``interests`` those the person has an interest in
    (回避): every department belonged to at any time this season, or declared; ``delegated`` those whose head has handed
    submitting and appealing to the person for these days. All ids are database ids. ``seeing_as``: somebody of the
    office who looks at the portal as that department sees it, and writes nothing.
    """

    user_id: int
    campaign_id: int
    department_names: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    departments: frozenset[int] = frozenset()
    headed: frozenset[int] = frozenset()
    interests: frozenset[int] = frozenset()
    responsibilities: frozenset[str] = frozenset()
    delegated: frozenset[int] = frozenset()
    seeing_as: int | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of `roles`."""
        return not self.roles.isdisjoint(roles)

    @property
    def oversees(self) -> bool:
        """Whether the actor sees all departments' records (those of own interest as their staff do)."""
        return not self.roles.isdisjoint(OVERSEEING_ROLES)

    @property
    def is_team(self) -> bool:
        """Whether the actor belongs to the assessment team."""
        return not self.roles.isdisjoint(TEAM_ROLES)

    @property
    def sees_names(self) -> bool:
        """Whether recorder and confirmer are shown by name (elsewhere they read 考核小组)."""
        return not self.roles.isdisjoint(NAMING_ROLES)

    @property
    def receives(self) -> bool:
        """Whether the actor receives electronic or paper copies."""
        return not self.responsibilities.isdisjoint(RECEIVERS)

    @property
    def keeps(self) -> frozenset[RegisterCode]:
        """The registers the actor keeps."""
        return frozenset(code for code in RegisterCode if code.responsibility in self.responsibilities)

    @property
    def judges(self) -> bool:
        """Whether the actor is a judge of the plan contest."""
        return ResponsibilityCode.CONTEST_JUDGE in self.responsibilities

    def is_interested_in(self, *department_ids: int | None) -> bool:
        """Whether the actor has an interest in one of the departments."""
        return not self.interests.isdisjoint(department_ids)
