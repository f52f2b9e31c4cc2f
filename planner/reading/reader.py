"""The grammar: reads a row of mentions, left to right, into what the question says."""

from collections.abc import Callable
from dataclasses import replace

from domain.plan import MeasureFunction
from planner.language.lexicon import load_lexicon
from planner.linking.mention import Mention
from planner.reading.grammar_words import ROOT_LENGTH, SURE
from planner.reading.read_contrasts import ContrastRules
from planner.reading.reading import Item, Reading, Reference

_AUXILIARIES = ("do", "does", "did", "has", "have")


class Reader(ContrastRules):
    """One pass over the mentions of one question."""

    def __init__(self, mentions: list[Mention], *, is_follow_up: bool = False) -> None:
        super().__init__(mentions, is_follow_up=is_follow_up)
        self._rules: dict[str, Callable[[Mention], None]] = {
            "count": self._count,
            "aggregate": self._aggregate,
            "share": self._share,
            "ratio": self._ratio,
            "distinct": self._mark_distinct,
            "rank": self._rank,
            "popular": self._popular,
            "adjective": self._adjective,
            "compare": self._compare,
            "split_compare": self._split_compare,
            "generic": self._generic,
            "time_compare": self._time_compare,
            "between": self._between,
            "contains": self._contains,
            "order": self._order,
            "direction": self._direction,
            "axis": self._axis,
            "each": self._each,
            "not": self._not,
            "except": self._except,
            "both": self._mark_both,
            "either": self._skip,
            "or": self._mark_or,
            "stop": self._stop,
            "whose": self._open_where,
            "that": self._that,
            "with": self._open_where,
            "in": self._open_where,
            "for": self._open_where,
            "by": self._by,
            "their": self._their,
            "show": self._show,
            "everything": self._everything,
            "null": self._null,
            "link": self._link,
            "quoted": self._quoted,
            "number": self._number,
            "span": self._span,
            "unknown": self._unknown,
            "unread": self._unknown,
            "sign": self._skip,
            "part": self._part,
            "grain": self._grain,
            "weekday": self._weekday,
            "average_of_all": self._aggregate,
            "versus": self._versus,
            "trend": self._trend,
            "growth": self._growth,
            "bin": self._bin,
            "ordinal": self._ordinal,
        }

    def read(self) -> Reading:
        """Reads to the end. Words that found no place are in `unplaced`."""
        while self._at < len(self._all):
            mention = self._all[self._at]
            self._at += 1
            rule = self._rules.get(mention.kind)
            closes = mention.kind in ("and", "comma", "stop", "whose", "or", "show")
            if closes and self._at - 1 != self._benchmark_at:
                self._benchmark_open = False
            if rule is not None:
                rule(mention)
        self._check_negation()
        self._count_present()
        self._tidy()
        self._contrast()
        self._settle_shares()
        asking = ("show", "that", "count", "everything", "whose", "distinct", "order", "rank")
        self.reading.is_fragment = not any(m.kind in asking for m in self._all)
        self.reading.is_drawn = any(m.kind == "chart" for m in self._raw)
        self.reading.roots = frozenset(
            word[:ROOT_LENGTH] for m in self._raw for word in m.text.lower().split()
        )
        self.reading.said = self._raw
        self.reading.names = [
            m
            for m, following in zip(self._raw, [*self._raw[1:], None], strict=True)
            if _is_name(m) and not _is_part(m, following)
        ]
        return self.reading

    def _count_present(self) -> None:
        """`attractions that are visited at least twice`: the visits are what is counted."""
        for count in self.reading.counts:
            present = [p for p in self.reading.presences if not p.negated]
            if count.item.reference is None and count.hint is None and len(present) == 1:
                count.item.reference = present[0].reference
                self.reading.presences.remove(present[0])

    def _tidy(self) -> None:
        """Leaves out what was said twice, and the entity where its columns are asked for."""
        items = self.reading.items
        counted = [i for i in items if i.function is MeasureFunction.COUNT]
        for item in counted:
            if item.reference is None and len(counted) > 1 and not item.share:
                items.remove(item)
        self._place_ordinal()
        entity = items[0] if items else None
        later = [i for i in items if i.sentence > 0 and i.function is None]
        if entity and later and _is_plain_entity(entity):
            items.remove(entity)
        if self._limit is not None:
            self._spend_limit()

    def _place_ordinal(self) -> None:
        """`the second largest`: the rank that was said right behind is not the first."""
        if self._ordinal_said is None:
            return
        place, number, text = self._ordinal_said
        ranks = self.reading.ranks[place : place + 1]
        if ranks and ranks[0].limit == 1:
            ranks[0].skip = number - 1
        else:
            self.reading.unplaced.append(text)

    def _spend_limit(self) -> None:
        """`the three colleges with the most players`: the number said first is the limit."""
        rank = next((r for r in self.reading.ranks if r.limit in (None, 1)), None)
        if rank is not None:
            rank.limit = self._limit
        elif self._limit != 1:
            self.reading.unplaced.append(str(self._limit))

    def _stop(self, mention: Mention) -> None:
        before = self._before()
        if before is not None and before.kind in ("that", "with", "whose", "not"):
            return
        self._check_negation()
        self._where = False
        self._negated = self._both = self._or = False
        self._last = None
        if mention.text in (".", "?") and self.reading.items:
            self._sentence += 1

    def _open_where(self, mention: Mention) -> None:
        if self._asks_for(mention) or self._asks_in_which(mention):
            return
        self._where = True
        self._opener = mention.kind
        if mention.kind == "whose":
            self._last = None

    def _asks_in_which(self, mention: Mention) -> bool:
        """`In which countries are ...`, `... and in which season did ...`: they are asked for."""
        position = self._all.index(mention)
        before = self._all[position - 1] if position else None
        ahead = self._peek(("filler",))
        if ahead is None or ahead.kind != "link" or ahead.best("value") > 0:
            return False
        verb, *rest = [*self._all[self._all.index(ahead) + 1 :], ahead]
        asks = verb.kind == "be" or verb.text.lower() in _AUXILIARIES
        if not asks or not mention.text.lower().endswith("which"):
            return False
        behind = next((m for m in rest if m.kind != "filler"), ahead)
        goes_on = before is not None and before.kind in ("and", "comma") and self.reading.items
        if not goes_on and (before is not None or behind.kind != "compare"):
            return False
        reference = self._take_name()
        self._add_item(Item(reference))
        self._last, self._where = reference, False
        return True

    def _asks_for(self, mention: Mention) -> bool:
        """`Where is ...`, `When did ...`: the place or the time is what is asked for."""
        word = mention.text.lower()
        adjective = load_lexicon().adjectives.get((word,))
        ahead = self._peek()
        asks = ahead is not None and (ahead.kind == "be" or ahead.text.lower() in _AUXILIARIES)
        before = self._before()
        opens = mention is self._all[0] or (before is not None and before.kind == "and")
        if not opens or adjective is None or not asks:
            return False
        asked = replace(mention, kind="adjective", adjective=adjective)
        self._add_item(Item(Reference(asked)))
        self._where, self._opener = True, "that"
        return True

    def _that(self, mention: Mention) -> None:
        if self._asks_for(mention) or self._points_back(mention):
            return
        self._opener = mention.kind
        if self.reading.items:
            self._where = True

    def _points_back(self, mention: Mention) -> bool:
        """`the years and the number of churches that opened in that year`: said already."""
        before, ahead = self._before(), self._peek()
        if mention.text.lower() != "that" or before is None or ahead is None:
            return False
        if before.kind not in ("in", "for", "of") or ahead.kind != "link":
            return False
        behind = self._all[self._at + 1 : self._at + 2]
        if behind and behind[0].kind not in ("stop", "comma", "and", "order"):
            return False
        asked = [i.reference.mention for i in self.reading.items if i.reference is not None]
        named = {(t.kind, t.table, t.column) for m in asked for t in m.targets if t.score >= SURE}
        if not any((t.kind, t.table, t.column) in named for t in ahead.targets if t.score >= SURE):
            return False
        self._at += 1
        return True

    def _show(self, mention: Mention) -> None:
        del mention
        self._check_negation()
        self._where = False

    def _their(self, mention: Mention) -> None:
        del mention
        before = self._before()
        if before is not None and before.kind in ("and", "comma", "show", "stop"):
            self._where = False


def _is_plain_entity(item: Item) -> bool:
    """`Which students ...?` with their columns asked for in a later sentence."""
    first = item.sentence == 0 and not item.function
    return first and item.reference is not None and item.reference.is_table


def _is_name(mention: Mention) -> bool:
    """True for links that name something of the data for sure, rather than a value of it."""
    name = max(mention.best("column"), mention.best("table"), mention.best("metric"))
    lexicon, text = load_lexicon(), mention.text.lower()
    says_little = text in lexicon.generic or text in lexicon.fillers
    is_sure = name >= SURE and name > mention.best("value")
    return mention.kind == "link" and is_sure and not says_little


def _is_part(mention: Mention, following: Mention | None) -> bool:
    """The first noun of a compound: of `train stations`, but not `weighted panelists`."""
    if following is None or following.kind != "link":
        return False
    is_table = mention.best("table") >= SURE and not mention.of_kind("value")
    colours = Reference(following).is_table and not mention.text.endswith(("s", "ed"))
    return not is_table or colours
