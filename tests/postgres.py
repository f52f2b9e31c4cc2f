"""A Postgres of Debian's packages, started for a test session on a free port of loopback."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class PostgresServer:
    """A server that can be stopped and started again."""

    def __init__(self, programs: Path, data: Path) -> None:
        self._programs, self._data, self._port = programs, data, _free_port()
        self.url = f"postgresql://vtion@127.0.0.1:{self._port}"
        if os.geteuid() == 0:
            shutil.chown(data, "postgres", "postgres")
        _run(programs / "initdb", "-D", data, "-U", "vtion", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"-h 127.0.0.1 -p {self._port} -k '' " + " ".join(f"-c {o}" for o in _FAST)
        self._control("-l", self._data / "log", "-o", options, "start")

    def stop(self) -> None:
        """Stops it at once, as a crash would."""
        self._control("-m", "immediate", "stop")

    def _control(self, *arguments: object) -> None:
        _run(self._programs / "pg_ctl", "-D", self._data, "-w", *arguments)


@contextmanager
def restartable_postgres() -> Iterator[PostgresServer]:
    """Yields a started server; skips where none is installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("Postgres is not installed (apt-get install postgresql)")
    # Not below pytest's folder: each session closes that to all but its own user.
    with TemporaryDirectory(prefix="vtion-postgres-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(programs, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yields the URL of a server, without the name of a database."""
    with restartable_postgres() as server:
        yield server.url


def new_database(server: str) -> str:
    """Makes an empty database and returns its URL."""
    name = f"state_{uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: object) -> None:
    """Runs a program; Postgres does not run as root: there, Debian's own user runs it."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
