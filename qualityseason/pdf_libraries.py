"""What the PDF export needs from the operating system, and what of it is missing."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from functools import cache

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",  # without it two pages take 19 s instead of 0.6 s
}
CHINESE_FONTS = "fonts-noto-cjk"
ONLY_SLOWER = frozenset({"libharfbuzz-subset0"})
FONT_LIST_LIMIT = 20  # seconds; the first call builds fontconfig's cache


@cache
def missing_packages() -> tuple[str, ...]:
    """Return the Debian packages whose library or font WeasyPrint will miss here; empty when all is well."""
    if sys.platform != "linux":
        return ()  # file names and packages differ; WeasyPrint itself tells then
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    return (*missing, *(() if _has_chinese_font() else (CHINESE_FONTS,)))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_chinese_font() -> bool:
    """Ask fontconfig; it comes with pango, so without it there is no PDF whatever the fonts."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return False
    command = [fc_list, ":lang=zh-cn", "family"]
    try:
        found = subprocess.run(command, capture_output=True, timeout=FONT_LIST_LIMIT, check=False)  # noqa: S603  # fixed
    except subprocess.TimeoutExpired:
        return False
    return bool(found.stdout.strip())
