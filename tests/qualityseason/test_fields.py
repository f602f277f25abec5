"""Points are exact hundredths in both databases."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Sum, Value
from hypothesis import given
from hypothesis import strategies as st

from qualityseason.fields import PointsField, from_hundredths, to_hundredths
from scoring.models import Category, Tally
from tests.factories import department


@pytest.mark.parametrize(
    ("points", "hundredths"),
    [("0.10", 10), ("1", 100), (Decimal("12.5"), 1250), (7, 700), ("-0.01", -1), ("0", 0)],
)
def test_to_hundredths_counts_exactly(points, hundredths):
    assert to_hundredths(points) == hundredths


@pytest.mark.parametrize("points", ["0.001", "0.105", Decimal("1e-3"), "NaN", "Infinity"])
def test_to_hundredths_refuses_what_is_finer_or_no_number(points):
    with pytest.raises(ValueError, match="hundredths"):
        to_hundredths(points)


@given(st.integers(-(10**9), 10**9))
def test_hundredths_go_there_and_back(hundredths):
    assert to_hundredths(from_hundredths(hundredths)) == hundredths


def test_from_hundredths_always_has_two_decimals():
    assert [str(from_hundredths(value)) for value in (0, 5, 10, 1234)] == ["0.00", "0.05", "0.10", "12.34"]


@pytest.mark.parametrize(
    ("value", "points"), [("1.5", "1.50"), (2, "2.00"), (None, None), (Decimal("0.1"), "0.1"), (0.1, "0.10")]
)
def test_field_reads_points(value, points):
    read = PointsField().to_python(value)
    assert read == (None if points is None else Decimal(points))


def test_field_refuses_what_is_no_number():
    with pytest.raises(ValidationError):
        PointsField().to_python("viel")


def test_points_are_stored_as_whole_hundredths(season):
    category = Category.objects.get(campaign=season, code="study")
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_category.full FROM scoring_category WHERE id = %s", [category.pk])
        assert cursor.fetchone() == (1000,)
    assert str(category.full) == "10.00"


def test_database_adds_and_compares_points_exactly(season):
    """Ten times 0.10 is 1.00, where floats make 0.9999…"""
    rows = Tally.objects.filter(campaign=season)
    ten = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:10]))
    ten.update(charged=Decimal("0.10"))
    assert ten.aggregate(total=Sum("charged")) == {"total": Decimal("1.00")}
    here = Tally.objects.filter(department=department(season))
    here.update(charged=Decimal("0.30"))
    here.update(charged=F("charged") + Value(Decimal("0.05"), output_field=PointsField()))
    assert set(here.values_list("charged", flat=True)) == {Decimal("0.35")}
    assert here.filter(charged__gt=Decimal("0.34"), charged__lte=Decimal("0.35")).count() == 3
