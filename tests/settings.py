"""Settings under test: a directory of its own for each process, whatever the developer's environment says."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

TEMPORARY = Path(tempfile.mkdtemp(prefix="quality-season-test-"))
atexit.register(shutil.rmtree, TEMPORARY, ignore_errors=True)

SETTINGS_OF_AN_INSTALLATION = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DEBUG",
    "EMAIL_FROM",
    "EMAIL_URL",
    "HTTPS",
    "LOG_LEVEL",
    "PORTAL_PROFILE",
    "PORTAL_URL",
    "SECRET_KEY",
    "TRUSTED_PROXIES",
)
for name in SETTINGS_OF_AN_INSTALLATION:
    os.environ.pop(name, None)
os.environ["PORTAL_DATA_DIR"] = str(TEMPORARY)

from qualityseason.settings import *  # noqa: E402, F403  # the environment had to be set first
from qualityseason.settings import STORAGES, database, env  # noqa: E402  # named, because used below

DATABASES = {"default": database(env.str("TEST_DATABASE_URL", default=f"sqlite:///{TEMPORARY}/portal.sqlite3"))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # a file, because :memory: exercises neither WAL nor several connections
    DATABASES["default"]["TEST"] = {"NAME": str(TEMPORARY / "test.sqlite3")}
else:
    # a thread's open connection would keep the database from being dropped
    DATABASES["default"]["CONN_MAX_AGE"] = 0

(TEMPORARY / "static").mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
