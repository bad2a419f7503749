"""Both databases find the same by the same words: compounds, slips of the pen, bounds, and nothing by signs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from briefings.attribution.name_completion import KnownPerson
from briefings.errors import BadInput, BadQuestion
from briefings.model import Article, Kind, Quote, Searched, Span, Speaker
from briefings.storage.db.types import ArticleFilter, ArticleStatus, QuoteScope, SearchHit, Story
from briefings.storage.repository import Repository
from briefings.storage.search import fuzzy
from briefings.text.folding import contains_phrase

CORBYN, MCDONNELL = Speaker("Jeremy Corbyn"), Speaker("John McDonnell", "shadow chancellor")
WHOLE = ("a lynch-mob without the rope", "we will win this vote", "form an orderly queue")


def all_of(text: str, speaker: Speaker | None = None) -> Quote:
    """The whole text as one quote."""
    return Quote((Span(0, len(text)),), None, None, speaker, Kind.DIRECT, 0.9, "the whole text")


def put(record: Repository, name: str, text: str, speaker: Speaker | None = None, **told: object) -> Article:
    article = Article(name, text, **told)  # type: ignore[arg-type]  # the fields of the test's own article
    assert record.upsert(article, [all_of(text, speaker)]) is ArticleStatus.NEW
    return article


def ids(found: Sequence[SearchHit]) -> list[str]:
    return [hit.article.id for hit in found]


def test_a_compound_is_found_apart_and_together(record: Repository) -> None:
    for name, text in (("hyphen", "A lynch-mob!"), ("apart", "The lynch mob."), ("one", "A Lynchmob?")):
        put(record, name, text)
    put(record, "other", "They lynch. A mob.")
    for asked in ("lynch-mob", "lynch mob", "lynchmob"):
        assert set(ids(record.find_quotes(asked))) == {"hyphen", "apart", "one"}
        assert {article.id for article in record.find_articles_with(asked)} == {"hyphen", "apart", "one"}
    assert ids(record.find_quotes("a lynchmob")) == ids(record.find_quotes("a lynch mob")) != []


def test_any_of_some_phrases_finds_each_quote_once_the_newest_first(record: Repository) -> None:
    """Phrases without a word find nothing, and so does none."""
    for day, text in enumerate(WHOLE, 1):
        put(record, f"n{day}", text, published=date(2016, 6, day))
    assert ids(record.find_any(["without the rope", "orderly queue", "a lynch mob", "nowhere said"])) == ["n3", "n1"]
    assert ids(record.find_any(["without the rope", "orderly queue"], 1)) == ["n3"]
    assert record.find_any([]) == record.find_any(["", "?!"]) == ()


@pytest.mark.parametrize(
    "asked", ["lynch mob wthout the rope", "lynch mob without the ropes", "lynch mob witohut the rope"]
)
def test_one_slip_in_a_word_that_nobody_says_is_seen_through(record: Repository, asked: str) -> None:
    for number, text in enumerate(WHOLE):
        put(record, f"n{number}", text)
    assert record.find_quotes(asked) == ()
    assert ids(record.find_close(asked)) == ["n0"]


def test_a_slip_that_makes_another_known_word_is_seen_through(record: Repository) -> None:
    for number, text in enumerate([*WHOLE, "from here"]):
        put(record, f"n{number}", text)
    assert ids(record.find_close("from an orderly queue")) == ["n2"]
    assert ids(record.find_close("fxrm an oderly queue")) == ["n2"]
    assert record.find_close("fxrm bn oderly qqeue xx") == record.find_close("?!") == record.find_close("") == ()


def test_the_closest_are_those_that_share_rare_words(record: Repository) -> None:
    for number, text in enumerate(WHOLE):
        put(record, f"n{number}", text)
    assert ids(record.find_nearest("he spoke of a rope, not of a mob", limit=1)) == ["n0"]
    assert record.find_nearest("nothing shared whatever") == record.find_nearest("") == ()


def test_what_every_other_quote_holds_makes_nothing_close(record: Repository) -> None:
    """Unless there is nothing else to go by."""
    for name, text in (("rope", "there is a rope"), ("house", "the vote of the house"), ("queue", "of the queue")):
        put(record, name, text)
    assert ids(record.find_nearest("of the rope")) == ["rope"]
    assert set(ids(record.find_nearest("of the"))) == {"house", "queue"}


def test_of_a_speaker_who_has_said_little_the_closest_of_all_are_found(
    record: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one who has said much, those that share something."""
    for number, text in enumerate(WHOLE):
        put(record, f"n{number}", text, CORBYN)
    corbyn = QuoteScope(by="corbyn")
    assert ids(record.find_nearest("orderly ranks", corbyn))[0] == "n2"
    assert len(record.find_nearest("orderly ranks", corbyn)) == 3
    assert len(record.find_nearest("orderly ranks", corbyn, limit=1)) == 1
    assert record.find_nearest("orderly ranks", QuoteScope(by="?!")) == ()
    monkeypatch.setattr(fuzzy, "_MAX_QUOTES_TO_COMPARE", 2)
    assert ids(record.find_nearest("orderly ranks", corbyn)) == ["n2"]


