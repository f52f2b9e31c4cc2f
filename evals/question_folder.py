"""Outside sets: a folder with `questions.jsonl` and its databases, as Spider and its kin have.

A line: `{id, db, question, gold_sql_duckdb, order_matters?, order_has_ties?, nondeterministic?}`.
A database is `<db>.duckdb`, or a folder `<db>` of Parquet, CSV or JSON files.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import OperatorError
from evals.sample import Sample, Suite

QUESTIONS = "questions.jsonl"
_DATABASES = "databases"


class QuestionLine(BaseModel):
    """One line of such a set. Fields that only some sets have are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    db: str
    question: str
    question_synonyms: str | None = None
    gold_sql_duckdb: str = ""
    order_matters: bool = False
    order_has_ties: bool = False
    nondeterministic: bool = False
    chart: str = ""
    tags: tuple[str, ...] = Field(default=())


def load_question_folder(folder: Path, *, every: int = 1, with_synonyms: bool = False) -> Suite:
    """Reads a set; lines without question or gold, or with a gold that changes, are left out.

    `every` takes one line in so many of a large set. `with_synonyms` asks the reworded
    questions, where a line has one.
    """
    lines = list(read_question_lines(folder / QUESTIONS))[::every]
    samples = tuple(
        _sample(line, with_synonyms=with_synonyms)
        for line in lines
        if line.question.strip()
        and line.gold_sql_duckdb
        and not line.nondeterministic
        and (line.question_synonyms or not with_synonyms)
    )
    if not samples:
        raise OperatorError(f"{folder / QUESTIONS} holds no question that can be scored.")
    return Suite(name=folder.name, samples=samples)


def read_question_lines(path: Path) -> Iterator[QuestionLine]:
    """Yields the lines; one that does not fit is named."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield QuestionLine.model_validate_json(line)
            except ValidationError as error:
                raise OperatorError(f"{path}:{number} is not usable: {error}") from error


def database_url(folder: Path, db: str) -> str:
    """Returns the warehouse that a set's database is."""
    databases = (folder / _DATABASES).resolve()
    file = databases / f"{db}.duckdb"
    return f"duckdb://{file if file.is_file() else databases / db}"


def _sample(line: QuestionLine, *, with_synonyms: bool) -> Sample:
    return Sample(
        id=line.id,
        source=line.db,
        question=(line.question_synonyms or line.question) if with_synonyms else line.question,
        gold=(line.gold_sql_duckdb,),
        ordered=line.order_matters and not line.order_has_ties,
        extra_columns=False,
        tags=(line.db, *line.tags),
    )
