"""Who may do what on the campaign side: the url table and the predicates for acts."""

from __future__ import annotations

from campaigns.actors import Actor
from campaigns.enums import ImportKind, Role
from campaigns.models import Department, Membership
from qualityseason.policy import SIGNED_IN, Access, roles

EVERYBODY = roles(*Role)
OFFICE = roles(Role.OFFICE)
PEOPLE_READERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.HEAD, Role.STAFF)
IMPORTERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD)

TABLE: dict[str, Access] = {
    "campaigns:home": SIGNED_IN,
    "campaigns:campaign-home": EVERYBODY,
    "campaigns:campaign": EVERYBODY,
    "campaigns:departments": EVERYBODY,
    "campaigns:department": EVERYBODY,
    "campaigns:people": OFFICE,
    "campaigns:membership-add": OFFICE,
    "campaigns:membership-end": OFFICE,
    "campaigns:interest-add": OFFICE,
    "campaigns:interest-end": OFFICE,
    "campaigns:responsibility-add": OFFICE,
    "campaigns:responsibility-remove": OFFICE,
    "campaigns:accounts": roles(Role.OFFICE, Role.HEAD),
    "campaigns:account-add": OFFICE,
    "campaigns:account-slips": roles(Role.OFFICE, Role.HEAD),
    "campaigns:account-unlock": roles(Role.OFFICE, Role.HEAD),
    "campaigns:staff": PEOPLE_READERS,
    "campaigns:staff-add": OFFICE,
    "campaigns:staff-edit": OFFICE,
    "campaigns:posting-add": OFFICE,
    "campaigns:classes": PEOPLE_READERS,
    "campaigns:class-add": OFFICE,
    "campaigns:class-edit": OFFICE,
    "campaigns:imports": IMPORTERS,
    "campaigns:import-new": IMPORTERS,
    "campaigns:import-template": IMPORTERS,
    "campaigns:import": IMPORTERS,
    "campaigns:import-apply": IMPORTERS,
    "campaigns:import-annotated": IMPORTERS,
    "campaigns:import-withdraw": IMPORTERS,
}

IMPORT_ROLES: dict[str, frozenset[str]] = {
    ImportKind.STAFF: frozenset({Role.OFFICE}),
    ImportKind.CLASSES: frozenset({Role.OFFICE}),
    ImportKind.ACCOUNTS: frozenset({Role.OFFICE}),
    ImportKind.DEDUCTIONS: frozenset({Role.ASSESSOR, Role.TEAM_LEAD}),
}


def importable_kinds(actor: Actor) -> frozenset[str]:
    """Return the kinds of sheet the actor may bring in."""
    return frozenset(kind for kind, allowed in IMPORT_ROLES.items() if not actor.roles.isdisjoint(allowed))


def can_keep_people(actor: Actor) -> bool:
    """Whether the actor keeps memberships, interests, responsibilities, staff list and classes."""
    return actor.has(Role.OFFICE)


def can_issue_slip(actor: Actor, membership: Membership) -> bool:
    """Whether the actor may reissue the slip or unlock the login behind this membership.

    The office may for everybody, a head for the liaisons of a department headed, unless they hold other roles too:
    that is judged by the caller, who knows all memberships of the user.
    """
    if actor.has(Role.OFFICE):
        return True
    return membership.role == Role.STAFF and membership.department_id in actor.headed


def can_see_department_people(actor: Actor, department: Department) -> bool:
    """Whether the actor reads the names and categories of a department's staff."""
    return actor.has(Role.OFFICE) or actor.is_team or department.pk in actor.departments
