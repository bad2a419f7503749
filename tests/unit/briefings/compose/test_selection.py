"""Lines are selected by their gain per word, and lazy selection gives the greedy result."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.selection import Concept, ConceptWeights, Selection, WordBudget, select_greedily
from briefings.model import Article
from briefings.similarity.source_independence import IndependentOutlets

ARTICLES = [Article("a", "one", "A"), Article("b", "two", "B")]
WORDS = ["vote", "petition", "rally", "leader", "union", "mandate", "ballot"]
CANDIDATES = st.lists(st.tuples(st.sets(st.sampled_from(WORDS)), st.integers(1, 9)), max_size=8)


def make_concepts(*words: str) -> frozenset[Concept]:
    return frozenset(("word", word) for word in words)


WEIGHTS = ConceptWeights(
    {"a": make_concepts(*WORDS), "b": make_concepts("vote", "petition")}, IndependentOutlets(ARTICLES)
)


def make_candidate(word_count: int, *topics: str) -> Selection:
    return Selection("w " * word_count, word_count, make_concepts(*topics), 1.0)


def select(candidates: list[Selection], words: int, covered_concepts: set[Concept] | None = None) -> list[int]:
    budget, indexes = WordBudget(words), list[int]()
    budget.release(words)
    select_greedily(
        candidates,
        WEIGHTS,
        budget,
        covered_concepts=set() if covered_concepts is None else covered_concepts,
        is_allowed=lambda index: index not in indexes,
        on_selected=indexes.append,
    )
    return indexes


def test_concept_of_two_outlets_comes_first() -> None:
    assert select([make_candidate(5, "rally"), make_candidate(5, "vote")], 5) == [1]


def test_covered_concept_is_not_repeated() -> None:
    covered_concepts = set(make_concepts("vote"))
    assert select([make_candidate(5, "vote"), make_candidate(5, "rally")], 10, covered_concepts) == [1]
    assert covered_concepts == make_concepts("vote", "rally")


def test_shorter_text_with_the_same_concepts_is_selected() -> None:
    assert select([make_candidate(9, "vote"), make_candidate(4, "vote")], 20) == [1]


def test_ties_go_to_the_earlier_candidate() -> None:
    assert select([make_candidate(4, "rally"), make_candidate(4, "leader")], 4) == [0]


@given(CANDIDATES, st.integers(0, 30))
def test_budget_is_respected_and_no_candidate_is_selected_twice(
    topics_with_length: list[tuple[set[str], int]], words: int
) -> None:
    candidates = [make_candidate(length, *topics) for topics, length in topics_with_length]
    indexes = select(candidates, words)
    assert sum(candidates[index].word_count for index in indexes) <= words
    assert len(indexes) == len(set(indexes))
    assert all(candidates[index].concepts for index in indexes)
