"""Profile to dictionary in one call: what `vtion context build` and the demo stand on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from context_store.build_dictionary import build_dictionary
from context_store.business_file import BusinessFile
from context_store.profile_resume import NoNotes, ProfileNotes
from context_store.profile_warehouse import ProfileOptions, ProfileProgress, profile_warehouse
from context_store.value_index import ColumnValues, collect_values
from domain.dictionary import Dictionary, PiiKind
from warehouse.protocol import Warehouse


@dataclass(frozen=True, slots=True)
class BuiltContext:
    """A dictionary and the values behind it, not yet stored."""

    dictionary: Dictionary
    values: ColumnValues
    bytes_scanned: int = 0
    """What the profile read; 0 where the warehouse does not meter."""


def _ignore(_: ProfileProgress) -> None:
    """Nobody watches."""


async def build_context(
    warehouse: Warehouse,
    *,
    source_name: str,
    business: BusinessFile | None = None,
    pii_detection: bool = True,
    pii_decisions: Mapping[tuple[str, str], PiiKind | None] | None = None,
    notes: ProfileNotes | None = None,
    built_on: date | None = None,
    on_progress: Callable[[ProfileProgress], None] = _ignore,
) -> BuiltContext:
    """Profiles the warehouse and reads meaning into it.

    `pii_detection=False` is for data without persons: only columns that `business` calls PII are
    closed. `pii_decisions` are those of people who reviewed an earlier version: they go first.
    `notes` keeps measurements, so that a build that was killed goes on.
    Raises OperatorError where a statement fails or `business` does not fit the data.
    """
    options = ProfileOptions(
        pii_detection=pii_detection,
        pii_decisions={
            **(business.pii_decisions() if business is not None else {}),
            **(pii_decisions or {}),
        },
        notes=notes or NoNotes(),
    )
    profile = await profile_warehouse(warehouse, on_progress, options)
    dictionary = build_dictionary(profile, business, source_name=source_name, built_on=built_on)
    return BuiltContext(dictionary, collect_values(profile, dictionary), profile.bytes_scanned)
