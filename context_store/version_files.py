"""The files of one version: dictionary, values, search index, and a manifest that seals them.

The dictionary is JSON Lines, a head and then a table a line: a serving process keeps the lines
and reads a table when it is asked for. JSON because YAML takes minutes at 100,000 columns;
`dictionary_yaml` gives people the same lines as YAML.
"""

import hashlib
from dataclasses import dataclass

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from context_store.search_index import build_index
from context_store.value_index import ColumnValues
from domain.dictionary import Dictionary, StoredTables
from domain.errors import OperatorError

VERSION_LENGTH = 12
_VALUES: TypeAdapter[ColumnValues] = TypeAdapter(ColumnValues)


class Manifest(BaseModel):
    """Hashes of what a version consists of; its name is the hash of both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dictionary: str
    values: str

    @property
    def version(self) -> str:
        """The name of the version."""
        return _hash(f"{self.dictionary} {self.values}".encode())[:VERSION_LENGTH]


class _Head(BaseModel):
    """The first line: all but the tables, and what can be known of them without reading them."""

    dictionary: Dictionary
    table_names: list[str]
    sensitive: list[int]


@dataclass(frozen=True, slots=True)
class VersionFiles:
    """One version as bytes."""

    manifest: Manifest
    dictionary: bytes
    values: bytes
    index: bytes


def write_version(dictionary: Dictionary, values: ColumnValues) -> VersionFiles:
    """Returns the files of a version; the same content gives the same bytes."""
    return seal(dictionary, orjson.dumps(values), build_index(dictionary, values))


def seal(dictionary: Dictionary, values: bytes, index: bytes) -> VersionFiles:
    """Returns the files of a version whose values and index are packed already."""
    text = _dictionary_lines(dictionary)
    manifest = Manifest(dictionary=_hash(text), values=_hash(values))
    return VersionFiles(manifest, text, values, index)


def _dictionary_lines(dictionary: Dictionary) -> bytes:
    tables = dictionary.tables
    if not isinstance(tables, StoredTables):
        tables = StoredTables(
            [table.name for table in tables],
            [table.as_line() for table in tables],
            [number for number, table in enumerate(tables) if table.is_sensitive],
        )
    head = _Head(
        dictionary=dictionary.model_copy(update={"version": "", "tables": []}),
        table_names=list(tables.names),
        sensitive=list(tables.sensitive),
    )
    return b"\n".join([head.model_dump_json().encode(), *tables.lines])


def read_dictionary(content: bytes, manifest: Manifest) -> Dictionary:
    """Returns the dictionary. Raises OperatorError where it is not what the manifest says."""
    if _hash(content) != manifest.dictionary:
        raise OperatorError(f"The dictionary of context version {manifest.version} is damaged.")
    lines = content.split(b"\n")
    try:
        head = _Head.model_validate_json(lines.pop(0))
    except ValidationError as error:
        raise OperatorError(f"Context version {manifest.version} cannot be read.") from error
    tables = StoredTables(head.table_names, lines, head.sensitive)
    return head.dictionary.model_copy(update={"version": manifest.version, "tables": tables})


def read_values(content: bytes, manifest: Manifest) -> ColumnValues:
    """Returns the values. Raises OperatorError where they are not what the manifest says."""
    if _hash(content) != manifest.values:
        raise OperatorError(f"The values of context version {manifest.version} are damaged.")
    return _VALUES.validate_json(content)


def dictionary_yaml(dictionary: Dictionary) -> str:
    """Returns a dictionary as YAML for people, empty fields left out."""
    content = dictionary.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
