"""The migrated SQLite database, kept between runs and shared by workers while nothing it is made from changes."""

import fcntl
import hashlib
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.sqlite3.base import Database

USED_BY_MIGRATIONS = ("clock.py", "fields.py", "triggers.py")  # of qualityseason; test_migrated holds it against them


def put_migrated(folder, target):
    """Copy the migrated database to `target`; whoever comes first makes it, the others wait for that."""
    kept = folder / f"{_digest()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            making = folder / "making.sqlite3"
            _migrate(making)
            making.rename(kept)
        shutil.copyfile(kept, target)


def migrations():
    """Return the files with the migrations of all apps."""
    return sorted(path for app in apps.get_app_configs() for path in (Path(app.path) / "migrations").glob("*.py"))


def _migrate(path):
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()  # the last connection leaves everything in the one file
        connection.settings_dict["NAME"] = name


def _digest():
    """Return what is the same as long as migrating would make the same."""
    digest = hashlib.sha256(f"{django.VERSION} {Database.sqlite_version}".encode())
    ours = Path(settings.BASE_DIR) / "qualityseason"
    for path in (*migrations(), *(ours / name for name in USED_BY_MIGRATIONS)):
        digest.update(f"{path.parent}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
