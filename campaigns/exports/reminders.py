"""A reminder as mail: plain text, Chinese whoever asked for it, naming nobody's departments but one's own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.queries.reminders import ReminderLine
from qualityseason.exports.paper import PAPER_LANGUAGE


def mail_subject(campaign: str, number: int) -> str:
    """Return what stands over the mail."""
    with translation.override(PAPER_LANGUAGE):
        text = ngettext(
            "%(campaign)s: %(number)s thing is to be done", "%(campaign)s: %(number)s things are to be done", number
        )
        return " ".join((text % {"campaign": campaign, "number": number}).split())


def mail_text(*, name: str, campaign: str, lines: Sequence[ReminderLine], address: str) -> str:
    """Return the mail's text: each thing with its last day and the days left; `address` leads to the portal."""
    several = len({line.department for line in lines}) > 1
    with translation.override(PAPER_LANGUAGE):
        parts = [_("%(name)s, this is open in %(campaign)s:") % {"name": name, "campaign": campaign}]
        parts += [f"{number}. {_said(line, several)}" for number, line in enumerate(lines, start=1)]
        parts.append(
            _("Whoever has done it meanwhile may pass over this. If there is a difficulty, call us. Thank you!")
        )
        if address:
            parts.append(_("The portal: %(address)s") % {"address": address})
        parts.append(_("The campaign office"))
        return "\n".join(parts) + "\n"


def _said(line: ReminderLine, several: bool) -> str:
    said = {"title": f"{line.department} {line.title}" if several else line.title, "day": line.day.isoformat()}
    if line.days_over:
        text = ngettext(
            "%(title)s: was due by %(day)s, %(days)s day overdue",
            "%(title)s: was due by %(day)s, %(days)s days overdue",
            line.days_over,
        )
        return text % (said | {"days": line.days_over})
    if line.days_left == 0:
        return _("%(title)s: due today, %(day)s, until 24:00") % said
    text = ngettext(
        "%(title)s: due by %(day)s, %(days)s day left",
        "%(title)s: due by %(day)s, %(days)s days left",
        line.days_left,
    )
    return text % (said | {"days": line.days_left})
