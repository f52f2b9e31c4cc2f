"""The tables. A change here needs a migration; a test holds the two against each other."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Returns the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_IDENTIFIER = String(64)
_USER = String(255)

THREADS = Table(
    "threads",
    METADATA,
    Column("thread_id", _IDENTIFIER, primary_key=True),
    Column("user_id", _USER, nullable=False),
    Column("title", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_threads_user_id_updated_at", "user_id", "updated_at"),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("run_id", _IDENTIFIER, primary_key=True),
    Column("thread_id", _IDENTIFIER, nullable=False, index=True),
    Column("user_id", _USER, nullable=False),
    Column("question", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("duration_ms", Float, nullable=False),
    Column("model", String(255), nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("bytes_scanned", BigInteger, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("error_code", String(64), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("record", JSON, nullable=True),
    Column("worker", String(32), nullable=False, index=True),
    Column("resumptions", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("is_cancel_asked", Boolean, nullable=False),
    Column("followed_at", UtcDateTime, nullable=True),
    Column("request", JSON, nullable=True),
    Index("ix_runs_user_id_started_at", "user_id", "started_at"),
    Index("ix_runs_started_at", "started_at"),
)

WORKERS = Table(
    "workers",
    METADATA,
    Column("worker", String(32), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

RUN_EVENTS = Table(
    "run_events",
    METADATA,
    Column("run_id", _IDENTIFIER, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("frame", LargeBinary, nullable=False),
    Column("written_at", UtcDateTime, nullable=False, index=True),
)

STATEMENTS = Table(
    "statements",
    METADATA,
    Column("statement_id", _IDENTIFIER, primary_key=True),
    Column("run_id", _IDENTIFIER, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("noted_at", UtcDateTime, nullable=False, index=True),
)

ADMISSIONS = Table(
    "admissions",
    METADATA,
    Column("run_id", _IDENTIFIER, primary_key=True),
    Column("user_id", _USER, nullable=False, index=True),
    Column("admitted_at", UtcDateTime, nullable=False),
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("run_id", _IDENTIFIER, primary_key=True),
    Column("rating", String(8), nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

USAGE = Table(
    "usage",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("user_id", _USER, primary_key=True),
    Column("model", String(255), primary_key=True),
    Column("runs", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("bytes_scanned", BigInteger, nullable=False),
    Column("cost_usd", Float, nullable=False),
)

IDEMPOTENCY_KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("user_id", _USER, primary_key=True),
    Column("key", _USER, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("run_id", _IDENTIFIER, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("key_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("user_id", _USER, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=True),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", _IDENTIFIER, primary_key=True),
    Column("moment", UtcDateTime, nullable=False, index=True),
    Column("user_id", _USER, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", JSON, nullable=True),
    Column("after", JSON, nullable=True),
    Column("correlation_id", String(64), nullable=False),
)
