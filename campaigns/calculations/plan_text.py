"""Whether a plan or summary says anything, whether its Word text has been split, and which parts are empty."""

from __future__ import annotations

from campaigns.facts.plans import PlanContent


def is_split(content: PlanContent) -> bool:
    """Whether there are items or prose of its own; otherwise its Word text is what is typeset."""
    return bool(content.items) or any(part.text.strip() for part in content.parts)


def says_nothing(content: PlanContent) -> bool:
    """Whether there is no text, no item and no Word text: nothing that could be submitted."""
    return not is_split(content) and not content.word_sha256


def empty_parts_of(content: PlanContent) -> tuple[str, ...]:
    """Return the titles of the parts the season asks for that say nothing; none of a Word text left whole."""
    if content.word_sha256 and not is_split(content):
        return ()
    return tuple(part.title for part in content.parts if part.code and not part.text.strip())
