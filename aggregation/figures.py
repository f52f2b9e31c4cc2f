"""Holds figures of prose against a summary: each must stand there or follow from it."""

import re
from collections.abc import Collection, Iterator
from itertools import permutations

from aggregation.derivation import Focus, focus, percentages, quotients, ratios, stated_values
from aggregation.figure_reader import Figure, numbers_in, read_sentences
from aggregation.figure_series import Series, series_of
from aggregation.merging import is_number
from domain.dictionary import Cell
from domain.summary import Summary

_SECONDS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600, "day": 86400}
_CLAUSE = re.compile(
    r";\s+|,\s+(?=(?:which|with|up|down|while|compared|versus|followed|ahead|representing"
    r"|accounting|making|or)\b)"
)
_ONLY_A_MARKER = re.compile(r"\s*(?:[-*+]|\d+[.)])\s*")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])(\s+)(?=[A-Z*\d\"'(])")


def unsupported_figures(
    text: str, summary: Summary, allowed: Collection[str] = ()
) -> tuple[str, ...]:
    """Returns the figures that the summary does not bear out, as they are written.

    A figure is borne out, to the digits shown, by a cell, a count of rows, a total, mean or
    median, or by a sum, share, difference, ratio or change of values that its sentence (or the
    one before) names or that stand out. `allowed`: texts such as the question and its
    assumptions, whose numbers may be repeated. Dates, times and ordinals are not checked.
    """
    series = series_of(summary)
    counts, told = _counts(summary), _told_numbers(summary, allowed)
    wrong: list[str] = []
    before = ""
    for sentence in read_sentences(text):
        about = [focus(each, f"{before} {sentence.text}") for each in series]
        wrong += [
            figure.text
            for figure in sentence.figures
            if not _is_borne_out(figure, about, counts, told)
        ]
        before = sentence.text
    return tuple(dict.fromkeys(wrong))


def _counts(summary: Summary) -> list[float]:
    """Returns counts of rows and of groups, and the numbers that rows are split by."""
    counts: list[float] = [len(summary.rows), summary.true_row_count]
    for column, values in zip(summary.columns, _columns(summary), strict=True):
        if column.role == "dimension":
            counts.append(len(set(values)))
            counts += [float(cell) for cell in values if is_number(cell)]
    return counts


def _told_numbers(summary: Summary, allowed: Collection[str]) -> list[float]:
    """Returns numbers that stand in words: labels, categories, the roll-up, what is allowed."""
    texts = [summary.roll_up, *allowed, *(column.label for column in summary.columns)]
    texts += [cell for values in _columns(summary) for cell in values if isinstance(cell, str)]
    return [number for text in texts for number in numbers_in(text)]


def _columns(summary: Summary) -> list[tuple[Cell, ...]]:
    return list(zip(*summary.rows, strict=True)) or [()] * len(summary.columns)


def _is_borne_out(
    figure: Figure, about: list[Focus], counts: list[float], told: list[float]
) -> bool:
    if any(map(figure.covers, told)):
        return True
    if figure.kind == "rank" and figure.high <= max(counts) + 0.5:
        return True
    if figure.kind in ("plain", "rank") and any(map(figure.covers, counts)):
        return True
    return any(map(figure.covers, _candidates(figure, about)))


def _candidates(figure: Figure, about: list[Focus]) -> Iterator[float]:
    if figure.kind == "percent":
        for each in about:
            yield from percentages(each)
        yield from (100 * quotient for quotient in _all_quotients(about))
    elif figure.kind == "ratio":
        for each in about:
            yield from ratios(each)
            yield from stated_values(each)
    else:
        for each in about:
            factor = _unit_factor(each.series, figure)
            yield from (factor * value for value in stated_values(each))
        yield from _all_quotients(about)


def _all_quotients(about: list[Focus]) -> Iterator[float]:
    for above, below in permutations(about, 2):
        if above.series.column is not below.series.column:
            yield from quotients(above, below)


def _unit_factor(series: Series, figure: Figure) -> float:
    """Converts spans of time: a column in seconds may be told in minutes or hours."""
    stored, said = series.column.unit, figure.unit
    if stored not in _SECONDS or said not in _SECONDS:
        return 1.0
    return _SECONDS[stored] / _SECONDS[said]


def remove_figures(text: str, figures: Collection[str]) -> str:
    """Returns the prose without the clauses, or else the sentences, that hold the figures."""
    lines = [_clean_line(line, figures) for line in text.split("\n")]
    kept = [new for old, new in zip(text.split("\n"), lines, strict=True) if new or not old.strip()]
    return "\n".join(kept).strip()


def _clean_line(line: str, figures: Collection[str]) -> str:
    pieces = _SENTENCE_GAP.split(line)
    sentences, gaps = pieces[::2], [*pieces[1::2], ""]
    cleaned = [_clean_sentence(sentence, figures) for sentence in sentences]
    joined = "".join(c + gap for c, gap in zip(cleaned, gaps, strict=True) if c)
    return "" if _ONLY_A_MARKER.fullmatch(joined) else joined.rstrip()


def _clean_sentence(sentence: str, figures: Collection[str]) -> str:
    if not _holds_any(sentence, figures):
        return sentence
    clauses = _CLAUSE.split(sentence)
    kept = [clause for clause in clauses if not _holds_any(clause, figures)]
    if not kept or kept[0] is not clauses[0] or len(clauses) == 1:
        return ""
    rest = ", ".join(kept)
    return rest if rest.endswith((".", "!", "?")) else f"{rest}."


def _holds_any(text: str, figures: Collection[str]) -> bool:
    return any(figure.text in figures for part in read_sentences(text) for figure in part.figures)
