import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from context_store.build_context import BuiltContext, build_context
from context_store.business_file import BusinessFile
from context_store.loaded_context import LoadedContext, load_context
from tests.context_store.shop import make_shop, open_shop

Build: TypeAlias = Callable[[BusinessFile | None, bool], Awaitable[BuiltContext]]


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="session")
def build(shop_file: Path) -> Build:
    async def run(business: BusinessFile | None, pii_detection: bool) -> BuiltContext:
        warehouse = open_shop(shop_file)
        try:
            return await build_context(
                warehouse, source_name="shop", business=business, pii_detection=pii_detection
            )
        finally:
            await warehouse.close()

    return run


@pytest.fixture(scope="session")
def built(build: Build) -> BuiltContext:
    async def run() -> BuiltContext:
        return await build(None, True)

    return asyncio.run(run())


@pytest.fixture(scope="session")
def loaded(built: BuiltContext) -> LoadedContext:
    return load_context(built.dictionary, built.values)
