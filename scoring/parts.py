"""What the scoring side adds to the campaign side's registries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import ObligationKind
from campaigns.models import Campaign


def register() -> None:
    """Fill the registries of `campaigns.hooks`."""
    from qualityseason.services.jobs import KINDS, JobKind
    from scoring.imports import deductions
    from scoring.jobs.detection import DETECT, hear_change, run_detection
    from scoring.jobs.exports import EXPORT, may_read_export, run_export
    from scoring.jobs.papers import register as register_papers
    from scoring.queries import appeal_panels, mending_panels, notice_overview, panels, publications
    from scoring.queries.rectification import inspection_url
    from scoring.services.rulebook import RULEBOOK_PART

    hooks.season_parts.append(RULEBOOK_PART)
    hooks.import_kinds[deductions.SPEC.kind] = deductions.SPEC
    KINDS[EXPORT] = JobKind(run_export, may_read_export)
    KINDS[DETECT] = JobKind(run_detection)
    register_papers()
    if hear_change not in hooks.facts_changed:
        hooks.facts_changed.append(hear_change)
    hooks.panels["home"] += [
        hooks.Panel("scoring/panel_work.html", panels.work_panel),
        hooks.Panel("scoring/panel_notices.html", notice_overview.notices_panel),
        hooks.Panel("scoring/panel_appeals.html", appeal_panels.appeals_panel),
        hooks.Panel("scoring/panel_publications.html", publications.publications_panel),
        hooks.Panel("scoring/panel_mending.html", mending_panels.mending_panel),
        hooks.Panel("scoring/panel_department.html", panels.own_panel),
        hooks.Panel("scoring/panel_standing.html", panels.standing_panel),
    ]
    hooks.panels["department"] += [
        hooks.Panel("scoring/panel_department.html", panels.department_panel),
        hooks.Panel("scoring/panel_findings.html", mending_panels.findings_panel),
    ]
    hooks.navigation.append(navigation)
    hooks.inspection_url.append(inspection_url)
    hooks.obligation_urls[ObligationKind.NOTICE] = lambda campaign, department, key: reverse(
        "scoring:department-notices", args=[campaign.slug, department]
    )
    hooks.decision_url.append(lambda campaign, uuid: reverse("scoring:decision", args=[campaign.slug, uuid]))
    for owner in _owners_of_files():
        hooks.attachment_owners[owner.kind] = owner


def navigation(campaign: Campaign, actor: Actor) -> list[hooks.NavigationEntry]:
    """Return the main pages of scoring as (label, url name, icon); the policy table decides who gets which."""
    return [
        (_("Overview"), "scoring:dashboard", "presentation-chart-bar"),
        (_("Ranking"), "scoring:ranking", "chart-bar"),
        (_("Deductions"), "scoring:deductions", "minus-circle"),
        (_("Findings"), "scoring:findings", "magnifying-glass"),
        (_("Appeals"), "scoring:appeals", "hand-raised"),
        (_("Notices"), "scoring:notices", "exclamation-circle"),
        (_("Inspections"), "scoring:inspections", "clipboard-document-check"),
        (_("Heat map"), "scoring:heatmap", "table-cells"),
        (_("Coverage"), "scoring:coverage", "chart-pie"),
        (_("What could still change"), "scoring:outlook", "arrows-up-down"),
        (_("Decisions"), "scoring:decisions", "queue-list"),
        (_("Publications"), "scoring:publications", "check-badge"),
        (_("Rulebook"), "scoring:rulebook", "scale"),
        (_("Supplements"), "scoring:supplements", "puzzle-piece"),
    ]


def _owners_of_files() -> tuple[hooks.AttachmentOwner, ...]:
    from scoring import policy
    from scoring.models import Appeal, Deduction, Inspection, Notice
    from scoring.queries.deductions import sees_names
    from scoring.queries.inspections import assessor_ids_of

    def may_change_inspection(actor: Actor, record: Inspection) -> bool:
        return policy.can_edit_inspection(actor, record, assessor_ids=assessor_ids_of(record))

    def address(name: str) -> Any:
        return lambda campaign, record: reverse(f"scoring:{name}", args=[campaign.slug, record.uuid])

    return (
        hooks.AttachmentOwner(
            kind="inspection",
            label=gettext_lazy("Inspection"),
            records=lambda actor: Inspection.objects.files_visible_to(actor),
            may_change=may_change_inspection,
            department_id=lambda record: record.department_id,
            url=address("inspection"),
            shows_names=lambda actor, record: actor.sees_names,
        ),
        hooks.AttachmentOwner(
            kind="notice",
            label=gettext_lazy("Notice of deductions"),
            records=lambda actor: Notice.objects.visible_to(actor),
            may_change=policy.can_attach_to_notice,
            department_id=lambda record: record.department_id,
            url=address("notice"),
            shows_names=lambda actor, record: actor.sees_names,
        ),
        hooks.AttachmentOwner(
            kind="appeal",
            label=gettext_lazy("Appeal"),
            records=lambda actor: Appeal.objects.visible_to(actor).select_related("deduction"),
            may_change=lambda actor, record: record.is_pending and policy.can_take_back(actor, record),
            department_id=lambda record: record.department_id,
            url=address("appeal"),
        ),
        hooks.AttachmentOwner(
            kind="deduction",
            label=gettext_lazy("Deduction"),
            records=lambda actor: Deduction.objects.visible_to(actor),
            may_change=policy.can_attach_to_deduction,
            department_id=lambda record: record.charged_id,
            url=address("deduction"),
            shows_names=sees_names,
        ),
    )
