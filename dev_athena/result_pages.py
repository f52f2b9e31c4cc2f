"""Results as GetQueryResults and the CSV object show them."""

from typing import Any

from dev_athena.engine import TextRows
from dev_athena.service_error import invalid_request

_MAXIMUM_ROWS = 1000


def result_page(result: TextRows, request: dict[str, Any]) -> dict[str, Any]:
    """Returns one page; the first begins with the header row, as Athena's does."""
    size = request.get("MaxResults", _MAXIMUM_ROWS)
    if not 1 <= size <= _MAXIMUM_ROWS:
        raise invalid_request(f"MaxResults is more than maximum allowed length {_MAXIMUM_ROWS}.")
    start = _offset(request.get("NextToken"))
    rows: list[tuple[str | None, ...]] = result.rows[max(start - 1, 0) : start - 1 + size]
    if start == 0:
        rows = [result.names, *rows]
    page: dict[str, Any] = {
        "UpdateCount": 0,
        "ResultSet": {
            "Rows": [{"Data": [_datum(value) for value in row]} for row in rows],
            "ResultSetMetadata": {"ColumnInfo": column_infos(result)},
        },
    }
    if start + size <= len(result.rows):
        page["NextToken"] = f"page-{start + size}"
    return page


def column_infos(result: TextRows) -> list[dict[str, Any]]:
    """Returns name and type of every column."""
    return [_column_info(name, kind) for name, kind in zip(result.names, result.types, strict=True)]


def csv_of(result: TextRows) -> bytes:
    """Returns the result object: every value quoted, NULL as nothing at all."""
    lines = (",".join(map(_quoted, row)) for row in (result.names, *result.rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    number = token.removeprefix("page-")
    if not number.isdigit():
        raise invalid_request("Next token is invalid.")
    return int(number)


def _datum(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}


def _column_info(name: str, athena_type: str) -> dict[str, Any]:
    kind, _, rest = athena_type.partition("(")
    precision, scale = _sizes(kind, rest.rstrip(")"))
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": {"real": "float"}.get(kind, kind),
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind in ("varchar", "char"),
    }


def _sizes(kind: str, sizes: str) -> tuple[int, int]:
    if kind == "decimal":
        precision, scale = sizes.split(",")
        return int(precision), int(scale)
    return {
        "varchar": (2147483647, 0),
        "bigint": (19, 0),
        "integer": (10, 0),
        "double": (17, 0),
        "timestamp": (3, 0),
    }.get(kind, (0, 0))
