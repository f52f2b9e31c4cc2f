"""Which thread a conversation goes on in, where its client sends all that was said each time."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import orjson

from domain.user import User
from graph.asked import new_id

_MAXIMUM = 2_000
Said = Sequence[tuple[str, str]]
"""Role and text of each message, in order."""


class Conversations:
    """Knows threads by all that was said in them; they are forgotten with the process."""

    def __init__(self) -> None:
        self._threads: OrderedDict[str, str] = OrderedDict()

    def thread_of(self, user: User, said: Said) -> str:
        """Returns the thread in which exactly this was said; a new one where there is none."""
        return self._threads.get(_digest(user, said)) or new_id()

    def remember(self, user: User, said: Said, thread_id: str) -> None:
        """Notes what has been said in a thread by now."""
        self._threads[_digest(user, said)] = thread_id
        if len(self._threads) > _MAXIMUM:
            self._threads.popitem(last=False)


def _digest(user: User, said: Said) -> str:
    relevant = [(role, text.strip()) for role, text in said if role in ("user", "assistant")]
    return hashlib.sha256(orjson.dumps([user.id, relevant])).hexdigest()
