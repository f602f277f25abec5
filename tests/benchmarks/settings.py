"""Settings under measurement: those of an installation, in a directory that goes away with the run."""

from tests.settings import *  # noqa: F403  # forgets the developer's environment first
from tests.settings import LOGGING, STORAGES

ROOT_URLCONF = "tests.benchmarks.urls"
STORAGES["staticfiles"] = {"BACKEND": "qualityseason.static.PortalStaticFilesStorage"}
LOGGING["root"]["level"] = "WARNING"
