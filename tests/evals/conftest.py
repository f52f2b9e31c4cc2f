"""The small shop, open for evaluation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.context import ensure_context
from evals.source import EvalSource, open_eval_source
from settings.settings import Settings
from tests.shop import write_shop


@pytest.fixture(scope="session")
def shop_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the shop, its context built."""
    folder = tmp_path_factory.mktemp("shop")
    data = write_shop(folder / "data")
    settings = Settings(
        warehouse=f"duckdb://{data}", context=folder / "context", state="sqlite:///:memory:"
    )
    ensure_context(settings)
    return settings


@pytest.fixture
async def shop(shop_settings: Settings) -> AsyncIterator[EvalSource]:
    """The shop, as scorers see it."""
    async with open_eval_source("shop", shop_settings) as source:
        yield source


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    """A suite of forty questions to the shop."""
    lines = ["name: shop", "source: shop", "samples:"]
    for number in range(40):
        lines += [
            f"- id: orders-{number}",
            f"  question: How many orders had an amount above {number % 17}?",
            f"  gold: SELECT count(*) FROM orders WHERE amount > {number % 17}",
            f"  tags: [part-{number % 4}]",
        ]
    path = tmp_path / "shop.yaml"
    path.write_text("\n".join(lines))
    return path
