"""A server in a process of its own that is killed as it leaves the node that a file names.

Run as a program: the hook is this file's, not the product's.
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import graph.builder
from cli.serve import listen, run_server
from graph.timed_step import Node
from settings.settings import Settings


def _die_where(armed: Path, name: str) -> None:
    if armed.exists() and armed.read_text() == name:
        armed.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def _mortal(name: str, node: Node, armed: Path) -> Node:
    """Returns a node that does all it does, and then takes the process with it, once."""

    async def run(state: object, runtime: object) -> Mapping[str, object]:
        update = await node(state, runtime)  # type: ignore[arg-type]
        _die_where(armed, name)
        return update

    return run


if __name__ == "__main__":
    armed = Path(sys.argv[1])
    nodes = graph.builder._NODES
    nodes.update({name: _mortal(name, node, armed) for name, node in nodes.items()})
    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    run_server(Settings(), listener)
