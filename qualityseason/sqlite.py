"""Django on the SQLite library that pysqlite3 brings along.

Debian's SQLite 3.40 can corrupt a WAL database that several processes write (fixed in 3.51.3). The settings
call `use_bundled_sqlite` first, so that every way into Django (manage.py, wsgi, pytest, a script) has it.
"""

import sys

import pysqlite3
from pysqlite3 import dbapi2


def use_bundled_sqlite() -> None:
    """Put pysqlite3 where Django looks for `sqlite3`. Must run before Django's SQLite backend is imported."""
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2
