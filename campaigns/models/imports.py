from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ImportKind
from campaigns.models.campaign import Campaign
from campaigns.querysets import ImportBatchQuerySet


class ImportBatch(models.Model):
    """One sheet brought in, all or nothing; withdrawn as a whole.

    ``digest`` is the sha256 of the rows as understood, so the same content saved again is known again;
    ``changes`` says what was made or altered, so that a withdrawal can put it back.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="import_batches")
    kind = models.CharField(max_length=32, choices=ImportKind.choices)
    file = models.ForeignKey("qualityseason.StoredFile", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ImportBatchQuerySet[ImportBatch]] = ImportBatchQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("import")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "kind", "digest"],
                condition=Q(applied_at__isnull=False, withdrawn_at__isnull=True),
                name="import_standing_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ColumnLayout(models.Model):
    """How the columns of somebody's sheet are matched to ours (heading → key), remembered for the next sheet like it.

    ``fingerprint`` is the sha256 of the headings, whatever their order and spelling.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="column_layouts")
    kind = models.CharField(max_length=32, choices=ImportKind.choices)
    fingerprint = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    matched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    matched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("layout of columns")
        constraints = (models.UniqueConstraint(fields=["campaign", "kind", "fingerprint"], name="column_layout_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"
