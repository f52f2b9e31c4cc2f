"""What a `duckdb:` URL names: a folder of Parquet, CSV and JSON files, or a database file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from duckdb import DuckDBPyConnection

from domain.errors import OperatorError
from warehouse.quoting import quote_list, quote_name, quote_text

_FORMAT_BY_SUFFIX = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
_READER = {
    "parquet": "read_parquet({files}, hive_partitioning={hive}, union_by_name=true)",
    "csv": "read_csv({files}, hive_partitioning={hive}, union_by_name=true, sample_size=-1)",
    "json": "read_json({files}, hive_partitioning={hive}, union_by_name=true, sample_size=-1)",
}


@dataclass(frozen=True, slots=True)
class FileTable:
    """One table of a folder: files of one format, with the names of its hive partitions."""

    name: str
    format: str
    files: tuple[Path, ...]
    partition_columns: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """The table function that reads the files."""
        hive = "true" if self.partition_columns else "false"
        return _READER[self.format].format(files=quote_list(map(str, self.files)), hive=hive)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of tables."""

    folder: Path
    tables: tuple[FileTable, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read."""
        return tuple(file for table in self.tables for file in table.files)

    def mount(self, connection: DuckDBPyConnection) -> None:
        """Makes every table a view. Column types are read from the files once, here."""
        for table in self.tables:
            connection.execute(
                f"CREATE VIEW {quote_name(table.name)} AS SELECT * FROM {table.relation}"
            )


@dataclass(frozen=True, slots=True)
class FileSource:
    """A DuckDB database file: the tables and views of its `main` schema."""

    file: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read."""
        return (self.file,)

    @property
    def tables(self) -> tuple[FileTable, ...]:
        """None: a database file says itself what it holds."""
        return ()

    def mount(self, connection: DuckDBPyConnection) -> None:
        """Attaches the file read-only and makes every table a view."""
        connection.execute(f"ATTACH {quote_text(str(self.file))} AS source_file (READ_ONLY)")
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_catalog = 'source_file' AND table_schema = 'main' ORDER BY 1"
        ).fetchall()
        for (name,) in names:
            connection.execute(
                f"CREATE VIEW {quote_name(name)} AS "
                f"SELECT * FROM source_file.main.{quote_name(name)}"
            )


DuckdbSource: TypeAlias = FolderSource | FileSource


def open_source(url: str) -> DuckdbSource:
    """Finds what the URL names. Raises OperatorError where nothing usable is there."""
    path = _path_of(url)
    if path.is_file():
        return FileSource(path)
    if not path.is_dir():
        raise OperatorError(
            f"The data named by VTION_WAREHOUSE is not there: {path}.",
            "Name a DuckDB file or a folder of Parquet, CSV or JSON files.",
        )
    tables = tuple(_tables_of(path))
    if not tables:
        raise OperatorError(
            f"There is no Parquet, CSV or JSON file in {path}.",
            "A table is `name.parquet`, `name.csv`, `name.jsonl`, or a sub-folder of such files.",
        )
    return FolderSource(path, tables)


def fingerprint(source: DuckdbSource) -> str:
    """Returns a hash that changes when a file is added, removed, or written to."""
    digest = hashlib.sha256()
    for file in source.files:
        stat = file.stat()
        digest.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _path_of(url: str) -> Path:
    text = unquote(url.removeprefix("duckdb://"))
    path = Path("/" + text.lstrip("/")) if text.startswith("/") else Path(text)
    relative = Path(text.lstrip("/"))
    return (relative if not path.exists() and relative.exists() else path).resolve()


def _tables_of(folder: Path) -> Iterator[FileTable]:
    taken: dict[str, Path] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "_")):
            continue
        table = _folder_table(entry) if entry.is_dir() else _file_table(entry)
        if table is None:
            continue
        if table.name.lower() in taken:
            raise OperatorError(
                f"Two entries name the table {table.name}: {taken[table.name.lower()]} and {entry}."
            )
        taken[table.name.lower()] = entry
        yield table


def _file_table(file: Path) -> FileTable | None:
    file_format = _FORMAT_BY_SUFFIX.get(file.suffix.lower())
    return FileTable(file.stem, file_format, (file,)) if file_format else None


def _folder_table(folder: Path) -> FileTable | None:
    files = [f for f in sorted(folder.rglob("*")) if f.suffix.lower() in _FORMAT_BY_SUFFIX]
    if not files:
        return None
    formats = {_FORMAT_BY_SUFFIX[file.suffix.lower()] for file in files}
    if len(formats) > 1:
        raise OperatorError(f"The files of one table have different formats in {folder}.")
    return FileTable(folder.name, formats.pop(), tuple(files), _partition_columns(folder, files[0]))


def _partition_columns(folder: Path, file: Path) -> tuple[str, ...]:
    parents = file.relative_to(folder).parent.parts
    return tuple(part.split("=", 1)[0] for part in parents if "=" in part)
