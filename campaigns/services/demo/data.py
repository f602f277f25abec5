"""The demo's data: fixtures/demo/*.toml, in a form a person can read and edit."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings


def read_demo(part: str) -> dict[str, Any]:
    """Return the data of `fixtures/demo/<part>.toml`."""
    with (Path(settings.BASE_DIR) / "fixtures" / "demo" / f"{part}.toml").open("rb") as handle:
        return tomllib.load(handle)
