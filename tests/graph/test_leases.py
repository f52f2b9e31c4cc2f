"""Warehouses that are no longer used are closed, and none that is in use."""

import asyncio
from pathlib import Path

import pytest
import yaml

from cli.context import ensure_context
from domain.errors import OperatorError
from graph import service as service_module
from graph.service import open_service
from settings.settings import Settings
from tests.shop import write_shop
from warehouse.open_warehouse import open_warehouse
from warehouse.protocol import QueryState, Warehouse


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = write_shop(tmp_path / "data")
    policy = tmp_path / "policy.yaml"
    policy.write_text("denied_columns: {}\n")
    settings = Settings(
        warehouse=f"duckdb://{data}",
        context=tmp_path / "context",
        state="sqlite:///:memory:",
        policy=str(policy),
    )
    ensure_context(settings)
    return settings


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Warehouse]:
    """Every warehouse that the service opens."""
    found: list[Warehouse] = []

    def remember(url: str, settings: Settings, policy: object) -> Warehouse:
        found.append(open_warehouse(url, settings, policy))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(service_module, "open_warehouse", remember)
    return found


async def answers(warehouse: Warehouse) -> bool:
    status = await warehouse.wait(await warehouse.submit("SELECT 1"))
    return status.state is QueryState.SUCCEEDED


async def test_a_warehouse_that_was_replaced_closes_after_its_last_run(
    settings: Settings, opened: list[Warehouse], tmp_path: Path
) -> None:
    async with open_service(settings) as (service, _):
        [old] = opened
        async with service.leases.lend(old), service.leases.lend(old):
            await asyncio.to_thread(change, settings, tmp_path)
            new = (await service.dependencies()).warehouse
            assert new is not old
            assert await answers(old)
        for _ in range(500):
            if not await answers(old):
                break
            await asyncio.sleep(0.01)
        assert not await answers(old)
        assert await answers(new)


def change(settings: Settings, folder: Path) -> None:
    """Brings another context and another policy."""
    business = folder / "business.yaml"
    business.write_text(yaml.safe_dump({"tables": {"orders": {"description": "Sold things."}}}))
    Path(settings.policy).write_text("denied_columns: {orders: [quantity]}\n")
    ensure_context(settings, business)


async def test_a_service_that_cannot_be_opened_leaves_no_warehouse_open(
    settings: Settings, opened: list[Warehouse], tmp_path: Path
) -> None:
    broken = settings.model_copy(update={"llm": f"scripted:{tmp_path / 'missing.yaml'}"})
    with pytest.raises(OperatorError):
        async with open_service(broken):
            pass
    [left] = opened
    assert not await answers(left)
