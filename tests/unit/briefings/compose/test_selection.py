"""Words are counted against a budget, and compared by their stems."""

from hypothesis import given
from hypothesis import strategies as st

from briefings.compose.selection import WordBudget, extract_word_concepts, stem


def test_forms_of_a_word_have_one_stem() -> None:
    assert stem("resigned") == stem("resigns") == stem("resign")


def test_short_word_keeps_its_ending() -> None:
    assert stem("bed") == "bed"


def test_numbers_and_stop_words_are_no_concepts() -> None:
    assert extract_word_concepts("The 140 voters of the town") == extract_word_concepts("voter town")


def test_unused_words_of_a_slot_go_to_the_next() -> None:
    budget = WordBudget(10)
    budget.release(4)
    assert budget.fits("one two three four")
    assert not budget.fits("one two three four five")
    budget.spend("one")
    budget.release(5)
    assert budget.fits("w " * 8)
    assert not budget.fits("w " * 9)
    budget.release(100)
    assert budget.fits("w " * 9)
    assert not budget.fits("w " * 10)


def test_released_words_can_be_withheld_again() -> None:
    budget = WordBudget(10)
    budget.release(4)
    assert budget.fits("four words are enough")
    assert not budget.fits("five words are too many")
    budget.withhold()
    assert not budget.fits("one")
    assert budget.remaining == 10


@given(st.integers(0, 30), st.lists(st.integers(1, 8), max_size=8))
def test_budget_is_never_overspent(word_count: int, lengths: list[int]) -> None:
    budget = WordBudget(word_count)
    budget.release(word_count)
    texts = [" ".join(["word"] * length) for length in lengths]
    for text in texts:
        if budget.fits(text):
            budget.spend(text)
    assert 0 <= budget.remaining <= word_count
    assert budget.available == budget.remaining
