"""Whether a plan says anything, and whether its Word text has been split into parts and items."""

from __future__ import annotations

from campaigns.facts.plans import PlanContent


def is_split(content: PlanContent) -> bool:
    """Whether there are items or prose of its own; otherwise its Word text is what is typeset."""
    return bool(content.items) or any(part.text.strip() for part in content.parts)


def says_nothing(content: PlanContent) -> bool:
    """Whether there is no text, no item and no Word text: nothing that could be submitted."""
    return not is_split(content) and not content.word_sha256
