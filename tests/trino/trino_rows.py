"""Statements on Trino, with their rows as text."""

import base64
from contextlib import closing
from typing import Any

import trino

from tests.trino.trino_server import TrinoServer
from warehouse.trino_text import trino_text, type_arguments
from warehouse.trusted_sql import TextResult


class TrinoSession:
    """One user's session on one schema of the hive catalog."""

    def __init__(self, server: TrinoServer, schema: str) -> None:
        self._connection = trino.dbapi.connect(
            host="127.0.0.1",
            port=server.port,
            user="test",
            catalog="hive",
            schema=schema,
            timezone="UTC",
            legacy_primitive_types=True,
        )

    def run(self, sql: str) -> TextResult:
        """Returns all rows. Raises `trino.exceptions.Error`."""
        return self.typed(sql)[0]

    def typed(self, sql: str) -> tuple[TextResult, tuple[str, ...]]:
        """Returns all rows, and the columns' types."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
            described = cursor.description or ()
        types = tuple(str(column.type_code) for column in described)
        texts = tuple(tuple(map(text_of, row, types)) for row in rows)
        return TextResult(tuple(str(column.name) for column in described), texts), types

    def close(self) -> None:
        """Ends the session."""
        self._connection.close()


def text_of(value: Any, kind: str) -> str | None:  # noqa: ANN401 - JSON
    """Returns one cell of Trino's JSON as Trino prints it."""
    if value is None or isinstance(value, bool | float):
        return trino_text(value, kind)
    if isinstance(value, list | dict):
        return _nested(value, kind)
    if kind == "varbinary":
        return base64.b64decode(value).hex(" ")
    return trino_text(float(value), kind) if kind in ("double", "real") else str(value)


def _nested(value: Any, kind: str) -> str:  # noqa: ANN401 - JSON
    arguments = list(type_arguments(kind))
    if isinstance(value, dict):
        pairs = (f"{_part(k, arguments[0])}={_part(v, arguments[1])}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if kind.startswith("array"):
        return "[" + ", ".join(_part(item, arguments[0]) for item in value) + "]"
    parts = (
        _part(item, argument.split(" ")[-1])
        for item, argument in zip(value, arguments, strict=True)
    )
    return "[" + ", ".join(parts) + "]"


def _part(value: Any, kind: str) -> str:  # noqa: ANN401 - JSON
    text = text_of(value, kind)
    return "null" if text is None else text
