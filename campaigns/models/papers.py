"""What the texts a department hands in have in common: parts, versions, steps, remarks, readings."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from campaigns.enums import ObligationKind, PlanAct, PlanState


class Paper(models.Model):
    """A text as it is being written; what was handed in are its versions.

    ``word_file`` is the Word text the department brought, kept as the official text. ``submitted_at`` is the first
    complete submission, whose time decides lateness. ``SORT`` names the sort of text in addresses, in the audit log and
    as the owner of files.
    """

    SORT: ClassVar[str]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    word_file = models.ForeignKey("campaigns.Attachment", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def pages(self) -> str:
        """What the names of its pages begin with."""
        return f"campaigns:{self.SORT}"

    @property
    def noun(self) -> str:
        """What it is called within a sentence."""
        raise NotImplementedError

    @property
    def obligation(self) -> ObligationKind:
        """Which of the things owed its first submission meets."""
        raise NotImplementedError


class PaperPart(models.Model):
    """A part of prose: one of the season's list by code, or (code '') a free section with a title of its own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=32, blank=True)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class PaperVersion(models.Model):
    """What was submitted, for good: content as JSON, its sha256, and the code printed on every page of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, unique=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    word_file = models.ForeignKey("campaigns.Attachment", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class PaperEvent(models.Model):
    """A step of a text's way, with who did it and, where it was handed over, for whom (某某代某某)."""

    act = models.CharField(max_length=10, choices=PlanAct.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"


class PaperRemark(models.Model):
    """What the office wrote to an item or part when it returned a version; ``target`` is its uuid."""

    target = models.UUIDField()
    text = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text[:40]


class PaperReading(models.Model):
    """What was read out of a Word or Excel file as a proposal, until it is checked and taken over."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attachment = models.ForeignKey("campaigns.Attachment", models.PROTECT, related_name="+")
    content = models.JSONField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.read_at:%Y-%m-%d}"
