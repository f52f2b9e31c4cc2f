"""`vtion dev athena`: a loopback Athena, S3 and Glue, for development without an account."""

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.data import upload_folder
from domain.errors import OperatorError

_DATABASE = "dev"
_BUCKET = "lake"


def athena(
    data: Annotated[Path | None, typer.Option(help="Folder to upload at the start.")] = None,
    database: Annotated[str, typer.Option(help="Glue database of the folder.")] = _DATABASE,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 4566,
    cutoff: Annotated[
        int | None, typer.Option(help="Bytes after which the workgroup stops a query.")
    ] = None,
) -> None:
    """Serves Athena (executed by DuckDB) with S3, Glue, STS and Secrets Manager (by moto)."""
    try:
        from dev_athena.server import DEFAULT_WORKGROUP, REGION, AthenaServer
    except ImportError as error:
        raise OperatorError(
            f"The loopback Athena needs the development packages: {error.name} is missing.",
            "`make install` brings them.",
        ) from error
    console = Console()
    # This process talks to its own server only, which takes any key.
    os.environ |= {"AWS_ACCESS_KEY_ID": "dev", "AWS_SECRET_ACCESS_KEY": "dev"}
    with AthenaServer(port) as server:
        server.workgroups.put(DEFAULT_WORKGROUP.with_cutoff(cutoff))
        server.make_bucket(_BUCKET)
        if data is not None:
            upload_folder(data, server.target(f"s3://{_BUCKET}/{database}", database), console)
        console.print(f"\nAthena, S3 and Glue listen at [bold]{server.endpoint}[/bold]\n")
        lines = (
            "export AWS_ACCESS_KEY_ID=dev AWS_SECRET_ACCESS_KEY=dev",
            f"export VTION_WAREHOUSE='athena://?region={REGION}&database={database}"
            f"&endpoint={server.endpoint}'",
        )
        for line in lines:
            console.print(line, soft_wrap=True, highlight=False)
        console.print("\nCtrl+C stops it; what it holds is lost then.")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
