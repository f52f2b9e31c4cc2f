"""Builds the context anew from the data, while the old one goes on serving."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from context_store.business_file import BusinessFile
from context_store.profile_warehouse import ProfileProgress
from context_store.rebuild import BuildOptions, rebuild
from context_store.store import ContextStore
from settings.settings import Settings
from warehouse.open_warehouse import open_warehouse

_log = structlog.get_logger(__name__)


async def regenerate_context(
    settings: Settings,
    source_name: str,
    business: BusinessFile | None,
    on_progress: Callable[[ProfileProgress], None],
) -> str:
    """Profiles the data and saves a new version, whole or not at all. Returns its name.

    What people wrote on the version that serves is kept; `business` is laid over it.
    """
    options = BuildOptions(
        source_name=source_name,
        business=business,
        pii_detection=settings.policy != "open",
        built_on=datetime.now(UTC).date(),
    )
    warehouse = open_warehouse(settings.warehouse, settings, policy=None)
    try:
        store = ContextStore(settings.context)
        outcome = await rebuild(warehouse, store, options, on_progress)
    finally:
        await warehouse.close()
    _log.info("context_built", context_version=outcome.version, bytes_scanned=outcome.bytes_scanned)
    return outcome.version