def test_bounds_hold_for_whatever_is_found(record: Repository) -> None:
    put(record, "a", "we will win", CORBYN, publisher="The Guardian", published=date(2016, 6, 25), title="The vote")
    put(record, "b", "we will win", MCDONNELL, publisher="The Mail", published=date(2016, 6, 28))
    put(record, "c", "we will win", CORBYN)
    assert ids(record.find_quotes("will win")) == ["b", "a", "c"]
    for within, found in (
        (QuoteScope(by="corbyn"), ["a", "c"]),
        (QuoteScope(outlet="guardian"), ["a"]),
        (QuoteScope(by="Corbyn", outlet="mail"), []),
        (QuoteScope(about=("vote", "bridge")), ["a"]),
        (QuoteScope(since=date(2016, 6, 26)), ["b"]),
        (QuoteScope(until=date(2016, 6, 26)), ["a"]),
        (QuoteScope(since=date(2016, 6, 25), until=date(2016, 6, 28)), ["b", "a"]),
        (QuoteScope(about=("?!",)), []),
    ):
        assert ids(record.find_quotes("will win", within)) == found
        assert set(ids(record.find_close("will wim", within))) == set(found)
        assert set(ids(record.find_nearest("will lose", within))) == set(found)
    assert ids(record.find_quotes("", QuoteScope(by="Corbyn", since=date(2016, 1, 1)))) == ["a"]
    assert record.find_quotes("corbyn") == record.find_quotes("guardian") == ()


def test_a_phrase_reaches_over_no_border_of_quote_speaker_or_title(record: Repository) -> None:
    put(record, "a", "we will win", CORBYN, publisher="The Guardian", title="win the vote")
    assert record.find_quotes("win jeremy") == record.find_quotes("win the") == ()
    assert (
        record.find_ids(ArticleFilter(all_of=("win win",))) == record.find_ids(ArticleFilter(all_of=("vote we",))) == ()
    )
    assert record.find_ids(ArticleFilter(all_of=("we will", "win the vote"))) == ("a",)


@pytest.mark.parametrize(
    "asked",
    [
        *('"', "*", "a*", "NEAR(a b)", "a AND b", "NOT a", "a OR", "(", "content : a", "^a", "-a", "a + b", "'", "''"),
        *("&", "|", "!", "<->", "a & b", "a:*", "a:A", "\\", "a\\'", "%s", "$1", ":x", "?", "\0", "\ud800", "🙂"),
        *("\u202ea", "…", "@a", "#a", "^", "{content}", "--", ";", "a;b"),
    ],
)
def test_signs_are_searched_as_the_words_between_them(record: Repository, asked: str) -> None:
    put(record, "x", "nothing of the kind", CORBYN, title="kind", publisher="kind")
    for found in (
        record.find_quotes(asked),
        record.find_quotes(asked, QuoteScope(by=asked, outlet=asked, about=(asked,))),
        record.find_close(asked + " zzzz"),
        record.find_nearest(asked),
        record.find_articles_with(asked),
        record.find_ids(ArticleFilter(any_of=(asked,), all_of=(asked,))),
    ):
        assert found == ()
    assert record.get_counts([asked]) == Searched(0, 0)


def test_a_phrase_that_is_too_long_for_an_index_is_found_all_the_same(record: Repository) -> None:
    words = [f"w{number}" for number in range(300)]
    article = put(record, "a", " ".join(words))
    put(record, "b", " ".join([*words[:299], "other"]))
    for asked in (words, words[100:], words[:65]):
        found = record.find_quotes(" ".join(asked))
        assert article in [hit.article for hit in found]
        assert ("b" in ids(found)) == (asked == words[:65])
        assert article in record.find_articles_with(" ".join(asked))
    with pytest.raises(BadQuestion, match="fewer words"):
        record.find_quotes("word " * 10_000)
    with pytest.raises(BadQuestion, match="fewer words"):
        record.find_close("word " * 10_000)


