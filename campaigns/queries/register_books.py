"""Finding people, classes and terms as registers name them, and the department a row is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from campaigns.models import Campaign, Department, Posting, StaffMember, StudentClass, Term
from qualityseason.text import clean, split_name, squeeze

T = TypeVar("T")
BETWEEN_FIGURES = re.compile(r"\W|_|学年|年|至|到|度|第")


class PeopleBook:
    """The whole staff list by number and by name. One query."""

    def __init__(self, campaign: Campaign) -> None:
        self._by_number: dict[str, StaffMember] = {}
        self._by_name: dict[str, list[StaffMember]] = defaultdict(list)
        self._by_figures: dict[str, list[StaffMember]] = defaultdict(list)
        for member in StaffMember.objects.filter(campaign=campaign).order_by("number"):
            self._by_number[squeeze(member.number)] = member
            self._by_name[member.squeezed_name].append(member)
            self._by_figures[squeeze(member.number).lstrip("0")].append(member)

    def numbered(self, number: object) -> StaffMember | None:
        """Return who has that number, however many zeros before it were lost."""
        exact = self._by_number.get(squeeze(number))
        if exact is not None or not squeeze(number):
            return exact
        same = self._by_figures.get(squeeze(number).lstrip("0"), [])
        return same[0] if len(same) == 1 else None

    def named(self, name: object) -> Sequence[StaffMember]:
        """Return everybody of that name."""
        return self._by_name.get(squeeze(name), [])

    def split(self, text: object) -> tuple[str, str]:
        """Return (name, number) from 张伟, 张伟(00123), or a number alone."""
        name, number = split_name(text)
        if not number and not self.named(name) and self.numbered(name) is not None:
            return "", name
        return name, number


class ClassBook:
    """The classes of a campaign by name. One query."""

    def __init__(self, campaign: Campaign) -> None:
        rows = StudentClass.objects.filter(campaign=campaign).select_related("department__block")
        self._by_name = {found.squeezed_name: found for found in rows}

    def find(self, name: object) -> StudentClass | None:
        """Return the class so called."""
        return self._by_name.get(squeeze(name))


class TermBook:
    """The terms of a campaign, found by code or name however the years are joined. One query."""

    def __init__(self, campaign: Campaign) -> None:
        self.terms = list(Term.objects.filter(campaign=campaign).order_by("starts_on"))

    @property
    def only(self) -> Term | None:
        """The one term of the season, None where there are several."""
        return self.terms[0] if len(self.terms) == 1 else None

    def find(self, name: object) -> Term | None:
        """Return the term so called."""
        wanted = _figures(name)
        found = [term for term in self.terms if wanted and wanted in (_figures(term.code), _figures(term.name))]
        return found[0] if len(found) == 1 else None


class HomeBook:
    """Where people were posted. One query."""

    def __init__(self, campaign: Campaign, people: Iterable[int]) -> None:
        rows = Posting.objects.filter(campaign=campaign, staff_member_id__in=set(people))
        self._postings: dict[int, list[Posting]] = defaultdict(list)
        for posting in rows.select_related("department__block").order_by("starts_on"):
            self._postings[posting.staff_member_id].append(posting)

    def on(self, person: StaffMember, day: date) -> Department | None:
        """Return the department the person belonged to that day."""
        return self._last(person, starts_by=day, ends_from=day)

    def within(self, person: StaffMember, term: Term, *, until: date) -> Department | None:
        """Return the department the person belonged to last in the term, up to `until`."""
        return self._last(person, starts_by=min(term.ends_on, max(until, term.starts_on)), ends_from=term.starts_on)

    def _last(self, person: StaffMember, *, starts_by: date, ends_from: date) -> Department | None:
        for posting in reversed(self._postings[person.pk]):
            if posting.starts_on <= starts_by and (posting.ends_on is None or posting.ends_on >= ends_from):
                return posting.department
        return None


def _figures(name: object) -> str:
    text = clean(name).casefold().replace("第一", "1").replace("第二", "2").replace("学期", "")
    return BETWEEN_FIGURES.sub("", text)
