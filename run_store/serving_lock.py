"""Tells a process that serves from a state file whether it is the only one."""

import fcntl
from io import FileIO
from pathlib import Path


class ServingLock:
    """Held until it is closed, or until its process is gone, however that ends."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.serving")
        self._file: FileIO | None = None

    def claim(self) -> bool:
        """Returns whether no other process serves from the file."""
        file = FileIO(str(self._path), "a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def close(self) -> None:
        """Lets go of it."""
        if self._file is not None:
            self._file.close()
            self._file = None
