"""Guesses personal data from the shape of values, by counts taken inside the warehouse."""

from dataclasses import dataclass

from context_store.checksums import Checksum
from context_store.given_names import GIVEN_NAMES
from domain.dictionary import PiiKind


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern, and the share of values above which a column counts as this kind."""

    kind: PiiKind
    pattern: str
    """Regular expression in the common part of Java, RE2 and Presto, anchored where it must be."""
    threshold: float
    checksum: Checksum | None = None
    """Numbers that merely look so are told apart by it."""


TEXT_SHAPES = (
    Shape(PiiKind.EMAIL, r"^\s*[^@\s]+@[^@\s]+\.[A-Za-z]{2,}\s*$", 0.5),
    Shape(PiiKind.PHONE, r"^\s*(\+?91[- ]?|0)?[6-9][0-9]{4}[- ]?[0-9]{5}\s*$", 0.8),
    Shape(PiiKind.PHONE, r"^\s*\+[0-9]{1,3}[- ]?[0-9][0-9 -]{6,13}\s*$", 0.8),
    Shape(PiiKind.IDENTIFIER, r"^\s*[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]\s*$", 0.8),
    Shape(
        PiiKind.IDENTIFIER,
        r"^\s*[2-9][0-9]{3}[- ]?[0-9]{4}[- ]?[0-9]{4}\s*$",
        0.8,
        Checksum.VERHOEFF,
    ),
    Shape(
        PiiKind.IDENTIFIER,
        r"^\s*[2-6][0-9]{3}[- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}\s*$",
        0.8,
        Checksum.LUHN,
    ),
    Shape(PiiKind.IP_ADDRESS, r"^\s*([0-9]{1,3}\.){3}[0-9]{1,3}\s*$", 0.8),
    Shape(PiiKind.DEVICE, r"^\s*([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\s*$", 0.8),
    Shape(PiiKind.IP_ADDRESS, r"^\s*([0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{1,4}\s*$", 0.8),
    Shape(PiiKind.DEVICE, r"^\s*(01|35|86|45|91|99)[0-9]{13}\s*$", 0.8),
    Shape(PiiKind.IDENTIFIER, r"^\s*[A-Za-z0-9._-]{2,}@[A-Za-z]{2,}\s*$", 0.8),
    Shape(PiiKind.FREE_TEXT, r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", 0.01),
    Shape(PiiKind.FREE_TEXT, r"[A-Za-z]\s.*(^|[^0-9])(\+?91[- ]?)?[6-9][0-9]{9}([^0-9]|$)", 0.02),
    Shape(
        PiiKind.FREE_TEXT, r"[a-z]\s+[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]([^0-9A-Za-z]|$)", 0.02
    ),
    Shape(
        PiiKind.FREE_TEXT, r"[A-Za-z]\s.*(^|[^0-9])[2-9][0-9]{3} [0-9]{4} [0-9]{4}([^0-9]|$)", 0.02
    ),
)
"""The first shape above its threshold decides. Payment addresses (`name@bank`), hardware addresses
and IMEI are shapes of their own; what stands inside longer text comes last."""

PERSON_NAME = Shape(
    PiiKind.NAME,
    r"^\s*(?i:(mr|mrs|ms|dr|shri|smt)\.?\s+)?(?i:"
    + "|".join(sorted(GIVEN_NAMES))
    + r")(\s+\S+){0,3}\s*$",
    0.3,
)
"""Names under a column name that says nothing; looked for in tables about persons only."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Whole numbers that look like an identifier of a person."""

    kind: PiiKind
    low: int
    high: int
    checksum: Checksum | None = None


NUMBER_RANGES = (
    NumberRange(PiiKind.PHONE, 6_000_000_000, 9_999_999_999),
    NumberRange(PiiKind.PHONE, 916_000_000_000, 919_999_999_999),
    NumberRange(PiiKind.IDENTIFIER, 200_000_000_000, 999_999_999_999, Checksum.VERHOEFF),
    NumberRange(PiiKind.DEVICE, 350_000_000_000_000, 359_999_999_999_999),
    NumberRange(PiiKind.DEVICE, 860_000_000_000_000, 869_999_999_999_999),
    NumberRange(PiiKind.IDENTIFIER, 2_200_000_000_000_000, 6_999_999_999_999_999, Checksum.LUHN),
)
"""Phone numbers, with 91 before them, Aadhaar, IMEI, payment cards."""

NUMBER_THRESHOLD = 0.8
LONG_TEXT_CHARACTERS = 80
FREE_TEXT_CHARACTERS = 20
