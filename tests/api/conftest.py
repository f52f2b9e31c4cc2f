"""The real application over a small shop, driven without a socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import yaml

from api.application import create_app
from cli.context import ensure_context
from context_store.query_review import ApprovalCheck, no_check
from settings.settings import Settings
from tests.shop import write_shop


@pytest.fixture(scope="session")
def shop_context(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Returns the folders of the shop's data and of its context."""
    folder = tmp_path_factory.mktemp("shop")
    data = write_shop(folder / "data")
    ensure_context(Settings(warehouse=f"duckdb://{data}", context=folder / "context"))
    return data, folder / "context"


@pytest.fixture
def settings(shop_context: tuple[Path, Path], tmp_path: Path) -> Settings:
    """Settings of a service over the shop, with the embedded brain."""
    data, context = shop_context
    return Settings(
        warehouse=f"duckdb://{data}",
        context=context,
        state=f"sqlite:///{tmp_path / 'state.sqlite'}",
        ui_folder=tmp_path / "no-ui",
    )


@pytest.fixture
def script(tmp_path: Path) -> Callable[[list[dict[str, object]]], str]:
    """Writes the lines of a scripted model and returns what `VTION_LLM` would be."""

    def write(lines: list[dict[str, object]]) -> str:
        path = tmp_path / "script.yaml"
        path.write_text(yaml.safe_dump(lines))
        return f"scripted:{path}"

    return write


@asynccontextmanager
async def serve(
    settings: Settings, check_approval: ApprovalCheck = no_check
) -> AsyncIterator[httpx.AsyncClient]:
    """Starts the application and yields a client of it."""
    app = create_app(settings, check_approval)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        yield client
