"""A database with a signed-in browser on it; several of them take turns in one process."""

import io
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.utils import load_backend
from django.test import Client

from campaigns.models import Campaign
from qualityseason.models import User
from qualityseason.settings import database


class Portal:
    """One generated database, with a persistent connection of its own."""

    _application: Any = None

    def __init__(self, url: str) -> None:
        self.url = url
        config = connections.configure_settings({"default": database(url)})["default"]
        self.connection = load_backend(config["ENGINE"]).DatabaseWrapper(config, "default")
        self._cookie = ""

    @classmethod
    def on_file(cls, path: Path) -> "Portal":
        """Return the portal of a SQLite file."""
        return cls(f"sqlite:///{path}")

    def use(self) -> None:
        """Make this database the portal's own until another one is used."""
        connections["default"] = self.connection

    def campaign(self) -> Campaign:
        """Return its only season."""
        self.use()
        return Campaign.objects.get()

    def sign_in(self, username: str) -> None:
        """Sign the browser in."""
        self.use()
        client = Client()
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def get(self, path: str) -> bytes:
        """Return the page at `path` through every middleware; anything but 200 ends the run."""
        self.use()
        if Portal._application is None:
            Portal._application = get_wsgi_application()
        address, _, query = path.partition("?")
        environ: dict[str, Any] = {"PATH_INFO": address, "QUERY_STRING": query, "HTTP_COOKIE": self._cookie}
        setup_testing_defaults(environ)
        environ["wsgi.errors"] = io.StringIO()
        answers: list[str] = []
        response = Portal._application(environ, lambda status, headers: answers.append(status))
        body = b"".join(response)
        response.close()
        if not answers[0].startswith("200"):
            raise RuntimeError(f"{path}: {answers[0]}")
        return body

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
