"""Demonstration by default; production refuses to start unsafe and names what is wrong."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

from qualityseason.environment import read_environment

KEY = "k3y-" + "abcdefghij" * 5
SAFE = {"PORTAL_PROFILE": "production", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "portal.example.edu"}


@pytest.fixture
def read(tmp_path):
    return lambda **variables: read_environment(variables, base_dir=tmp_path)


@pytest.fixture
def safe(tmp_path):
    return SAFE | {"PORTAL_DATA_DIR": str(tmp_path / "data")}


def test_demonstration_needs_nothing(read, tmp_path):
    environment = read()
    assert (environment.profile, environment.is_production, environment.debug, environment.https) == (
        "demo",
        False,
        False,
        False,
    )
    assert environment.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert environment.data_dir == (tmp_path / "var").resolve()


def test_demonstration_keeps_its_own_secret_key(read, tmp_path):
    first = read().secret_key
    path = tmp_path / "var" / "secret_key"
    assert len(first) >= 50
    assert read().secret_key == first == path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["secret_key"]


def test_production_with_all_it_needs_starts(read, safe, tmp_path):
    environment = read(**safe)
    assert (environment.is_production, environment.https, environment.debug) == (True, True, False)
    assert (environment.secret_key, environment.allowed_hosts) == (KEY, ["portal.example.edu"])
    assert not (tmp_path / "data" / "secret_key").exists()


def test_production_behind_plain_http_is_asked_for(read, safe):
    assert read(**safe, HTTPS="false").https is False


@pytest.mark.parametrize(
    ("variables", "implied"),
    [({"DEBUG": "false"}, True), ({"DEBUG": "0"}, True), ({"DEBUG": "true"}, False), ({}, False)],
)
def test_debug_given_and_false_implies_production(read, safe, variables, implied):
    environment = read(**({key: value for key, value in safe.items() if key != "PORTAL_PROFILE"} | variables))
    assert environment.is_production == implied


def test_profile_given_wins_over_what_debug_implies(read):
    assert read(PORTAL_PROFILE="demo", DEBUG="false").is_production is False


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "portal.example.edu,*"}, "ALLOWED_HOSTS"),
        ({"PORTAL_DATA_DIR": ""}, "PORTAL_DATA_DIR"),
    ],
)
def test_unsafe_production_refuses_to_start_and_names_the_variable(read, safe, change, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        read(**(safe | change))


def test_unknown_profile_is_refused(read):
    with pytest.raises(ImproperlyConfigured, match="PORTAL_PROFILE"):
        read(PORTAL_PROFILE="staging")


def manage(*arguments, **variables):
    """Run manage.py as an installation would, with this environment and no other."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=django_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_is_clean_under_production_settings(safe):
    """W001 tells of system libraries for PDF, which a machine may lack."""
    done = manage("check", "--deploy", "--fail-level", "WARNING", **safe)
    problems = set(re.findall(r"\((\w+\.[WE]\d+)\)", done.stderr))
    assert problems <= {"qualityseason.W001"}, done.stderr
    assert done.returncode == (1 if problems else 0), done.stderr


def test_portal_refuses_unsafe_production_on_the_way_in(tmp_path):
    done = manage("check", PORTAL_PROFILE="production", PORTAL_DATA_DIR=str(tmp_path))
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr
