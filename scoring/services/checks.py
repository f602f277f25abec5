"""What a draft must satisfy before it becomes a line of the ledger; each refusal names its field."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.models import StaffMember
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import MAXIMUM_TEXT
from scoring.enums import REQUIRED_SUBJECTS, Once, SubjectKind
from scoring.models import RuleVersion
from scoring.queries.subjects import subject_missing, twin_of
from scoring.services.drafts import DeductionDraft

MAXIMUM_LABEL = 200


def check_draft(draft: DeductionDraft, *, at: datetime) -> RuleVersion:
    """Return the rule version in force on the day of the fact; raises Refused naming the field that is wrong."""
    _check_rule(draft)
    _check_quantity(draft)
    _check_day(draft, at=at)
    _check_subject(draft)
    _check_exempt(draft)
    _check_month(draft, at=at)
    _check_inspection(draft)
    if len(draft.note) > MAXIMUM_TEXT:
        raise Refused(
            _("This text is too long; keep it under %(maximum)d characters.") % {"maximum": MAXIMUM_TEXT},
            field="note",
            code="too_long",
        )
    version = draft.rule.versions.filter(valid_from__lte=draft.happened_on).order_by("-valid_from", "-number").first()
    if version is None:
        raise Refused(
            _("Rule %(rule)s was not in force on %(day)s.")
            % {"rule": draft.rule.code, "day": draft.happened_on.isoformat()},
            field="happened_on",
            code="not_in_force",
        )
    return version


def _check_rule(draft: DeductionDraft) -> None:
    rule, charged = draft.rule, draft.charged
    if rule.campaign_id == charged.campaign_id and rule.block_id in (None, charged.block_id):
        return
    twin = twin_of(rule, block_id=charged.block_id)
    names = {"rule": rule.code, "department": charged.name, "block": charged.block.code}
    if twin is None:
        raise Refused(
            _("Rule %(rule)s does not apply to %(department)s (block %(block)s), and has no twin there.") % names,
            field="rule",
            code="other_block",
        )
    raise Refused(
        _("Rule %(rule)s does not apply to %(department)s (block %(block)s); its twin there is %(twin)s.")
        % (names | {"twin": twin.code}),
        field="rule",
        code="other_block",
    )


def _check_quantity(draft: DeductionDraft) -> None:
    if 1 <= draft.quantity <= draft.rule.maximum:
        return
    raise Refused(
        _("The quantity of rule %(rule)s is a whole number from 1 to %(maximum)d.")
        % {"rule": draft.rule.code, "maximum": draft.rule.maximum},
        field="quantity",
        code="quantity",
    )


def _check_day(draft: DeductionDraft, *, at: datetime) -> None:
    campaign = draft.charged.campaign
    if not campaign.facts_from <= draft.happened_on <= campaign.facts_until:
        raise Refused(
            _("Only facts from %(first)s to %(last)s count; %(day)s lies outside.")
            % {
                "first": campaign.facts_from.isoformat(),
                "last": campaign.facts_until.isoformat(),
                "day": draft.happened_on.isoformat(),
            },
            field="happened_on",
            code="outside",
        )
    if draft.happened_on > day_of(at):
        raise Refused(
            _("%(day)s is in the future; today is %(today)s.")
            % {"day": draft.happened_on.isoformat(), "today": day_of(at).isoformat()},
            field="happened_on",
            code="future",
        )


def _check_subject(draft: DeductionDraft) -> None:
    kind, label = draft.rule.subject, draft.subject.label
    if kind in REQUIRED_SUBJECTS and not label:
        raise Refused(subject_missing(draft.rule), field="subject", code="subject_missing")
    if kind in (SubjectKind.NONE, SubjectKind.MONTH) and label:
        raise Refused(
            _("Rule %(rule)s charges the department as a whole; leave the subject empty.") % {"rule": draft.rule.code},
            field="subject",
            code="subject_not_needed",
        )
    if len(label) > MAXIMUM_LABEL:
        raise Refused(
            _("This text is too long; keep it under %(maximum)d characters.") % {"maximum": MAXIMUM_LABEL},
            field="subject",
            code="too_long",
        )


def _check_exempt(draft: DeductionDraft) -> None:
    if not draft.rule.exempt or draft.subject.person_id is None:
        return
    person = StaffMember.objects.get(pk=draft.subject.person_id)
    if person.category in draft.rule.exempt:
        raise Refused(
            _("Rule %(rule)s never charges %(person)s: %(category)s.")
            % {"rule": draft.rule.code, "person": person.name, "category": person.get_category_display()},
            field="subject",
            code="exempt",
        )


def _check_month(draft: DeductionDraft, *, at: datetime) -> None:
    if draft.rule.once != Once.MONTH or not draft.month:
        return
    campaign = draft.charged.campaign
    latest = min(campaign.facts_until, day_of(at))
    if not f"{campaign.facts_from:%Y-%m}" <= draft.month <= f"{latest:%Y-%m}":
        raise Refused(
            _("The month must lie between %(first)s and %(last)s.")
            % {"first": f"{campaign.facts_from:%Y-%m}", "last": f"{latest:%Y-%m}"},
            field="subject",
            code="month",
        )


def _check_inspection(draft: DeductionDraft) -> None:
    if draft.inspection is not None and draft.inspection.department_id != draft.visited_department.pk:
        raise Refused(_("This inspection visited another department."), field="inspection", code="other_inspection")
