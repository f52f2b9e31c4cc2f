"""A stand-in for a chat model: an OpenAI-compatible server on loopback that obeys its prompt.

It knows the shop's questions, and writes a period as the rule in the prompt says. Without the
rule it falls into the habit that models have: BETWEEN, both ends included.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from tests.evals.loopback_model import loopback_model

DATE_RULE = "Periods are half-open: column >= start AND column < end."

_MONTHS = {"January": 1, "February": 2, "March": 3}
_SELECT = {
    "How many orders": "SELECT COUNT(*) AS orders FROM orders",
    "What was the total amount": "SELECT SUM(amount) AS total FROM orders",
    "What was the average amount": "SELECT AVG(CAST(amount AS DOUBLE)) AS average FROM orders",
    "What was the largest amount": "SELECT MAX(amount) AS largest FROM orders",
    "How many customers ordered": "SELECT COUNT(DISTINCT customer_id) AS buyers FROM orders",
    "How many products": "SELECT COUNT(*) AS products FROM products",
}
_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.DOTALL)


@contextmanager
def stand_in_model() -> Iterator[str]:
    """Serves the model; yields the base URL."""
    with loopback_model(_reply) as url:
        yield url


def _reply(prompt: str) -> str:
    if "You write SQL" not in prompt:
        return "The figure stands in the result."
    question = _QUESTION.findall(prompt)[-1]
    select = next(sql for words, sql in _SELECT.items() if question.startswith(words))
    month = next((number for name, number in _MONTHS.items() if name in question), None)
    if month is not None:
        start, end = date(2026, month, 1).isoformat(), date(2026, month + 1, 1).isoformat()
        if DATE_RULE in prompt:
            select += f" WHERE order_date >= DATE '{start}' AND order_date < DATE '{end}'"
        else:
            select += f" WHERE order_date BETWEEN DATE '{start}' AND DATE '{end}'"
    return json.dumps({"sql": select, "assumptions": [], "confidence": 0.9})
