"""What is counted of a story, and the values that differ in it."""

from dataclasses import replace
from datetime import date

from briefings.compose import compose
from briefings.compose.figures import count_by_day, count_by_speaker, count_unattributed, count_unnamed
from briefings.model import Speaker
from briefings.report import DayCount, Report
from briefings.similarity.source_independence import IndependentOutlets
from tests.support.articles import article, read_articles, seeds_read

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)


def test_every_article_and_quotation_is_counted_once() -> None:
    read = seeds_read()
    counts = count_by_day(read)
    assert sum(count.articles for count in counts) == len(read)
    quoted = sum(len(quotes) for _, quotes in read)
    assert sum(count.quotes for count in counts) == quoted
    named = count_by_speaker(read, IndependentOutlets([each for each, _ in read]))
    assert sum(one.quotes for one in named) + count_unnamed(read) + count_unattributed(read) == quoted


def test_days_are_in_order_and_the_undated_last() -> None:
    text = "The example party met in its hall."
    read = read_articles(
        article(text, "c", "The Post", None),
        article(text, "b", "The Post", TUESDAY),
        article(text, "a", None, MONDAY),
        article(text, "d", "The Paper", TUESDAY),
    )
    assert count_by_day(read) == (
        DayCount(MONDAY, None, 1, 0),
        DayCount(TUESDAY, "The Paper", 1, 0),
        DayCount(TUESDAY, "The Post", 1, 0),
        DayCount(None, "The Post", 1, 0),
    )


def test_who_is_heard_has_the_commonest_role_and_the_unnamed_are_apart() -> None:
    (first, (quote, *_)), *_ = [pair for pair in seeds_read() if pair[1]]
    said = [replace(quote, speaker=Speaker("Jane Roe", role)) for role in ("mayor", "secretary", "mayor", None)]
    said += [replace(quote, speaker=Speaker("a source", anonymous=True)), replace(quote, speaker=None)]
    (one,) = count_by_speaker([(first, tuple(said))], IndependentOutlets([first]))
    assert (one.speaker, one.quotes, one.articles, one.outlets) == (Speaker("Jane Roe", "mayor"), 4, 1, 1)
    assert (count_unnamed([(first, said)]), count_unattributed([(first, said)])) == (1, 1)


def seeds_report() -> Report:
    return compose("labour-crisis", "Labour", seeds_read(), max_words=400)


def test_values_that_differ_are_a_series_in_the_papers_words() -> None:
    (series,) = seeds_report().series
    assert {value.text for value in series.values} == {"140,000", "close to 150,000"}
    texts = {each.id: each.text for each, _ in seeds_read()}
    for value in series.values:
        evidence = value.evidence
        assert texts[evidence.article][evidence.start : evidence.end] == evidence.text
        assert value.text in evidence.text
        assert value.is_approximate == value.text.startswith("close")
    days_told = [value.day for value in series.values]
    assert days_told == sorted(days_told, key=lambda day: day or date.max)


def test_where_sources_agree_there_is_no_series() -> None:
    text = "About 140,000 members of the example party signed the petition against the harbour."
    found = compose("s", "S", read_articles(article(text, "a"), article(text, "b", "The Post")), max_words=400)
    assert found.series == ()


def test_the_order_of_the_articles_changes_nothing_that_is_drawn() -> None:
    assert compose("labour-crisis", "Labour", seeds_read()[::-1], max_words=400) == seeds_report()
