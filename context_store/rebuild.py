"""Builds a new version from the data, with what people wrote on the old one kept."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from context_store.blob_store import PointerMovedError
from context_store.build_context import BuiltContext, build_context
from context_store.business_file import BusinessFile
from context_store.drift import DriftReport, find_drift
from context_store.keep_reviewed import decided_pii, keep_reviewed
from context_store.lines import Line
from context_store.model_build import DictionaryModel, write_with_model
from context_store.profile_resume import NoNotes, ProfileNotes
from context_store.profile_warehouse import ProfileProgress
from context_store.store import BUILT, ContextStore
from context_store.value_index import without_personal
from warehouse.protocol import Warehouse

_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build is told."""

    source_name: str
    business: BusinessFile | None = None
    pii_detection: bool = True
    built_on: date | None = None
    notes: ProfileNotes = field(default_factory=NoNotes)
    model: DictionaryModel | None = None
    """Writes descriptions and domain context; None: they are read from names and statistics."""


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """A new version that serves, and what changed since the one before."""

    version: str
    drift: DriftReport | None
    """None for the first version."""
    lost_lines: tuple[Line, ...]
    """Lines of people whose table or column is gone."""
    bytes_scanned: int
    """What the profile read; 0 where the warehouse does not meter."""


async def rebuild(
    warehouse: Warehouse,
    store: ContextStore,
    options: BuildOptions,
    on_progress: Callable[[ProfileProgress], None],
) -> BuildOutcome:
    """Profiles the warehouse and moves the pointer; until then the old version serves.

    Where someone else changes the context meanwhile, their lines are taken up too.
    """
    old = store.newest_dictionary()
    built = await build_context(
        warehouse,
        source_name=options.source_name,
        business=options.business,
        pii_detection=options.pii_detection,
        pii_decisions=decided_pii(old, with_imports=options.business is None)
        if old is not None
        else {},
        notes=options.notes,
        built_on=options.built_on,
        on_progress=on_progress,
    )
    if options.model is not None:
        written = await write_with_model(
            built.dictionary,
            options.model,
            options.built_on,
            lambda table, done, total: on_progress(ProfileProgress(table, done, total)),
        )
        built = replace(built, dictionary=written)
    return save_build(store, built, with_imports=options.business is None)


def save_build(store: ContextStore, built: BuiltContext, *, with_imports: bool) -> BuildOutcome:
    """Stores a build with the lines of people on the version that serves.

    `with_imports`: those that came from a business file too, where the build had none.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return _save(store, built, with_imports)
        except PointerMovedError:
            if attempt + 1 == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _save(store: ContextStore, built: BuiltContext, with_imports: bool) -> BuildOutcome:
    old = store.newest_dictionary()
    if old is None:
        version = store.save(built.dictionary, built.values, what=BUILT)
        return BuildOutcome(version, None, (), built.bytes_scanned)
    pointer = store.pointer_or_none()
    merged, lost = keep_reviewed(old, built.dictionary, with_imports=with_imports)
    values = without_personal(built.values, merged)
    version = store.save(merged, values, expected=pointer, what=BUILT)
    drift = find_drift(old, merged.model_copy(update={"version": version}))
    return BuildOutcome(version, drift, tuple(lost), built.bytes_scanned)
