"""Bringing plans in, by the machinery that plans and summaries share (`paper_readings`)."""

from campaigns.services.paper_readings import SHEET, WORD, Brought, bring_in, take_over

__all__ = ["SHEET", "WORD", "Brought", "bring_in", "take_over"]
