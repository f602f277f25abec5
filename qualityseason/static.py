"""Static files: hashed and gzipped, without the parts of Bootstrap no page asks for."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesConfig(StaticFilesConfig):
    """Django's static files; of Bootstrap only bootstrap.min.css and bootstrap.bundle.min.js."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*.css*",
        "*.rtl.*css*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.bundle.js*",
        "bootstrap.esm.*",
    ]


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with gzip alone: brotli, which WeasyPrint brings along, takes a minute."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(use_brotli=False, **kwargs)
