"""What the tests of the reading pages share: a signed-in reader, a season in its own time, a confirmed line."""

from datetime import datetime, timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from campaigns.enums import Role
from qualityseason.models import User
from scoring.facts import Subject
from tests.factories import SHANGHAI, make_actor, make_deduction

SPRING = datetime(2031, 5, 28, 12, 0, tzinfo=SHANGHAI)  # a day inside the invented season


def turn_clock(season, moment):
    """Set the season's clock, so that memberships and facts of its own time hold."""
    season.clock_offset = moment - timezone.now() + timedelta(seconds=1)
    season.save(update_fields=["clock_offset"])


def reader(actor) -> Client:
    """Return a browser in which the actor is signed in and reads English."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(name, season, *args) -> str:
    """Return the address of a page of scoring."""
    return reverse(f"scoring:{name}", args=[season.slug, *args])


def about(person) -> Subject:
    """Return the subject of a line about a person on the staff list, or about a name that is only text."""
    if isinstance(person, str):
        return Subject(person, key=person)
    return Subject(str(person), person_id=person.pk, key=f"person:{person.uuid}")


class Pair:
    """Two assessors without interests: one records, the other confirms."""

    def __init__(self, season):
        self.season = season
        self.first = make_actor(season, Role.ASSESSOR, username=f"first-{season.slug}")
        self.second = make_actor(season, Role.ASSESSOR, username=f"second-{season.slug}")

    def charge(self, code, **values):
        """Return a confirmed line."""
        return make_deduction(self.season, code, by=self.first, confirmed_by=self.second, **values)

    def record(self, code, **values):
        """Return a line that waits for confirmation."""
        return make_deduction(self.season, code, by=self.first, **values)


def parsed(response):
    """Return the page as a tree to ask with XPath."""
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def words(element) -> str:
    """Return what an element says, blanks squeezed."""
    return " ".join(element.text_content().split())


def table_rows(tree, within="//table"):
    """Return the body of a table as a list of rows of cells, as read."""
    return [[words(cell) for cell in row.xpath("./td|./th")] for row in tree.xpath(f"({within})[1]/tbody/tr")]
