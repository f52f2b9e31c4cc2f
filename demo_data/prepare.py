"""Puts a demo source on disk, once, and says how to ask it questions."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

import duckdb

from demo_data.nycflights13.conversion import convert
from demo_data.vtion.generator import generate

DemoName: TypeAlias = Literal["vtion", "nycflights13"]

_HERE = Path(__file__).parent
_STAMP = ".stamp"


@dataclass(frozen=True, slots=True)
class DemoSource:
    """A prepared source."""

    url: str
    """For VTION_WAREHOUSE."""
    business_file: Path
    """What a person knows about the data; imported into its dictionary."""
    today: date
    """What `today` means for data that ends on the day before."""


_TODAY: dict[DemoName, date] = {"vtion": date(2026, 10, 1), "nycflights13": date(2014, 1, 1)}
_WRITE: dict[DemoName, Callable[[Path, Callable[[str], None]], None]] = {
    "vtion": generate,
    "nycflights13": convert,
}


def prepare(name: DemoName, folder: Path, on_progress: Callable[[str], None]) -> DemoSource:
    """Writes the data into `folder`, or leaves it where it is the same already.

    `on_progress` gets a few words before each part. The folder is replaced whole.
    """
    stamp = _stamp(name)
    if not _is_current(folder, stamp):
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _WRITE[name](unfinished, on_progress)
        (unfinished / _STAMP).write_text(stamp)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    return DemoSource(f"duckdb://{folder}", _HERE / name / "business.yaml", _TODAY[name])


def _is_current(folder: Path, stamp: str) -> bool:
    file = folder / _STAMP
    return file.exists() and file.read_text() == stamp


def _stamp(name: DemoName) -> str:
    """Hash of everything the data is made from; what is said about the data is not part of it."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for file in sorted((_HERE / name).rglob("*")):
        if file.suffix in (".py", ".sql", ".csv"):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
