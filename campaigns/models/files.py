from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import AttachmentQuerySet


class Attachment(models.Model):
    """A file in its place (附件): the record it belongs to, the slot there, and which file it replaced.

    The owner is named by kind and uuid, because records of both apps own files; `hooks.attachment_owners` says who
    may see and change them. A replaced file stays as the earlier version.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="attachments")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="attachments")
    owner_kind = models.SlugField(max_length=32)
    owner_uuid = models.UUIDField()
    slot = models.SlugField(max_length=32, blank=True)
    file = models.ForeignKey("qualityseason.StoredFile", models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replacement")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[AttachmentQuerySet[Attachment]] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("attachment")
        ordering = ("added_at", "id")
        indexes = (models.Index(fields=["campaign", "owner_kind", "owner_uuid"], name="attachment_by_owner"),)

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner_uuid}"
