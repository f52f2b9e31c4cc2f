"""Builds the context anew from the data, while the old one goes on serving."""

from collections.abc import Callable
from datetime import UTC, datetime

from context_store.build_context import build_context
from context_store.profile_warehouse import ProfileProgress
from context_store.store import ContextStore
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse


async def regenerate_context(
    settings: Settings, source_name: str, on_progress: Callable[[ProfileProgress], None]
) -> str:
    """Profiles the data and saves a new version, whole or not at all. Returns its name."""
    warehouse = open_warehouse(settings.warehouse, settings, policy=None)
    try:
        built = await build_context(
            warehouse,
            source_name=source_name,
            pii_detection=settings.policy != "open",
            built_on=datetime.now(UTC).date(),
            on_progress=on_progress,
        )
    finally:
        await warehouse.close()
    return ContextStore(settings.context).save(built.dictionary, built.values)
