"""`business.yaml`: what a person knows about the data, laid over what was measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from domain.dictionary import PiiKind, VerifiedQuery
from domain.errors import OperatorError
from domain.metric import Metric


class BusinessColumn(BaseModel):
    """What a person wrote on a column. What is left out stays as it was measured."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    description: str | None = None
    synonyms: list[str] = Field(default_factory=list)
    unit: str | None = None
    additive: bool | None = None
    value_labels: dict[str, str] = Field(default_factory=dict)
    pii: PiiKind | Literal["none"] | None = None
    """`none` says that a guess was wrong."""


class BusinessTable(BaseModel):
    """What a person wrote on a table."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    description: str | None = None
    synonyms: list[str] = Field(default_factory=list)
    row_meaning: str | None = None
    time_column: str | None = None
    columns: dict[str, BusinessColumn] = Field(default_factory=dict)


class BusinessFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    tables: dict[str, BusinessTable] = Field(default_factory=dict)
    metrics: list[Metric] = Field(default_factory=list)
    business_rules: list[str] = Field(default_factory=list)
    example_questions: list[str] = Field(default_factory=list)
    verified_queries: list[VerifiedQuery] = Field(default_factory=list)
    domain_context: str = ""
    _source: str = PrivateAttr(default="the business file")
    _lines: dict[tuple[str, ...], int] = PrivateAttr(default_factory=dict)

    def error(self, place: Sequence[str | int], message: str) -> OperatorError:
        """Returns an error that names the file and the line of a place such as `tables, t`."""
        return OperatorError(f"{self._source}, {_line(self._lines, place)}: {message}")

    def pii_decisions(self) -> dict[tuple[str, str], PiiKind | None]:
        """Returns what the person decided: (table, column) in lower case -> kind, None for none."""
        return {
            (table.lower(), column.lower()): None if written.pii == "none" else written.pii
            for table, entry in self.tables.items()
            for column, written in entry.columns.items()
            if written.pii is not None
        }


def read_business_file(path: Path) -> BusinessFile:
    """Reads and checks the form of a file. What is wrong is an OperatorError naming the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read: {error}") from error
    return parse_business_file(text, str(path))


def parse_business_file(text: str, source: str) -> BusinessFile:
    """Checks the form of a file's text; `source` is what errors call it."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise OperatorError(f"{source} cannot be read: {error}") from error
    lines = _lines_of(node, ())
    try:
        business = BusinessFile.model_validate(content or {})
    except ValidationError as error:
        first = error.errors()[0]
        raise OperatorError(f"{source}, {_line(lines, first['loc'])}: {first['msg']}") from error
    business._source, business._lines = source, lines
    return business


def _lines_of(node: yaml.Node | None, place: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    """Returns the line, from 1, of every key and list entry of a YAML tree."""
    lines: dict[tuple[str, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            lines[here] = key.start_mark.line + 1
            lines |= _lines_of(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            here = (*place, str(index))
            lines[here] = value.start_mark.line + 1
            lines |= _lines_of(value, here)
    return lines


def _line(lines: dict[tuple[str, ...], int], place: Sequence[str | int]) -> str:
    """Returns the line of the deepest known part of a place, and the place in words."""
    path = tuple(str(part) for part in place)
    known = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)
    return f"line {known} ({'.'.join(path)})"
