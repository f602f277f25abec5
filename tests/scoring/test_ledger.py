import pytest

from campaigns.enums import Role
from qualityseason.errors import Refused
from scoring.models import Tally
from tests.factories import make_actor, make_deduction


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


def test_record_deduction_twice_for_one_department_is_refused(season, assessor):
    first = make_deduction(season, "S3a", by=assessor)
    with pytest.raises(Refused) as refusal:
        make_deduction(season, "S3a", by=assessor)
    assert refusal.value.existing == first
    assert Tally.objects.get(department=first.charged, category__code="study").pending == 5
