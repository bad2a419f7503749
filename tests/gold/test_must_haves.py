"""Must-have facts in briefings, compared with a baseline, and rules for what is expected or in conflict."""

import sys

import pytest

from briefings.compose import compose
from briefings.compose.candidates import Candidates
from briefings.facts import is_expected
from briefings.model import ELISION, Briefing, Slot, Span
from tests.gold.must_haves import list_events, load_basil, load_story, split_facts
from tests.support.articles import AnalysedArticles

#: number of facts by list and word limit; raise it after an improvement
BASELINE = {
    ("seeds", 250): 14,
    ("seeds", 400): 17,
    ("basil-06ffda2d", 250): 13,
    ("basil-06ffda2d", 400): 14,
    ("basil-1b96a5db", 250): 12,
    ("basil-1b96a5db", 400): 12,
    ("basil-22b6e900", 250): 11,
    ("basil-22b6e900", 400): 12,
}


@pytest.mark.parametrize(("name", "words"), BASELINE)
def test_briefing_has_the_facts_of_the_baseline(name: str, words: int, capsys: pytest.CaptureFixture[str]) -> None:
    briefing = compose("t", "T", load_story(name), max_words=words)
    contained_facts, missing_facts = split_facts(name, briefing)
    with capsys.disabled():
        fact_count = len(contained_facts) + len(missing_facts)
        sys.stdout.write(f"\nbriefing.{name}.words_{words}.facts {len(contained_facts)} of {fact_count} ")
    assert len(contained_facts) >= BASELINE[name, words], f"missing: {'; '.join(missing_facts)}"
    assert briefing.words <= words


def test_expected_events_of_the_seeds_are_marked_as_expected() -> None:
    articles_with_quotes = load_story("seeds")
    for words in (100, 250, 400, 1000):
        _assert_marked(articles_with_quotes, compose("t", "T", articles_with_quotes, max_words=words))


@pytest.mark.parametrize("event", list_events() or ["missing"])
def test_expected_events_of_basil_are_marked_as_expected(event: str) -> None:
    articles_with_quotes = load_basil(event)
    briefing = compose("t", "T", articles_with_quotes, max_words=400)
    _assert_marked(articles_with_quotes, briefing)
    assert briefing.dropped_lines == 0


def test_the_petition_the_mandate_and_the_staging_are_compared_and_nothing_else_is() -> None:
    """Every pair of figures the seeds give, and the claim of a staged protest, at a length that has room for all."""
    briefing = compose("t", "T", load_story("seeds"), max_words=2000)
    texts = [line.text for line in briefing.get_slot_lines(Slot.DIFFERENCES)]
    assert len(texts) == 3
    assert sum("140,000" in text and "150,000" in text for text in texts) == 1
    assert sum(text.count("60%") == 2 for text in texts) == 1
    assert sum("had been staged" in text and "intending to do this" in text for text in texts) == 1


def test_the_staging_and_the_petition_are_differences_at_the_usual_length() -> None:
    briefing = compose("t", "T", load_story("seeds"), max_words=400)
    texts = [line.text for line in briefing.get_slot_lines(Slot.DIFFERENCES)]
    assert len(texts) == 2
    assert "had been staged" in texts[0]
    assert "140,000" in texts[1]


def _assert_marked(articles_with_quotes: AnalysedArticles, briefing: Briefing) -> None:
    candidates = Candidates(articles_with_quotes)
    unquoted_texts = {article.id: candidates.get_unquoted_text(article) for article, _ in articles_with_quotes}
    for line in briefing.lines:
        if line.evidence and line.slot in (Slot.STATUS, Slot.TIMELINE):
            text = ELISION.join(unquoted_texts[piece.article][piece.start : piece.end] for piece in line.evidence)
            assert line.expected or not is_expected(text, Span(0, len(text))), line.text
