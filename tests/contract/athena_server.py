"""The loopback Athena with a source uploaded to it, as an operator would upload it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev_athena.server import REGION, AthenaServer
from domain.catalog import Catalog
from settings.settings import Settings
from warehouse.athena.upload import Uploader
from warehouse.duckdb_source import FolderSource, open_source
from warehouse.open_warehouse import open_duckdb

BUCKET = "lake"


@contextmanager
def serve_athena() -> Iterator[AthenaServer]:
    """Starts the server with an empty bucket for data."""
    with AthenaServer() as server:
        server.make_bucket(BUCKET)
        yield server


async def upload(
    server: AthenaServer, folder: Path, database: str, *, is_projected: bool = False
) -> None:
    """Uploads a folder of files and registers its tables."""
    warehouse = open_duckdb(f"duckdb://{folder}", Settings(), None)
    catalog: Catalog = await warehouse.catalog()
    await warehouse.close()
    source = open_source(f"duckdb://{folder}")
    assert isinstance(source, FolderSource)
    location = f"s3://{BUCKET}/{database}"
    uploader = Uploader(server.target(location, database, is_projected=is_projected))
    uploader.upload(source.tables, catalog, lambda _: None)
    uploader.close()


def url_of(server: AthenaServer, database: str, extra: str = "") -> str:
    """Returns VTION_WAREHOUSE for a database of the server."""
    return f"athena://?region={REGION}&database={database}&endpoint={server.endpoint}{extra}"
