"""What the scoring side adds to the campaign side's registries."""

from __future__ import annotations

from campaigns import hooks


def register() -> None:
    """Fill the registries of `campaigns.hooks`."""
    from scoring.services.rulebook import RULEBOOK_PART

    hooks.season_parts.append(RULEBOOK_PART)
