"""Stored articles and quotes are read back unchanged and found by their words."""

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
from briefings.model import Article, Kind, Quote, SearchTotals, Source, Span, Speaker
from briefings.storage.db.types import AddedArticle, ArticleFilter, ArticleStatus, Overview, QuotedPerson, QuoteScope
from briefings.storage.repository import Repository, open_repository
from briefings.text.compounds import add_compounds
from briefings.text.folding import contains_phrase, make_search_key
from tests.support.repositories import EMPTY_EACH_EXAMPLE, OpenEmpty

STORABLE = st.text().filter(lambda text: "\0" not in text)
OPTIONAL_TEXT = st.none() | STORABLE
SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda ends: Span(min(ends), max(ends)))
ARTICLES = st.builds(
    Article,
    id=STORABLE.filter(bool),
    text=STORABLE,
    publisher=OPTIONAL_TEXT,
    published=st.none() | st.dates(),
    url=OPTIONAL_TEXT,
    title=OPTIONAL_TEXT,
    byline=OPTIONAL_TEXT,
    boilerplate=st.lists(SPANS, max_size=3).map(tuple),
    quotation_elements=st.lists(SPANS, max_size=3).map(tuple),
)
QUOTES = st.builds(
    Quote,
    content=st.lists(SPANS, min_size=1, max_size=3).map(tuple),
    source=st.none() | SPANS,
    cue=st.none() | SPANS,
    speaker=st.none() | st.builds(Speaker, name=STORABLE, role=OPTIONAL_TEXT, anonymous=st.booleans()),
    kind=st.sampled_from(Kind),
    confidence=st.floats(0, 1),
    reason=STORABLE,
)

MCDONNELL = Speaker("John McDonnell", "shadow chancellor")
CORBYN = Speaker("Jeremy Corbyn")
SOURCE = Speaker("a senior Labour source", anonymous=True)


def quote_words(text: str, words: str, speaker: Speaker | None = None) -> Quote:
    """Return a direct quote of `words`, which occur in `text`."""
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


def add_article(
    repository: Repository, name: str, text: str, *quotes: tuple[str, Speaker | None], **fields: object
) -> Article:
    article = Article(id=name, text=text, **fields)  # type: ignore[arg-type]  # fields of the test's article
    assert (
        repository.upsert(article, [quote_words(text, words, speaker) for words, speaker in quotes])
        is ArticleStatus.NEW
    )
    return article


def get_ids(articles: Sequence[Article]) -> list[str]:
    return [article.id for article in articles]


@EMPTY_EACH_EXAMPLE
@given(article=ARTICLES, quotes=st.lists(QUOTES, max_size=3))
def test_stored_articles_are_read_back_equal_and_upsert_is_idempotent(
    empty_repository: OpenEmpty, article: Article, quotes: list[Quote]
) -> None:
    with empty_repository() as repository:
        assert repository.get_status(article) is ArticleStatus.NEW
        assert repository.upsert(article, quotes) is ArticleStatus.NEW
        assert repository.get_articles() == repository.get_articles([article.id]) == (article,)
        assert repository.get_articles()[0].text.encode() == article.text.encode()
        assert repository.get_quotes([article.id]) == {article.id: tuple(quotes)}
        assert repository.get_status(article) is ArticleStatus.UNCHANGED
        assert repository.upsert(article, []) is ArticleStatus.UNCHANGED
        assert repository.get_quotes([article.id]) == {article.id: tuple(quotes)}


@EMPTY_EACH_EXAMPLE
@given(text=STORABLE, words=STORABLE)
def test_database_search_agrees_with_contains_phrase(empty_repository: OpenEmpty, text: str, words: str) -> None:
    with empty_repository() as repository:
        repository.upsert(Article(id="a", text=text), [])
        phrases = [" ".join(phrase) for phrase in add_compounds(make_search_key(words).split())]
        assert bool(repository.find_articles_with(words)) == any(contains_phrase(text, phrase) for phrase in phrases)
        assert len(repository.find_articles_with(text)) == bool(make_search_key(text))


@pytest.mark.parametrize("article", [Article("a", "x\0y"), Article("a", "x\ud800"), Article("a", "x", title="\udfff")])
def test_unstorable_characters_are_refused(repository: Repository, article: Article) -> None:
    for operation in (repository.get_status, lambda article: repository.upsert(article, [])):
        with pytest.raises(BadInput, match="The article 'a' "):
            operation(article)
    assert repository.get_counts().articles == 0


