"""What is wrong with a file, as a word; the sentence belongs to whoever asked for the file."""

from __future__ import annotations

import zipfile
import zlib

READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,  # XML that does not parse, in both parsers; a broken PNG
    TypeError,
    ValueError,  # entities that defusedxml forbids, too
)  # what zipfile, the XML parsers, openpyxl and Pillow raise on hostile or damaged files


class Problem(Exception):
    """A file that is not taken; ``code`` says why, ``values`` what its sentence names."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
