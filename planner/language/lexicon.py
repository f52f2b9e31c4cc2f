"""The general English that steers a question: operators, fillers, synonyms, calendar."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import snowballstemmer
import yaml

_FOLDER = Path(__file__).parent / "words"
_STEMMER = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One steering phrase: what it does (`kind`), with which `value`, and how firmly."""

    kind: str
    value: str
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Adjective:
    """A measuring adjective: words of columns on which more of it is a higher or lower value."""

    base: str
    high: tuple[str, ...]
    low: tuple[str, ...]
    is_superlative: bool
    is_comparative: bool
    is_signed: bool = False
    """Says by itself on which side of zero a row lies: `late`, `early`."""


@dataclass(frozen=True)
class Calendar:
    """Names of months, weekdays, units and numbers."""

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, str]
    grains: dict[str, str]
    parts: dict[str, str]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    scales: dict[str, int]


@dataclass(frozen=True)
class Lexicon:
    """All word lists, loaded once. Keys are tuples of lower-case words or single stems."""

    phrases: dict[tuple[str, ...], tuple[Phrase, ...]]
    adjectives: dict[tuple[str, ...], Adjective]
    measuring_verbs: dict[str, Adjective]
    movements: dict[str, frozenset[str]]
    """Verbs of leaving and arriving -> stems of the columns that they speak of."""
    value_nouns: dict[str, frozenset[str]]
    """Nouns such as `speakers` -> stems of the columns that hold what they have."""
    aliases: dict[tuple[str, ...], str]
    """Words -> the words that names of columns use instead."""
    fillers: frozenset[str]
    determiners: frozenset[str]
    light_verbs: frozenset[str]
    """Verbs that tell of nothing by themselves: `make`, `start`."""
    deeds: dict[str, frozenset[str]]
    """Stems of nouns -> stems of the verbs that say the same: `usage` and `use`."""
    irregular: frozenset[str]
    """Words whose form says little of the word that they are looked up by: `bought`."""
    generic: frozenset[str]
    """Nouns that add nothing to a column beside them: `the founded year`."""
    synonyms: dict[str, frozenset[str]]
    abbreviations: dict[str, str]
    codes: dict[str, tuple[str, ...]]
    calendar: Calendar
    vocabulary: frozenset[str]
    reserved: frozenset[str]
    units: frozenset[str]
    help_words: frozenset[str]
    help_topics: frozenset[str]
    follow_up_openers: frozenset[str]
    follow_up_adding: frozenset[str]
    longest_phrase: int
    steering: frozenset[str]
    """Every word that steers or fills, for those that were misspelt."""


@cache
def _irregular() -> dict[str, str]:
    return {str(k): str(v) for k, v in _read("irregular").items()}


@cache
def stem(word: str) -> str:
    """Returns the form that plurals and verb forms of a lower-case word share."""
    regular = _irregular().get(word, word)
    return str(_STEMMER.stemWord(regular))


def _read(name: str) -> Any:  # noqa: ANN401 - the shape differs by file
    """Every scalar stays text: `on` and `no` are words here."""
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - the safest loader: text alone


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _read(name) for word in line.split())


def _phrases() -> dict[tuple[str, ...], tuple[Phrase, ...]]:
    found: dict[tuple[str, ...], list[Phrase]] = defaultdict(list)
    for entry in _read("operators"):
        weak = set(entry.get("weak", ()))
        for text in entry["phrases"]:
            phrase = Phrase(entry["kind"], str(entry.get("value", "")), text in weak)
            found[tuple(str(text).lower().replace("'", " '").split())].append(phrase)
    for kind, values in _calendar_phrases().items():
        for text, value in values.items():
            found[tuple(text.split())].append(Phrase(kind, value, is_weak=False))
    return {words: tuple(phrases) for words, phrases in found.items()}


def _calendar_phrases() -> dict[str, dict[str, str]]:
    data = _read("calendar")
    parts = {form: part for part, forms in data["parts"].items() for form in forms}
    return {
        "part": parts,
        "grain": data["grains"],
        "weekday": {**data["weekdays"], **data["day_groups"]},
    }


