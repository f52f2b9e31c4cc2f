"""DuckDB's errors, by who can act on them, without file names or values of the data."""

import re

import duckdb

from domain.errors import OperatorError, RepairableError, VtionError
from warehouse.duckdb_refusals import refused_construct
from warehouse.query_errors import out_of_memory, refusal

_ENGINE_FAULTS = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException)
_VALUE_FAULTS = (
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.InvalidInputException,
    duckdb.ConstraintException,
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_PATH = re.compile(r"(?:/[\w.\-=]+){2,}")
_BRACKETS = re.compile(r"\([^()]*\)")


def classify(error: duckdb.Error, sql: str) -> VtionError:
    """Returns the product's error for DuckDB's. `sql` is the statement as DuckDB got it."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return out_of_memory()
    if isinstance(error, duckdb.PermissionException):
        return RepairableError(
            "The statement reaches outside of the served tables.", rule="outside_of_data"
        )
    if isinstance(error, _ENGINE_FAULTS):
        return OperatorError(f"DuckDB failed: {error}")
    construct = refused_construct(error)
    if construct:
        return refusal(construct)
    return RepairableError(_safe_text(error, sql))


def _safe_text(error: duckdb.Error, sql: str) -> str:
    """Keeps the engine's words; a quoted text stays only where the statement itself holds it."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    if isinstance(error, _VALUE_FAULTS):
        text = _BRACKETS.sub("(...)", lines[0])
        text = _QUOTED.sub(lambda m: m[0] if m[0][1:-1] in sql else "'...'", text)
    else:
        text = " ".join(line for line in lines if not _is_noise(line))
    return _PATH.sub("...", text)


def _is_noise(line: str) -> bool:
    """True for excerpts of the translated statement, and for guesses among system tables."""
    return line.startswith(("LINE ", "Did you mean")) or set(line.strip()) == {"^"}
