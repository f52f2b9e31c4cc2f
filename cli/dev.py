"""`vtion dev`: for engineers."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from pydantic import BaseModel, ConfigDict

from cli.dev_athena import athena
from cli.json_lines import open_output, read_items, write_item
from domain.errors import VtionError
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import Warehouse
from warehouse.trusted_sql import run_trusted_sql

dev_app = typer.Typer(help="Tools for engineers.", no_args_is_help=True)


dev_app.command("athena")(athena)


class SqlLine(BaseModel):
    """One statement of a batch."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    sql: str


@dev_app.command("sql")
def sql(
    source: Annotated[Path, typer.Option("--in", help="JSON Lines of {id, sql}.")],
    out: Annotated[Path | None, typer.Option(help="Where the results go.")] = None,
) -> None:
    """Runs trusted Athena SQL straight on the configured warehouse: no guard, every row."""
    items = read_items(source, SqlLine)
    with open_output(out) as stream:
        asyncio.run(_run_batch(items, stream))


@dev_app.command("openapi")
def openapi() -> None:
    """Prints the service's OpenAPI, the stream's events included."""
    from api.application import create_app

    document = create_app(Settings()).openapi()
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(document, option=options))


async def _run_batch(items: list[SqlLine], stream: BinaryIO) -> None:
    settings = Settings()
    warehouse = open_warehouse(settings.warehouse, settings, policy=None)
    try:
        for item in items:
            write_item(stream, await _run_item(warehouse, item))
    finally:
        await warehouse.close()


async def _run_item(warehouse: Warehouse, item: SqlLine) -> dict[str, object]:
    try:
        result = await run_trusted_sql(warehouse, item.sql)
    except VtionError as error:
        return {"id": item.id, "columns": [], "rows": [], "error": str(error)}
    return {"id": item.id, "columns": result.columns, "rows": result.rows, "error": None}
