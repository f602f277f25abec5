from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One act: who, for whom, when (both clocks), what, before and after. Append-only by database trigger."""

    at = models.DateTimeField()
    campaign_at = models.DateTimeField(null=True)
    campaign_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    by = models.ForeignKey("qualityseason.User", models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["campaign_id", "id"], name="audit_campaign"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.object_type} {self.object_id}"
