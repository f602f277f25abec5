"""What the tests of the sources of papers share: a department merged into another, what a day shows of a department."""

import uuid
from datetime import date

from campaigns.enums import DepartmentChangeKind
from campaigns.services.department_changes import DecisionDraft, Reorganisation, change_departments
from scoring.queries.detection import know_season, look_at
from tests.campaigns.handing_in import make_file
from tests.factories import NOON, department

DAY = date(2009, 12, 28)
HOME, OTHER = "图书馆", "体育部"


def merge(season, office, *, gone=OTHER, into=HOME, on=date(2009, 12, 1)):
    """Merge one department into another as of a day."""
    paper = make_file(by_id=office.user_id, is_upload=True, content=uuid.uuid4().hex)
    change_departments(
        season,
        Reorganisation(DepartmentChangeKind.MERGE, [department(season, gone)], existing=department(season, into)),
        uuid=uuid.uuid4(),
        effective_on=on,
        decision=DecisionDraft(on, "院长办公会", "合并", [paper.uuid]),
        by=office,
        at=NOON,
    )


def shown(season, code, *, home=HOME, on=DAY):
    """Return what the records show by a rule: charge key, quantity, proof, day."""
    looked = look_at(department(season, home), know_season(season, on=on))
    assert looked.troubles == ()
    return [
        (one.charge_key, one.suspicion.quantity, str(one.proof), one.suspicion.happened_on)
        for one in looked.seen
        if one.rule.code == code
    ]


def read(source, season, *, home=HOME, on=DAY):
    """Return the facts of a department."""
    return source(department(season, home), on)
