from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ObligationKind, SummaryKind
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.papers import Paper, PaperEvent, PaperPart, PaperReading, PaperRemark, PaperVersion
from campaigns.querysets import SummaryQuerySet, SummaryVersionQuerySet


class Summary(Paper):
    """A department's closing summary (总结), or a material on its features, experience or insights."""

    SORT = "summary"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="summaries")
    department = models.ForeignKey(Department, models.PROTECT, related_name="summaries")
    kind = models.CharField(max_length=12, choices=SummaryKind.choices)

    objects: ClassVar[SummaryQuerySet[Summary]] = SummaryQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("summary")
        ordering = ("department__order", "id")
        constraints = (
            models.UniqueConstraint(fields=["department"], condition=Q(kind=SummaryKind.SUMMARY), name="summary_once"),
        )

    @property
    def is_piece(self) -> bool:
        """Whether it is a material, of which there may be any number."""
        return self.kind != SummaryKind.SUMMARY

    @property
    def noun(self) -> str:
        """What it is called within a sentence."""
        return gettext("material") if self.is_piece else gettext("summary")

    @property
    def obligation(self) -> ObligationKind:
        """The closing summary, or the one material that is owed."""
        return ObligationKind.PIECE if self.is_piece else ObligationKind.SUMMARY


class SummaryPart(PaperPart):
    """A part of a summary's prose."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="parts")

    class Meta:
        verbose_name = _("part of a summary")
        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=["summary", "code"], condition=~Q(code=""), name="summary_part_once"),
        )

    @property
    def paper(self) -> Summary:
        """The text it belongs to."""
        return self.summary


class SummaryVersion(PaperVersion):
    """What was submitted of a summary, for good."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="versions")

    objects: ClassVar[SummaryVersionQuerySet[SummaryVersion]] = SummaryVersionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("version of a summary")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["summary", "number"], name="summary_version_once"),)

    @property
    def paper(self) -> Summary:
        """The text it belongs to."""
        return self.summary


class SummaryEvent(PaperEvent):
    """A step of a summary's way."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="events")
    version = models.ForeignKey(SummaryVersion, models.PROTECT, null=True, related_name="events")

    class Meta:
        verbose_name = _("step of a summary")
        ordering = ("at", "id")


class SummaryRemark(PaperRemark):
    """What the office wrote to a part of a summary."""

    version = models.ForeignKey(SummaryVersion, models.CASCADE, related_name="remarks")

    class Meta:
        verbose_name = _("remark on a summary")
        constraints = (models.UniqueConstraint(fields=["version", "target"], name="summary_remark_once"),)


class SummaryReading(PaperReading):
    """What was read out of a file of a summary."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="readings")

    class Meta:
        verbose_name = _("reading of a summary's file")
        ordering = ("-id",)

    @property
    def paper(self) -> Summary:
        """The text it belongs to."""
        return self.summary
