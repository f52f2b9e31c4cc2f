"""One version of one prompt: YAML front matter, then a Jinja2 body."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from jinja2 import Environment, Template, meta
from jinja2.exceptions import TemplateError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import OperatorError
from prompts.rendering import environment_for
from prompts.variables import GIVEN

_FENCE = "---\n"
_SPLIT = "%% question\n"


class PromptHints(BaseModel):
    """How the model should be asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float = Field(default=0.0, ge=0, le=2)
    maximum_tokens: int = Field(default=2_000, ge=1)
    """Longest reply."""


class PromptHeader(BaseModel):
    """The front matter of a prompt file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str
    variables: tuple[str, ...]
    output: str = "text"
    """Name of the schema that the reply is read with; `text` for prose."""
    hints: PromptHints = PromptHints()
    note: str = ""
    """Why this version differs from the one before."""


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """What a model sees."""

    name: str
    version: str
    system: str
    """Instructions and all that stays the same between questions; empty where nothing does."""
    user: str
    hints: PromptHints

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.system}\n\n{self.user}" if self.system else self.user


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that is known to compile and to ask for nothing that its caller does not give."""

    name: str
    version: str
    header: PromptHeader
    body: str
    system_variables: frozenset[str]
    """What the instructions hold; the question's part may hold others."""
    _system: Template | None = field(repr=False)
    _user: Template = field(repr=False)

    def render(self, **variables: object) -> RenderedPrompt:
        """Returns the text; of the variables, those that the header names are used.

        Raises OperatorError for one that is missing.
        """
        return self.render_user(self.render_system(variables), variables)

    def render_system(self, variables: Mapping[str, object]) -> str:
        """Returns the instructions alone."""
        return self._text(self._system, variables) if self._system else ""

    def render_user(self, system: str, variables: Mapping[str, object]) -> RenderedPrompt:
        """Returns the text with instructions that are rendered already."""
        return RenderedPrompt(
            name=self.name,
            version=self.version,
            system=system,
            user=self._text(self._user, variables),
            hints=self.header.hints,
        )

    def _text(self, template: Template, variables: Mapping[str, object]) -> str:
        given = {name: variables[name] for name in self.header.variables if name in variables}
        try:
            return template.render(given).strip()
        except TemplateError as error:
            raise OperatorError(f"prompt {self.name}/{self.version}: {error}") from error


def parse_prompt(name: str, version: str, text: str) -> Prompt:
    """Reads a prompt file; raises OperatorError that says what is wrong with it."""
    place = f"prompt file {name}/{version}.md"
    try:
        _, front, body = text.split(_FENCE, 2)
        header = PromptHeader.model_validate(yaml.load(front, yaml.CSafeLoader))
        environment = environment_for(body)
        before, split, after = body.partition(_SPLIT)
        system, in_system = _compiled(environment, before) if split else (None, frozenset())
        user, in_user = _compiled(environment, after if split else before)
    except (ValueError, ValidationError, yaml.YAMLError, TemplateError) as error:
        raise OperatorError(f"{place} cannot be read: {error}") from error
    _check_variables(place, name, set(in_system | in_user), set(header.variables))
    return Prompt(name, version, header, body, in_system, system, user)


def _compiled(environment: Environment, body: str) -> tuple[Template, frozenset[str]]:
    """Returns a part of a body ready to be rendered, and the variables that it names."""
    tree = environment.parse(body)
    variables = frozenset(meta.find_undeclared_variables(tree))
    return environment.from_string(tree), variables


def _check_variables(place: str, name: str, used: set[str], declared: set[str]) -> None:
    if used != declared:
        raise OperatorError(
            f"{place} declares {sorted(declared - used)} without use"
            f" and uses {sorted(used - declared)} without declaration"
        )
    unknown = declared - GIVEN.get(name, declared)
    if unknown:
        raise OperatorError(f"{place} wants {sorted(unknown)}, which nothing gives to {name}")