def test_unstorable_ids_are_never_found(repository: Repository) -> None:
    assert not repository.has_article("\ud800")
    assert repository.get_articles(["\ud800", "a\0", "a"]) == ()
    assert repository.get_quotes(["\ud800"]) == {"\ud800": ()}


def test_new_text_replaces_the_article_and_its_quotes(repository: Repository) -> None:
    first = add_article(repository, "a", "He said “one”.", ("one", CORBYN), publisher="The Paper")
    second = replace(first, text="He said “two”.", publisher="Another")
    assert repository.has_article("a")
    assert repository.get_status(second) is ArticleStatus.UPDATED
    assert repository.upsert(second, [quote_words(second.text, "two")]) is ArticleStatus.UPDATED
    assert repository.get_articles() == (second,)
    assert repository.get_counts() == SearchTotals(articles=1, quotes=1)
    assert repository.find_quotes("one") == ()


def test_date_added_later_is_stored(repository: Repository) -> None:
    article = add_article(repository, "a", "One.")
    dated = replace(article, published=date(2016, 6, 30))
    assert repository.upsert(dated, []) is ArticleStatus.UPDATED
    assert repository.get_articles() == (dated,)


def test_article_is_added_completely_or_not_at_all(repository: Repository) -> None:
    broken = replace(quote_words("One.", "One"), confidence=None)  # type: ignore[arg-type]  # rejected by the table
    with pytest.raises(Exception, match="cannot be used"):
        repository.upsert(Article("a", "One.", publisher="The Paper"), [quote_words("One.", "One"), broken])
    assert repository.get_counts() == SearchTotals(articles=0, quotes=0)


def test_articles_are_sorted_by_day_then_id_with_undated_ones_last(repository: Repository) -> None:
    add_article(repository, "c", "x")
    add_article(repository, "b", "x", published=date(2016, 6, 28))
    add_article(repository, "d", "x", published=date(2016, 6, 25))
    add_article(repository, "a", "x", published=date(2016, 6, 28))
    assert get_ids(repository.get_articles()) == get_ids(repository.get_articles("abcdz")) == ["d", "a", "b", "c"]
    assert repository.find_ids()[2:] == ("d", "c")
    assert set(repository.find_ids()[:2]) == {"a", "b"}  # articles of one day are in any order


def test_limit_keeps_the_newest(repository: Repository) -> None:
    add_article(repository, "old", "x", published=date(2016, 6, 25))
    add_article(repository, "new", "x", published=date(2016, 6, 28))
    add_article(repository, "undated", "x")
    assert get_ids(repository.get_articles(limit=2)) == ["old", "new"]
    assert repository.find_ids(limit=1) == ("new",)
    assert repository.get_articles(limit=-1) == ()
    assert repository.find_ids(limit=-1) == ()


def test_overview_has_counts_and_latest_additions(tmp_path: Path) -> None:
    """Additions are ordered by time of addition, not by day; an update counts as an addition."""
    moments = (datetime(2016, 7, 1, 0, minute, tzinfo=UTC) for minute in range(9))
    with closing(open_repository(f"sqlite:///{tmp_path}/r.db", lambda: next(moments))) as repository:
        assert repository.get_overview() == Overview(SearchTotals(0, 0), (), ())
        for name, outlet in (("a", "The Post"), ("b", "The Paper"), ("c", "The Post"), ("d", None)):
            repository.upsert(Article(name, name, outlet, date(2016, 6, 30)), [])
        repository.upsert(
            Article("a", "changed", "The Post", date(2016, 6, 1), "https://post.example/a", "A title"), []
        )
        overview = repository.get_overview(3)
    assert overview.totals == SearchTotals(4, 0, date(2016, 6, 1), date(2016, 6, 30))
    assert overview.outlets == (("The Post", 2), ("The Paper", 1))
    assert [addition.source.id for addition in overview.latest] == ["a", "d", "c"]
    source = Source("a", "The Post", date(2016, 6, 1), "https://post.example/a", "A title", source_name="The Post")
    assert overview.latest[0] == AddedArticle(source, datetime(2016, 7, 1, 0, 4, tzinfo=UTC))


