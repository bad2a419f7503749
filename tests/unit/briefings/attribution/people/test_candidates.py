"""The candidates of an ordinary article are unlimited by its density; a wall of quotations has fewer for each."""

import pytest

from briefings.attribution.people.ranking.candidates import MAX_CANDIDATES, limit_candidates


@pytest.mark.parametrize(("tokens", "quotations"), [(60, 6), (500, 22), (1_500, 55), (5_000, 115), (12_000, 400)])
def test_an_article_or_a_long_interview_keeps_all_candidates(tokens: int, quotations: int) -> None:
    assert limit_candidates(tokens, quotations) == MAX_CANDIDATES


@pytest.mark.parametrize(("tokens", "quotations"), [(20_000, 2_500), (25_000, 3_500), (15_000, 8_000)])
def test_a_wall_of_quotations_has_rows_in_proportion_to_its_length(tokens: int, quotations: int) -> None:
    limit = limit_candidates(tokens, quotations)
    assert 0 < limit < MAX_CANDIDATES
    assert limit * quotations <= 3 * tokens


def test_a_text_without_quotations_has_a_limit() -> None:
    assert limit_candidates(0, 0) == MAX_CANDIDATES
