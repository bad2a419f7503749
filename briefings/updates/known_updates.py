"""Keep the updates of one state of the record, because many channels with one topic have read the same.

Rule: an update is used again only for an equal history, day and length, and only while the record has not changed.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from threading import Lock

from briefings.updates.model import ReadingHistory, Update

#: updates that are kept; one has a few hundred words, and what its readers have seen
_MAX_UPDATES = 400


class KnownUpdates:
    """The updates that were composed last. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._change_token = ""
        self._updates: OrderedDict[str, Update | None] = OrderedDict()

    def find_or_compose(
        self,
        change_token: str,
        question: tuple[str, str, date, int],
        history: ReadingHistory,
        compose: Callable[[], Update | None],
    ) -> Update | None:
        """Return the update for readers with this history; compose it if that was not done since the last change.

        `change_token` identifies the state of the record, read before `compose` reads the articles. `question` is the
        topic or words, a hash of the story's articles, the readers' day, and the length in words.
        """
        key = _make_key(question, history)
        with self._lock:
            if change_token != self._change_token:
                self._change_token = change_token
                self._updates.clear()
            if key in self._updates:
                self._updates.move_to_end(key)
                return self._updates[key]
        update = compose()
        with self._lock:
            if change_token == self._change_token:
                self._updates[key] = update
                if len(self._updates) > _MAX_UPDATES:
                    self._updates.popitem(last=False)
        return update


def _make_key(question: tuple[str, str, date, int], history: ReadingHistory) -> str:
    """Return a hash of the question and the history, which are long and need not be kept."""
    seen_texts = sorted(history.text_hashes.items())
    parts = repr((question, history.lines, history.lines_of_other_stories, seen_texts))
    return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()
