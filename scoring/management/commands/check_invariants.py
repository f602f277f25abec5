"""manage.py check_invariants: hold ledger, paperwork and file store to what must be true; non-zero on a difference."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from scoring.services.invariants import Checked, check_invariants


class Command(BaseCommand):
    help = "Recomputes tallies and checks what the database cannot, files in the store too; exits 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        counts, differences = Checked(), 0
        for difference in check_invariants(counts):
            differences += not difference.is_remark
            where = f"{difference.season} {difference.department}".strip()
            shown = _("Worth a look: %(where)s: %(sentence)s") if difference.is_remark else _("%(where)s: %(sentence)s")
            self.stdout.write(shown % {"where": where, "sentence": difference.sentence})
        totals = vars(counts)
        if differences:
            raise CommandError(_("Differences found: %(count)d.") % {"count": differences})
        self.stdout.write(
            _(
                "All is in order: %(seasons)d seasons, %(departments)d departments, %(tallies)d tallies, "
                "%(lines)d deductions."
            )
            % totals
        )
