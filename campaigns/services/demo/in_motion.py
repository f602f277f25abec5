"""The demo's two months of implementation: told through the services, each record at its time."""

from __future__ import annotations

from random import Random
from typing import Any

from django.db import transaction

from campaigns.models import Campaign
from campaigns.services.demo.ending import wind_up
from campaigns.services.demo.months import work_by_the_month
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.demo.proofs import file_proofs
from campaigns.services.demo.register_sheets import keep_registers
from campaigns.services.demo.tasks import give_tasks
from campaigns.services.people import add_responsibility
from qualityseason.models import User


@transaction.atomic
def seed_motion(campaign: Campaign, data: dict[str, Any], duties: dict[str, Any], *, seed: int) -> None:
    """Tell the months of November and December; `duties` is what the paperwork's data say of each department."""
    _name_keepers(campaign, data["keepers"])
    paperwork = Paperwork(campaign, data | {"departments": duties}, Random(seed + 1))  # noqa: S311  # no secret
    give_tasks(paperwork)
    work_by_the_month(paperwork)
    file_proofs(paperwork)
    keep_registers(paperwork)
    wind_up(paperwork)


def _name_keepers(campaign: Campaign, keepers: dict[str, list[str]]) -> None:
    office = User.objects.get(username="office")
    places = {department.name: department for department in campaign.departments.all()}
    for code, names in keepers.items():
        for name in names:
            add_responsibility(campaign, code=code, department=places[name], user=None, by_id=office.pk, at=None)
