"""Once-rules: which fact a line charges, who holds it, and when another line may take its place."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Department
from qualityseason.errors import ConflictOfInterest, Refused
from scoring.calculations import charge_key, text_key
from scoring.enums import SubjectKind
from scoring.facts import Subject
from scoring.models import Deduction, Finding, Rule
from scoring.queries.subjects import stored_subject


def key_of(line: Deduction) -> str | None:
    """Return the charge key a stored line should carry: that of the fact it names, else what its subject says."""
    if line.finding is not None:
        return line.finding.charge_key
    return charge_key_of(line.rule, line.charged, stored_subject(line), line.period)


def namesake_key_of(rule: Rule, charged: Department, subject: Subject, period: str) -> str | None:
    """Return the key under which a person of the staff list may stand as text already, None for other subjects."""
    if subject.person_id is None:
        return None
    return charge_key_of(rule, charged, Subject(key=text_key(subject.label, rule.subject)), period)


def charge_key_of(rule: Rule, charged: Department, subject: Subject, period: str) -> str | None:
    """Return the charge key of this fact, or None where the rule has no once-rule."""
    return charge_key(
        family=rule.family,
        once=rule.once,
        department=f"department:{charged.uuid}",
        subject=subject.key,
        subject_is_known=subject.is_known,
        term=period,
        month=period,
    )


def require_uncharged(*keys: str | None, campaign_id: int, by: Actor) -> None:
    """Raise Refused when a standing line charges the fact of one key already, naming it where `by` may know of it."""
    wanted = [key for key in keys if key is not None]
    standing = Deduction.objects.standing().filter(campaign_id=campaign_id, charge_key__in=wanted)
    if not standing.exists():
        return
    first = standing.visible_to(by).select_related("rule", "charged").first()
    if first is None:  # it concerns a department of own interest and is not confirmed yet
        raise Refused(_("This fact is charged already."), code="charged")
    sentence = _("This fact is charged already: %(rule)s on %(day)s.")
    if first.rule.subject == SubjectKind.PERSON and first.subject_is_text:
        sentence = _(
            "This fact is charged already: %(rule)s on %(day)s, for %(name)s, who is not taken from the staff list. "
            "Open it; if somebody else is meant, put both on the staff list and correct it first."
        )
    names = {"rule": first.rule.code, "day": first.happened_on.isoformat(), "name": first.subject_label}
    raise Refused(sentence % names, code="charged", existing=first)


def replaced_by(finding: Finding) -> Deduction | None:
    """Return the standing line whose place a charge of this finding takes: the same fact by another rule of its block.

    It has the finding's key, or that of its subject as text, or charged the finding before its facts changed.
    """
    label = finding.subject_label
    text = Subject(label, key=text_key(label, finding.rule.subject))
    said = charge_key_of(finding.rule, finding.charged, text, finding.period) if label else None
    same = Q(charge_key__in=[key for key in (finding.charge_key, said) if key is not None])
    before = (finding.earlier or {}).get("deduction")
    lines = Deduction.objects.standing().filter(same | Q(uuid=before) if before else same)
    lines = lines.filter(
        campaign_id=finding.campaign_id,
        charged_id=finding.charged_id,
        rule__family=finding.rule.family,
        rule__block=finding.rule.block_id,
    )
    return lines.exclude(rule=finding.rule).order_by("pk").first()


def require_replaceable(
    old: Deduction, key: str | None, *, rule: Rule, by: Actor, finding: Finding | None = None
) -> None:
    """Raise unless `old` stands, charges the fact `key` by another rule, and no other line is to replace it.

    The line a finding takes the place of charges its fact, whatever key it has.

    The same rule would be a way round the team lead, who alone withdraws what is confirmed.
    """
    if by.is_interested_in(old.charged_id, old.visited_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    old = Deduction.objects.select_related("rule", "charged").get(pk=old.pk)
    if old.withdrawn_at is not None:
        raise Refused(
            _("The deduction to be replaced has been withdrawn; record the new one on its own."),
            field="replaces",
            code="withdrawn",
            existing=old,
        )
    charges_it = key is not None and old.charge_key == key
    if not charges_it and (finding is None or replaced_by(finding) != old):
        raise Refused(
            _("Only a deduction for the same fact can be replaced."), field="replaces", code="other_fact", existing=old
        )
    if old.rule_id == rule.pk:
        raise Refused(
            _("It is charged by the same rule already. To correct it, withdraw it and record it again."),
            field="replaces",
            code="same_rule",
            existing=old,
        )
    successors = Deduction.objects.standing().filter(replaces=old)
    if successors.exists():
        raise Refused(
            _("Another deduction that replaces this one is waiting for its confirmation."),
            field="replaces",
            code="replaced",
            existing=successors.visible_to(by).first(),
        )


def holder_of(line: Deduction, key: str | None) -> Deduction | None:
    """Return the standing line, other than the one replaced, that holds this charge key."""
    if key is None:
        return None
    standing = Deduction.objects.standing().filter(campaign_id=line.campaign_id, charge_key=key)
    return standing.exclude(pk__in=[line.pk, line.replaces_id or 0]).first()
