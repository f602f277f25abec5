"""Whom a problem may concern: the department's staff, classes of students, and what was typed of either."""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Department, StaffMember, StudentClass
from campaigns.queries.departments import find_class
from qualityseason.errors import Refused
from qualityseason.text import clean, split_name, squeeze


def staff_of(department: Department) -> tuple[StaffMember, ...]:
    """Return who is or was posted to the department this season, by staff number. One query."""
    members = StaffMember.objects.filter(campaign_id=department.campaign_id, postings__department=department)
    return tuple(members.distinct().order_by("number"))


def class_names(campaign: Campaign) -> tuple[str, ...]:
    """Return the names of all classes. One query."""
    return tuple(StudentClass.objects.filter(campaign=campaign).order_by("name").values_list("name", flat=True))


def find_member(department: Department, typed: str) -> StaffMember:
    """Return whom of the department's staff a name, a number or both mean; raises Refused at `person`. One query."""
    staff, text = staff_of(department), clean(typed)
    name, number = split_name(text)
    if number:
        found = [one for one in staff if one.number == number and one.squeezed_name == squeeze(name)]
    else:
        found = [one for one in staff if one.number == text or one.squeezed_name == squeeze(text)]
    if len(found) == 1:
        return found[0]
    if found:
        people = "、".join(str(one) for one in found)
        message = _("Several people are called %(name)s: %(people)s. Add the staff number in brackets.")
        raise Refused(message % {"name": text, "people": people}, field="person", code="several")
    message = _("Nobody called %(name)s is posted to %(department)s. Look at the name, or use another of the fields.")
    raise Refused(message % {"name": text, "department": department.name}, field="person", code="unknown")


def student_label(campaign: Campaign, typed_class: str, typed_number: str) -> str:
    """Return how a student is printed: class and number alone; raises Refused at the field that is wrong. One query."""
    number = squeeze(typed_number)
    if not clean(typed_class):
        raise Refused(_("Say the student's class, too."), field="student_class", code="class")
    found = find_class(campaign, typed_class)
    if found is None:
        message = _("No class is called %(name)s. Choose it from the list of classes.")
        raise Refused(message % {"name": clean(typed_class)}, field="student_class", code="unknown")
    if not number.isascii() or not any(letter.isdigit() for letter in number):
        message = _("Write the student's number, in digits: no names of students.")
        raise Refused(message, field="student_number", code="number")
    return f"{found.name} {number}"
