"""Bounds that the operating system keeps for a worker, whatever the engine does."""

import contextlib
import os
import resource
from pathlib import Path

_MEBIBYTE = 1024 * 1024
_PAGE = resource.getpagesize()
_SLACK_BYTES = 512 * _MEBIBYTE
"""Threads' stacks and allocators' reserves: address space that holds no data."""
_WORN = 0.75


def limit_process(memory_bytes: int) -> int | None:
    """Bounds this process, and returns the address space from which on it should be replaced.

    It may take twice the engine's own bound beyond what it has now, write no file, and is the
    first to go where the machine runs out of memory. Returns None where the system does not say
    how much is taken (it is Linux that does): there the engine's own bound stands alone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    taken = address_space()
    if taken is None:
        return None
    room = 2 * memory_bytes + _SLACK_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))
    return taken + round(room * _WORN)


def address_space() -> int | None:
    """Returns the bytes of address space that this process takes."""
    try:
        # Asked after every statement: as few calls as can be.
        descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None
    try:
        return int(os.read(descriptor, 64).split(b" ", 1)[0]) * _PAGE
    finally:
        os.close(descriptor)
