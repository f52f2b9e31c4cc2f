"""Words that are near to a name: misspelt, shortened, or of the same root."""

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from planner.language.lexicon import load_lexicon
from planner.language.names import name_words
from planner.language.tokenizer import Token
from planner.schema.schema_index import SchemaIndex, Target

_TYPO_SIMILARITY = 0.79
_SHORTEST_TYPO = 5
_SHORTENED = 0.75
_AKIN = 0.7
_SHORTEST_PREFIX = 3
_LONGEST_PREFIX = 5
_SHORTEST_VERB = 3
_GOOD = 0.95
_ROOT = 5


class NearNames:
    """Names of a schema that a word may stand for though it is none of them."""

    def __init__(self, index: SchemaIndex) -> None:
        self._index = index

    def related(self, token: Token) -> tuple[Target, ...]:
        """Returns the tables whose names begin as the word does."""
        root = token.lower[:_ROOT]
        if len(token.lower) < _ROOT:
            return ()
        return tuple(Target("table", name) for name in self._index.tables_by_root.get(root, ()))

    def acted(self, token: Token) -> tuple[str, ...]:
        """Returns the tables whose rows are what a verb tells of, by their names or columns."""
        lexicon = load_lexicon()
        is_light = token.lower in lexicon.light_verbs or token.lower in lexicon.generic
        is_verb = token.lower in lexicon.fillers or token.lower.endswith("ed")
        if not is_verb or is_light or len(token.lower) < _SHORTEST_VERB:
            return ()
        return tuple(sorted(self._index.words_of_tables.get(token.stem, ())))

    def find(self, token: Token) -> tuple[Target, ...]:
        """Returns the names that the word may stand for, with lower scores than its own."""
        return self._shortened(token) or self._misspelt(token) or self._akin(token)

    def _misspelt(self, token: Token) -> tuple[Target, ...]:
        if len(token.stem) < _SHORTEST_TYPO:
            return ()
        found = process.extractOne(
            token.stem,
            self._index.vocabulary,
            scorer=OSA.normalized_similarity,
            score_cutoff=_TYPO_SIMILARITY,
        )
        # With one letter more or less, two short words are more often both meant.
        if found is None or found[0][0] != token.stem[0] or len(found[0]) < _SHORTEST_TYPO:
            return ()
        return tuple(
            Target(t.kind, t.table, t.column, t.value, t.score * 0.85)
            for t in self._index.find_names((found[0],))
        )

    def _shortened(self, token: Token) -> tuple[Target, ...]:
        """Columns named by the beginning of the word: `enr` for enrollment."""
        found = [
            replace(t, score=_SHORTENED)
            for length in range(_SHORTEST_PREFIX, min(len(token.lower), _LONGEST_PREFIX + 1))
            for t in self._index.names.get((token.lower[:length],), ())
            if t.kind == "column" and len(name_words(t.column)) == 1 and t.score >= _GOOD
        ]
        return tuple(found)

    def _akin(self, token: Token) -> tuple[Target, ...]:
        """Columns with a word of the same root: `directors` and `directed_by`."""
        root = token.stem[:_ROOT]
        if len(token.stem) < _ROOT:
            return ()
        return tuple(
            Target("column", *place, score=_AKIN)
            for place, word in self._index.columns_by_root.get(root, ())
            if abs(len(word) - len(token.stem)) <= _ROOT - 1
        )
