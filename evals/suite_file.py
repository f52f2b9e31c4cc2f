"""Suites on disk: a YAML file, a folder of questions, or the name of one that is shipped."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from domain.errors import OperatorError
from evals.question_folder import QUESTIONS, load_question_folder
from evals.sample import Suite
from evals.spider_folder import load_spider, spider_list

SHIPPED = Path(__file__).parent / "suites"


@dataclass(frozen=True, slots=True)
class LoadedSuite:
    """A suite, where it came from, and the hash of what it held then."""

    suite: Suite
    path: Path
    digest: str

    @property
    def database_folder(self) -> Path | None:
        """The folder of a set that brings its own databases; None for a suite that does not."""
        if self.path.is_dir():
            return self.path
        return self.path.parent if spider_list(self.path) else None


def load_suite(name: str) -> LoadedSuite:
    """Loads a shipped suite by name, a `.yaml` file, or a set of questions with databases."""
    path = _path_of(name)
    listed = spider_list(path)
    if listed is not None:
        return LoadedSuite(load_spider(listed), path, _digest(listed.read_bytes()))
    if path.is_dir():
        text = (path / QUESTIONS).read_bytes()
        return LoadedSuite(load_question_folder(path), path, _digest(text))
    try:
        text = path.read_bytes()
        suite = Suite.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise OperatorError(f"The suite {path} cannot be read: {error}") from error
    except ValidationError as error:
        raise OperatorError(f"The suite {path} does not fit: {error}") from error
    return LoadedSuite(suite, path, _digest(text))


def shipped_suites() -> list[str]:
    """Returns the names of the suites that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def _path_of(name: str) -> Path:
    path = Path(name)
    if path.is_file() or (path / QUESTIONS).is_file() or spider_list(path):
        return path
    shipped = SHIPPED / f"{name}.yaml"
    if shipped.is_file():
        return shipped
    known = ", ".join(shipped_suites())
    raise OperatorError(
        f"There is no suite {name}.",
        f"Use {known}, a YAML file, a folder with {QUESTIONS}, or one as Spider has.",
    )


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]
