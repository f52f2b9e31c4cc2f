"""Prompt files: `<name>/<version>.md`, with YAML front matter and a Jinja2 body."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import OperatorError

_FOLDER = Path(__file__).parent
_LABELS = "labels.yaml"
_FENCE = "---\n"


class PromptHeader(BaseModel):
    """The front matter of a prompt file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str
    variables: tuple[str, ...]
    note: str = ""
    """Why this version differs from the one before."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one prompt."""

    name: str
    version: str
    header: PromptHeader
    body: str

    def render(self, **variables: object) -> str:
        """Returns the text that the model sees; a missing or surplus variable is an error."""
        if set(variables) != set(self.header.variables):
            raise OperatorError(
                f"prompt {self.name}/{self.version} takes {sorted(self.header.variables)},"
                f" not {sorted(variables)}"
            )
        try:
            return _environment().from_string(self.body).render(variables)
        except TemplateError as error:
            raise OperatorError(f"prompt {self.name}/{self.version}: {error}") from error


class PromptRegistry:
    """Reads prompts from a folder; `labels.yaml` says which version is in production."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder

    def prompt(self, name: str, label: str = "production") -> Prompt:
        """Returns the version that `label` points to."""
        labels = yaml.safe_load((self._folder / _LABELS).read_text(encoding="utf-8"))
        try:
            version = str(labels[name][label])
        except (KeyError, TypeError) as error:
            raise OperatorError(f"prompt {name} has no label {label} in {_LABELS}") from error
        return self.version(name, version)

    def version(self, name: str, version: str) -> Prompt:
        """Returns one version by name, such as `v1`."""
        path = self._folder / name / f"{version}.md"
        try:
            _, front, body = path.read_text(encoding="utf-8").split(_FENCE, 2)
            header = PromptHeader.model_validate(yaml.safe_load(front))
        except (OSError, ValueError, ValidationError, yaml.YAMLError) as error:
            raise OperatorError(
                f"prompt file {name}/{version}.md cannot be read: {error}"
            ) from error
        return Prompt(name=name, version=version, header=header, body=body)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
