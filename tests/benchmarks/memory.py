"""Does one work on one database in this process and prints the most memory it took, in KiB: `export` or `detect`."""

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.benchmarks.portals import Portal

CACHE = (
    2_000  # KiB of pages the connection keeps: no more than any ledger fills, so that what is left is the workbook's
)


def main(work: str, url: str) -> None:
    """Do the work once."""
    from tests.benchmarks.portals import Portal

    portal = Portal(url)
    portal.connection.cursor().execute(f"PRAGMA cache_size=-{CACHE}")
    {"export": export, "detect": detect}[work](portal)
    print(peak_of_this_process())


def export(portal: "Portal") -> None:
    """Export the workbook."""
    from scoring.jobs.exports import write_export
    from tests.benchmarks.data import READER, after_the_facts
    from tests.benchmarks.recording import actor_of

    campaign, actor = portal.campaign(), actor_of(portal, READER)
    at = after_the_facts(campaign)
    with tempfile.TemporaryDirectory() as folder:
        write_export(campaign, Path(folder) / "ranking.xlsx", format="xlsx", as_of=None, actor=actor, at=at)


def detect(portal: "Portal") -> None:
    """Look at all departments."""
    from scoring.services.detection import detect_campaign
    from tests.benchmarks.data import after_the_facts

    campaign = portal.campaign()
    detect_campaign(campaign, at=after_the_facts(campaign))


def peak_of_this_process() -> int:
    """Return the high-water mark of this process alone; `ru_maxrss` would begin at that of the one that started it."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), flags=re.M)
    assert found is not None
    return int(found[1])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    django.setup()
    main(*sys.argv[1:])
