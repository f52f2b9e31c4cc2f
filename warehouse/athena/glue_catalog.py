"""Tables of one Glue database."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from domain.catalog import Catalog
from domain.errors import OperatorError
from warehouse.athena.address import AthenaAddress
from warehouse.athena.lake_storage import AthenaStorage
from warehouse.glue_schema import table_schema


@dataclass(frozen=True, slots=True)
class Workgroup:
    """Bounds that Athena itself keeps."""

    name: str
    cutoff_bytes: int | None
    """Bytes after which Athena stops a query; None: it never does."""


class GlueCatalog:
    """Reads Glue and the workgroup, blocking."""

    def __init__(self, address: AthenaAddress, options: Config) -> None:
        self._address = address
        session = boto3.Session(region_name=address.region)
        try:
            self._glue = session.client("glue", endpoint_url=address.endpoint, config=options)
            self._s3 = session.client("s3", endpoint_url=address.endpoint, config=options)
            self._athena = session.client("athena", endpoint_url=address.endpoint, config=options)
        except BotoCoreError as error:
            raise OperatorError(f"AWS cannot be used: {error}", "See VTION_WAREHOUSE.") from error

    def read(self) -> Catalog:
        """Returns every table of the database; raises OperatorError where Glue refuses."""
        return Catalog(
            catalog=self._address.catalog.lower(),
            database=self._address.database,
            tables=tuple(table_schema(table) for table in self._tables()),
        )

    def storage(self) -> AthenaStorage:
        """Returns what measures the tables' objects."""
        return AthenaStorage(self._glue, self._s3, self._address.database)

    def workgroup(self) -> Workgroup:
        """Returns the workgroup's bounds; raises OperatorError where it cannot be used."""
        name = self._address.workgroup
        try:
            described = self._athena.get_work_group(WorkGroup=name)["WorkGroup"]
        except (ClientError, BotoCoreError) as error:
            raise OperatorError(f"The workgroup {name} cannot be read: {error}") from error
        if described.get("State") != "ENABLED":
            raise OperatorError(f"The workgroup {name} is disabled.", "Enable it, or name another.")
        return Workgroup(name, described["Configuration"].get("BytesScannedCutoffPerQuery"))

    def close(self) -> None:
        """Frees the clients."""
        self._glue.close()
        self._s3.close()
        self._athena.close()

    def _tables(self) -> list[dict[str, Any]]:
        try:
            pages = self._glue.get_paginator("get_tables").paginate(
                DatabaseName=self._address.database
            )
            return [table for page in pages for table in page["TableList"]]
        except (ClientError, BotoCoreError) as error:
            raise OperatorError(
                f"The Glue database {self._address.database} cannot be read: {error}"
            ) from error
