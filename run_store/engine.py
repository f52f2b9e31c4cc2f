"""Opens the state database that a URL names."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from domain.errors import OperatorError

_BUSY_SECONDS = 10
_POSTGRES_OPTIONS = "-c idle_in_transaction_session_timeout=5s"
"""One that stands still in mid-transaction holds no locks for long: others take its runs up."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")
_POSTGRES_NAMES = ("postgres", "postgresql", "postgresql+psycopg")


def state_url(text: str) -> URL:
    """Returns the parsed `VTION_STATE`; raises OperatorError for what is not supported."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise _unsupported("VTION_STATE") from error
    if url.drivername in _POSTGRES_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        return url
    raise _unsupported(f"VTION_STATE={url.drivername}://...")


def _unsupported(setting: str) -> OperatorError:
    return OperatorError(
        f"{setting} is not supported.",
        "Use sqlite:///path/to/file.sqlite or postgresql://user@host/database.",
    )


def is_in_memory(url: URL) -> bool:
    """Returns whether nothing outlives the process."""
    return url.drivername == "sqlite" and url.database in (None, "", ":memory:")


def postgres_options(url: URL) -> str:
    """Returns what a session of Postgres begins with: the URL's own options and ours."""
    own = url.query.get("options", ())
    return " ".join([own] if isinstance(own, str) else own) + f" {_POSTGRES_OPTIONS}"


def open_engine(url: URL, connections: int) -> Engine:
    """Returns an engine with a pool of at most `connections`."""
    if url.drivername != "sqlite":
        return create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"options": postgres_options(url)},
        )
    if is_in_memory(url):
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            pool_size=connections,
            connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        )
    event.listen(engine, "connect", _tune)
    return engine


def _tune(connection: object, entry: ConnectionPoolEntry) -> None:
    """NORMAL is durable with WAL unless the machine loses power; FULL waits for every fsync."""
    cursor = entry.dbapi_connection.cursor() if entry.dbapi_connection else None
    if cursor is None:
        return
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
