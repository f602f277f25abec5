"""A zip being written to disk: names that clash nowhere and leave no folder, contents copied piece by piece."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from types import TracebackType

from django.utils import timezone

from qualityseason.services.files import safe_name


class ZippedFolder:
    """Writes one zip; every entry bears the same moment."""

    def __init__(self, path: Path, *, at: datetime) -> None:
        self._book = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._moment = timezone.localtime(at).timetuple()[:6]
        self._names: set[str] = set()

    def __enter__(self) -> ZippedFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def add_file(self, path: Path, name: str, *, folder: str = "") -> str:
        """Copy a file in and return the name it has got, which no other has on any disk."""
        full = self._free_name(folder, name)
        with path.open("rb") as source, self._book.open(self._entry(full), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)
        return full

    def add_text(self, text: str, name: str) -> None:
        """Put a text in."""
        self._book.writestr(self._entry(self._free_name("", name)), text)

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._moment)
        entry.compress_type = zipfile.ZIP_DEFLATED
        return entry

    def _free_name(self, folder: str, name: str) -> str:
        """Return the name, safe and with a number where another file has it; some disks tell no capitals apart."""
        before = f"{folder}/" if folder else ""
        stem, dot, ending = safe_name(name.replace("/", "-").replace(":", "-")).rpartition(".")
        if not dot:
            stem, ending = ending, ""
        number = 1
        while True:
            again = f" ({number})" if number > 1 else ""
            full = f"{before}{stem}{again}{dot}{ending}"
            if full.casefold() not in self._names:
                self._names.add(full.casefold())
                return full
            number += 1
