"""Searches for near quotes: rare words find every quote, frequent words compare a limited number."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.storage.search.near_searches import MAX_COMPARED_QUOTES, MAX_HITS, NearSearch, plan_near_searches

WORDS = ["of", "the", "we", "council", "vote", "bridge", "harbour", "ferry", "toll"]
COUNTS = st.dictionaries(st.sampled_from(WORDS), st.integers(1, 2 * MAX_COMPARED_QUOTES))
FREQUENT = MAX_COMPARED_QUOTES + 1


def test_rare_pairs_are_searched_together_among_all_quotes() -> None:
    searches = plan_near_searches(["council", "vote", "bridge"], {"council": 9, "vote": 3, "bridge": 7})
    assert searches[0] == NearSearch([("council", "vote"), ("vote", "bridge")])
    assert searches[1:] == [NearSearch(word_sets=[("vote",), ("bridge",), ("council",)])]


def test_frequent_pairs_share_the_quotes_that_are_compared() -> None:
    searches = plan_near_searches(["council", "vote", "the"], dict.fromkeys(("council", "vote", "the"), FREQUENT))
    assert [(search.content, search.max_compared) for search in searches if search.content] == [
        ([("council", "vote")], MAX_COMPARED_QUOTES // 2),
        ([("vote", "the")], MAX_COMPARED_QUOTES // 2),
    ]


def test_quotes_with_several_frequent_words_come_before_quotes_with_one() -> None:
    words = ["bridge", "council", "ferry"]
    searches = plan_near_searches(words, dict.fromkeys(words, FREQUENT))
    assert [search.word_sets for search in searches if search.word_sets] == [
        [("council", "bridge", "ferry")],
        [("council", "bridge"), ("council", "ferry"), ("bridge", "ferry")],
        *([(word,)] for word in ("council", "bridge", "ferry")),
    ]


def test_pairs_of_common_words_count_only_without_others() -> None:
    assert plan_near_searches(["of", "the"], {"of": 5, "the": 9})[0] == NearSearch([("of", "the")])
    assert plan_near_searches(["of", "the", "vote"], {"of": 1, "the": 1, "vote": 1})[0] == NearSearch([("the", "vote")])


def test_unknown_words_are_not_searched() -> None:
    assert plan_near_searches(["council", "vote"], {}) == []
    assert plan_near_searches(["council", "vote"], {"vote": 2}) == [NearSearch(word_sets=[("vote",)])]


@given(st.lists(st.sampled_from(WORDS), max_size=64), COUNTS)
def test_candidates_of_all_pairs_are_limited(words: list[str], counts: dict[str, int]) -> None:
    searches = [search for search in plan_near_searches(words, counts) if search.content]
    for search in searches:
        rarest = sum(min(counts[word] for word in pair) for pair in search.content)
        assert search.max_compared or rarest <= MAX_COMPARED_QUOTES
    assert sum(search.max_compared for search in searches) <= MAX_COMPARED_QUOTES


@given(st.lists(st.sampled_from(WORDS), max_size=20), COUNTS)
def test_searches_are_few_and_a_rare_word_is_searched_alone(words: list[str], counts: dict[str, int]) -> None:
    searches = plan_near_searches(words, counts)
    assert len(searches) <= 12
    known_words = [word for word in words if word in counts and word not in ("of", "the", "we")]
    if known_words and min(counts[word] for word in known_words) <= MAX_HITS:
        rarest_word = min(known_words, key=lambda word: (counts[word], -len(word), word))
        assert any((rarest_word,) in search.word_sets for search in searches)
