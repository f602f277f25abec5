"""Publishing a result: proposed from a frozen one, confirmed by a leader who is somebody else, corrected anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import tidy
from scoring import policy
from scoring.enums import PublicationState, Visibility
from scoring.models import Display, Publication
from scoring.queries.published import Change, changes_between
from scoring.queries.results import load_result, result_of
from scoring.queries.still_open import appeals_since, load_still_open
from scoring.services.confirmations import owe_confirmations
from scoring.services.displays import hold_campaign
from scoring.services.snapshots import hold_ledger, take_snapshot

MAXIMUM_NOTE = 300
NAMED = 5  # departments a refusal names


@dataclass(frozen=True)
class Terms:
    """What is decided with a publication: who reads what, until when departments sign, a remark."""

    visibility: str
    sign_until: date
    note: str = ""


@transaction.atomic
def propose_publication(
    campaign: Campaign, *, uuid: UUID, terms: Terms, ticked: Collection[str], by: Actor, at: datetime
) -> Publication:
    """Freeze the result as it stands and propose it; where one is published already, as its correction.

    `ticked` are the keys of what is still open (`OpenMatter.key`): all of it must be ticked. Sent twice it is one. What
    is open in departments of the proposer's own interest stands in the publication, too, for those who may know of it.
    Raises PermissionDenied, or Refused at `visibility`, `sign_until` or `ticked`, while another proposal waits, before
    a public notice has ended, or where a correction would change nothing.
    """
    if not policy.can_propose(by) or campaign.pk != by.campaign_id:
        raise PermissionDenied
    campaign = hold_campaign(campaign.pk)
    terms = Terms(terms.visibility, terms.sign_until, tidy(terms.note)[:MAXIMUM_NOTE])
    there = Publication.objects.filter(uuid=uuid).first()
    if there is not None:
        if (Terms(there.visibility, there.sign_until, there.note), there.proposed_by_id) == (terms, by.user_id):
            return there
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    _check_terms(terms, at=at)
    waiting = Publication.objects.filter(campaign=campaign, state=PublicationState.PROPOSED).first()
    if waiting is not None:
        sentence = _("A proposal of %(day)s waits for a leader already. Take it back, or wait for the answer.")
        words = {"day": day_of(waiting.proposed_at).isoformat()}
        raise Refused(sentence % words, code="waiting", existing=waiting)
    current = Publication.objects.current().filter(campaign=campaign).select_related("snapshot").first()
    display = Display.objects.standing().filter(campaign=campaign).first()
    if current is None:
        _require_ended(display, at=at)
    hold_ledger(campaign)
    still_open = load_still_open(campaign, by, display=display)
    if {matter.key for matter in still_open} != set(ticked):
        raise Refused(_("Tick each matter that is still open, as it stands now."), field="ticked", code="open")
    if by.interests:
        still_open = load_still_open(campaign, replace(by, interests=frozenset()), display=display)
    snapshot = take_snapshot(campaign, at=at)
    changes: tuple[Change, ...] = ()
    if current is not None:
        changes = changes_between(result_of(current.snapshot), result_of(snapshot))
        if not changes and current.visibility == terms.visibility:
            sentence = _("Nothing has changed since publication No. %(number)d; there is nothing to correct.")
            raise Refused(sentence % {"number": current.number or 0}, code="same", existing=current)
    publication = Publication.objects.create(
        uuid=uuid,
        campaign=campaign,
        snapshot=snapshot,
        display=display,
        replaces=current,
        visibility=terms.visibility,
        sign_until=terms.sign_until,
        note=terms.note,
        still_open=[matter.as_json() for matter in still_open],
        changes=[change.as_json() for change in changes],
        proposed_by_id=by.user_id,
        proposed_at=at,
    )
    after = {"sha256": snapshot.sha256, "visibility": terms.visibility, "sign_until": terms.sign_until}
    _audit("publication.propose", publication, by=by, at=at, after=after | {"still_open": publication.still_open})
    return publication


@transaction.atomic
def confirm_publication(publication: Publication, *, by: Actor, at: datetime) -> Publication:
    """Publish what somebody else proposed, and ask every department for its signed confirmation.

    A leader with an interest in some departments may do this: it is one act over the whole ranking, which judges no
    single line. The ledger is held meanwhile; where its figures have moved since the proposal, or an appeal came in, it
    is refused, and so is a correction of what is not current any more. On a correction only departments with other
    figures sign anew, and those that had not signed yet.
    """
    _require_leader(publication, by)
    campaign = hold_campaign(publication.campaign_id)
    publication = _fresh(publication)
    if (publication.state, publication.decided_by_id) == (PublicationState.CONFIRMED, by.user_id):
        return publication
    _require_waiting(publication)
    current = Publication.objects.current().filter(campaign=campaign).first()
    if current != publication.replaces:
        sentence = _(
            "Another result was published after this one was proposed. Refuse it; a correction is proposed anew."
        )
        raise Refused(sentence, code="not_current", existing=current)
    if publication.sign_until < day_of(at):
        sentence = _("The day to sign by, %(day)s, is over. Refuse it, so that it is proposed with a later one.")
        raise Refused(sentence % {"day": publication.sign_until.isoformat()}, code="sign_until")
    hold_ledger(campaign)
    moved = changes_between(result_of(publication.snapshot), load_result(campaign, at=at))
    if moved:
        raise Refused(_moved(moved), code="moved")
    appealed = appeals_since(campaign, publication.still_open)
    if appealed:
        sentence = _(
            "Appeals have come in since the proposal: %(departments)s. Refuse it, so that it is proposed anew with "
            "them."
        )
        raise Refused(sentence % {"departments": _(", ").join(appealed)}, code="open")
    last = Publication.objects.filter(campaign=campaign).order_by("-number").filter(number__isnull=False).first()
    publication.number = 1 if last is None or last.number is None else last.number + 1
    _decide(publication, PublicationState.CONFIRMED, by=by, at=at)
    owe_confirmations(publication, at=at)
    after = {"number": publication.number, "sha256": publication.snapshot.sha256}
    _audit("publication.confirm", publication, by=by, at=at, after=after)
    return publication


@transaction.atomic
def refuse_publication(publication: Publication, *, because: str, by: Actor, at: datetime) -> Publication:
    """Send a proposal back with the reason, by a leader who did not propose it; raises Refused at `because`."""
    _require_leader(publication, by)
    hold_campaign(publication.campaign_id)
    publication, because = _fresh(publication), tidy(because)
    _require_waiting(publication)
    if not 0 < len(because) <= MAXIMUM_NOTE:
        raise Refused(_("Give the reason, at most 300 characters."), field="because", code="reason")
    publication.because = because
    _decide(publication, PublicationState.REFUSED, by=by, at=at)
    _audit("publication.refuse", publication, by=by, at=at, after={"because": because})
    return publication


@transaction.atomic
def recall_publication(publication: Publication, *, by: Actor, at: datetime) -> Publication:
    """Take one's own proposal back while it waits."""
    if publication.campaign_id != by.campaign_id or publication.proposed_by_id != by.user_id:
        raise PermissionDenied(_("Only who proposed it takes it back; a leader can refuse it."))
    hold_campaign(publication.campaign_id)
    publication = _fresh(publication)
    if publication.state == PublicationState.RECALLED:
        return publication
    _require_waiting(publication)
    _decide(publication, PublicationState.RECALLED, by=by, at=at)
    _audit("publication.recall", publication, by=by, at=at, after={})
    return publication


