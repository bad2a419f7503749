"""Remember what was found in the parts of a story, so that only what a new article changes is computed again.

Rule: only results of pure functions are remembered, and they are used again only for equal arguments. So a story
composed with a memory equals one composed without.
Rule: what a composition did not need is forgotten after it, so a memory stays as large as its story.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar, TypeVarTuple

_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")
_Entries = dict[tuple[Callable[..., Any], Hashable], tuple[Hashable, Any]]


class StoryMemory:
    """Results about the parts of one story, for one composition at a time. Not thread-safe."""

    def __init__(self) -> None:
        #: characters of the articles that were read, by which `StoryMemories` limits what it keeps
        self.character_count = 0
        self._earlier: _Entries = {}
        self._current: _Entries = {}

    def recall(self, part: Hashable, function: Callable[[*_Arguments], _Result], *arguments: *_Arguments) -> _Result:
        """Return `function(*arguments)`, without calling it if its arguments for this part have not changed.

        `part` says which part of the story this is about: an article's id, a surname. The function must be pure. Nobody
        may change its result, unless it is an index to which results of pure functions are added.
        """
        key = function, part
        entry = self._current.get(key) or self._earlier.get(key)
        if entry is None or entry[0] != arguments:
            entry = arguments, function(*arguments)
        self._current[key] = entry
        result: _Result = entry[1]
        return result

    def find(self, part: Hashable, version: Hashable) -> Any:  # noqa: ANN401  # the caller knows what it kept
        """Return what was kept for this version of a part, or None."""
        entry = self._current.get((StoryMemory.keep, part)) or self._earlier.get((StoryMemory.keep, part))
        if entry is None or entry[0] != version:
            return None
        self._current[StoryMemory.keep, part] = entry
        return entry[1]

    def keep(self, part: Hashable, version: Hashable, value: object) -> None:
        """Keep a value for one version of a part: what was read from elsewhere. Nobody may change it."""
        self._current[StoryMemory.keep, part] = version, value

    def forget_unused(self) -> None:
        """Forget what was not recalled since the last call of this method. Call it after each composition."""
        self._earlier, self._current = self._current, {}


class StoryMemories:
    """The memories of the stories that were composed last, at most `max_stories`. Thread-safe.

    Fewer are kept if their articles have more than `max_characters` in all.
    """

    def __init__(self, max_stories: int, max_characters: int) -> None:
        self._max_stories, self._max_characters = max_stories, max_characters
        self._lock = Lock()
        #: the memories that no thread uses now, the least recently used first
        self._memories: dict[Hashable, StoryMemory] = {}

    @contextmanager
    def use(self, story: Hashable) -> Iterator[StoryMemory]:
        """Yield the memory of a story; an empty one if there is none, or if another thread uses it.

        It is kept afterwards, unless the composition fails.
        """
        with self._lock:
            memory = self._memories.pop(story, None) or StoryMemory()
        yield memory
        memory.forget_unused()
        with self._lock:
            self._memories.pop(story, None)
            self._memories[story] = memory
            while len(self._memories) > self._max_stories or self._count_characters() > self._max_characters:
                del self._memories[next(iter(self._memories))]

    def _count_characters(self) -> int:
        return sum(memory.character_count for memory in self._memories.values())
