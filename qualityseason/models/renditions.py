from __future__ import annotations

from django.db import models

from qualityseason.enums import JobState


class Rendition(models.Model):
    """The pictures of a content's pages, made once per sha256 in the background, for who cannot open the file."""

    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    pages = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class PageImage(models.Model):
    """The picture of one page, from 1."""

    rendition = models.ForeignKey(Rendition, models.CASCADE, related_name="images")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey("qualityseason.StoredFile", models.PROTECT, related_name="+")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["rendition", "number"], name="page_image_once"),)

    def __str__(self) -> str:
        return f"{self.rendition_id} {self.number}"
