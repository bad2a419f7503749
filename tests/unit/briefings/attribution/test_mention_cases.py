"""The words that name each quotation's speaker, by the cases in tests/cases/mentions.md."""

import pytest

from briefings.attribution.analysis import extract_quotes
from briefings.model import Article, Quote
from tests.support.case_files import Case, load_cases


@pytest.mark.parametrize("case", load_cases("mentions"))
def test_article_words_for_the_speaker_are_the_expected_ones(case: Case) -> None:
    quotes = extract_quotes(Article("case", case.fragment))
    for line in case.expected:
        words, source = line.split(" | ")
        quote = _find_quote(case.fragment, quotes, words)
        if source == "-":
            assert quote is None or quote.speaker is None
        else:
            assert quote is not None
            assert quote.source is not None
            assert quote.source.of(case.fragment) == source


def _find_quote(text: str, quotes: tuple[Quote, ...], words: str) -> Quote | None:
    start = text.index(words)
    return next((q for q in quotes if q.span.start <= start < q.span.end), None)
