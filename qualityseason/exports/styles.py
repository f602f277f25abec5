"""How the cells of the workbook look: one quiet set, black on white, for screen and paper."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from qualityseason.exports.cells import Sheet, Style

FACE = "SimSun"
LINE = Side(style="thin", color="BFBFBF")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD_FILL = PatternFill("solid", fgColor="F2F2F2")
RED = "A61C1C"
ALARM = DifferentialStyle(font=Font(color=RED, bold=True))
POINTS, DAY, WHOLE = "0.00", "yyyy-mm-dd", "0"


class Styles:
    """The styles of one workbook, registered once."""

    def __init__(self, workbook: Workbook, sheet: Sheet) -> None:
        self._sheet = sheet
        centre = Alignment(horizontal="center", vertical="center")
        self.head = self._make(
            font=Font(name=FACE, bold=True),
            fill=HEAD_FILL,
            alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        )
        self.text = self._make(alignment=Alignment(vertical="center"))
        self.prose = self._make(alignment=Alignment(vertical="center", wrap_text=True))
        self.centred = self._make(alignment=centre)
        self.whole = self._make(alignment=centre, number_format=WHOLE)
        self.points = self._make(alignment=Alignment(vertical="center"), number_format=POINTS)
        self.total = self._make(
            font=Font(name=FACE, bold=True), alignment=Alignment(vertical="center"), number_format=POINTS
        )
        self.day = self._make(alignment=centre, number_format=DAY)
        self.title = self._make(font=Font(name=FACE, bold=True, size=14), border=Border())
        self.note = self._make(border=Border())
        self.parameter = self._make(border=Border(), number_format=POINTS)

    def _make(self, **looks: Any) -> Style:
        plain, quoted = WriteOnlyCell(self._sheet), WriteOnlyCell(self._sheet)
        for cell in (plain, quoted):
            for name, look in ({"font": Font(name=FACE), "border": GRID} | looks).items():
                setattr(cell, name, look)
        quoted.quotePrefix = True
        return Style(plain.style_id, quoted.style_id)
