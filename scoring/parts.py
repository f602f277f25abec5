"""What the scoring side adds to the campaign side's registries."""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.models import Campaign


def register() -> None:
    """Fill the registries of `campaigns.hooks`."""
    from qualityseason.services.jobs import KINDS, JobKind
    from scoring.imports import deductions
    from scoring.jobs import EXPORT, may_read_export, run_export
    from scoring.queries import panels
    from scoring.services.rulebook import RULEBOOK_PART

    hooks.season_parts.append(RULEBOOK_PART)
    hooks.import_kinds[deductions.SPEC.kind] = deductions.SPEC
    KINDS[EXPORT] = JobKind(run_export, may_read_export)
    hooks.panels["home"] += [
        hooks.Panel("scoring/panel_work.html", panels.work_panel),
        hooks.Panel("scoring/panel_department.html", panels.own_panel),
        hooks.Panel("scoring/panel_standing.html", panels.standing_panel),
    ]
    hooks.panels["department"].append(hooks.Panel("scoring/panel_department.html", panels.department_panel))
    hooks.navigation.append(navigation)


def navigation(campaign: Campaign, actor: Actor) -> list[tuple[str, str]]:
    """Return the main pages of scoring as (label, url name); the policy table decides who gets which."""
    return [
        (_("Ranking"), "scoring:ranking"),
        (_("Deductions"), "scoring:deductions"),
        (_("Inspections"), "scoring:inspections"),
        (_("Heat map"), "scoring:heatmap"),
        (_("Rulebook"), "scoring:rulebook"),
    ]
