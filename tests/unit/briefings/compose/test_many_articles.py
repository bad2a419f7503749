"""A story of very many articles is told from the newest, from the top of each, and says so."""

from datetime import date, timedelta

from briefings.compose import compose
from briefings.compose.candidates import MAX_ARTICLES, MAX_SENTENCES, Candidates
from briefings.model import Article, Briefing, Slot
from briefings.render import terminal

DAY = date(2016, 6, 1)


def articles(number: int, lines: int = 1) -> list[Article]:
    text = "\n".join(f"The members of the party met in hall number {line} to vote on it." for line in range(lines))
    return [Article(f"{at:05}", f"{text} {at}.", f"P{at}", DAY + timedelta(days=at % 900)) for at in range(number)]


def test_the_newest_are_read_and_the_rest_is_counted() -> None:
    found = compose("s", "S", [(each, ()) for each in articles(MAX_ARTICLES + 50)], max_words=100)
    assert len(found.get_slot_lines(Slot.SOURCES)) == MAX_ARTICLES
    assert any(
        line.text.startswith("What 50 older or undated articles say") for line in found.get_slot_lines(Slot.MISSING)
    )
    oldest = min(source.published for source in found.sources if source.published)
    assert oldest == DAY + timedelta(days=50)


def test_of_many_long_articles_the_top_is_read_and_that_is_said() -> None:
    material = Candidates([(each, ()) for each in articles(100, lines=40)])
    assert sum(len(material.get_sentence_spans(each)) for each in material.articles) <= MAX_SENTENCES
    found = compose("s", "S", material.articles_with_quotes, max_words=100)
    assert any("only the first sentences" in line.text for line in found.get_slot_lines(Slot.MISSING))


def test_of_few_articles_everything_is_read_and_nothing_is_said() -> None:
    material = Candidates([(each, ()) for each in articles(4, lines=40)])
    assert (material.unread_count, material.is_truncated) == (0, False)


def test_dropped_lines_are_told_of() -> None:
    told = terminal.render_briefing(Briefing("t", "T", (), (), 0, dropped_lines=2), terminal.Style())
    assert "2 dropped that were not" in told
    assert "dropped" not in terminal.render_briefing(Briefing("t", "T", (), (), 0), terminal.Style())
