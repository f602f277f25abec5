"""A line under appeal is left to the ruling."""

from __future__ import annotations

from django.utils.translation import gettext as _

from scoring.models import Appeal, Deduction


def why_left_to_ruling(line: Deduction) -> str:
    """Return the sentence that says a ruling decides about this line now, '' where no appeal waits. One query."""
    pending = Appeal.objects.pending().filter(deduction=line).first()
    if pending is None:
        return ""
    sentence = _("%(rule)s of %(day)s is under appeal since %(since)s; a ruling decides about it.")
    return sentence % {
        "rule": line.rule.code,
        "day": line.happened_on.isoformat(),
        "since": pending.appealed_on.isoformat(),
    }
