"""Finds the figures of prose: what each claims, how precisely, and of what kind."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d{2}"
_NO_MORE_DIGITS = r"(?![\d]|[,.]\d)"
_NO_FIGURE = re.compile(
    "|".join(
        (
            r"\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
            r"\d{1,2}/\d{1,2}/\d{2,4}",
            r"\b\d{1,2}:\d{2}(?::\d{2})?",
            r"\b\d{1,2}\s*[ap]m\b",
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?\b{_NO_MORE_DIGITS}",
            rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,\s+{_YEAR}\b{_NO_MORE_DIGITS}",
            rf"\b{_MONTH}\s+{_YEAR}\b{_NO_MORE_DIGITS}",
            rf"\b{_MONTH}\s+\d{{1,2}}\b{_NO_MORE_DIGITS}(?!\s*%)",
            rf"\b(?:q[1-4]|h[12]|fy|week\s+\d+|week\s+\d+\s+of)\s*{_YEAR}(?:-\d{{2}})?\b",
            r"\bweek\s+\d{1,2}\b",
            rf"\bbetween\s+{_YEAR}\s+and\s+{_YEAR}\b{_NO_MORE_DIGITS}",
            rf"\b(?:in|since|during|from|until|till|through|year|before|after)\s+{_YEAR}\b"
            rf"(?:\s+(?:to|until|through)\s+{_YEAR}\b)?{_NO_MORE_DIGITS}(?!\s*(?:%|\w+s\b))",
            r"\b\d+(?:st|nd|rd|th)\b",
            r"(?m:^\s*\d{1,2}[.)]\s)",
        )
    ),
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"""
    (?<![\w.]) (?<![A-Za-z][-\u2011])
    (?P<number> \d{1,3}(?:,\d{2,3})+(?:\.\d+)? | \d+(?:\.\d+)? )
    (?P<scale> \s*(?:thousand|million|billion|trillion|lakhs?|lacs?|crores?|mn|bn|cr)\b
             | [kKmMbB]\b )?
    (?P<kind> \s*(?:%|percent\b|per\s+cent\b|percentage\s+points?\b)
            | \s*(?:x\b|\u00d7|times\b) )?
    (?P<unit> \s*(?:hours?|hrs?|h|minutes?|mins?|seconds?|secs?|s|days?)\b )?
    (?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCALES = {
    "thousand": 1_000,
    "k": 1_000,
    "lakh": 100_000,
    "lac": 100_000,
    "million": 1_000_000,
    "mn": 1_000_000,
    "m": 1_000_000,
    "crore": 10_000_000,
    "cr": 10_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "b": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|some|close to|~|\u2248)\s*\W*$", re.IGNORECASE
)
_ABOVE = re.compile(r"(?:over|more than|at least|above|exceeding)\s*\W*$", re.IGNORECASE)
_BELOW = re.compile(
    r"(?:nearly|almost|under|less than|fewer than|(?<!add )(?<!adds )(?<!adding )up to"
    r"|at most|below)\s*\W*$",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:top|bottom|first|last|next|leading|best|worst|other|remaining|largest|smallest"
    r"|highest|lowest|busiest)[\s*]+$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[*_)]*\s+|\n+")

Kind = Literal["plain", "percent", "ratio", "rank"]
_TIME_UNITS = {"h": "hour", "m": "minute", "s": "second", "d": "day"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: it claims a value from `low` to `high`, as its digits and words allow."""

    text: str
    low: Decimal
    high: Decimal
    kind: Kind
    """`rank`: how many leaders are spoken of, as in `top 3`."""
    unit: str = ""
    """`hour`, `minute`, `second` or `day` where the prose says so."""

    def covers(self, value: float) -> bool:
        """True where the value, whatever its sign, is what the figure says."""
        size = abs(value)
        slack = 1e-9 * (1 + size)
        return float(self.low) - slack <= size <= float(self.high) + slack


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its figures."""

    text: str
    figures: tuple[Figure, ...]


def read_sentences(text: str) -> list[Sentence]:
    """Returns the sentences of Markdown prose; dates, times and ordinals are no figures."""
    blanked = _without_dates(text)
    ends = [match.end() for match in _SENTENCE_END.finditer(blanked)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return [
        Sentence(text[start:end].strip(), _figures(blanked[start:end]))
        for start, end in spans
        if text[start:end].strip()
    ]


def _without_dates(text: str) -> str:
    """Returns text of the same length in which what looks like a figure but is none is blank."""
    return _NO_FIGURE.sub(lambda match: re.sub(r"\S", " ", match.group()), text)


def numbers_in(text: str) -> list[float]:
    """Returns every number that stands in a text, years and parts of dates included."""
    plain = re.findall(r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?", text)
    read = [float((f.low + f.high) / 2) for f in _figures(_without_dates(text))]
    return read + [float(number.replace(",", "")) for number in plain]


def _figures(blanked: str) -> tuple[Figure, ...]:
    return tuple(_figure(match) for match in _FIGURE.finditer(blanked))


def _figure(match: re.Match[str]) -> Figure:
    before = match.string[: match.start()]
    digits = match["number"].replace(",", "")
    scale = _scale(match["scale"])
    value = Decimal(digits) * scale
    low, high = _claimed_range(before, digits, value, scale)
    return Figure(
        text=match.group().strip(),
        low=max(low, Decimal(0)),
        high=high,
        kind=_kind(match["kind"], before),
        unit=_TIME_UNITS[match["unit"].strip()[0].lower()] if match["unit"] else "",
    )


def _scale(word: str | None) -> Decimal:
    key = (word or "").strip().lower()
    return Decimal(_SCALES.get(key) or _SCALES.get(key.removesuffix("s")) or 1)


def _kind(word: str | None, before: str) -> Kind:
    if word is None:
        return "rank" if _RANK.search(before) else "plain"
    is_ratio = word.strip().lower() in ("x", "\u00d7", "times")
    return "ratio" if is_ratio else "percent"


def _claimed_range(
    before: str, digits: str, value: Decimal, scale: Decimal
) -> tuple[Decimal, Decimal]:
    """`about 300` claims its leading digit, `over 300` what lies above, `301` itself."""
    decimals = len(digits.partition(".")[2])
    last_digit = scale * Decimal(10) ** -decimals
    zeros = 0 if decimals else len(digits) - len(digits.rstrip("0"))
    leading_digit = last_digit * 10**zeros
    if _ABOVE.search(before):
        return value - last_digit / 2, value + leading_digit
    if _BELOW.search(before):
        return value - leading_digit, value + last_digit / 2
    step = leading_digit if _ABOUT.search(before) else last_digit
    return value - step / 2, value + step / 2
