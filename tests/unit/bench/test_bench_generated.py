"""The generated news is reproducible, and its quotes have correct spans."""

from itertools import islice

from bench.generated import generate_articles, generate_speakers
from briefings.model import Article, Quote


def get_content(article: Article, quote: Quote) -> list[str]:
    return [span.of(article.text) for span in quote.content]


def test_same_seed_gives_the_same_articles() -> None:
    """Another seed gives different articles."""
    assert list(generate_articles(200)) == list(generate_articles(200))
    assert next(generate_articles(200)) != next(generate_articles(200, seed=1))


def test_number_of_quotes_is_as_requested() -> None:
    """Articles have five quotes on average and unique ids."""
    generated_articles = list(generate_articles(5_000))
    assert sum(len(quotes) for _, quotes in generated_articles) == 5_000
    assert 900 < len(generated_articles) < 1_100
    assert len({article.id for article, _ in generated_articles}) == len(generated_articles)


def test_spans_of_quotes_match_the_text() -> None:
    """The spans of content, cue and source contain the expected words."""
    names = {speaker.name for speaker in generate_speakers()}
    for article, quotes in islice(generate_articles(5_000), 300):
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
                assert quote.speaker.anonymous or quote.speaker.name in names


def test_word_frequencies_resemble_a_natural_language() -> None:
    """A few words make up most of the text, and most words occur once or twice."""
    counts: dict[str, int] = {}
    for article, _ in generate_articles(5_000):
        for word in article.text.lower().split():
            counts[word] = counts.get(word, 0) + 1
    sorted_counts = sorted(counts.values(), reverse=True)
    assert sum(sorted_counts[:50]) > sum(sorted_counts) / 3
    assert sum(count <= 2 for count in sorted_counts) > len(sorted_counts) / 2
