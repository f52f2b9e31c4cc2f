"""The service's side of the nursery: one for the whole process, begun when it is first needed."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

from domain.errors import OperatorError
from warehouse.duckdb_workers.worker import WorkerOptions

_COMMAND = (sys.executable, "-m", "warehouse.duckdb_workers.nursery")
_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR", "LANG")
"""Workers see no other: keys and passwords stand in variables."""
_MESSAGE_BYTES = 65_536
_STOP_SECONDS = 2.0


class Nursery:
    """Starts and ends workers. Any thread may ask."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def begin(self) -> None:
        """Starts the process where it does not run. Returns before it is ready."""
        with self._asking:
            self._connect()

    def start(self, options: WorkerOptions) -> tuple[socket.socket, socket.socket, int]:
        """Returns the connections for statements and for interrupts, and the process id."""
        statements, interrupts = socket.socketpair(), socket.socketpair()
        theirs = [statements[1].fileno(), interrupts[1].fileno()]
        try:
            process_id = self._ask({"start": options}, theirs)
        except OperatorError:
            statements[0].close()
            interrupts[0].close()
            raise
        finally:
            statements[1].close()
            interrupts[1].close()
        return statements[0], interrupts[0], process_id

    def end(self, process_id: int) -> int | None:
        """Kills the worker if it lives. Returns how it ended; None where nobody knows any more."""
        with self._asking:
            if self._process is None or self._process.poll() is not None:
                return None
        return self._ask({"end": process_id})

    def close(self) -> None:
        """Ends the process; workers end when their connections close."""
        with self._asking:
            if self._process is None or self._control is None:
                return
            self._control.close()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = self._control = None

    def _ask(self, request: dict[str, Any], passed: Sequence[int] = ()) -> int:
        message = json.dumps(request).encode() + b"\n"
        with self._asking:
            control = self._connect()
            try:
                socket.send_fds(control, [message], list(passed))
                reply = control.recv(_MESSAGE_BYTES)
            except OSError as error:
                raise OperatorError(f"No process can be started for SQL: {error}") from error
        if not reply:
            raise OperatorError("No process can be started for SQL: the nursery has ended.")
        return int(json.loads(reply))

    def _connect(self) -> socket.socket:
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                _COMMAND,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        self._control = ours
        return ours


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


@cache
def shared_nursery() -> Nursery:
    """Returns the one of this process."""
    nursery = Nursery()
    atexit.register(nursery.close)
    return nursery
