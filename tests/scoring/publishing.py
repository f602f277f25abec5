"""What the tests of public notices and publications share."""

import uuid
from datetime import date, timedelta

from campaigns.enums import Role
from scoring.models import Display, Publication
from scoring.queries.still_open import load_still_open
from scoring.services.displays import open_display
from scoring.services.publications import Terms, confirm_publication, propose_publication
from tests.factories import NOON, make_actor

START = date(2009, 12, 28)
AFTER = NOON + timedelta(days=5)  # a public notice of five days has ended


class Press:
    """Office, head of the team and a leader, who put up and publish results of a season."""

    def __init__(self, season):
        self.season = season
        self.office = make_actor(season, Role.OFFICE, username="press-office")
        self.lead = make_actor(season, Role.TEAM_LEAD, username="press-lead")
        self.leader = make_actor(season, Role.LEADERSHIP, username="press-leader")

    def display(self, *, at=NOON, starts_on=START, days=5, visibility="all", **values) -> Display:
        """Return the result put on public notice."""
        values = {"uuid": uuid.uuid4(), "by": self.office} | values
        return open_display(self.season, starts_on=starts_on, days=days, visibility=visibility, at=at, **values)

    def propose(self, *, at=AFTER, visibility="all", sign_until=date(2010, 1, 15), **values) -> Publication:
        """Return a proposal in which all that is open is ticked."""
        values = {"uuid": uuid.uuid4(), "by": self.office} | values
        if "ticked" not in values:
            display = Display.objects.standing().filter(campaign=self.season).first()
            matters = load_still_open(self.season, values["by"], display=display)
            values["ticked"] = [matter.key for matter in matters]
        return propose_publication(self.season, terms=Terms(visibility, sign_until), at=at, **values)

    def publish(self, *, at=AFTER, **values) -> Publication:
        """Return a confirmed publication; the first one after a public notice."""
        standing = Display.objects.standing().filter(campaign=self.season)
        if not standing.exists() and not Publication.objects.confirmed().filter(campaign=self.season).exists():
            self.display()
        return confirm_publication(self.propose(at=at, **values), by=self.leader, at=at)
