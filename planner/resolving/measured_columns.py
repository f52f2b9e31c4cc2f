"""The column that an adjective measures: `the oldest`, `how long`, `when was it founded`."""

from domain.plan import ColumnReference
from planner.language.lexicon import Adjective, load_lexicon
from planner.language.names import name_words
from planner.reading.grammar_words import ROOT_LENGTH
from planner.resolving.binding_scores import adjective_score
from planner.resolving.clarify import identity
from planner.resolving.time_columns import TimeColumns
from planner.schema.binding_errors import AmbiguousError, UnreadableError
from planner.schema.join_path import JoinGraph
from planner.schema.schema_index import SchemaIndex, Target

_MOST_SAID = 2
_SAID = 0.15


class MeasuredColumns(TimeColumns):
    """Finds what adjectives measure, given what a question speaks of."""

    def __init__(
        self,
        index: SchemaIndex,
        graph: JoinGraph,
        roots: frozenset[str],
        choices: frozenset[str],
    ) -> None:
        """`roots` are the beginnings of the question's words, `choices` what was chosen before."""
        super().__init__(index, graph)
        self.mentioned: set[str] = set()
        self.decided = False
        """True where the analyst has said what is meant: the best reading is taken."""
        self._roots = roots
        self._choices = choices

    def measured_by(self, adjective: Adjective, table: str) -> tuple[ColumnReference, bool]:
        """Returns the column an adjective measures, and True where more is a higher value."""
        found_columns: list[tuple[float, ColumnReference, bool]] = []
        tables = [table, *(t for t in sorted(self.mentioned) if t != table)]
        for place, name in enumerate(tables):
            for column in self.index.tables[name].columns:
                found = adjective_score(adjective, column)
                if found is None or self.index.is_key(name, column.name):
                    continue
                if column.name == self.index.label_of(name) and not column.family.is_numeric:
                    continue
                score = found[0] - 0.5 * place
                score += _SAID * min(self._words_said(name, column.name), _MOST_SAID)
                reference = ColumnReference(table=name, column=column.name)
                found_columns.append((score, reference, found[1]))
        dated = self._said_date(adjective, table) if not found_columns else None
        if dated is not None:
            return dated, bool(adjective.high)
        if not found_columns:
            text = f"Nothing in {table} says how {adjective.base} a row is."
            raise UnreadableError(text, (adjective.base,))
        best = max(found_columns, key=lambda choice: choice[0])
        alike = [c for score, c, _ in found_columns if score == best[0]]
        if len(alike) > 1 and not self.decided:
            targets = [Target("column", c.table, c.column) for c in alike]
            chosen = [identity(adjective.base, t) in self._choices for t in targets]
            if not any(chosen):
                raise AmbiguousError(adjective.base, targets)
            return alike[chosen.index(True)], best[2]
        return best[1], best[2]

    def _said_date(self, adjective: Adjective, table: str) -> ColumnReference | None:
        """`When was the school founded?`: a verb names the column of years, or of dates."""
        if not {"date", "year"} <= {*adjective.high, *adjective.low}:
            return None
        said = [
            c.name
            for c in self.index.tables[table].columns
            if self.is_said(table, c.name)
            and (c.family.is_temporal or (c.family.is_numeric and not c.additive))
            and not self.index.is_key(table, c.name)
            and any(word.endswith("ed") for word in name_words(c.name))
        ]
        return ColumnReference(table=table, column=said[0]) if len(said) == 1 else None

    def is_said(self, table: str, column: str) -> bool:
        """True where the question has a word of the column: `arrived` and arrival delay."""
        return self._words_said(table, column) > 0

    def _words_said(self, table: str, column: str) -> int:
        entry = self.index.column(table, column)
        short = load_lexicon().abbreviations
        names = [word for name in (column, *entry.synonyms) for word in name_words(name)]
        written = {w[:ROOT_LENGTH] for name in names for w in short.get(name, name).split()}
        return len(written & self._roots)
