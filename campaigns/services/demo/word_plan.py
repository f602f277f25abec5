"""A plan of the demo as the Word file a department has on its disk."""

from __future__ import annotations

import io
from typing import Any

from campaigns.models import Department


def word_plan(department: Department, about: dict[str, Any], data: dict[str, Any]) -> bytes:
    """Return a .docx with headings, prose and a table of items, as departments write them."""
    from docx import Document

    document = Document()
    document.add_heading(data["word_title"] % {"department": department.full_name}, level=0)
    for heading, text in data["word_sections"]:
        document.add_heading(heading, level=1)
        words = {"department": department.name, "theme": about["theme"]}
        for paragraph in (text % words).split("\n"):
            document.add_paragraph(paragraph)
    titles = data["word_columns"]
    table = document.add_table(rows=1, cols=len(titles))
    table.style = "Table Grid"
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.text = title
    for number, entry in enumerate(about["duties"][:-1], start=1):
        title, _mark, text = entry.partition("|")
        phrases = [data["items"][name][number % 3] % {"title": title} for name in data["word_phrases"]]
        for cell, value in zip(table.add_row().cells, [str(number), title, *phrases, text], strict=False):
            cell.text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
