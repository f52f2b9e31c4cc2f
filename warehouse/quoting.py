"""Names and literals as DuckDB reads them."""

from collections.abc import Iterable


def quote_name(name: str) -> str:
    """Returns an identifier that stands for exactly this name."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Returns a string literal."""
    return "'" + text.replace("'", "''") + "'"


def quote_list(texts: Iterable[str]) -> str:
    """Returns a list of string literals."""
    return "[" + ", ".join(quote_text(text) for text in texts) + "]"
