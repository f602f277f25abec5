from django.urls import path

from scoring.views import (
    announcements,
    deductions,
    detection,
    exports,
    finding_decisions,
    findings,
    inspections,
    mending,
    ranking,
    recording,
    rectification,
    rulebook,
    statement,
)

SEASON = "campaigns/<slug:campaign>/"

app_name = "scoring"
urlpatterns = [
    path(SEASON + "ranking/", ranking.ranking, name="ranking"),
    path(SEASON + "ranking/export/<slug:format>/", exports.export, name="export"),
    path(SEASON + "departments/<uuid:uuid>/statement/", statement.statement, name="statement"),
    path(SEASON + "rulebook/", rulebook.rulebook, name="rulebook"),
    path(SEASON + "heatmap/", rulebook.heatmap, name="heatmap"),
    path(SEASON + "deductions/", deductions.deductions, name="deductions"),
    path(SEASON + "deductions/new/", recording.deduction_new, name="deduction-new"),
    path(SEASON + "deductions/confirm/", deductions.deductions_confirm, name="deductions-confirm"),
    path(SEASON + "deductions/<uuid:uuid>/", deductions.deduction, name="deduction"),
    path(SEASON + "deductions/<uuid:uuid>/confirm/", deductions.deduction_confirm, name="deduction-confirm"),
    path(SEASON + "deductions/<uuid:uuid>/withdraw/", deductions.deduction_withdraw, name="deduction-withdraw"),
    path(SEASON + "deductions/<uuid:uuid>/correct/", deductions.deduction_correct, name="deduction-correct"),
    path(SEASON + "subjects/", recording.subjects, name="subjects"),
    path(SEASON + "inspections/", inspections.inspections, name="inspections"),
    path(SEASON + "inspections/new/", inspections.inspection_new, name="inspection-new"),
    path(SEASON + "inspections/<uuid:uuid>/", inspections.inspection, name="inspection"),
    path(SEASON + "inspections/<uuid:uuid>/edit/", inspections.inspection_edit, name="inspection-edit"),
    path(SEASON + "inspections/<uuid:uuid>/confirm/", inspections.inspection_confirm, name="inspection-confirm"),
    path(
        SEASON + "inspections/<uuid:uuid>/rectification/",
        rectification.inspection_rectification,
        name="inspection-rectification",
    ),
    path(SEASON + "findings/", findings.findings, name="findings"),
    path(SEASON + "findings/decide/", finding_decisions.findings_decide, name="findings-decide"),
    path(SEASON + "findings/<uuid:uuid>/", findings.finding, name="finding"),
    path(SEASON + "findings/<uuid:uuid>/match/", finding_decisions.finding_match, name="finding-match"),
    path(SEASON + "findings/<uuid:uuid>/reopen/", finding_decisions.finding_reopen, name="finding-reopen"),
    path(SEASON + "detection/", detection.detection, name="detection"),
    path(SEASON + "detection/run/", detection.detect, name="detect"),
    path(SEASON + "detection/announcements/new/", announcements.announcement_new, name="announcement-new"),
    path(
        SEASON + "detection/announcements/<uuid:uuid>/withdraw/",
        announcements.announcement_withdraw,
        name="announcement-withdraw",
    ),
    path(SEASON + "departments/<uuid:uuid>/mending/", mending.mending, name="mending"),
]
