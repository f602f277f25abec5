"""PointsField: hundredths of a point in the database, Decimal in Python."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

HUNDREDTH = Decimal("0.01")


def to_hundredths(value: Decimal | int | str) -> int:
    """Return `value` (points) as integer hundredths; raises ValueError when it is finer than a hundredth."""
    points = Decimal(value)
    hundredths = points * 100
    if not hundredths.is_finite() or hundredths != hundredths.to_integral_value():
        raise ValueError(f"{value!r} is not a whole number of hundredths")
    return int(hundredths)


def from_hundredths(value: int) -> Decimal:
    """Return integer hundredths as points with two decimals."""
    return Decimal(value).scaleb(-2)


class PointsField(models.IntegerField[Any, Any]):
    """Points with two decimals, stored as integer hundredths so that both databases compute exactly."""

    _pyi_private_set_type: Decimal | int  # type: ignore[assignment]  # the stubs' way to type a field
    _pyi_private_get_type: Decimal  # type: ignore[assignment]  # the stubs' way to type a field
    description = "points, stored as hundredths"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_hundredths(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value)).quantize(HUNDREDTH)
        except InvalidOperation as error:
            raise ValidationError(_("“%(value)s” is not a number of points."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value  # an expression compiles itself
        return to_hundredths(value)

    @property
    def validators(self) -> list[Any]:  # the integer range does not apply to points
        return []
