"""A PDF: whole, and open without a password. Its objects are not read here."""

from __future__ import annotations

import re
from typing import BinaryIO

from qualityseason.intake.problems import Problem

START = b"%PDF-"
WITHIN = 1024  # bytes in which it begins, and in which it ends but for rubbish behind
END = re.compile(rb"startxref\s+[1-9]\d*\s+%%EOF")  # 0 stands in the middle of a file made for the web
LONGEST_TAIL = 16 * 1024
ENCRYPT = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


def check_pdf(file: BinaryIO) -> None:
    """Raise Problem when the file is no PDF, breaks off, or is encrypted."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    if START not in content[:WITHIN]:
        raise Problem("mismatch")
    if END.search(content, max(0, len(content) - LONGEST_TAIL)) is None:
        raise Problem("incomplete")
    if ENCRYPT.search(content):
        raise Problem("encrypted")
