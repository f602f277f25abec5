"""A PostgreSQL database for the run: on the server of TEST_DATABASE_URL, else on a cluster of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.benchmarks.measure import say


@contextmanager
def postgresql_database() -> Iterator[str | None]:
    """Give the url of an empty database, dropped afterwards; None where there is no PostgreSQL."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given.startswith("postgres"):
        with _database(given) as url:
            yield url
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not programs:
        yield None
        return
    with _cluster(programs[-1]) as server, _database(server) as url:
        yield url


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"benchmark_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    """Start a cluster with the server's own settings, as `.ci/run` does but for waiting for the disk."""
    directory = Path(tempfile.mkdtemp(prefix="quality-season-postgresql-"))
    as_postgres = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(directory, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str, check: bool = True) -> None:
        command = [*as_postgres, str(programs / program), "-D", str(directory / "data"), *arguments]
        subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=check)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1"
    try:
        run("initdb", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        run("pg_ctl", "-l", str(directory / "log"), "-w", "-o", options, "start")
        say(f"PostgreSQL on port {port}")
        yield f"postgresql://portal@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop", check=False)
        shutil.rmtree(directory, ignore_errors=True)
