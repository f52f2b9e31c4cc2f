"""What every test shares."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import settings

# The same examples at every run: what is new is looked for by `make fuzz-guard`, or by
# `pytest --hypothesis-profile default`.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

REPOSITORY = Path(__file__).parent.parent


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a file lock: test workers that need the same sample make it once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
