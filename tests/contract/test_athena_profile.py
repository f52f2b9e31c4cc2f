"""A profile over Athena: metered, one aggregate pass a table, on a sample above a bound."""

import asyncio
from pathlib import Path

import pytest

from cli.context import ensure_context
from context_store.profile_warehouse import ProfileOptions, ProfileProgress, profile_warehouse
from dev_athena.server import AthenaServer
from settings.settings import Settings
from tests.contract.athena_server import upload, url_of
from tests.shop import write_shop
from warehouse.open_warehouse import open_warehouse


@pytest.fixture(scope="module")
def url(athena: AthenaServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    asyncio.run(upload(athena, write_shop(tmp_path_factory.mktemp("shop")), "profiled"))
    return url_of(athena, "profiled")


async def test_a_profile_is_metered_and_passes_over_a_table_once(
    athena: AthenaServer, url: str
) -> None:
    before = len(athena.executions.all())
    told: list[ProfileProgress] = []
    warehouse = open_warehouse(url, Settings(), None)
    profile = await profile_warehouse(warehouse, told.append)
    await warehouse.close()
    ran = athena.executions.all()[: len(athena.executions.all()) - before]
    assert profile.bytes_scanned == sum(one.bytes_scanned for one in ran) > 0
    assert 0 < told[0].bytes_scanned <= told[-1].bytes_scanned <= profile.bytes_scanned
    passes = [one for one in ran if one.sql.startswith('SELECT count(*), count("')]
    assert len(passes) == len(profile.tables) == 3
    assert not any("TABLESAMPLE" in one.sql for one in ran)


async def test_a_table_above_the_bound_is_sampled(athena: AthenaServer, url: str) -> None:
    before = len(athena.executions.all())
    warehouse = open_warehouse(url, Settings(), None)
    profile = await profile_warehouse(warehouse, options=ProfileOptions(maximum_rows=600))
    await warehouse.close()
    ran = athena.executions.all()[: len(athena.executions.all()) - before]
    assert {table.name for table in profile.tables if table.is_sampled} == {"orders"}
    assert profile.table("orders").row_count == 1_200
    assert 0 < profile.table("orders").profiled_rows < 1_200
    assert all('"orders" TABLESAMPLE' in one.sql for one in ran if "TABLESAMPLE" in one.sql)


def test_a_build_says_what_it_scanned(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure_context(Settings(warehouse=url, context=tmp_path / "context"))
    assert "The profile scanned 0." in capsys.readouterr().err
