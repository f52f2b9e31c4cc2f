"""SQLite files: read as they are for gold, copied to DuckDB for answers."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic

import duckdb
import orjson

from domain.errors import OperatorError
from warehouse.quoting import quote_name, quote_text

_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d[ T]00:00:00(?:\.0+)?")
_DAY = len("2026-01-31")
_STEPS_BETWEEN_LOOKS = 10_000


def rows_of_sqlite(file: Path, sql: str, seconds: float) -> list[tuple[object, ...]]:
    """Runs a statement read-only. Raises OperatorError where it cannot run, or not in time."""
    deadline = monotonic() + seconds
    with closing(_open(file)) as connection:
        connection.set_progress_handler(lambda: monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        try:
            return [tuple(map(_day, row)) for row in connection.execute(sql).fetchall()]
        except sqlite3.Error as error:
            raise OperatorError(f"SQLite: {error}") from error


def sqlite_beside(database: Path) -> Path | None:
    """Returns the file that a copy was made of; None for a database that is no copy."""
    file = database.with_suffix(".sqlite")
    return file if file.is_file() else None


def copy_to_duckdb(file: Path, target: Path) -> Path:
    """Copies every table, with types that its values have; a link to the file stands beside it."""
    beside = target.with_suffix(".sqlite")
    if target.is_file() and target.stat().st_mtime > file.stat().st_mtime:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with closing(_open(file)) as source, duckdb.connect(str(unfinished)) as copy:
        for table in _tables(source):
            _copy_table(source, copy, table)
    beside.unlink(missing_ok=True)
    beside.symlink_to(file.resolve())
    return unfinished.replace(target)


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    # Public sets hold texts in more than one encoding.
    connection.text_factory = lambda text: text.decode(errors="replace")
    return connection


def _tables(source: sqlite3.Connection) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in source.execute(sql)]


def _copy_table(source: sqlite3.Connection, copy: duckdb.DuckDBPyConnection, table: str) -> None:
    about = source.execute(f"PRAGMA table_info({quote_name(table)})").fetchall()
    declared = {name: kind.lower() for _, name, kind, *_ in about}
    rows = source.execute(f"SELECT * FROM {quote_name(table)}").fetchall()
    types = {
        name: _type(kind, [row[at] for row in rows])
        for at, (name, kind) in enumerate(declared.items())
    }
    columns = ", ".join(f"{quote_name(name)} {kind}" for name, kind in types.items())
    copy.execute(f"CREATE TABLE {quote_name(table)} ({columns})")
    if not rows:
        return
    with NamedTemporaryFile(suffix=".jsonl") as lines:
        lines.writelines(_lines(list(declared), rows))
        lines.flush()
        shape = ", ".join(f"{quote_text(name)}: {quote_text(kind)}" for name, kind in types.items())
        copy.execute(
            f"INSERT INTO {quote_name(table)} SELECT * FROM read_json({quote_text(lines.name)},"
            f" format='newline_delimited', columns={{{shape}}})"
        )


def _lines(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[bytes]:
    for row in rows:
        values = [value.hex() if isinstance(value, bytes) else value for value in row]
        line = dict(zip(names, values, strict=True))
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _type(declared: str, values: Sequence[object]) -> str:
    """SQLite lets any value stand in any column: the values decide, the declaration where none."""
    given = [value for value in values if value is not None]
    if given and all(isinstance(value, int) for value in given):
        return "BOOLEAN" if "bool" in declared and set(given) <= {0, 1} else "BIGINT"
    if given and all(isinstance(value, int | float) for value in given):
        return "DOUBLE"
    if given and ("date" in declared or "time" in declared):
        return _time_type(given)
    is_number = not given and any(word in declared for word in ("int", "real", "num", "dec"))
    return "DOUBLE" if is_number else "VARCHAR"


def _time_type(values: Sequence[object]) -> str:
    for kind, read in (("DATE", date.fromisoformat), ("TIMESTAMP", datetime.fromisoformat)):
        if all(isinstance(value, str) and _reads(read, value) for value in values):
            return kind
    return "VARCHAR"


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _day(value: object) -> object:
    """A midnight is a day, as it is where results are compared."""
    is_midnight = isinstance(value, str) and _MIDNIGHT.fullmatch(value)
    return str(value)[:_DAY] if is_midnight else value
