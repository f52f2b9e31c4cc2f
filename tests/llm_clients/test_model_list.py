"""Models by alias, by the provider's id, and with a price."""

import pytest

from llm_clients.model_list import LongPromptRates, Prices, find_model
from llm_clients.usage import Usage


def test_an_alias_and_the_providers_id_find_the_same_model() -> None:
    sonnet = find_model("bedrock", "sonnet")
    assert find_model("bedrock", sonnet.id) is sonnet
    assert sonnet.prices is not None


def test_the_plans_claude_3_sonnet_is_selectable_by_name() -> None:
    assert find_model("bedrock", "claude-3-sonnet").id.startswith("anthropic.claude-3-sonnet")


def test_a_model_that_is_not_listed_is_used_by_its_id_and_has_no_price() -> None:
    entry = find_model("openai", "my-own-model")
    assert (entry.id, entry.prices, entry.structured) == ("my-own-model", None, "prompt")


def test_cached_tokens_cost_what_the_list_says() -> None:
    prices = Prices(input=3, output=15, cache_read=0.3, cache_write=3.75)
    usage = Usage(
        tokens_in=1_000_000, tokens_out=100_000, tokens_cached=600_000, tokens_cache_written=100_000
    )
    assert prices.cost(usage) == pytest.approx(0.3 * 3 + 0.6 * 0.3 + 0.1 * 3.75 + 0.1 * 15)
    plain = Prices(input=3, output=15)
    assert plain.cost(usage) == pytest.approx(3 + 1.5)


def test_a_long_prompt_is_paid_at_its_own_rates_reply_included() -> None:
    long = LongPromptRates(above_tokens=100, input=10, output=20)
    prices = Prices(input=1, output=2, long_prompt=long)
    assert prices.cost(Usage(tokens_in=100, tokens_out=10)) == pytest.approx(120 / 1e6)
    assert prices.cost(Usage(tokens_in=101, tokens_out=10)) == pytest.approx(1210 / 1e6)