def _adjectives() -> dict[tuple[str, ...], Adjective]:
    found: dict[tuple[str, ...], Adjective] = {}
    for entry in _read("adjectives"):
        high = tuple(entry.get("high", ())) + tuple(entry.get("high_on", ()))
        low = tuple(entry.get("low", ())) + tuple(entry.get("low_on", ()))
        for form in [entry["base"], *entry["forms"]]:
            words = tuple(form.split())
            last = words[-1]
            superlative = words[0] in (
                "most",
                "least",
                "highest",
                "best",
                "top",
                "lowest",
                "worst",
            ) or (last.endswith("est") or form in ("last", "first"))
            comparative = words[0] in ("more", "less") or last.endswith("er")
            signed = entry.get("signed") == "true"
            adjective = Adjective(entry["base"], high, low, superlative, comparative, signed)
            found.setdefault(words, adjective)
    return found


def _measuring_verbs() -> dict[str, Adjective]:
    found = {}
    for entry in _read("measuring_verbs"):
        forms, columns = entry["forms"], tuple(entry["columns"])
        adjective = Adjective(forms[0], columns, (), is_superlative=False, is_comparative=False)
        found.update(dict.fromkeys(forms, adjective))
    return found


@cache
def synonym_lines() -> tuple[tuple[str, ...], ...]:
    """Returns the groups of everyday words: the first of each stands for the others and back."""
    return tuple(tuple(str(line).split()) for line in _read("synonyms"))


def _synonyms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in synonym_lines():
        words = [stem(word) for word in line]
        for word in words[1:]:
            found[word].add(words[0])
            found[words[0]].add(word)
    return {word: frozenset(others - {word}) for word, others in found.items()}


def _calendar() -> Calendar:
    data = _read("calendar")
    parts = {form: part for part, forms in data["parts"].items() for form in forms}
    counted = ("months", "weekdays", "numbers", "ordinals", "scales")
    numbers = {name: {k: int(v) for k, v in data[name].items()} for name in counted}
    return Calendar(parts=parts, units=data["units"], grains=data["grains"], **numbers)


@cache
def load_lexicon() -> Lexicon:
    """Reads every word list once."""
    phrases = _phrases()
    abbreviations = {str(k): str(v) for k, v in _read("abbreviations").items()}
    determiners = _words("determiners")
    plain = {word for words in synonym_lines() for word in words}
    plain |= {word for text in abbreviations.values() for word in text.split()}
    plain |= {word for words in phrases for word in words if len(word) > 3}
    return Lexicon(
        phrases=phrases,
        adjectives=_adjectives(),
        measuring_verbs=_measuring_verbs(),
        movements={
            form: frozenset(stem(word) for word in entry["columns"])
            for entry in _read("movements")
            for form in entry["forms"]
        },
        value_nouns={
            form: frozenset(stem(word) for word in entry["columns"])
            for entry in _read("value_nouns")
            for form in entry["forms"]
        },
        aliases={tuple(k.split()): v for k, v in _read("aliases").items()},
        fillers=_words("fillers") | determiners | frozenset(_measuring_verbs()),
        determiners=determiners,
        light_verbs=_words("light_verbs"),
        deeds={
            stem(noun): frozenset(stem(verb) for verb in verbs.split())
            for noun, verbs in _read("deeds").items()
        },
        irregular=frozenset(_irregular()),
        generic=_words("generic"),
        synonyms=_synonyms(),
        abbreviations=abbreviations,
        codes={str(k): tuple(str(v) for v in vs) for k, vs in _read("codes").items()},
        calendar=_calendar(),
        vocabulary=frozenset(plain),
        reserved=_words("reserved"),
        units=_words("units"),
        help_words=frozenset(_read("help")["words"]),
        help_topics=frozenset(_read("help")["topics"]),
        follow_up_openers=frozenset(_read("follow_up")["openers"]),
        follow_up_adding=frozenset(_read("follow_up")["adding"]),
        steering=frozenset(word for words in (*phrases, *_adjectives()) for word in words)
        | _words("fillers"),
        longest_phrase=max(len(words) for words in phrases),
    )
