"""The bounds of a DuckDB session, from the settings."""

from settings.settings import Settings
from warehouse.duckdb_lock import SessionOptions

_MEBIBYTE = 1024 * 1024


def memory_bytes(settings: Settings) -> int:
    """Returns the memory that one statement may take."""
    return settings.warehouse_memory_megabytes * _MEBIBYTE


def session_options(settings: Settings) -> SessionOptions:
    """Bounds and switches of a new session: no code, no extension, no spill to disk."""
    return {
        "memory_limit": f"{settings.warehouse_memory_megabytes}MiB",
        "threads": settings.warehouse_threads,
        "temp_directory": "",
        "python_enable_replacements": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
    }
