"""The sentence that says why a finding is one: its code and parameters in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from scoring.detectors import DETECTORS
from scoring.facts import Detector
from scoring.models import Finding


def sentence_of(detector: Detector, reason: str, parameters: Mapping[str, Any]) -> str:
    """Return the sentence of a detector's reason; lists are joined, codes said as the detector calls them."""
    words = {name: _said(detector, value) for name, value in parameters.items()}
    return str(detector.reasons[reason]) % words


def why(finding: Finding) -> str:
    """Return the sentence of a finding, its rule loaded; '' where its detector says it no longer, or otherwise."""
    detector = DETECTORS.get(finding.rule.detector)
    if detector is None:
        return ""
    try:
        return sentence_of(detector, finding.reason, finding.parameters)
    except KeyError:
        return ""


def _said(detector: Detector, value: Any) -> Any:
    if isinstance(value, list):
        return _(", ").join(str(_said(detector, one)) for one in value)
    return str(detector.words[value]) if isinstance(value, str) and value in detector.words else value
