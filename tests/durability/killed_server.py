"""A server in a process of its own that is killed as it leaves the node that a file names.

A file that says `freeze NODE` has it stand still there. Run as a program: the hook is this file's,
not the product's.
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
    blows = {name: signal.SIGKILL, f"freeze {name}": signal.SIGSTOP}
    if armed.exists() and armed.read_text() in blows:
        blow = blows[armed.read_text()]
        armed.unlink()
        os.kill(os.getpid(), blow)


def _mortal(name: str, node: Node, armed: Path) -> Node:
    """Returns a node that does all it does, and then ends or freezes the process, once."""

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
