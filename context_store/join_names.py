"""How far the names of two columns say that one refers to the other."""

from collections.abc import Sequence

from context_store.names import entity_words_of, expanded_words_of, singular_of, word_set, words_of

_GENERIC = word_set("id key code name title no number num nbr type uuid guid")
_KEY_WORDS = word_set("id key code no number num nbr uuid guid fk sk ref")
_WHO_IS_OVER_WHOM = word_set(
    "manager mgr parent supervisor boss reports mentor superior head predecessor referrer "
    "referred refers reply root friend spouse"
)
_SHORTEST_PREFIX = 3


def name_evidence(child_table: str, child: str, parent_table: str, parent: str) -> float:
    """Returns 0 to 1: 1 for `sessions.panelist_id` and `panelists.id` or `.panelist_id`."""
    child_words, parent_words = _normal(child), _normal(parent)
    entity = entity_words_of(parent_table)
    if child_words == parent_words:
        return 0.1 if set(child_words) <= _GENERIC else 1.0
    stem = tuple(word for word in child_words if word not in _GENERIC)
    if not stem:
        return 0.0
    if _ends_with(child_words, (*entity, *parent_words)):
        return 1.0
    if len(parent_words) > 1 and _ends_with(child_words, parent_words):
        return 0.9
    if not _reads_as_a_reference(child_words, parent_words):
        return 0.0
    if _ends_with(stem, entity) or _ends_with(stem, entity[-1:]):
        return 0.9
    return 0.7 if _is_short_for(stem[-1], entity) else 0.0


def is_self_reference(child: str, parent: str) -> bool:
    """True for names such as `manager_id`, that point at another row of the same table."""
    return child != parent and bool(_WHO_IS_OVER_WHOM & set(words_of(child)))


def _normal(identifier: str) -> tuple[str, ...]:
    return tuple(singular_of(word) for word in expanded_words_of(identifier))


def _ends_with(words: Sequence[str], ending: Sequence[str]) -> bool:
    return len(words) >= len(ending) > 0 and tuple(words[-len(ending) :]) == tuple(ending)


def _reads_as_a_reference(child: Sequence[str], parent: Sequence[str]) -> bool:
    """A key's word at the end (`home_team_id`), or the bare entity (`country` for its `name`)."""
    last_is_key = child[-1] in _KEY_WORDS
    same_last = child[-1] == parent[-1]
    return last_is_key or same_last or child[-1] not in _GENERIC


def _is_short_for(word: str, entity: Sequence[str]) -> bool:
    if len(word) < _SHORTEST_PREFIX:
        return False
    return any(part.startswith(word) for part in entity)
