"""Which sentence is said where the official text is a Word file that the portal has not read."""

from __future__ import annotations

from scoring.facts import FileFact


def by_word(reason: str, word: FileFact | None) -> str:
    """Return the reason, the one about a Word file where the official text is one."""
    return f"{reason}-word" if word else reason
