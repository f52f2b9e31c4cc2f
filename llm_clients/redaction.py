"""Takes keys and personal data out of what is logged or recorded."""

import re

_PATTERNS = (
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "[aws-key]"),
    (re.compile(r"\bAIza[\w-]{30,}"), "[key]"),
    (re.compile(r"\b(?:sk|pk|lsv2|ghp|xox[abp])[-_][\w*-]{8,}"), "[key]"),
    (re.compile(r"\b(Bearer|x-api-key:?)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 [key]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "[token]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    # Ten digits alone may be a figure: a telephone number shows by its country code.
    (re.compile(r"\+\d{1,3}[ -]?\d{3,5}[ -]?\d{4,6}\b"), "[phone]"),
    (re.compile(r"\b\d{4}[ -]\d{4}[ -]\d{4}\b"), "[id-number]"),
    (re.compile(r"\b[A-Z]{5}\d{4}[A-Z]\b"), "[tax-number]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[ip]"),
)


def redact(text: str) -> str:
    """Returns the text with keys, addresses and numbers of persons replaced by what they are."""
    for pattern, name in _PATTERNS:
        text = pattern.sub(name, text)
    return text
