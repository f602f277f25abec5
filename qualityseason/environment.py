"""What the environment says about where the portal runs; refuses unsafe production, naming the variable."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

DEMO = "demo"
PRODUCTION = "production"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECRET_KEY_LENGTH = 50  # characters; below it `check --deploy` warns
SECRET_KEY_DIFFERENT_CHARACTERS = 5
INSECURE_PREFIX = "django-insecure-"


@dataclass(frozen=True)
class Environment:
    """The part of the settings that differs between a demonstration and production."""

    profile: str
    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    data_dir: Path
    https: bool

    @property
    def is_production(self) -> bool:
        """Whether real people work here; demo accounts and demo clocks are refused then."""
        return self.profile == PRODUCTION


def read_environment(variables: Mapping[str, str], *, base_dir: Path) -> Environment:
    """Return the environment told by `variables`; raises ImproperlyConfigured on an unsafe production."""
    env = environ.Env()
    env.ENVIRON = dict(variables)
    debug = env.bool("DEBUG", default=False)
    implied = PRODUCTION if "DEBUG" in variables and not debug else DEMO
    profile = env.str("PORTAL_PROFILE", default="") or implied
    if profile not in (DEMO, PRODUCTION):
        raise ImproperlyConfigured(f"PORTAL_PROFILE must be {DEMO} or {PRODUCTION}, not {profile!r}.")
    production = profile == PRODUCTION
    if production:
        _refuse_unsafe(
            debug=debug,
            secret_key=env.str("SECRET_KEY", default=""),
            allowed_hosts=env.list("ALLOWED_HOSTS", default=[]),
            data_dir=env.str("PORTAL_DATA_DIR", default=""),
        )
    data_dir = Path(env.str("PORTAL_DATA_DIR", default="") or base_dir / "var").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Environment(
        profile=profile,
        debug=debug,
        secret_key=env.str("SECRET_KEY", default="") or _own_secret_key(data_dir / "secret_key"),
        allowed_hosts=env.list("ALLOWED_HOSTS", default=[]) or LOCAL_HOSTS,
        data_dir=data_dir,
        https=env.bool("HTTPS", default=production),
    )


MAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail")


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of mail for EMAIL_URL, none where it is empty; raises ImproperlyConfigured."""
    if not url:
        return {}
    scheme = url.partition("://")[0]
    if scheme not in MAIL_SCHEMES:
        raise ImproperlyConfigured(f"EMAIL_URL must begin with one of {', '.join(MAIL_SCHEMES)}, not {scheme!r}.")
    found: dict[str, Any] = environ.Env.email_url_config(url)
    return {name: value for name, value in found.items() if name.startswith("EMAIL_") and value is not None}


def _refuse_unsafe(*, debug: bool, secret_key: str, allowed_hosts: list[str], data_dir: str) -> None:
    if debug:
        raise ImproperlyConfigured("DEBUG must be off in production.")
    if not secret_key:
        raise ImproperlyConfigured("SECRET_KEY must be set in production.")
    if (
        len(secret_key) < SECRET_KEY_LENGTH
        or len(set(secret_key)) < SECRET_KEY_DIFFERENT_CHARACTERS
        or secret_key.startswith(INSECURE_PREFIX)
    ):
        raise ImproperlyConfigured(f"SECRET_KEY must be {SECRET_KEY_LENGTH} or more random characters.")
    if not allowed_hosts or "*" in allowed_hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's hosts in production, and not be *.")
    if not data_dir:
        raise ImproperlyConfigured("PORTAL_DATA_DIR must be set in production.")


def _own_secret_key(path: Path) -> str:
    """Return the demonstration's key kept at `path`, made (0600, whole or not at all) when absent."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
        try:
            os.link(fresh, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
