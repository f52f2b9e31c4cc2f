"""The words of a question, their stems, and the words that carry no meaning of their own."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from context_store.names import singular_of, word_set

MAXIMUM_WORDS = 120
"""Words of a question that are looked at: more would be no question."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)

FUNCTION_WORDS = word_set(
    "a about above after all also am an and any are as at be been before being below between both "
    "but by can could did do does doing done down during each either else ever every few for from "
    "had has have having he her here hers him his how i if in into is it its just me more most "
    "much my neither no nor not of off ok on once only or other our out over own per please same "
    "she should so some such than that the their them then there these they this those through to "
    "too under until up upon us very via was we were what when where which while who whom whose "
    "why will with within without would yes you your s t re ll d m hi la de el ma pa id us"
)
QUESTION_WORDS = word_set(
    "show list find give tell get count number total sum average mean median minimum maximum min "
    "max highest lowest largest smallest most least best worst top bottom first last latest "
    "earliest many year years month months week weeks day days date dates hour hours minute today "
    "yesterday share percent percentage ratio rate trend compare comparison versus vs group "
    "grouped by across different distinct unique name names value values type order sort sorted "
    "descending ascending chart bar pie line scatter graph plot draw histogram return display "
    "record records row rows table column may time times one two three long new old high low "
    "january february march april may june july august september october november december "
    "asc desc axis bars charts stacked histogram distribution proportion "
    "monday tuesday wednesday thursday friday saturday sunday quarter weekend weekday"
)


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """One word: as it was written, and folded to lower case without accents."""

    text: str
    folded: str
    start: int
    end: int


def question_words(question: str) -> list[QuestionWord]:
    """Returns the words of a question, at most `MAXIMUM_WORDS`."""
    found = []
    for match in _WORD.finditer(question):
        found.append(QuestionWord(match[0], fold(match[0]), match.start(), match.end()))
        if len(found) == MAXIMUM_WORDS:
            break
    return found


def folded_words(text: str) -> list[str]:
    """Returns the words of a text, folded."""
    return [fold(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Returns a word without case and accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Returns the part of an English word that its forms share: `delayed` and `delays` agree."""
    word = singular_of(word)
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word.endswith("e"):
        return word[:-1]
    return word
