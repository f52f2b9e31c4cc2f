"""What one call of a model took."""

from pydantic import BaseModel, ConfigDict


class Usage(BaseModel):
    """Tokens as the provider counted them."""

    model_config = ConfigDict(frozen=True)

    tokens_in: int = 0
    """All of the prompt, cached parts included."""
    tokens_out: int = 0
    tokens_cached: int = 0
    """Part of `tokens_in` that the provider had read before."""
    tokens_cache_written: int = 0
    """Part of `tokens_in` that the provider keeps for the next call."""
