"""The finding a line is about, as part of the form that records it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qualityseason.text import parse_uuid, tidy
from scoring.forms.asking import Asking
from scoring.models import Finding
from scoring.queries.finding_words import why

NO_FINDING = "none"  # asked, and answered: none of the findings is this fact


class SameFactForm(forms.Form):
    """Carries the finding whose fact is charged: '' before anybody asked, NO_FINDING, or its id."""

    request: Asking
    finding = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def has_named_fact(self) -> bool:
        """Whether it has been said which finding this is, or that it is none."""
        return bool(self["finding"].value())

    def clean_finding(self) -> Finding | None:
        """Return the finding the actor may decide about."""
        typed = self.cleaned_data["finding"]
        found = find_finding(self.request, typed)
        if typed not in ("", NO_FINDING) and found is None:
            raise forms.ValidationError(_("This finding does not exist."), code="unknown")
        return found


def find_finding(asking: Asking, uuid: str) -> Finding | None:
    """Return the finding of that id the actor may see and has no interest in, or None."""
    wanted = parse_uuid(uuid)
    if wanted is None:
        return None
    visible = Finding.objects.visible_to(asking.actor).exclude(charged_id__in=asking.actor.interests)
    return visible.filter(uuid=wanted).select_related("rule", "charged").first()


def without_finding(asking: Asking, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what changes in a form that is about no finding any more: its sentence goes, unless it was rewritten."""
    finding = find_finding(asking, values.get("finding") or "")
    is_its_own = finding is not None and tidy(values.get("note") or "") == tidy(why(finding))
    return {"finding": ""} | ({"note": ""} if is_its_own else {})
