"""The files of all versions of one store: each is written whole, read whole, and never changed."""

from pydantic import ValidationError

from context_store.blob_store import BlobStore
from context_store.edit_version import edited_files
from context_store.loaded_context import LoadedContext, load_context, open_context
from context_store.search_index import LAYOUT
from context_store.value_index import ColumnValues
from context_store.version_files import (
    VERSION_LENGTH,
    Manifest,
    VersionFiles,
    read_dictionary,
    read_values,
)
from domain.dictionary import Dictionary
from domain.errors import NotFoundError, OperatorError

VERSIONS = "versions"
REMEDY = "Run `vtion context build`."
_INDEX = f"index-{LAYOUT}"
"""An index of another layout is passed over: the version is indexed anew when it is loaded."""
_HEXADECIMAL = frozenset("0123456789abcdef")


class Versions:
    """Reads and writes versions by name. Raises OperatorError for what is damaged."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def names(self) -> list[str]:
        """Returns the names of all versions that are whole."""
        ends = (name.removeprefix(f"{VERSIONS}/") for name in self._blobs.names(VERSIONS))
        return [name.removesuffix(".json") for name in ends if _is_version(name[:-5])]

    def load(self, version: str) -> LoadedContext:
        """Returns a version ready to be searched."""
        dictionary = self.dictionary(version)
        try:
            return open_context(dictionary, self._read(version, _INDEX))
        except NotFoundError:
            return load_context(dictionary, self.values(version))

    def dictionary(self, version: str) -> Dictionary:
        """Returns what a version says."""
        # The manifest first: it knows a name of a version from any other text.
        manifest = self.manifest(version)
        return read_dictionary(self._read(version, "jsonl"), manifest)

    def values(self, version: str) -> ColumnValues:
        """Returns the values of a version."""
        return read_values(self._read(version, "values.json"), self.manifest(version))

    def edited(self, old: Dictionary, new: Dictionary) -> VersionFiles:
        """Returns the files of a version that differs from a stored one in a few lines."""
        names = {"index": _INDEX}
        return edited_files(
            old,
            new,
            self.manifest(old.version),
            lambda part: self._read(old.version, names.get(part, part)),
        )

    def write(self, files: VersionFiles) -> None:
        """Writes the manifest last: a version without it does not exist."""
        name = f"{VERSIONS}/{files.manifest.version}"
        self._blobs.write(f"{name}.values.json", files.values)
        self._blobs.write(f"{name}.jsonl", files.dictionary)
        self._blobs.write(f"{name}.{_INDEX}", files.index)
        self._blobs.write(f"{name}.json", files.manifest.model_dump_json().encode())

    def manifest(self, version: str) -> Manifest:
        """Returns the hashes of a version. Raises NotFoundError where there is none."""
        if not _is_version(version):
            raise NotFoundError(f"There is no context version {version[:40]!r}.")
        try:
            manifest = Manifest.model_validate_json(self._read(version, "json"))
        except ValidationError as error:
            raise OperatorError(f"Context version {version} cannot be read.", REMEDY) from error
        if manifest.version != version:
            raise OperatorError(f"The manifest of context version {version} is damaged.", REMEDY)
        return manifest

    def _read(self, version: str, ending: str) -> bytes:
        return self._blobs.read(f"{VERSIONS}/{version}.{ending}")


def _is_version(name: str) -> bool:
    return len(name) == VERSION_LENGTH and set(name) <= _HEXADECIMAL
