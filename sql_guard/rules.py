"""The guard's rules and allow-lists, read from one YAML file and checked before the first use."""

from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlglot import exp

from domain.errors import OperatorError

DEFAULT_RULES = Path(__file__).with_name("rules.yaml")


class Limits(BaseModel):
    """Bounds on one statement; lengths in characters where not said otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement_bytes: int = Field(ge=1)
    tokens: int = Field(ge=1)
    nesting: int = Field(ge=1, le=60)
    operator_chain: int = Field(ge=1, le=1000)
    list_items: int = Field(ge=1)
    star_columns: int = Field(ge=1)
    constant_rows: int = Field(ge=1)
    select_items: int = Field(ge=1)
    set_operations: int = Field(ge=0)
    grouping_sets: int = Field(ge=1)
    table_scans: int = Field(ge=1)
    series_length: int = Field(ge=1)
    repeat_count: int = Field(ge=0)
    regex_length: int = Field(ge=1)
    like_length: int = Field(ge=1)
    literal_length: int = Field(ge=1)


class ListingRules(BaseModel):
    """When rows of individuals may be listed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refuse_for_individuals: bool
    denied_columns_mean_individuals: bool


def _node_class(name: str) -> type[exp.Expr]:
    node_class = getattr(exp, name, None)
    if not (isinstance(node_class, type) and issubclass(node_class, exp.Expr)):
        raise ValueError(f"{name} is no node kind of the syntax tree")
    return node_class


class GuardRules(BaseModel):
    """Everything that may stand in a statement. Names of functions are in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limits: Limits
    listings: ListingRules
    functions_with_own_syntax: frozenset[str]
    functions: dict[str, frozenset[str]]
    other_names: dict[str, str]
    """Function of other engines -> what to write instead."""
    collecting_functions: frozenset[str]
    nodes: dict[str, frozenset[str]]
    """Node kind -> clauses it may have."""
    plain_nodes: frozenset[str]

    @field_validator("nodes", "plain_nodes")
    @classmethod
    def _node_kinds_exist(
        cls, nodes: dict[str, frozenset[str]] | frozenset[str]
    ) -> dict[str, frozenset[str]] | frozenset[str]:
        for name in nodes:
            _node_class(name)
        return nodes

    @cached_property
    def function_names(self) -> frozenset[str]:
        """Every function that may be called."""
        return frozenset().union(*self.functions.values())

    @cached_property
    def clauses_by_node(self) -> dict[type[exp.Expr], frozenset[str] | None]:
        """Allowed node classes with the clauses each may have; None: all of them."""
        plain = {_node_class(name): None for name in self.plain_nodes}
        return {**plain, **{_node_class(name): clauses for name, clauses in self.nodes.items()}}


def load_rules(path: Path = DEFAULT_RULES) -> GuardRules:
    """Reads the rules. Raises OperatorError where the file is missing or wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        return GuardRules.model_validate(yaml.load(text, yaml.CSafeLoader))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(
            f"The guard's rules in {path} cannot be used: {error}",
            "Correct the file or restore the one that came with the release.",
        ) from error
