"""Lines are chosen by what they add a word, and the lazy choice is the greedy one."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.selection import Concept, ConceptWeights, Selection, WordBudget, select_greedily
from briefings.model import Article
from briefings.similarity.source_independence import IndependentOutlets

ARTICLES = [Article("a", "one", "A"), Article("b", "two", "B")]
WORDS = ["vote", "petition", "rally", "leader", "union", "mandate", "ballot"]
CHOICES = st.lists(st.tuples(st.sets(st.sampled_from(WORDS)), st.integers(1, 9)), max_size=8)


def concepts(*words: str) -> frozenset[Concept]:
    return frozenset(("word", word) for word in words)


WORTH = ConceptWeights({"a": concepts(*WORDS), "b": concepts("vote", "petition")}, IndependentOutlets(ARTICLES))


def choice(words: int, *about: str) -> Selection:
    return Selection("w " * words, words, concepts(*about), 1.0)


def chosen(candidates: list[Selection], words: int, told: set[Concept] | None = None) -> list[int]:
    budget, found = WordBudget(words), list[int]()
    budget.release(words)
    select_greedily(
        candidates,
        WORTH,
        budget,
        covered_concepts=set() if told is None else told,
        is_allowed=lambda at: at not in found,
        on_selected=found.append,
    )
    return found


def test_what_two_outlets_tell_is_told_first() -> None:
    assert chosen([choice(5, "rally"), choice(5, "vote")], 5) == [1]


def test_what_is_told_already_is_not_told_again() -> None:
    told = set(concepts("vote"))
    assert chosen([choice(5, "vote"), choice(5, "rally")], 10, told) == [1]
    assert told == concepts("vote", "rally")


def test_the_shorter_way_to_say_it_is_taken() -> None:
    assert chosen([choice(9, "vote"), choice(4, "vote")], 20) == [1]


def test_of_equals_the_earlier_one_is_taken() -> None:
    assert chosen([choice(4, "rally"), choice(4, "leader")], 4) == [0]


@given(CHOICES, st.integers(0, 30))
def test_the_budget_is_kept_and_nothing_is_taken_twice(drawn: list[tuple[set[str], int]], words: int) -> None:
    candidates = [choice(length, *about) for about, length in drawn]
    found = chosen(candidates, words)
    assert sum(candidates[at].word_count for at in found) <= words
    assert len(found) == len(set(found))
    assert all(candidates[at].concepts for at in found)