def test_long_texts_and_long_words_are_found_by_each_of_their_parts(record: Repository) -> None:
    long_word = "x" * 50_000
    text = " ".join([*(f"w{number}" for number in range(20_000)), *["same"] * 1_000, "the end", long_word, "y"])
    put(record, "a", text, title="A title")
    put(record, "b", "x" * 49_999)
    for asked in ("w0 w1", "w14999 w15000 w15001", "w19999 same", " ".join(["same"] * 64), "same the end"):
        assert ids(record.find_quotes(asked)) == ["a"]
        assert record.find_ids(ArticleFilter(all_of=(asked, "w7", "title"))) == ("a",)
        assert record.count_articles(ArticleFilter(all_of=(asked, "w7", "title"))) == 1
    assert record.get_counts(["w7", "same"]) == Searched(1, 1)
    assert record.find_ids(ArticleFilter(all_of=("w7", "title", "w8 w7"))) == ()


def test_an_article_that_changes_its_day_keeps_its_place_among_the_others(record: Repository) -> None:
    old = put(record, "a", "one two", published=date(2016, 6, 1))
    put(record, "b", "one two", published=date(2016, 6, 2))
    assert ids(record.find_quotes("two")) == ["b", "a"]
    newer = replace(old, published=date(2016, 6, 3))
    assert record.upsert(newer, [all_of(newer.text)]) is ArticleStatus.CHANGED
    assert ids(record.find_quotes("two")) == ["a", "b"]
    assert record.find_ids(ArticleFilter(all_of=("two",))) == record.find_ids() == ("a", "b")
    assert len(record.get_quotes(["a"])["a"]) == 1


def test_what_is_found_is_what_a_look_at_each_quote_finds_newest_first(record: Repository) -> None:
    chance = Random(11)  # noqa: S311 - no secret
    words = ["of", "the", "end", "at", "we", "council", "vote", "of", "the"]
    texts = [" ".join(chance.choices(words, k=chance.randint(3, 14))) for _ in range(300)]
    days = [date(2016, 1, 1) + timedelta(number) for number in range(len(texts))]
    pairs = [
        (Article(f"a{at}", text, published=day), [all_of(text)])
        for at, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    record.bulk_upsert(pairs)
    for _ in range(60):
        asked = " ".join(chance.choices(words, k=chance.randint(1, 5)))
        there = [f"a{at}" for at, text in reversed([*enumerate(texts)]) if contains_phrase(text, asked)]
        assert ids(record.find_quotes(asked)) == there[:100]
        assert ids(record.find_quotes(asked, limit=3)) == there[:3]


def test_loading_stands_as_adding_one_after_the_other_does(record: Repository) -> None:
    first, second = Article("a", "one", "The Paper"), Article("a", "two", "The Paper", date(2016, 6, 30))
    pairs = [(first, [all_of("one")]), (Article("b", "one"), []), (second, [all_of("two")]), (first, [])]
    assert record.bulk_upsert(pairs, batch_size=3) == 3
    assert record.bulk_upsert(pairs) == 0
    assert record.get_articles() == (second, Article("b", "one"))
    assert record.get_quotes("ab") == {"a": (all_of("two"),), "b": ()}
    assert [version.article for version in record.list_versions("a")] == [first]
    assert ids(record.find_quotes("two")) == ["a"]
    assert record.find_quotes("one") == ()
    with pytest.raises(BadInput, match="NUL"):
        record.bulk_upsert([(Article("c", "three"), []), (Article("d", "\0"), [])], batch_size=1)
    assert record.find_ids() == ("a", "c", "b") or record.has_article("c")


def test_what_an_older_engine_found_is_replaced_once_for_all(record: Repository) -> None:
    known = (KnownPerson("Jeremy Corbyn", ("Labour leader",)), KnownPerson("Jeremy Corbyn", ()))
    article = Article("a", "one two")
    record.upsert(article, [all_of("one two")])
    record.upsert(Article("b", "two"), [], names=(), engine="2")
    assert record.list_stale_ids("2") == ("a",)
    assert record.get_names("ab") == {"b": ()}
    assert record.replace_quotes(article, [], names=known, engine="2")
    assert record.list_stale_ids("2") == ()
    assert set(record.list_stale_ids("3")) == {"a", "b"}
    assert record.get_names("abc") == {"a": known, "b": ()}
    assert record.get_quotes("a") == {"a": ()}
    assert record.find_quotes("one") == ()
    assert record.get_counts() == Searched(2, 0)
    assert not record.replace_quotes(replace(article, text="three"), [], names=None, engine="2")
    assert not record.replace_quotes(Article("z", "none"), [], names=None, engine="2")
    record.upsert(replace(article, text="three"), [])
    assert record.get_names("a") == {}
    assert record.list_stale_ids("2") == ("a",)


def test_stories_are_set_and_set_anew(record: Repository) -> None:
    for name in "ab":
        record.upsert(Article(name, "one"), [])
    record.set_stories({"a": Story("s1", "A vote"), "b": Story("s1", "A vote"), "z": Story("s1")})
    record.set_stories({"b": Story("s2")})
    assert record.get_stories("abz") == {"a": Story("s1", "A vote"), "b": Story("s2")}
