"""`vtion data`: data to where a warehouse reads it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from domain.catalog import Catalog
from domain.errors import OperatorError
from settings.settings import Settings
from warehouse.duckdb_source import FolderSource, open_source
from warehouse.open_warehouse import open_duckdb

if TYPE_CHECKING:
    from warehouse.athena.upload import UploadTarget

data_app = typer.Typer(help="Data to where a warehouse reads it.", no_args_is_help=True)


@data_app.callback()
def data() -> None:
    """Groups the commands."""


@data_app.command("upload")
def upload(
    folder: Annotated[Path, typer.Argument(help="Parquet, CSV or JSON Lines files.")],
    location: Annotated[str, typer.Argument(help="s3://bucket/folder")],
    database: Annotated[str, typer.Option(help="Glue database; made where it is missing.")],
    region: Annotated[str | None, typer.Option(help="AWS region.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Another address of AWS.")] = None,
    projection: Annotated[
        bool, typer.Option(help="Project the partitions instead of listing them in Glue.")
    ] = False,
) -> None:
    """Uploads a folder of tables to S3 and registers them in the Glue catalog."""
    # Imported here: the other commands need no cloud SDK.
    from warehouse.athena.upload import UploadTarget

    target = UploadTarget(location, database, region, endpoint, is_projected=projection)
    upload_folder(folder, target, Console())


def upload_folder(folder: Path, target: "UploadTarget", console: Console) -> None:
    """Uploads a folder of tables, and says which one is on its way."""
    from warehouse.athena.upload import Uploader

    source = open_source(f"duckdb://{folder.resolve()}")
    if not isinstance(source, FolderSource):
        raise OperatorError(f"{folder} is not a folder of files.")
    uploader = Uploader(target)
    try:
        uploader.upload(
            source.tables,
            asyncio.run(_catalog_of(f"duckdb://{folder.resolve()}")),
            lambda name: console.print(f"[dim]{name}[/dim]", highlight=False),
        )
    finally:
        uploader.close()
    console.print(f"{len(source.tables)} tables are in {target.database}.")


async def _catalog_of(url: str) -> Catalog:
    warehouse = open_duckdb(url, Settings(), policy=None)
    try:
        return await warehouse.catalog()
    finally:
        await warehouse.close()
