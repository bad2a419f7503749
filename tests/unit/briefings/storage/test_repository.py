"""What is put into the record comes out as it was, and is found by its words."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput, BadQuestion
from briefings.model import Article, Kind, Quote, Searched, Source, Span, Speaker
from briefings.storage.db.types import AddedArticle, ArticleFilter, ArticleStatus, Overview, QuotedPerson, QuoteScope
from briefings.storage.repository import Repository, open_repository
from briefings.storage.search.query_terms import add_compounds
from briefings.text.folding import contains_phrase, make_search_key
from tests.support.repositories import EACH_EMPTIED, Emptied

STORABLE = st.text().filter(lambda text: "\0" not in text)
MAYBE = st.none() | STORABLE
SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda ends: Span(min(ends), max(ends)))
ARTICLES = st.builds(
    Article,
    id=STORABLE.filter(bool),
    text=STORABLE,
    publisher=MAYBE,
    published=st.none() | st.dates(),
    url=MAYBE,
    title=MAYBE,
    byline=MAYBE,
    boilerplate=st.lists(SPANS, max_size=3).map(tuple),
)
QUOTES = st.builds(
    Quote,
    content=st.lists(SPANS, min_size=1, max_size=3).map(tuple),
    source=st.none() | SPANS,
    cue=st.none() | SPANS,
    speaker=st.none() | st.builds(Speaker, name=STORABLE, role=MAYBE, anonymous=st.booleans()),
    kind=st.sampled_from(Kind),
    confidence=st.floats(0, 1),
    reason=STORABLE,
)

MCDONNELL = Speaker("John McDonnell", "shadow chancellor")
CORBYN = Speaker("Jeremy Corbyn")
SOURCE = Speaker("a senior Labour source", anonymous=True)


def said(text: str, words: str, speaker: Speaker | None = None) -> Quote:
    """A direct quote of `words`, which stand in `text`."""
    start = text.index(words)
    return Quote(
        content=(Span(start, start + len(words)),),
        source=None,
        cue=None,
        speaker=speaker,
        kind=Kind.DIRECT,
        confidence=0.9 if speaker else 0.0,
        reason="named beside the cue" if speaker else "nobody is named",
    )


def put(record: Repository, name: str, text: str, *quotes: tuple[str, Speaker | None], **told: object) -> Article:
    article = Article(id=name, text=text, **told)  # type: ignore[arg-type]  # the fields of the test's own article
    assert record.upsert(article, [said(text, words, speaker) for words, speaker in quotes]) is ArticleStatus.NEW
    return article


def names(articles: Sequence[Article]) -> list[str]:
    return [article.id for article in articles]


@EACH_EMPTIED
@given(article=ARTICLES, quotes=st.lists(QUOTES, max_size=3))
def test_anything_storable_comes_out_equal_and_adding_it_again_changes_nothing(
    emptied: Emptied, article: Article, quotes: list[Quote]
) -> None:
    with emptied() as record:
        assert record.get_status(article) is ArticleStatus.NEW
        assert record.upsert(article, quotes) is ArticleStatus.NEW
        assert record.get_articles() == record.get_articles([article.id]) == (article,)
        assert record.get_articles()[0].text.encode() == article.text.encode()
        assert record.get_quotes([article.id]) == {article.id: tuple(quotes)}
        assert record.get_status(article) is ArticleStatus.UNCHANGED
        assert record.upsert(article, []) is ArticleStatus.UNCHANGED
        assert record.get_quotes([article.id]) == {article.id: tuple(quotes)}


@EACH_EMPTIED
@given(text=STORABLE, words=STORABLE)
def test_the_database_finds_words_in_a_text_exactly_when_the_key_does(emptied: Emptied, text: str, words: str) -> None:
    with emptied() as record:
        record.upsert(Article(id="a", text=text), [])
        written = [" ".join(phrase) for phrase in add_compounds(make_search_key(words).split())]
        assert bool(record.find_articles_with(words)) == any(contains_phrase(text, phrase) for phrase in written)
        assert len(record.find_articles_with(text)) == bool(make_search_key(text))


@pytest.mark.parametrize("article", [Article("a", "x\0y"), Article("a", "x\ud800"), Article("a", "x", title="\udfff")])
def test_what_no_database_can_hold_is_refused_in_one_sentence(record: Repository, article: Article) -> None:
    for take in (record.get_status, lambda article: record.upsert(article, [])):
        with pytest.raises(BadInput, match="The article 'a' holds"):
            take(article)
    assert record.get_counts().articles == 0


def test_ids_that_cannot_be_held_are_not_held(record: Repository) -> None:
    assert not record.has_article("\ud800")
    assert record.get_articles(["\ud800", "a\0", "a"]) == ()
    assert record.get_quotes(["\ud800"]) == {"\ud800": ()}


def test_another_text_takes_the_place_of_the_older_one_with_its_quotes(record: Repository) -> None:
    first = put(record, "a", "He said “one”.", ("one", CORBYN), publisher="The Paper")
    second = replace(first, text="He said “two”.", publisher="Another")
    assert record.has_article("a")
    assert record.get_status(second) is ArticleStatus.CHANGED
    assert record.upsert(second, [said(second.text, "two")]) is ArticleStatus.CHANGED
    assert record.get_articles() == (second,)
    assert record.get_counts() == Searched(articles=1, quotes=1)
    assert record.find_quotes("one") == ()


def test_a_date_learnt_later_is_taken_in(record: Repository) -> None:
    article = put(record, "a", "One.")
    dated = replace(article, published=date(2016, 6, 30))
    assert record.upsert(dated, []) is ArticleStatus.CHANGED
    assert record.get_articles() == (dated,)


def test_an_article_is_added_whole_or_not_at_all(record: Repository) -> None:
    broken = replace(said("One.", "One"), confidence=None)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(Exception, match="cannot be used"):
        record.upsert(Article("a", "One.", publisher="The Paper"), [said("One.", "One"), broken])
    assert record.get_counts() == Searched(articles=0, quotes=0)


def test_articles_come_by_day_then_id_and_undated_ones_last(record: Repository) -> None:
    put(record, "c", "x")
    put(record, "b", "x", published=date(2016, 6, 28))
    put(record, "d", "x", published=date(2016, 6, 25))
    put(record, "a", "x", published=date(2016, 6, 28))
    assert names(record.get_articles()) == names(record.get_articles("abcdz")) == ["d", "a", "b", "c"]
    assert record.find_ids()[2:] == ("d", "c")
    assert set(record.find_ids()[:2]) == {"a", "b"}  # those of one day stand in an order of their own


def test_a_limit_keeps_the_newest(record: Repository) -> None:
    put(record, "old", "x", published=date(2016, 6, 25))
    put(record, "new", "x", published=date(2016, 6, 28))
    put(record, "undated", "x")
    assert names(record.get_articles(limit=2)) == ["old", "new"]
    assert record.find_ids(limit=1) == ("new",)
    assert record.get_articles(limit=-1) == ()
    assert record.find_ids(limit=-1) == ()


def test_an_overview_counts_and_tells_what_came_last(tmp_path: Path) -> None:
    """By the moment it came, not by its day; an article that changes comes again."""
    moments = (datetime(2016, 7, 1, 0, minute, tzinfo=UTC) for minute in range(9))
    with closing(open_repository(f"sqlite:///{tmp_path}/r.db", lambda: next(moments))) as record:
        assert record.get_overview() == Overview(Searched(0, 0), (), ())
        for name, outlet in (("a", "The Post"), ("b", "The Paper"), ("c", "The Post"), ("d", None)):
            record.upsert(Article(name, name, outlet, date(2016, 6, 30)), [])
        record.upsert(Article("a", "changed", "The Post", date(2016, 6, 1), "https://post.example/a", "A title"), [])
        found = record.get_overview(3)
    assert found.totals == Searched(4, 0, date(2016, 6, 1), date(2016, 6, 30))
    assert found.outlets == (("The Post", 2), ("The Paper", 1))
    assert [one.source.id for one in found.latest] == ["a", "d", "c"]
    source = Source("a", "The Post", date(2016, 6, 1), "https://post.example/a", "A title")
    assert found.latest[0] == AddedArticle(source, datetime(2016, 7, 1, 0, 4, tzinfo=UTC))


def test_ids_are_those_of_the_articles_wanted(record: Repository) -> None:
    put(record, "both", "A vote on the bridge.", published=date(2016, 6, 25))
    put(record, "title", "A vote.", title="The Bridge", published=date(2016, 6, 28))
    put(record, "vote", "A vote.", published=date(2016, 6, 30))
    put(record, "undated", "A vote on the bridge.")
    assert record.find_ids(ArticleFilter(any_of=("bridge", "tunnel"))) == ("title", "both", "undated")
    assert record.find_ids(ArticleFilter(any_of=("vote",), all_of=("bridge",))) == ("title", "both", "undated")
    assert record.find_ids(ArticleFilter(all_of=("vote", "tunnel"))) == record.find_ids(ArticleFilter(any_of=())) == ()
    assert record.find_ids(ArticleFilter(since=date(2016, 6, 28))) == ("vote", "title")
    assert record.find_ids(ArticleFilter(until=date(2016, 6, 28))) == ("title", "both")
    assert record.find_ids(ArticleFilter(since=date(2016, 6, 26), until=date(2016, 6, 28))) == ("title",)


def test_articles_on_a_phrase_hold_it_in_text_or_title(record: Repository) -> None:
    put(record, "text", "A vote of “no confidence”, he said.")
    put(record, "title", "x", title="The No-Confidence vote")
    put(record, "neither", "There is no other confidence.")
    assert names(record.get_articles(phrases=["no-confidence"])) == ["text", "title"]
    assert names(record.get_articles(phrases=["No Confidence vote", "other confidence"])) == ["neither", "title"]
    assert record.get_articles(phrases=["confiden"]) == ()
    assert record.get_articles(phrases=["?!"]) == ()
    assert record.get_articles(phrases=[]) == ()


@pytest.mark.parametrize("words", ["100%", "_", "\\", "a%b", "x' OR 1=1 --", '"NEAR*"', "\0", "\ud800", "🙂", "\u202e"])
def test_no_sign_means_anything_to_the_search(record: Repository, words: str) -> None:
    put(record, "a", "Nothing of the kind.")
    assert record.get_articles(phrases=[words]) == ()
    assert record.find_articles_with(words) == ()
    assert record.find_quotes(words, QuoteScope(by=words)) == ()


def test_quotes_are_found_by_their_words_newest_first(record: Repository) -> None:
    older = put(record, "a", "He said “a lynch-mob without the rope”.", ("a lynch-mob without the rope", MCDONNELL))
    newer = put(
        record,
        "b",
        "“It was a ‘Lynch Mob’,” he said. A lynch mob! Lynching mobs.",
        ("It was a ‘Lynch Mob’,", MCDONNELL),
        ("Lynching mobs", None),
        published=date(2016, 6, 30),
    )
    found = record.find_quotes("lynch-mob")
    assert [(hit.article, hit.quote.span.of(hit.article.text)) for hit in found] == [
        (newer, "It was a ‘Lynch Mob’,"),
        (older, "a lynch-mob without the rope"),
    ]
    assert record.find_quotes("lynch-mob", limit=1) == found[:1]
    assert record.find_quotes("mob lynch") == ()


def test_a_quote_in_two_fragments_is_searched_as_one(record: Repository) -> None:
    text = "“I did,” he said, “all I could.”"
    quote = replace(said(text, "I did,"), content=(Span(1, 7), Span(19, 31)))
    record.upsert(Article("a", text), [quote])
    assert [hit.quote for hit in record.find_quotes("I did all I could")] == [quote]


def test_by_keeps_speakers_whose_name_holds_it(record: Repository) -> None:
    put(record, "a", "one two three", ("one", CORBYN), ("two", MCDONNELL), ("three", None))
    assert [hit.quote.speaker for hit in record.find_quotes("", QuoteScope(by="corbyn"))] == [CORBYN]
    assert [hit.quote.speaker for hit in record.find_quotes("one", QuoteScope(by="Jeremy Corbyn"))] == [CORBYN]
    assert record.find_quotes("two", QuoteScope(by="Corbyn")) == ()
    assert record.find_quotes("", QuoteScope(by="?!")) == ()
    assert record.find_quotes("") == ()


def test_articles_with_words_come_newest_first_for_narration(record: Repository) -> None:
    put(record, "undated", "Corbyn’s weak leadership.")
    put(record, "old", "Weak leadership.", published=date(2016, 6, 25))
    put(record, "new", "A weak-leadership vote.", published=date(2016, 6, 28))
    put(record, "titled", "x", title="Weak leadership")
    assert names(record.find_articles_with("weak leadership")) == ["new", "old", "undated"]
    assert names(record.find_articles_with("Corbyn")) == ["undated"]


def test_counts_are_of_everything_or_of_what_is_on_some_phrases(record: Repository) -> None:
    assert record.get_counts() == Searched(articles=0, quotes=0)
    put(record, "a", "one two", ("one", CORBYN), ("two", None), published=date(2016, 6, 25))
    put(record, "b", "one", published=date(2016, 6, 30))
    put(record, "c", "three", ("three", None))
    assert record.get_counts() == Searched(3, 3, date(2016, 6, 25), date(2016, 6, 30))
    assert record.get_counts(["two", "three"]) == Searched(2, 3, date(2016, 6, 25), date(2016, 6, 25))
    assert record.get_counts([]) == Searched(0, 0)


def test_people_are_those_named_with_every_role_given(record: Repository) -> None:
    leader = Speaker("Jeremy Corbyn", "Labour leader")
    opposition = Speaker("Jeremy Corbyn", "leader of the opposition")
    put(record, "a", "one two", ("one", leader), ("two", CORBYN))
    put(record, "b", "one two three", ("one", opposition), ("two", leader), ("three", SOURCE))
    put(record, "c", "one two", ("one", MCDONNELL), ("two", None))
    assert record.list_people() == (
        QuotedPerson("Jeremy Corbyn", ("Labour leader", "leader of the opposition"), quotes=4, articles=2),
        QuotedPerson("John McDonnell", ("shadow chancellor",), quotes=1, articles=1),
    )
    assert len(record.list_people(limit=1)) == 1


def test_more_ids_than_one_statement_takes_are_asked_in_parts(record: Repository) -> None:
    put(record, "a", "one", ("one", None))
    ids = [f"n{number}" for number in range(40_000)] + ["a"]
    assert len(record.get_quotes(ids)["a"]) == 1
    assert names(record.get_articles(["a", *ids])) == ["a"]


def test_too_long_a_question_is_told(record: Repository) -> None:
    with pytest.raises(BadQuestion, match="fewer words"):
        record.find_quotes("mob " * 5_000)
    with pytest.raises(BadQuestion, match="fewer"):
        record.get_articles(phrases=["mob"] * 201)
    with pytest.raises(BadQuestion, match="fewer"):
        record.find_ids(ArticleFilter(all_of=("mob",) * 201))
    assert record.find_ids(ArticleFilter(any_of=("mob",) * 200, all_of=("mob",) * 200)) == ()
    with pytest.raises(BadQuestion, match="fewer words"):
        record.get_articles(phrases=["mob " * 65])
    assert record.get_articles(phrases=["mob " * 64] * 200) == ()


def test_threads_may_share_a_record(record: Repository) -> None:
    share(record)


def test_threads_may_share_a_record_in_memory() -> None:
    with closing(open_repository("sqlite://", lambda: datetime.now(UTC))) as record:
        share(record)


def share(record: Repository) -> None:
    def work(number: int) -> int:
        record.upsert(Article(f"n{number % 10}", "one", publisher=f"p{number % 3}"), [said("one", "one")])
        return len(record.find_quotes("one", limit=50))

    with ThreadPoolExecutor(8) as pool:
        assert all(list(pool.map(work, range(60))))
    assert record.get_counts() == Searched(10, 10)


def test_what_was_added_is_there_when_the_record_is_opened_again(address: str) -> None:
    for _ in range(2):
        with closing(open_repository(address, lambda: datetime.now(UTC))) as record:
            record.upsert(Article("a", "one"), [])
            assert record.find_ids() == ("a",)


def test_the_moment_of_adding_is_kept_in_utc(address: str, path: Path) -> None:
    moment = datetime(2016, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    with closing(open_repository(address, lambda: moment)) as record:
        record.upsert(Article("a", "one"), [])
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT added_at FROM articles").fetchone() == ("2016-06-30 23:30:00.000000",)