def why_not_confirm(publication: Publication, by: Actor) -> str:
    """Return the sentence that says why a leader may not confirm the proposal, '' where nothing stands against it."""
    if publication.proposed_by_id == by.user_id:
        return _("You proposed it yourself; another leader must confirm it.")
    return ""


def _require_leader(publication: Publication, by: Actor) -> None:
    sentence = why_not_confirm(publication, by)
    if sentence:
        raise PermissionDenied(sentence)
    waiting = Publication(
        campaign_id=publication.campaign_id,
        proposed_by_id=publication.proposed_by_id,
        state=PublicationState.PROPOSED,
    )
    if not policy.can_confirm_publication(by, waiting):
        raise PermissionDenied


def _fresh(publication: Publication) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("snapshot", "replaces")
    return rows.get(pk=publication.pk)


def _require_waiting(publication: Publication) -> None:
    if publication.state != PublicationState.PROPOSED:
        sentence = _("It waits no longer: %(state)s.")
        raise Refused(sentence % {"state": publication.get_state_display()}, code="decided", existing=publication)


def _check_terms(terms: Terms, *, at: datetime) -> None:
    if terms.visibility not in Visibility.values:
        raise Refused(_("Choose what each department reads."), field="visibility", code="visibility")
    if terms.sign_until < day_of(at):
        sentence = _("%(day)s is over already; departments sign by today, %(today)s, or later.")
        words = {"day": terms.sign_until.isoformat(), "today": day_of(at).isoformat()}
        raise Refused(sentence % words, field="sign_until", code="past")


def _require_ended(display: Display | None, *, at: datetime) -> None:
    if display is None:
        sentence = _("Put the result on public notice first; it is proposed once the notice has ended.")
        raise Refused(sentence, code="no_display")
    if display.ends_on >= day_of(at):
        sentence = _("The result is on public notice until %(day)s; propose it from the day after on.")
        raise Refused(sentence % {"day": display.ends_on.isoformat()}, code="running", existing=display)


def _moved(changes: tuple[Change, ...]) -> str:
    named = [_("%(department)s from %(before)s to %(after)s") % _words(change) for change in changes[:NAMED]]
    said, more = _(", ").join(named), len(changes) - NAMED
    if more > 0:
        said = _("%(changes)s and %(count)d more") % {"changes": said, "count": more}
    sentence = _("Figures have moved since the proposal: %(changes)s. Refuse it, so that it is proposed anew.")
    return sentence % {"changes": said}


def _words(change: Change) -> dict[str, Any]:
    return {"department": change.name, "before": change.total_from, "after": change.total_to}


def _decide(publication: Publication, state: PublicationState, *, by: Actor, at: datetime) -> None:
    publication.state, publication.decided_by_id, publication.decided_at = state, by.user_id, at
    publication.save(update_fields=["state", "number", "because", "decided_by", "decided_at"])


def _audit(act: str, publication: Publication, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    audit.record(act, publication, by_id=by.user_id, campaign_id=publication.campaign_id, at=at, after=after)
