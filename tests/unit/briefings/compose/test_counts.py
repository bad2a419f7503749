"""Counts of articles, quotes and speakers in a story, and series of differing values."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

from briefings.compose import compose
from briefings.compose.figures import (
    FigureMention,
    are_near,
    count_by_day,
    count_by_speaker,
    count_unattributed,
    count_unnamed,
    find_near_pairs,
)
from briefings.facts import find_figures
from briefings.model import Article, Span, Speaker
from briefings.report import DayCount, Report
from briefings.similarity.source_independence import IndependentOutlets
from briefings.similarity.story_memory import StoryMemory
from tests.support.articles import analyse_articles, analyse_seeds, make_article

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)


def test_every_article_and_quotation_is_counted_once() -> None:
    seeds = analyse_seeds()
    counts = count_by_day(seeds)
    assert sum(count.articles for count in counts) == len(seeds)
    quote_count = sum(len(quotes) for _, quotes in seeds)
    assert sum(count.quotes for count in counts) == quote_count
    speakers = count_by_speaker(seeds, IndependentOutlets([seed for seed, _ in seeds]), StoryMemory())
    assert sum(speaker.quotes for speaker in speakers) + count_unnamed(seeds) + count_unattributed(seeds) == quote_count


def test_near_figures_are_paired_only_between_articles() -> None:
    random = Random(1)  # noqa: S311 - no secrets
    for _ in range(20):
        mentions = [
            build_mention(random.choice("aab"), f"{random.randrange(1_000, 1_200):,} people voted.")
            for _ in range(random.randrange(12))
        ]
        pairs = {
            (first.article.id, second.article.id, *sorted((first.value, second.value)))
            for first, second in find_near_pairs(mentions)
        }
        expected = {
            (first.article.id, second.article.id, *sorted((first.value, second.value)))
            for first, second in combinations(mentions, 2)
            if first.article.id != second.article.id
            and are_near(*sorted((first, second), key=lambda mention: mention.value))
        }
        assert pairs == expected


def build_mention(article_id: str, text: str) -> FigureMention:
    span = Span(0, len(text))
    (figure,) = find_figures(text, span)
    return FigureMention(Article(article_id, text), figure, span, "peopl", frozenset(), has_sibling_figures=False)


def test_days_are_sorted_with_undated_articles_last() -> None:
    text = "The example party met in its hall."
    articles_with_quotes = analyse_articles(
        make_article(text, "c", "The Post", None),
        make_article(text, "b", "The Post", TUESDAY),
        make_article(text, "a", None, MONDAY),
        make_article(text, "d", "The Paper", TUESDAY),
    )
    assert count_by_day(articles_with_quotes) == (
        DayCount(MONDAY, None, 1, 0),
        DayCount(TUESDAY, "The Paper", 1, 0),
        DayCount(TUESDAY, "The Post", 1, 0),
        DayCount(None, "The Post", 1, 0),
    )


def test_speaker_has_the_most_frequent_role_and_anonymous_quotes_are_counted_separately() -> None:
    (seed, (quote, *_)), *_ = [pair for pair in analyse_seeds() if pair[1]]
    quotes = [replace(quote, speaker=Speaker("Jane Roe", role)) for role in ("mayor", "secretary", "mayor", None)]
    quotes += [replace(quote, speaker=Speaker("a source", anonymous=True)), replace(quote, speaker=None)]
    (count,) = count_by_speaker([(seed, tuple(quotes))], IndependentOutlets([seed]), StoryMemory())
    assert (count.speaker, count.quotes, count.articles, count.outlets) == (Speaker("Jane Roe", "mayor"), 4, 1, 1)
    assert (count_unnamed([(seed, quotes)]), count_unattributed([(seed, quotes)])) == (1, 1)


def compose_seeds_report() -> Report:
    return compose("labour-crisis", "Labour", analyse_seeds(), max_words=400)


def test_differing_values_are_a_series_in_the_articles_words() -> None:
    (series,) = compose_seeds_report().series
    assert {value.text for value in series.values} == {"140,000", "close to 150,000"}
    texts = {seed.id: seed.text for seed, _ in analyse_seeds()}
    for value in series.values:
        evidence = value.evidence
        assert texts[evidence.article][evidence.start : evidence.end] == evidence.text
        assert value.text in evidence.text
        assert value.is_approximate == value.text.startswith("close")
    days = [value.day for value in series.values]
    assert days == sorted(days, key=lambda day: day or date.max)


def test_equal_values_are_not_a_series() -> None:
    text = "About 140,000 members of the example party signed the petition against the harbour."
    report = compose(
        "s", "S", analyse_articles(make_article(text, "a"), make_article(text, "b", "The Post")), max_words=400
    )
    assert report.series == ()


def test_article_order_makes_no_difference_to_the_report() -> None:
    assert compose("labour-crisis", "Labour", analyse_seeds()[::-1], max_words=400) == compose_seeds_report()
