"""Spider's own layout: `dev.json` or `train_spider.json` and `database/<db>/<db>.sqlite`.

BIRD and other sets of its kin keep it too. Gold is SQLite's SQL and runs on SQLite; answers run
on a copy in DuckDB, since that is what the service reads.
"""

from pathlib import Path

import sqlglot
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlglot import exp
from sqlglot.errors import SqlglotError

from domain.errors import OperatorError
from evals.sample import Sample, Suite
from evals.sqlite_database import copy_to_duckdb

_LISTS = ("dev.json", "test.json", "train_spider.json", "train.json")
_DATABASES = ("database", "test_database", "dev_databases")


class SpiderLine(BaseModel):
    """One question of such a list. Fields that only some sets have are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    db_id: str
    question: str
    query: str = Field(validation_alias=AliasChoices("query", "SQL"))
    """Gold; BIRD calls it SQL."""


def spider_list(path: Path) -> Path | None:
    """Returns the list of questions that a folder, or a file of it, is; None for another layout."""
    if path.is_file():
        return path if path.suffix == ".json" and _database_folder(path.parent) else None
    lists = [path / name for name in _LISTS if (path / name).is_file()]
    return lists[0] if lists and _database_folder(path) else None


def load_spider(path: Path) -> Suite:
    """Reads a list of questions. Raises OperatorError where it does not fit."""
    try:
        lines = TypeAdapter(list[SpiderLine]).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise OperatorError(f"{path} is not usable: {error}") from error
    samples = tuple(_sample(number, line) for number, line in enumerate(lines))
    if not samples:
        raise OperatorError(f"{path} holds no question.")
    return Suite(name=path.parent.name, samples=samples)


def spider_database_url(folder: Path, db: str, copies: Path) -> str:
    """Returns the warehouse that a set's database is, copied to `copies` where it is not yet."""
    databases = _database_folder(folder)
    file = databases / db / f"{db}.sqlite" if databases else None
    if file is None or not file.is_file():
        raise OperatorError(f"{folder} holds no database {db}: {file} is missing.")
    return f"duckdb://{copy_to_duckdb(file, copies / folder.name / f'{db}.duckdb').resolve()}"


def _database_folder(folder: Path) -> Path | None:
    return next((folder / name for name in _DATABASES if (folder / name).is_dir()), None)


def _sample(number: int, line: SpiderLine) -> Sample:
    return Sample(
        id=f"q{number}",
        source=line.db_id,
        question=line.question,
        gold=(line.query,),
        dialect="sqlite",
        ordered=_is_ordered(line.query),
        extra_columns=False,
        tags=(line.db_id,),
    )


def _is_ordered(sql: str) -> bool:
    """The order counts where the gold asks for one, as in Spider's own evaluation."""
    try:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
    except SqlglotError:
        return False
    return isinstance(tree, exp.Query) and tree.args.get("order") is not None
