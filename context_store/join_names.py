"""How far the names of two columns say that one refers to the other."""

from collections.abc import Sequence

from context_store.names import entity_words_of, expanded_words_of, singular_of, word_set, words_of

_GENERIC = word_set("id key code name title no number num nbr type uuid guid")
_KEY_WORDS = word_set("id key code no number num nbr uuid guid fk sk ref")
_COUNTS = word_set("number count total amount quantity")
_WHO_IS_OVER_WHOM = word_set(
    "manager mgr parent supervisor boss reports mentor superior head predecessor referrer "
    "referred refers reply root friend spouse"
)
_SHORTEST_PREFIX = 3


def name_evidence(child_table: str, child: str, parent_table: str, parent: str) -> float:
    """Returns 0 to 1: 1 for `sessions.panelist_id` and `panelists.id` or `.panelist_id`."""
    child_words, parent_words = _normal(child), _normal(parent)
    entity = entity_words_of(parent_table)
    stem = tuple(word for word in child_words if word not in _GENERIC)
    is_named = bool(stem) and (_ends_with(stem, entity) or _ends_with(stem, entity[-1:]))
    if child_words == parent_words:
        return 0.1 if not stem else 1.0 if is_named else 0.9
    if not stem:
        return 0.0
    if _ends_with(child_words, (*entity, *parent_words)):
        return 1.0
    if len(parent_words) > 1 and _ends_with(child_words, parent_words):
        return 0.9
    if not _reads_as_a_reference(child, child_words, parent_words):
        return 0.0
    if is_named:
        return 0.85
    says_who = child_words[-1] in _KEY_WORDS and entity[-1] in stem
    return 0.7 if says_who or _is_short_for(stem[-1], entity) else 0.0


def is_self_reference(child: str, parent: str) -> bool:
    """True for names such as `manager_id`, that point at another row of the same table."""
    return child != parent and bool(_WHO_IS_OVER_WHOM & set(words_of(child)))


def _normal(identifier: str) -> tuple[str, ...]:
    return tuple(singular_of(word) for word in expanded_words_of(identifier))


def _ends_with(words: Sequence[str], ending: Sequence[str]) -> bool:
    return len(words) >= len(ending) > 0 and tuple(words[-len(ending) :]) == tuple(ending)


def _reads_as_a_reference(child: str, words: Sequence[str], parent: Sequence[str]) -> bool:
    """A key's word at the end (`home_team_id`), or the bare entity in the singular (`country`)."""
    if words[-1] in _KEY_WORDS or words[-1] == parent[-1]:
        return True
    is_count = expanded_words_of(child)[-1] != words[-1] or bool(_COUNTS & set(words))
    return words[-1] not in _GENERIC and not is_count


def _is_short_for(word: str, entity: Sequence[str]) -> bool:
    """True for `stu` of `student`; a whole other word of the table's name is no short form."""
    head = entity[-1]
    return len(word) >= _SHORTEST_PREFIX and word not in entity and head.startswith(word)
