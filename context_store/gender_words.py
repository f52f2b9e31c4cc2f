"""Everyday words for the values of gender columns: `women` asks for `Female`, `F` or `female`."""

from context_store.names import words_of

_WORDS = {
    "female": ("female", "females", "woman", "women"),
    "male": ("male", "males", "man", "men"),
}
_CODES = {"f": "female", "female": "female", "m": "male", "male": "male"}


def gender_words(column: str, value: str) -> tuple[str, ...]:
    """Returns other words for a value of a gender column; none for any other column."""
    if not {"gender", "sex"} & set(words_of(column)):
        return ()
    gender = _CODES.get(value.lower(), "")
    return tuple(word for word in _WORDS.get(gender, ()) if word != value.lower())
