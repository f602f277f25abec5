"""What the paperwork of the demo shares: its data, who acts, the dice, and files made on the spot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from campaigns.actors import Actor
from campaigns.models import Campaign, Department, Plan
from campaigns.queries.actors import load_actor
from campaigns.queries.departments import DepartmentBook
from qualityseason.models import User
from qualityseason.services.files import store_file

SATURDAY = 5  # of date.weekday()


@dataclass
class Paperwork:
    """The data of fixtures/demo/handing_in.toml with everybody who acts in it; `rng` makes it the same every time."""

    campaign: Campaign
    data: dict[str, Any]
    rng: Random
    plans: dict[int, Plan] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = DepartmentBook(self.campaign)
        self.departments: Sequence[Department] = self.book.departments
        for department in self.departments:
            department.campaign = self.campaign

    def of(self, department: Department) -> dict[str, Any]:
        """Return what the data says of a department."""
        found: dict[str, Any] = self.data["departments"].get(department.name, {})
        return found

    def actor(self, username: str) -> Actor:
        """Return the actor of a demo account."""
        if username not in self._actors:
            user = User.objects.get(username=username)
            actor = load_actor(user, self.campaign, on=self.campaign.facts_until)
            if actor is None:
                raise LookupError(username)
            self._actors[username] = actor
        return self._actors[username]

    def head(self, department: Department) -> Actor:
        """Return the head of a department."""
        return self.actor(f"head-{department.order:02d}")

    def liaison(self, department: Department) -> Actor:
        """Return the liaison of a department."""
        return self.actor(f"staff-{department.order:02d}")

    def pick(self, name: str) -> str:
        """Return one of the phrases of that name."""
        chosen: str = self.rng.choice(self.data[name])
        return chosen

    def uuid(self) -> UUID:
        """Return an id the dice decide."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a moment of a working day: that day, or the Friday before a weekend."""
        while day.weekday() >= SATURDAY:
            day -= timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))

    def upload(self, content: bytes, *, name: str, media_type: str, by: Actor) -> UUID:
        """Return the id of a file put into the store as that person's upload."""
        stored = store_file(
            [content], name=name, media_type=media_type, by_id=by.user_id, campaign_id=self.campaign.pk, is_upload=True
        )
        return stored.uuid


@cache
def picture(seed: int) -> bytes:
    """Return a small picture that stands for a scan: paper with lines on it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (620, 877), (250, 248, 242))
    draw = ImageDraw.Draw(image)
    for line in range(12 + seed % 9):
        top = 90 + line * 36
        draw.line((70, top, 550 - (seed * 37 + line * 53) % 220, top), fill=(90, 90, 110), width=3)
    draw.ellipse((400, 690, 520, 810), outline=(190, 40, 40), width=5)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
