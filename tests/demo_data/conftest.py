"""Both samples, each made once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from demo_data.prepare import DemoName, DemoSource, prepare


@dataclass(frozen=True)
class Prepared:
    """A sample, where it lies, and what was said as it was made."""

    source: DemoSource
    folder: Path
    parts: tuple[str, ...]


Prepare = Callable[[DemoName], Prepared]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Returns a function that makes a sample, or gives back the one that is there."""

    @cache
    def make(name: DemoName) -> Prepared:
        folder = tmp_path_factory.mktemp("demo") / name
        parts: list[str] = []
        return Prepared(prepare(name, folder, parts.append), folder, tuple(parts))

    return make