def test_find_ids_returns_matching_articles(repository: Repository) -> None:
    add_article(repository, "both", "A vote on the bridge.", published=date(2016, 6, 25))
    add_article(repository, "title", "A vote.", title="The Bridge", published=date(2016, 6, 28))
    add_article(repository, "vote", "A vote.", published=date(2016, 6, 30))
    add_article(repository, "undated", "A vote on the bridge.")
    assert repository.find_ids(ArticleFilter(any_of=("bridge", "tunnel"))) == ("title", "both", "undated")
    assert repository.find_ids(ArticleFilter(any_of=("vote",), all_of=("bridge",))) == ("title", "both", "undated")
    assert (
        repository.find_ids(ArticleFilter(all_of=("vote", "tunnel")))
        == repository.find_ids(ArticleFilter(any_of=()))
        == ()
    )
    assert repository.find_ids(ArticleFilter(since=date(2016, 6, 28))) == ("vote", "title")
    assert repository.find_ids(ArticleFilter(until=date(2016, 6, 28))) == ("title", "both")
    assert repository.find_ids(ArticleFilter(since=date(2016, 6, 26), until=date(2016, 6, 28))) == ("title",)


def test_phrases_match_text_or_title(repository: Repository) -> None:
    add_article(repository, "text", "A vote of “no confidence”, he said.")
    add_article(repository, "title", "x", title="The No-Confidence vote")
    add_article(repository, "neither", "There is no other confidence.")
    assert get_ids(repository.get_articles(phrases=["no-confidence"])) == ["text", "title"]
    assert get_ids(repository.get_articles(phrases=["No Confidence vote", "other confidence"])) == ["neither", "title"]
    assert repository.get_articles(phrases=["confiden"]) == ()
    assert repository.get_articles(phrases=["?!"]) == ()
    assert repository.get_articles(phrases=[]) == ()


@pytest.mark.parametrize("words", ["100%", "_", "\\", "a%b", "x' OR 1=1 --", '"NEAR*"', "\0", "\ud800", "🙂", "\u202e"])
def test_special_characters_have_no_meaning_in_searches(repository: Repository, words: str) -> None:
    add_article(repository, "a", "Nothing of the kind.")
    assert repository.get_articles(phrases=[words]) == ()
    assert repository.find_articles_with(words) == ()
    assert repository.find_quotes(words, QuoteScope(by=words)) == ()


def test_quotes_are_found_by_words_newest_first(repository: Repository) -> None:
    older = add_article(
        repository, "a", "He said “a lynch-mob without the rope”.", ("a lynch-mob without the rope", MCDONNELL)
    )
    newer = add_article(
        repository,
        "b",
        "“It was a ‘Lynch Mob’,” he said. A lynch mob! Lynching mobs.",
        ("It was a ‘Lynch Mob’,", MCDONNELL),
        ("Lynching mobs", None),
        published=date(2016, 6, 30),
    )
    hits = repository.find_quotes("lynch-mob")
    assert [(hit.article, hit.quote.span.of(hit.article.text)) for hit in hits] == [
        (newer, "It was a ‘Lynch Mob’,"),
        (older, "a lynch-mob without the rope"),
    ]
    assert repository.find_quotes("lynch-mob", limit=1) == hits[:1]
    assert repository.find_quotes("mob lynch") == ()


def test_quote_in_two_fragments_is_searched_as_one(repository: Repository) -> None:
    text = "“I did,” he said, “all I could.”"
    quote = replace(quote_words(text, "I did,"), content=(Span(1, 7), Span(19, 31)))
    repository.upsert(Article("a", text), [quote])
    assert [hit.quote for hit in repository.find_quotes("I did all I could")] == [quote]


def test_filter_by_speaker_matches_part_of_the_name(repository: Repository) -> None:
    add_article(repository, "a", "one two three", ("one", CORBYN), ("two", MCDONNELL), ("three", None))
    assert [hit.quote.speaker for hit in repository.find_quotes("", QuoteScope(by="corbyn"))] == [CORBYN]
    assert [hit.quote.speaker for hit in repository.find_quotes("one", QuoteScope(by="Jeremy Corbyn"))] == [CORBYN]
    assert repository.find_quotes("two", QuoteScope(by="Corbyn")) == ()
    assert repository.find_quotes("", QuoteScope(by="?!")) == ()
    assert repository.find_quotes("") == ()


