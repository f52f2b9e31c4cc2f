import subprocess
import sys
from pathlib import Path

import pytest

CLOUD_MODULES = ("boto3", "botocore", "pyathena", "moto", "trino", "psycopg", "werkzeug")

_SCRIPT = """
import asyncio
import sys
from pathlib import Path
import cli.main
import api.application
import graph.service
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse
warehouse = open_warehouse({url!r}, Settings(), None)
print(*sorted(sys.modules.keys() & set({modules!r})))
asyncio.run(warehouse.close())
"""


def imported(url: str) -> list[str]:
    script = _SCRIPT.format(url=url, modules=CLOUD_MODULES)
    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    return ended.stdout.split()


def test_a_process_on_duckdb_imports_no_cloud_sdk(folder: Path) -> None:
    assert imported(f"duckdb://{folder}") == []


@pytest.mark.parametrize("url", ["athena://?region=ap-south-1&database=panel"])
def test_the_cloud_sdk_is_there_where_the_address_names_it(url: str) -> None:
    assert {"boto3", "pyathena"} <= set(imported(url))
