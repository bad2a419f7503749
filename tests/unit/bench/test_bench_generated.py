"""The generated news: the same for the same seed, and each quote where it says it stands."""

from itertools import islice

from bench.generated import articles, speakers
from briefings.model import Article, Quote


def content(article: Article, quote: Quote) -> list[str]:
    return [span.of(article.text) for span in quote.content]


def test_the_same_seed_gives_the_same_articles() -> None:
    """And another seed gives others."""
    assert list(articles(200)) == list(articles(200))
    assert next(articles(200)) != next(articles(200, seed=1))


def test_there_are_as_many_quotes_as_were_asked_for() -> None:
    """In articles of five on average, each with an id of its own."""
    made = list(articles(5_000))
    assert sum(len(quotes) for _, quotes in made) == 5_000
    assert 900 < len(made) < 1_100
    assert len({article.id for article, _ in made}) == len(made)


def test_quotes_stand_between_marks_and_beside_their_speakers() -> None:
    """Content, cue and source are the text's own."""
    known = {speaker.name for speaker in speakers()}
    for article, quotes in islice(articles(5_000), 300):
        for quote in quotes:
            assert all(
                article.text[span.start - 1] == "“" and "“" not in span.of(article.text) for span in quote.content
            )
            if quote.speaker is None:
                assert quote.source is quote.cue is None
            else:
                assert quote.source is not None
                assert quote.source.of(article.text) == quote.speaker.name
                assert quote.cue is not None
                assert quote.cue.of(article.text) in ("said", "added")
                assert quote.speaker.anonymous or quote.speaker.name in known


def test_words_come_as_often_as_in_a_language() -> None:
    """A few words are most of the text, and most words come once or twice."""
    counted: dict[str, int] = {}
    for article, _ in articles(5_000):
        for word in article.text.lower().split():
            counted[word] = counted.get(word, 0) + 1
    often = sorted(counted.values(), reverse=True)
    assert sum(often[:50]) > sum(often) / 3
    assert sum(times <= 2 for times in often) > len(often) / 2