def test_articles_with_words_are_found_newest_first(repository: Repository) -> None:
    add_article(repository, "undated", "Corbyn’s weak leadership.")
    add_article(repository, "old", "Weak leadership.", published=date(2016, 6, 25))
    add_article(repository, "new", "A weak-leadership vote.", published=date(2016, 6, 28))
    add_article(repository, "titled", "x", title="Weak leadership")
    assert get_ids(repository.find_articles_with("weak leadership")) == ["new", "old", "undated"]
    assert get_ids(repository.find_articles_with("Corbyn")) == ["undated"]


def test_counts_cover_all_articles_or_those_with_phrases(repository: Repository) -> None:
    assert repository.get_counts() == SearchTotals(articles=0, quotes=0)
    add_article(repository, "a", "one two", ("one", CORBYN), ("two", None), published=date(2016, 6, 25))
    add_article(repository, "b", "one", published=date(2016, 6, 30))
    add_article(repository, "c", "three", ("three", None))
    assert repository.get_counts() == SearchTotals(3, 3, date(2016, 6, 25), date(2016, 6, 30))
    assert repository.get_counts(["two", "three"]) == SearchTotals(2, 3, date(2016, 6, 25), date(2016, 6, 25))
    assert repository.get_counts([]) == SearchTotals(0, 0)


def test_people_are_named_speakers_with_all_their_roles(repository: Repository) -> None:
    leader = Speaker("Jeremy Corbyn", "Labour leader")
    opposition = Speaker("Jeremy Corbyn", "leader of the opposition")
    add_article(repository, "a", "one two", ("one", leader), ("two", CORBYN))
    add_article(repository, "b", "one two three", ("one", opposition), ("two", leader), ("three", SOURCE))
    add_article(repository, "c", "one two", ("one", MCDONNELL), ("two", None))
    assert repository.list_people() == (
        QuotedPerson("Jeremy Corbyn", ("Labour leader", "leader of the opposition"), quotes=4, articles=2),
        QuotedPerson("John McDonnell", ("shadow chancellor",), quotes=1, articles=1),
    )
    assert len(repository.list_people(limit=1)) == 1


def test_more_ids_than_one_statement_accepts_are_split(repository: Repository) -> None:
    add_article(repository, "a", "one", ("one", None))
    ids = [f"n{number}" for number in range(40_000)] + ["a"]
    assert len(repository.get_quotes(ids)["a"]) == 1
    assert get_ids(repository.get_articles(["a", *ids])) == ["a"]


def test_too_long_search_is_refused(repository: Repository) -> None:
    with pytest.raises(BadQuestion, match="fewer words"):
        repository.find_quotes("mob " * 5_000)
    with pytest.raises(BadQuestion, match="fewer"):
        repository.get_articles(phrases=["mob"] * 201)
    with pytest.raises(BadQuestion, match="fewer"):
        repository.find_ids(ArticleFilter(all_of=("mob",) * 201))
    assert repository.find_ids(ArticleFilter(any_of=("mob",) * 200, all_of=("mob",) * 200)) == ()
    with pytest.raises(BadQuestion, match="fewer words"):
        repository.get_articles(phrases=["mob " * 65])
    assert repository.get_articles(phrases=["mob " * 64] * 200) == ()


def test_threads_can_share_a_repository(repository: Repository) -> None:
    use_from_threads(repository)


def test_threads_can_share_an_in_memory_repository() -> None:
    with closing(open_repository("sqlite://", lambda: datetime.now(UTC))) as repository:
        use_from_threads(repository)


def use_from_threads(repository: Repository) -> None:
    def work(number: int) -> int:
        repository.upsert(Article(f"n{number % 10}", "one", publisher=f"p{number % 3}"), [quote_words("one", "one")])
        return len(repository.find_quotes("one", limit=50))

    with ThreadPoolExecutor(8) as pool:
        assert all(list(pool.map(work, range(60))))
    assert repository.get_counts() == SearchTotals(10, 10)


def test_articles_persist_after_reopening(address: str) -> None:
    for _ in range(2):
        with closing(open_repository(address, lambda: datetime.now(UTC))) as repository:
            repository.upsert(Article("a", "one"), [])
            assert repository.find_ids() == ("a",)


def test_time_of_addition_is_stored_in_utc(address: str, path: Path) -> None:
    now = datetime(2016, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    with closing(open_repository(address, lambda: now)) as repository:
        repository.upsert(Article("a", "one"), [])
    with closing(sqlite3.connect(path)) as file_db:
        assert file_db.execute("SELECT added_at FROM articles").fetchone() == ("2016-06-30 23:30:00.000000",)
