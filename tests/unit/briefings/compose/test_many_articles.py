"""A very large story uses only its newest articles and the beginning of each, and the briefing says so."""

from datetime import date, timedelta

from briefings.compose import compose
from briefings.compose.candidates import MAX_ARTICLES, MAX_SENTENCES, Candidates
from briefings.model import Article, Briefing, Quote, Slot
from briefings.render import terminal

DAY = date(2016, 6, 1)


def make_articles(count: int, lines: int = 1) -> list[tuple[Article, tuple[Quote, ...]]]:
    text = "\n".join(f"The members of the party met in hall number {line} to vote on it." for line in range(lines))
    return [
        (Article(f"{number:05}", f"{text} {number}.", f"P{number}", DAY + timedelta(days=number % 900)), ())
        for number in range(count)
    ]


def test_only_the_newest_articles_are_used_and_the_others_are_counted() -> None:
    briefing = compose("s", "S", make_articles(MAX_ARTICLES + 50), max_words=100)
    assert len(briefing.get_slot_lines(Slot.SOURCES)) == MAX_ARTICLES
    missing_texts = [line.text for line in briefing.get_slot_lines(Slot.MISSING)]
    assert any(text.startswith("Older or undated articles that are not included: 50.") for text in missing_texts)
    oldest = min(source.published for source in briefing.sources if source.published)
    assert oldest == DAY + timedelta(days=50)


def test_only_the_beginning_of_many_long_articles_is_used_and_the_briefing_says_so() -> None:
    candidates = Candidates(make_articles(100, lines=40))
    assert sum(len(candidates.get_sentence_spans(article)) for article in candidates.articles) <= MAX_SENTENCES
    briefing = compose("s", "S", candidates.articles_with_quotes, max_words=100)
    assert any("Only the first sentences" in line.text for line in briefing.get_slot_lines(Slot.MISSING))


def test_few_articles_are_used_completely() -> None:
    candidates = Candidates(make_articles(4, lines=40))
    assert (candidates.unread_count, candidates.is_truncated) == (0, False)


def test_dropped_lines_are_reported() -> None:
    output = terminal.render_briefing(Briefing("t", "T", (), (), 0, dropped_lines=2), terminal.Style())
    assert "2 lines dropped" in output
    assert "dropped" not in terminal.render_briefing(Briefing("t", "T", (), (), 0), terminal.Style())
