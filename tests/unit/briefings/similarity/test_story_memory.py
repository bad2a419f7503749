"""A story memory saves calls for equal arguments, and forgets what a composition did not need."""

from briefings.similarity.story_memory import StoryMemories, StoryMemory


class Calls:
    """A pure function that counts its calls."""

    def __init__(self) -> None:
        self.count = 0

    def double(self, number: int) -> int:
        """Return the double."""
        self.count += 1
        return 2 * number


def test_equal_arguments_are_computed_once() -> None:
    """The second question about an unchanged part costs no call; a changed one does."""
    calls, memory = Calls(), StoryMemory()
    double = calls.double
    assert [memory.recall("a", double, number) for number in (1, 1, 2, 2)] == [2, 2, 4, 4]
    assert calls.count == 2


def test_parts_do_not_mix() -> None:
    """Two parts with different arguments each keep their result."""
    calls, memory = Calls(), StoryMemory()
    double = calls.double
    assert [memory.recall(part, double, number) for part, number in (("a", 1), ("b", 2), ("a", 1))] == [2, 4, 2]
    assert calls.count == 2


def test_unused_parts_are_forgotten() -> None:
    """A part that one composition does not need is computed again later."""
    calls, memory = Calls(), StoryMemory()
    double = calls.double
    memory.recall("a", double, 1)
    memory.forget_unused()
    memory.forget_unused()
    memory.recall("a", double, 1)
    assert calls.count == 2


def test_only_so_many_characters_are_kept() -> None:
    """The story that was not used for longest gives way."""
    memories = StoryMemories(max_stories=9, max_characters=10)
    used = {}
    for story in ("a", "b", "c"):
        with memories.use(story) as used[story]:
            used[story].character_count = 5
    with memories.use("a") as first, memories.use("c") as third:
        assert first is not used["a"]
        assert third is used["c"]


def test_two_threads_do_not_share_a_memory() -> None:
    """While one composition uses a memory, another one on the same story starts with an empty one."""
    memories = StoryMemories(max_stories=9, max_characters=10)
    with memories.use("a") as first, memories.use("a") as second:
        assert first is not second
