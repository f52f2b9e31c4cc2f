"""Format texts of times: MySQL's in `date_format`, Joda's in `format_datetime`."""

import re

from sqlglot import exp

from warehouse.athena_to_duckdb.macros import macro
from warehouse.athena_to_duckdb.value_types import TYPE
from warehouse.athena_to_duckdb.zones import offset_minutes, to_local, zone_of
from warehouse.query_errors import refusal

_MYSQL_REFUSED = re.compile(r"(?<!%)(?:%%)*%[DUWVwX]")
"""As sqlglot reads `%D %U %u %V %w %X`, which Trino refuses too."""
_JODA = {
    "yyyy": "%Y", "YYYY": "%Y", "y": "%Y", "Y": "%Y", "yy": "%y", "YY": "%y", "MM": "%m",
    "M": "%-m", "MMM": "%b", "MMMM": "%B", "dd": "%d", "d": "%-d", "HH": "%H", "H": "%-H",
    "hh": "%I", "h": "%-I", "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g",
    "EEE": "%a", "E": "%a", "EE": "%a", "EEEE": "%A", "a": "%p", "DDD": "%j", "D": "%-j",
    "xxxx": "%G", "ww": "%V", "e": "%u",
}  # fmt: skip
_JODA_PART = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_PARSED_DIFFERENTLY = frozenset({"%y", "%a", "%A", "%j", "%G", "%V", "%u", "%g", "%-j"})


def formatted_time(node: exp.Expr) -> exp.Expr:
    """Translates the format of times that are printed or read."""
    if isinstance(node, exp.TimeToStr):
        pattern = _mysql(_pattern(node.args.get("format")))
        node.set("format", exp.Literal.string(pattern))
        if node.this.is_type(TYPE.TIMESTAMPTZ):
            node.set("this", to_local(node.this))
        if "%f" in pattern:
            node.set("this", macro("to_millisecond", exp.cast(node.this, TYPE.TIMESTAMP)))
        return exp.Anonymous(this="strftime", expressions=[node.this, node.args["format"]])
    if isinstance(node, exp.StrToTime):
        return _read(node.this, _mysql(_pattern(node.args.get("format"))))
    if isinstance(node, exp.ParseDatetime):
        instant = exp.cast(
            _read(node.this, _joda(_pattern(node.args.get("format")))), TYPE.TIMESTAMPTZ
        )
        instant.type = node.type
        return instant
    if isinstance(node, exp.Anonymous) and node.name.lower() == "format_datetime":
        return _joda_text(*node.expressions)
    return node


def _read(text: exp.Expr, pattern: str) -> exp.Expr:
    if any(part in pattern for part in _PARSED_DIFFERENTLY):
        raise refusal("Reading a time by this format")
    pattern = pattern.replace("%-", "%")
    return exp.Anonymous(this="strptime", expressions=[text, exp.Literal.string(pattern)])


def _joda_text(value: exp.Expr, pattern: exp.Expr) -> exp.Expr:
    text = _pattern(pattern)
    if value.is_type(TYPE.TIMESTAMPTZ):
        return _zoned_joda_text(value, text)
    return _shown(value, _joda(text))


def _zoned_joda_text(value: exp.Expr, pattern: str) -> exp.Expr:
    """Prints the offset of the zone for `Z`."""
    before, offset, after = pattern.partition("Z")
    local = _shown(to_local(value.copy()), _joda(before))
    if not offset:
        return local
    zone = exp.Literal.string(zone_of(value))
    text = exp.Literal.string("+0000")
    if zone.name != "UTC":
        moved = _shown(to_local(value.copy()), _joda(after)) if after else None
        minutes = offset_minutes(value, zone.name)
        colon, nothing = exp.Literal.string(":"), exp.Literal.string("")
        shown = exp.Anonymous(
            this="replace", expressions=[macro("offset_text", minutes), colon, nothing]
        )
        parts = [local, shown, *([moved] if moved is not None else [])]
        return exp.Anonymous(this="concat", expressions=parts)
    rest = [_shown(to_local(value.copy()), _joda(after))] if after else []
    return exp.Anonymous(this="concat", expressions=[local, text, *rest])


def _shown(value: exp.Expr, pattern: str) -> exp.Expr:
    if "%g" in pattern:
        value = macro("to_millisecond", exp.cast(value, TYPE.TIMESTAMP))
    return exp.Anonymous(this="strftime", expressions=[value, exp.Literal.string(pattern)])


def _pattern(node: exp.Expr | None) -> str:
    if isinstance(node, exp.Literal) and node.is_string:
        return node.name
    raise refusal("A format that is computed")


def _mysql(pattern: str) -> str:
    """Takes the pattern as sqlglot reads it, with Python's letters."""
    if _MYSQL_REFUSED.search(pattern):
        raise refusal("A format of times with %D, %U, %u, %V, %w or %X")
    return pattern.replace("%v", "%V")


def _joda(pattern: str) -> str:
    def translated(match: re.Match[str]) -> str:
        text = match[0]
        if match[1] is not None:
            return (match[1].replace("''", "'") or "'").replace("%", "%%")
        if match[2] is None:
            return text.replace("%", "%%")
        if text not in _JODA:
            raise refusal(f"The letters {text} in a format of times")
        return _JODA[text]

    return _JODA_PART.sub(translated, pattern)
