"""What the periods of lines and findings are called: a term by its name, a month as it is."""

from __future__ import annotations

from campaigns.models import Term


def term_names(campaign_id: int) -> dict[str, str]:
    """Return the names of a season's terms by their codes. One query."""
    return dict(Term.objects.filter(campaign_id=campaign_id).values_list("code", "name"))


def period_name(campaign_id: int, period: str) -> str:
    """Return what the period of one line or finding is called. One query, none without a period."""
    return term_names(campaign_id).get(period, period) if period else ""
