"""The models that are known by an alias: provider id, context length, prices and abilities."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from domain.errors import OperatorError
from llm_clients.usage import Usage

_FILE = Path(__file__).parent / "models.yaml"
_MILLION = 1_000_000


class Rates(BaseModel):
    """US dollars a million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cache_read: float | None = Field(default=None, ge=0)
    """None: as input."""
    cache_write: float | None = Field(default=None, ge=0)

    def cost(self, usage: Usage) -> float:
        """Returns US dollars."""
        fresh = usage.tokens_in - usage.tokens_cached - usage.tokens_cache_written
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        spent = (
            fresh * self.input
            + usage.tokens_cached * read
            + usage.tokens_cache_written * write
            + usage.tokens_out * self.output
        )
        return spent / _MILLION


class LongPromptRates(Rates):
    """What a call costs, its reply included, when its prompt is longer than the bound."""

    above_tokens: int = Field(gt=0)


class Prices(Rates):
    """The rates of a model; some ask for more where the prompt is long."""

    long_prompt: LongPromptRates | None = None

    def cost(self, usage: Usage) -> float:
        """Returns US dollars."""
        long = self.long_prompt
        if long is not None and usage.tokens_in > long.above_tokens:
            return long.cost(usage)
        return super().cost(usage)


class ModelEntry(BaseModel):
    """One model of one provider."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    """What the provider calls it."""
    context_tokens: int = 128_000
    prices: Prices | None = None
    structured: Literal["json_schema", "tools", "prompt"] = "prompt"
    caches_prompts: bool = False
    """True where a cache point has to be set; other providers cache by themselves."""
    takes_temperature: bool = True
    thinking_tokens: int = Field(default=0, ge=0)
    """Room for thought that the provider counts as part of the reply."""
    believes_planner: bool = False
    """True for a model smaller than the planner's grammar: where they differ the planner wins."""
    writes_prose: bool = True
    """False for a model that drafts SQL only: the prose is written by rule."""
    prompt_label: str = ""
    """Prompts with this label come before those in production, such as shorter ones."""


def find_model(provider: str, name: str) -> ModelEntry:
    """Returns the entry of an alias; a name that is not listed is the provider's own id."""
    listed = _listed(_FILE).get(provider, {})
    by_id = {entry.id: entry for entry in listed.values()}
    return listed.get(name) or by_id.get(name) or ModelEntry(id=name)


@lru_cache(maxsize=1)
def _listed(file: Path) -> dict[str, dict[str, ModelEntry]]:
    try:
        loaded = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return TypeAdapter(dict[str, dict[str, ModelEntry]]).validate_python(loaded)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise OperatorError(f"the list of models cannot be read: {error}") from error
