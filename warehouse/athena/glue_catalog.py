"""Tables of one Glue database."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from domain.catalog import Catalog
from domain.errors import OperatorError
from warehouse.athena.address import AthenaAddress
from warehouse.glue_schema import table_schema


class GlueCatalog:
    """Reads Glue and the workgroup, blocking."""

    def __init__(self, address: AthenaAddress, options: Config) -> None:
        self._address = address
        session = boto3.Session(region_name=address.region)
        try:
            self._glue = session.client("glue", endpoint_url=address.endpoint, config=options)
            self._s3 = session.client("s3", endpoint_url=address.endpoint, config=options)
        except BotoCoreError as error:
            raise OperatorError(f"AWS cannot be used: {error}", "See VTION_WAREHOUSE.") from error

    def read(self) -> Catalog:
        """Returns every table of the database; raises OperatorError where Glue refuses."""
        return Catalog(
            catalog=self._address.catalog.lower(),
            database=self._address.database,
            tables=tuple(table_schema(table) for table in self._tables()),
        )

    def close(self) -> None:
        """Frees the clients."""
        self._glue.close()
        self._s3.close()

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
