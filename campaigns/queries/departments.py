"""Finding departments and people the way people write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.models import Campaign, Department, Posting, StaffMember, StudentClass
from qualityseason.text import split_name, squeeze


class DepartmentBook:
    """All departments of a campaign, found by name, name with bracket, or alias. One query."""

    def __init__(self, campaign: Campaign) -> None:
        self.departments = list(Department.objects.filter(campaign=campaign).select_related("block").order_by("order"))
        self.by_id = {department.pk: department for department in self.departments}
        self._by_name: dict[str, Department] = {}
        for department in self.departments:
            for name in (department.name, department.full_name, *department.aliases):
                self._by_name.setdefault(squeeze(name), department)

    def find(self, name: object) -> Department | None:
        """Return the department so called, or None."""
        return self._by_name.get(squeeze(name))


@dataclass(frozen=True)
class PersonMatch:
    """What a typed “姓名” or “姓名(工号)” met on the staff list.

    ``person`` when exactly one fits; ``candidates`` when the name fits several; ``near`` when the number lost its
    leading zeros or belongs to somebody else.
    """

    name: str
    number: str
    person: StaffMember | None = None
    candidates: tuple[StaffMember, ...] = ()
    near: StaffMember | None = None


class StaffBook:
    """Staff members of a campaign by number and by name, loaded for the texts asked about. One query."""

    def __init__(self, campaign: Campaign, texts: Iterable[object]) -> None:
        names, numbers = set(), set()
        for text in texts:
            name, number = split_name(text)
            names.add(squeeze(name))
            numbers.add(number)
        members = StaffMember.objects.filter(campaign=campaign)
        self._members = list(members.filter(squeezed_name__in=names) | members.filter(number__in=numbers - {""}))

    def match(self, text: object) -> PersonMatch:
        """Return what `text` means on the staff list."""
        name, number = split_name(text)
        same_name = [member for member in self._members if member.squeezed_name == squeeze(name)]
        if number:
            return self._by_number(name, number, same_name)
        if len(same_name) == 1:
            return PersonMatch(name, number, person=same_name[0])
        return PersonMatch(name, number, candidates=tuple(same_name))

    def _by_number(self, name: str, number: str, same_name: list[StaffMember]) -> PersonMatch:
        for member in self._members:
            if squeeze(member.number) == squeeze(number):
                if member in same_name:
                    return PersonMatch(name, number, person=member)
                return PersonMatch(name, number, near=member)
        for member in same_name:
            if member.number.lstrip("0") == number.lstrip("0"):
                return PersonMatch(name, number, near=member)
        return PersonMatch(name, number)


def find_class(campaign: Campaign, name: object) -> StudentClass | None:
    """Return the class so called, or None."""
    return StudentClass.objects.filter(campaign=campaign, squeezed_name=squeeze(name)).first()


def home_of(person: StaffMember, *, on: date) -> Department | None:
    """Return the department the person belonged to on that day, or None."""
    posting = Posting.objects.filter(staff_member=person).current(on=on).select_related("department__block").first()
    return posting.department if posting else None
