"""Chainable questions about one kernel model."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class JobQuerySet(models.QuerySet[M]):
    """Background jobs; a job and its file belong to whoever asked for it."""

    def asked_by(self, user_id: int) -> Self:
        """Return the jobs of this user."""
        return self.filter(asked_by_id=user_id)
