"""`make benchmark`: `python -m tests.benchmarks [--quick] [part …]`."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    django.setup()
    from tests.benchmarks.run import run

    sys.exit(run())
