"""System checks of the kernel; `qualityseason.apps` imports this module to register them."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from qualityseason.pdf_libraries import missing_packages


@register()
def check_pdf_libraries(**kwargs: Any) -> list[CheckMessage]:
    """Warn when the system lacks what PDF export needs; everything else runs without it."""
    missing = missing_packages()
    if not missing:
        return []
    return [
        Warning(
            "PDF export will not work, will be slow or will show squares for Chinese: the system lacks "
            + ", ".join(missing),
            hint=f"As root: apt-get install --no-install-recommends {' '.join(missing)}",
            id="qualityseason.W001",
        )
    ]
