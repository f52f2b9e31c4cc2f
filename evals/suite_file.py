"""Suites on disk: a YAML file, a folder of questions, or the name of one that is shipped."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from domain.errors import OperatorError
from evals.question_folder import QUESTIONS, load_question_folder
from evals.sample import Suite

SHIPPED = Path(__file__).parent / "suites"


@dataclass(frozen=True, slots=True)
class LoadedSuite:
    """A suite, where it came from, and the hash of what it held then."""

    suite: Suite
    path: Path
    digest: str


def load_suite(name: str) -> LoadedSuite:
    """Loads a shipped suite by name, a `.yaml` file, or a folder with `questions.jsonl`."""
    path = _path_of(name)
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
    if path.is_file() or (path / QUESTIONS).is_file():
        return path
    shipped = SHIPPED / f"{name}.yaml"
    if shipped.is_file():
        return shipped
    known = ", ".join(shipped_suites())
    raise OperatorError(
        f"There is no suite {name}.",
        f"Use {known}, a YAML file, or a folder with {QUESTIONS}.",
    )


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]
