"""What the services behind sheets of people share: the lock, errors, remarks and totals of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.facts import SheetError, UnderstoodRow, Written
from campaigns.models import Campaign
from qualityseason.errors import Refused

Change = dict[str, Any]
CHUNK = 200  # rows written by one statement


def lock_lists(campaign_id: int) -> None:
    """Let one change of a campaign's lists after the other in; what is read after it stays true till the end."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def error_of(item: UnderstoodRow, refused: Refused, columns: dict[str, str]) -> SheetError:
    """Return a service's refusal as the error of a row; `columns` maps fields that have no column of their name."""
    field = refused.field or ""
    return SheetError(
        str(refused.sentence), sheet=item.row.sheet, row=item.row.number, column=columns.get(field, field)
    )


def mark_of(changes: Sequence[Change], main: str) -> str:
    """Return what happened to a row in a word."""
    if not changes:
        return ""
    return _("new") if any(main in change and change["before"] is None for change in changes) else _("changed")


def totals_of(written: Written) -> list[tuple[str, str]]:
    """Return how many rows are new, changed, unchanged."""
    marks = [row.mark for row in written.shown]
    new = sum(mark == _("new") for mark in marks)
    same = sum(not mark for mark in marks)
    return [
        (_("Rows"), str(len(marks))),
        (_("New"), str(new)),
        (_("Changed"), str(len(marks) - new - same)),
        (_("Unchanged"), str(same)),
    ]
