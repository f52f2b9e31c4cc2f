"""Athena's own view of the Glue catalog."""

from typing import Any, TypeAlias

from dev_athena.service_error import ServiceError

_Body: TypeAlias = dict[str, Any]


class TableMetadata:
    """Answers metadata calls from Glue."""

    def __init__(self, glue: Any) -> None:  # noqa: ANN401 - a boto3 client
        self._glue = glue

    def data_catalog(self, body: _Body) -> _Body:
        """GetDataCatalog."""
        return {"DataCatalog": {"Name": body["Name"], "Type": "GLUE"}}

    def database(self, body: _Body) -> _Body:
        """GetDatabase."""
        self._require(body["DatabaseName"])
        return {"Database": {"Name": body["DatabaseName"]}}

    def databases(self, body: _Body) -> _Body:
        """ListDatabases."""
        del body
        return {"DatabaseList": [{"Name": name} for name in self._names()]}

    def table(self, body: _Body) -> _Body:
        """GetTableMetadata."""
        for table in self._tables(body["DatabaseName"]):
            if table["Name"] == body["TableName"]:
                return {"TableMetadata": _describe(table)}
        raise _missing(f"EntityNotFoundException: Table {body['TableName']} not found.")

    def tables(self, body: _Body) -> _Body:
        """ListTableMetadata."""
        return {"TableMetadataList": [_describe(t) for t in self._tables(body["DatabaseName"])]}

    def _tables(self, database: str) -> list[Any]:
        self._require(database)
        pages = self._glue.get_paginator("get_tables").paginate(DatabaseName=database)
        return [table for page in pages for table in page["TableList"]]

    def _require(self, database: str) -> None:
        if database not in self._names():
            raise _missing(f"EntityNotFoundException: Database {database} not found.")

    def _names(self) -> list[str]:
        pages = self._glue.get_paginator("get_databases").paginate()
        return [item["Name"] for page in pages for item in page["DatabaseList"]]


def _missing(message: str) -> ServiceError:
    return ServiceError("MetadataException", message)


def _describe(table: dict[str, Any]) -> _Body:
    return {
        "Name": table["Name"],
        "TableType": table.get("TableType", "EXTERNAL_TABLE"),
        "Columns": [_column(column) for column in table["StorageDescriptor"]["Columns"]],
        "PartitionKeys": [_column(column) for column in table.get("PartitionKeys", [])],
        "Parameters": table.get("Parameters", {}),
    }


def _column(column: dict[str, str]) -> dict[str, str]:
    return {"Name": column["Name"], "Type": column["Type"]}
