"""Reads a question as a row of mentions: the best cover of its tokens by phrases and links."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from domain.evidence import Evidence
from planner.language.calendar_words import Span
from planner.language.lexicon import Lexicon, load_lexicon, stem
from planner.language.names import name_words
from planner.language.tokenizer import Token, straighten
from planner.language.units import time_unit
from planner.linking.linked_values import LinkedValues
from planner.linking.mention import Mention
from planner.linking.near_names import NearNames
from planner.schema.schema_index import SchemaIndex, Target, roots_of

_LONGEST_SPAN = 6
_GOOD = 0.95
_NOUN = 0.85
"""Nouns such as `score` and `detail` say little, but may be another word for a column."""
_STEERS = 1.05
"""Firmer than a name: `develop` is a course even where there are developers."""
_ROOT = 5
_CONNECTORS = ("of", "the", "in", "for")
_COUNTING = ("number", "numbers", "count", "counts", "total")
_JOINTS = re.compile(r"[-_/.+]")
_VERB = 4
_WHOLE = 0.9
"""A part of a value, cut out of a longer name, is another name."""
_VERB_OPENERS = ("do", "does", "did", "don't", "doesn't", "didn't", "who", "that")
_EDGES = ("of", "the", "in", "for", "a", "an", "and", "to")


class Linker:
    """Finds mentions for one question over one schema."""

    def __init__(self, index: SchemaIndex, evidence: Evidence, question: str) -> None:
        self._index = index
        self._question = straighten(question)
        self._lexicon: Lexicon = load_lexicon()
        self._near = NearNames(index)
        self._values = LinkedValues(index, evidence)
        self._tokens: list[Token] = []
        self._counted: set[int] = set()
        """Places right behind a number: a unit there names no column."""

    def link(self, tokens: list[Token], spans: dict[int, tuple[Span, int]]) -> list[Mention]:
        """Returns mentions in order that cover every token, by dynamic programming.

        `spans` are periods read beforehand: where they begin, and the position after them.
        """
        self._tokens = tokens
        self._counted = {n + 1 for n, token in enumerate(tokens) if token.number is not None}
        best: list[tuple[float, Mention | None]] = [(0.0, None)] * (len(tokens) + 1)
        for end in range(1, len(tokens) + 1):
            choices: list[tuple[float, Mention | None]] = []
            for start in range(max(0, end - self._longest), end):
                found = spans.get(start)
                if found is not None and found[1] == end:
                    text = " ".join(t.text for t in tokens[start:end])
                    dated = Mention("span", text, start, end, span=found[0])
                    choices.append((best[start][0] + 1.2 * (end - start), dated))
                choices.extend(
                    (best[start][0] + weight, mention)
                    for weight, mention in self._span(tokens, start, end)
                )
            best[end] = max(choices, key=lambda choice: choice[0])
        return [self._acting(mention) for mention in _path(best)]

    def _acting(self, mention: Mention) -> Mention:
        """The mention with what it tells of, where it is a verb."""
        is_word = mention.kind in ("filler", "link") and mention.end == mention.start + 1
        if not is_word or not self._is_verb(mention.start):
            return mention
        acts = self._near.acted(self._tokens[mention.start])
        return replace(mention, acts=acts) if acts else mention

    def _is_verb(self, place: int) -> bool:
        """True for a form of the past, and for a plain one behind `did` or `who`."""
        word = self._tokens[place].lower
        if word.endswith(("ed", "ing")) or word in self._lexicon.irregular:
            return True
        opened = any(token.lower in _VERB_OPENERS for token in self._tokens[:place])
        before = self._tokens[place - 1] if place else None
        rows = self._index.find_names((before.stem,)) if before is not None else []
        is_done = any(t.kind == "table" and t.score >= _GOOD for t in rows)
        return (opened or is_done) and not word.endswith("s")

    @property
    def _longest(self) -> int:
        return max(_LONGEST_SPAN, self._lexicon.longest_phrase)

    def _span(self, tokens: list[Token], start: int, end: int) -> Iterator[tuple[float, Mention]]:
        span = tokens[start:end]
        if len(span) == 1:
            yield from self._single(span[0], start)
        yield from self._phrases(span, start, end)
        if len(span) <= _LONGEST_SPAN and all(t.kind != "quoted" for t in span):
            yield from self._links(span, start, end)

    def _single(self, token: Token, start: int) -> Iterator[tuple[float, Mention]]:
        end = start + 1
        if token.kind == "quoted":
            targets = tuple(self._values.find(token.lower, token.text))
            yield 2.0, Mention("quoted", token.text, start, end, targets=targets)
        elif token.number is not None:
            weight = 1.0 if token.kind == "number" else 0.9
            yield weight, Mention("number", token.text, start, end, number=token.number)
        elif token.kind == "sign":
            yield 0.1, Mention("sign", token.text, start, end)
        elif token.lower in self._lexicon.generic:
            yield 0.06, Mention("generic", token.text, start, end)
        elif token.lower in self._lexicon.fillers:
            related = self._near.related(token)
            yield 0.05, Mention("filler", token.text, start, end, related=related)
        else:
            yield 0.0, self._unknown(token, start)

    def _unknown(self, token: Token, start: int) -> Mention:
        targets = () if token.is_capitalised and start > 0 else self._near.find(token)
        kind = "link" if targets else "unknown"
        capital = token.is_capitalised
        return Mention(
            kind,
            token.text,
            start,
            start + 1,
            targets=targets,
            related=self._near.related(token),
            is_capitalised=capital,
        )

    def _phrases(self, span: list[Token], start: int, end: int) -> Iterator[tuple[float, Mention]]:
        words = tuple(t.lower for t in span if t.kind in ("word", "sign"))
        if len(words) != len(span):
            return
        text = " ".join(t.text for t in span)
        adjective = self._lexicon.adjectives.get(words)
        if adjective is not None:
            weight = 0.97 * len(span) + 0.12 * (len(span) - 1)
            yield weight, Mention("adjective", text, start, end, adjective=adjective)
        for phrase in self._lexicon.phrases.get(words, ()):
            if phrase.kind == "everything" and self._goes_on_list(span[0], start):
                continue
            firmness = 0.5 if phrase.is_weak else 1.0
            if phrase.kind == "trend" and not phrase.is_weak:
                firmness = _STEERS
            if phrase.kind == "ordinal" and self._is_superlative(end):
                firmness = _STEERS
            if phrase.kind in ("part", "grain", "weekday"):
                firmness = 1.02 if self._index.has_time else 0.0
            weight = firmness * len(span) + 0.1 * (len(span) - 1)
            hints = self._hints(span) if phrase.kind == "in" else ()
            yield weight, Mention(phrase.kind, text, start, end, phrase.value, targets=hints)

    def _goes_on_list(self, token: Token, start: int) -> bool:
        """`the ids and information of all accounts`: one thing more, not all that there is."""
        before = self._tokens[start - 1].lower if start else ""
        return token.lower in self._lexicon.generic and before in ("and", ",")

    def _is_superlative(self, position: int) -> bool:
        """`the second largest`: what follows says by what places are told."""
        word = self._tokens[position].lower if position < len(self._tokens) else ""
        return word in ("most", "least", "fewest", "best", "worst") or (
            word.endswith("est") and len(word) > _ROOT
        )

    def _hints(self, span: list[Token]) -> tuple[Target, ...]:
        """Columns that a preposition names: `from` an origin, `to` a destination."""
        if len(span) > 1:
            return ()
        return tuple(t for t in self._index.find_names((span[0].stem,)) if t.kind == "column")

    def _is_preposition(self, token: Token) -> bool:
        return any(p.kind in ("in", "be") for p in self._lexicon.phrases.get((token.lower,), ()))

    def _links(self, span: list[Token], start: int, end: int) -> Iterator[tuple[float, Mention]]:
        text = self._question[span[0].begin : span[-1].finish]
        values = list(self._values.find(text.lower(), text))
        alone = len(span) == 1 and self._is_preposition(span[0])
        if alone or span[0].lower in _EDGES or span[-1].lower in _EDGES:
            is_letter = span[0].text == "A" and start > 0 and not alone
            values = [v for v in values if len(span) > 1 or (is_letter and v.value == "A")]
            names = []
        else:
            names = self._name_targets(span) if all(t.kind != "sign" for t in span) else []
        if start > 1 and span[0].is_capitalised and self._tokens[start - 1].is_capitalised:
            values = [v for v in values if v.score >= _WHOLE]
        if len(span) == 1 and self._is_steering(span[0]) and not _is_name_like(span[0], start):
            values = [v for v in values if self._is_state(v, span[0])]
        names = self._kept_names(names, span, start)
        targets = tuple(names + values)
        if not targets:
            return
        score = max(t.score for t in targets)
        firmness = 1.04 if score >= _GOOD else 0.98 * score
        if values and not names:
            firmness = score
        weight = firmness * len(span) + 0.1 * (len(span) - 1) * score
        capital = span[0].is_capitalised and start > 0
        yield weight, Mention("link", text, start, end, targets=targets, is_capitalised=capital)

    @staticmethod
    def _is_part(target: Target, token: Token) -> bool:
        """True where a verb is a word of a column's own name, not of a synonym."""
        return target.kind == "column" and token.stem in {
            stem(word) for word in name_words(target.column)
        }

    def _kept_names(self, names: list[Target], span: list[Token], start: int) -> list[Target]:
        """The names that such words may stand for: a verb or a unit names little."""
        if not names:
            return names
        if len(span) == 1 and span[0].lower in self._lexicon.fillers:
            least = _NOUN if span[0].lower in self._lexicon.generic else _GOOD
            names = [t for t in names if t.score >= least or self._is_part(t, span[0])]
        if len(span) == 1 and start in self._counted and time_unit(span[0].lower):
            names = [t for t in names if t.score >= _GOOD]
        if len(span) > 1 and self._says_what_happened(span[-1]):
            names = self._without_verb(names, span)
        if len(span) > 1 and span[-1].lower.endswith("ing"):
            said = span[-1].lower
            done = self._without_verb(names, span)
            names = [t for t in names if t in done or said in name_words(t.column)]
        if len(span) > 1 and self._is_preposition(span[-1]):
            rows = {t.table for t in self._name_targets(span[:-1]) if t.kind == "table"}
            names = [t for t in names if t.table not in rows]
        if len(span) == 1 and start == 0 and self._opens_request(span[0]):
            names = []
        if len(span) > 1 and span[0].lower.endswith("ed"):
            names = [t for t in names if not _is_verb_of_table(t, span[0])]
        if len(span) == 1 and span[0].lower in _COUNTING:
            names = [t for t in names if t.score >= _GOOD]
        return names

    def _says_what_happened(self, token: Token) -> bool:
        if token.lower in self._lexicon.measuring_verbs:
            return True
        if not token.lower.endswith("ed"):
            return False
        if (token.lower,) in self._lexicon.adjectives:
            return True
        return token.lower in self._lexicon.fillers and (token.lower,) not in self._lexicon.phrases

    def _without_verb(self, names: list[Target], span: list[Token]) -> list[Target]:
        """`flights arrived`: the verb behind a table is no part of the name of a column there."""
        rows = {t.table for t in self._name_targets(span[:-1]) if t.kind == "table"}
        return [
            t
            for t in names
            if t.kind == "table" or (self._is_part(t, span[-1]) and t.table not in rows)
        ]

    def _opens_request(self, token: Token) -> bool:
        """`Show ...`, `List ...`: a request, even where the data has shows and lists."""
        return any(p.kind == "show" for p in self._lexicon.phrases.get((token.lower,), ()))

    def _is_state(self, value: Target, token: Token) -> bool:
        """`orders that are paid`: a plain verb that the data holds as a value says something."""
        is_verb = token.lower in self._lexicon.fillers and len(token.lower) >= _VERB
        steers = (token.lower,) in self._lexicon.phrases or token.lower in self._lexicon.determiners
        return (
            is_verb and not steers and value.score >= 1 and token.lower == str(value.value).lower()
        )

    def _is_steering(self, token: Token) -> bool:
        return (token.lower,) in self._lexicon.phrases or token.lower in self._lexicon.fillers

    def _name_targets(self, span: list[Token]) -> list[Target]:
        stems = tuple(part for token in span for part in _stems(token))
        found = self._index.find_names(stems)
        if found:
            return found
        if span[0].lower in _COUNTING:
            return []
        content = tuple(t.stem for t in span if t.lower not in _CONNECTORS)
        akin = self._index.roots.get(roots_of(content), []) if len(content) > 1 else []
        if len(content) == len(span) or len(content) < 2:
            return list(akin)
        cut = next(i for i, t in enumerate(span) if t.lower in _CONNECTORS)
        turned = tuple(t.stem for t in span[cut + 1 :] if t.lower not in _CONNECTORS)
        turned += tuple(t.stem for t in span[:cut])
        found = self._index.find_names(turned)
        turned_names = [t for t in found if t.score >= _GOOD and t.kind == "column"]
        return [t for t in turned_names if not t.names_table] or (
            [] if turned_names else list(akin)
        )


def _is_verb_of_table(target: Target, token: Token) -> bool:
    """`played titles`: a verb, and what it was done to, though there is a table of plays."""
    return target.names_table and token.lower not in name_words(target.table)


def _stems(token: Token) -> tuple[str, ...]:
    """The stems of a word, of each part of `on-time` and `primary_conference`."""
    parts = [part for part in _JOINTS.split(token.lower) if part]
    return tuple(stem(part) for part in parts) if len(parts) > 1 else (token.stem,)


def _is_name_like(token: Token, start: int) -> bool:
    return token.is_capitalised and start > 0


def _path(best: list[tuple[float, Mention | None]]) -> list[Mention]:
    mentions: list[Mention] = []
    position = len(best) - 1
    while position > 0:
        mention = best[position][1]
        if mention is None:
            break
        mentions.append(mention)
        position = mention.start
    mentions.reverse()
    if any(a.end != b.start for a, b in pairwise(mentions)):
        raise AssertionError("mentions must cover the question")
    return mentions
