from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.enums import DepartmentKind, PlanKind
from campaigns.models.campaign import Campaign
from campaigns.querysets import DepartmentQuerySet


class Block(models.Model):
    """A group of departments ranked among themselves (板块)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="blocks")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["campaign", "code"], name="block_code_once"),)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of one season (部门), in the order of its scheme."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="departments")
    block = models.ForeignKey(Block, models.PROTECT, related_name="departments")
    name = models.CharField(max_length=60)
    bracket = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=16, choices=DepartmentKind.choices)
    aliases = models.JSONField(default=list)
    plan_kind = models.CharField(max_length=12, choices=PlanKind.choices, default=PlanKind.DEPARTMENT)
    in_quality_system = models.BooleanField(null=True)
    telephone = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True)

    objects: ClassVar[DepartmentQuerySet[Department]] = DepartmentQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("department")
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["campaign", "name"], name="department_name_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name with the scheme's bracket."""
        return f"{self.name}({self.bracket})" if self.bracket else self.name
