"""The process that workers are forked from: all is imported once, nothing has run yet.

    python -m warehouse.duckdb_workers.nursery        (its standard input is a socket)

It runs no SQL of anybody's and keeps one thread, which makes the fork safe; a new worker takes
some milliseconds. It ends its children when asked to, because only a parent may be sure that a
process id is still its child's.
"""

import json
import os
import signal
import socket
from typing import Any

from warehouse.duckdb_workers.frames import Channel
from warehouse.duckdb_workers.worker import WorkerOptions, serve
from warehouse.trino_macros.attach import macro_file

_MESSAGE_BYTES = 65_536
_UNKNOWN = 0
_children: set[int] = set()


def main() -> None:
    """Serves until the service is gone."""
    macro_file()
    control = socket.socket(fileno=os.dup(0))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE_BYTES, 2)
        if not message:
            return
        while not message.endswith(b"\n"):
            message += control.recv(_MESSAGE_BYTES)
        reply = _reply(control, json.loads(message), descriptors)
        control.sendall(json.dumps(reply).encode() + b"\n")


def _reply(control: socket.socket, request: dict[str, Any], descriptors: list[int]) -> int:
    """Returns a new worker's process id, or how an old one ended."""
    if "start" in request:
        return _start(control, descriptors, request["start"])
    return _end(request["end"])


def _start(control: socket.socket, descriptors: list[int], options: WorkerOptions) -> int:
    process_id = os.fork()
    if process_id:
        _children.add(process_id)
        for descriptor in descriptors:
            os.close(descriptor)
        return process_id
    try:
        control.close()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        channel, interrupts = (Channel(socket.socket(fileno=fd)) for fd in descriptors)
        serve(channel, interrupts, options)
    finally:
        os._exit(1)


def _end(process_id: int) -> int:
    """Kills the worker if it lives; returns its exit code, negative for a signal's number."""
    if process_id not in _children:
        return _UNKNOWN
    _children.remove(process_id)
    os.kill(process_id, signal.SIGKILL)
    _, status = os.waitpid(process_id, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
