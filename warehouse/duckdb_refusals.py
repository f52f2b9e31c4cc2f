"""What DuckDB says of a statement whose construct it lacks, as the construct's name."""

import re

import duckdb

_MARK = "refused: "
"""How a macro begins its error where it cannot compute what Trino would."""
_MISSING = re.compile(r"(Type|Function|Macro) with name \"?([\w.]+)\"? does not exist", re.I)
_ARGUMENTS = re.compile(r"given name and argument types '([^']+)'")
_MACRO = re.compile(r"Macro \"?(\w+)\(?\)?\"? does not support the supplied arguments")
_CONSTANT = re.compile(r"argument in function '?\"+(\w+)\"+'? must ")
_NEAR = re.compile(r"at or near \"(.*)\"")
_PATTERN = re.compile(r"invalid perl operator|bad repetition operator|invalid escape sequence")
_BINDER_WORDS = (
    ("Cannot concatenate", "A concatenation of these types"),
    ("Cannot compare values of type", "A comparison of these types"),
    ("Subquery returns", "A subquery of several columns"),
)
_VALUE_WORDS = (
    ("Failure in decode", "from_utf8() of bytes that are no UTF-8"),
    ("as base64", "from_base64() of a text that is not padded"),
    ("is out of range!", "An aggregate of infinite numbers"),
    ("Substring offset outside", "A position beyond 32 bits in a text"),
)


def refused_construct(error: duckdb.Error) -> str:
    """Returns what Trino computes and DuckDB cannot; empty where the SQL itself is at fault.

    The statement has been read as Athena's by then, so that what DuckDB's parser does not
    understand, and functions and types that it does not know, are its lacks.
    """
    text = str(error)
    if isinstance(error, duckdb.ParserException):
        return _syntax(text)
    if isinstance(error, duckdb.CatalogException):
        return _missing(text)
    if isinstance(error, duckdb.NotImplementedException):
        return "A function of values of this type"
    if isinstance(error, duckdb.BinderException):
        return _binding(text)
    return _value(text)


def _syntax(text: str) -> str:
    if "star expression" in text:
        return "r.* of a row"
    near = _NEAR.search(text)
    return f"The syntax near {near[1]!r}" if near else "The syntax"


def _missing(text: str) -> str:
    found = _MISSING.search(text)
    if found is None:
        return ""
    return f"The type {found[2]}" if found[1].lower() == "type" else f"{found[2]}()"


def _binding(text: str) -> str:
    arguments = _ARGUMENTS.search(text)
    if arguments:
        return arguments[1]
    called = _MACRO.search(text) or _CONSTANT.search(text)
    if called:
        return f"{called[1]}() of such arguments"
    return next((name for words, name in _BINDER_WORDS if words in text), "")


def _value(text: str) -> str:
    _, mark, construct = text.partition(_MARK)
    if mark:
        return construct.partition("\n")[0].strip()
    if _PATTERN.search(text):
        return "A pattern with look-around, possessive repetition or back-references"
    return next((name for words, name in _VALUE_WORDS if words in text), "")
