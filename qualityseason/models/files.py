from __future__ import annotations

import uuid

from django.db import models


class StoredFile(models.Model):
    """One upload or made file; its content lies once per sha256 in the store, reached only through the owner's row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    stored_by = models.ForeignKey("qualityseason.User", models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField(auto_now_add=True)
    campaign_id = models.BigIntegerField(null=True)
    is_upload = models.BooleanField(default=False)  # waits to be attached; swept when nobody does

    def __str__(self) -> str:
        return self.name
