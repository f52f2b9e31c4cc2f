"""The small parts of a dictionary: metrics by name, rules and verified queries by likeness."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from context_store.question_words import FUNCTION_WORDS, folded_words, stem
from domain.dictionary import VerifiedQuery
from domain.metric import Metric

_RULES = 20
_VERIFIED = 5
_VERIFIED_LIKENESS = 60


class MetricNames:
    """Finds metrics by their names and synonyms."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = [(metric.name, _phrases(metric)) for metric in metrics]

    def named_in(self, stems: Sequence[str]) -> list[str]:
        """Returns the metrics that the question names, the longest name first."""
        asked = set(stems)
        lengths = {
            name: max(
                (len(phrase) for phrase in phrases if phrase and set(phrase) <= asked), default=0
            )
            for name, phrases in self._metrics
        }
        return sorted((name for name in lengths if lengths[name]), key=lambda name: -lengths[name])


def _phrases(metric: Metric) -> list[list[str]]:
    phrases = [metric.name.replace("_", " "), *metric.synonyms]
    return [[stem(word) for word in folded_words(phrase)] for phrase in phrases]


def queries_alike(question: str, queries: Sequence[VerifiedQuery]) -> tuple[VerifiedQuery, ...]:
    """Returns the verified queries whose questions share most words with this one."""
    rated = [(fuzz.token_set_ratio(question, query.question), query) for query in queries]
    likely = [pair for pair in rated if pair[0] >= _VERIFIED_LIKENESS]
    return tuple(query for _, query in sorted(likely, key=lambda pair: -pair[0])[:_VERIFIED])


def relevant_rules(rules: Sequence[str], stems: Sequence[str]) -> tuple[str, ...]:
    """Returns all rules where they are few, else those that share most words with the question."""
    if len(rules) <= _RULES:
        return tuple(rules)
    asked = set(stems) - FUNCTION_WORDS
    return tuple(
        sorted(rules, key=lambda rule: -len(asked & {stem(word) for word in folded_words(rule)}))[
            :_RULES
        ]
    )
