"""Choices of the campaign side."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a membership lets a person do in one campaign."""

    HEAD = "HEAD", _("Department head")
    STAFF = "STAFF", _("Liaison")
    ASSESSOR = "ASSESSOR", _("Assessor")
    TEAM_LEAD = "TEAM_LEAD", _("Head of the assessment team")
    OFFICE = "OFFICE", _("Campaign office")
    LEADERSHIP = "LEADERSHIP", _("Leading group")


DEPARTMENT_ROLES = frozenset({Role.HEAD, Role.STAFF})
TEAM_ROLES = frozenset({Role.ASSESSOR, Role.TEAM_LEAD})
OVERSEEING_ROLES = frozenset({Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP})
NAMING_ROLES = frozenset({Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD})


class DepartmentKind(models.TextChoices):
    """What sort of department it is."""

    ADMINISTRATIVE = "administrative", _("Administrative office")
    SPECIALTY = "specialty", _("Specialty department")
    TEACHING = "teaching", _("Teaching department")
    SUPPORT = "support", _("Teaching support unit")


TEACHING_KINDS = frozenset({DepartmentKind.SPECIALTY, DepartmentKind.TEACHING})


class StaffCategory(models.TextChoices):
    """How a person serves the college."""

    FULL_TIME = "full_time", _("Full-time teacher")
    PART_TIME = "part_time", _("Part-time teacher")
    EXTERNAL = "external", _("External teacher")
    NON_TEACHING = "non_teaching", _("Non-teaching staff")


class ImportKind(models.TextChoices):
    """What a sheet brings in."""

    STAFF = "staff", _("Staff list")
    CLASSES = "classes", _("Classes")
    ACCOUNTS = "accounts", _("Accounts")
    DEDUCTIONS = "deductions", _("Deductions")


class ResponsibilityCode(models.TextChoices):
    """Known codes of responsibilities (职能); the code itself is a free slug, so a season may use others."""

    ELECTRONIC_RECEIVER = "electronic-receiver", _("Receiver of electronic copies")
    PAPER_RECEIVER = "paper-receiver", _("Receiver of paper copies")
    REGISTER_KEEPER = "register-keeper", _("Register keeper")
    CONTEST_JUDGE = "contest-judge", _("Judge of the plan contest")
