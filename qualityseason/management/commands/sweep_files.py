"""`manage.py sweep_files`: clear the file store of what nobody needs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from qualityseason.clock import wall_now
from qualityseason.services.sweeping import sweep_files

MIB = 1024 * 1024


class Command(BaseCommand):
    """Delete uploads nobody has attached for a day, content without a row, and halves of broken writes."""

    help = "Deletes uploads nobody has attached for a day, content no row names, and halves of broken writes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and say how much went."""
        swept = sweep_files(at=wall_now())
        self.stdout.write(
            _(
                "%(uploads)d uploads nobody attached, %(contents)d contents without a row, %(halves)d halves; "
                "%(size).1f MB freed."
            )
            % {
                "uploads": swept.uploads,
                "contents": swept.contents,
                "halves": swept.halves,
                "size": swept.bytes / MIB,
            }
        )
