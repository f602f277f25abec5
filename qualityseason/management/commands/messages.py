"""`manage.py messages`: bring the Chinese catalogue up to the words in code and templates."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from qualityseason.catalogue import is_translated, phrases_of_project, read_catalogue, write_catalogue


class Command(BaseCommand):
    """Add new phrases, drop those nobody says any more, keep every translation."""

    help = "Bring the Chinese catalogue up to the words in code and templates."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite the catalogue and say what changed and what is left to translate."""
        path = settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES" / "django.po"
        added, dropped = write_catalogue(path, set(phrases_of_project(settings.BASE_DIR)))
        open_ones = sum(not is_translated(message) for message in read_catalogue(path).values())
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {added} added, {dropped} dropped, {open_ones} open")
