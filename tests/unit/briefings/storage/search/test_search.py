"""Both databases give the same search results: compounds, typos, filters and special characters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from briefings.attribution.name_completion import KnownPerson
from briefings.errors import BadInput, BadQuestion
from briefings.model import Article, Kind, Quote, SearchTotals, Span, Speaker
from briefings.storage.db.types import ArticleFilter, ArticleStatus, QuoteScope, SearchHit, Story
from briefings.storage.repository import Repository
from briefings.storage.search import fuzzy
from briefings.text.folding import contains_phrase

CORBYN, MCDONNELL = Speaker("Jeremy Corbyn"), Speaker("John McDonnell", "shadow chancellor")
TEXTS = ("a lynch-mob without the rope", "we will win this vote", "form an orderly queue")


def quote_all(text: str, speaker: Speaker | None = None) -> Quote:
    """Return the whole text as one quote."""
    return Quote((Span(0, len(text)),), None, None, speaker, Kind.DIRECT, 0.9, "the whole text")


def add_article(
    repository: Repository, name: str, text: str, speaker: Speaker | None = None, **fields: object
) -> Article:
    article = Article(name, text, **fields)  # type: ignore[arg-type]  # fields of the test's article
    assert repository.upsert(article, [quote_all(text, speaker)]) is ArticleStatus.NEW
    return article


def get_ids(results: Sequence[SearchHit]) -> list[str]:
    return [hit.article.id for hit in results]


def test_compound_is_found_split_and_joined(repository: Repository) -> None:
    for name, text in (("hyphen", "A lynch-mob!"), ("apart", "The lynch mob."), ("one", "A Lynchmob?")):
        add_article(repository, name, text)
    add_article(repository, "other", "They lynch. A mob.")
    for words in ("lynch-mob", "lynch mob", "lynchmob"):
        assert set(get_ids(repository.find_quotes(words))) == {"hyphen", "apart", "one"}
        assert {article.id for article in repository.find_articles_with(words)} == {"hyphen", "apart", "one"}
    assert get_ids(repository.find_quotes("a lynchmob")) == get_ids(repository.find_quotes("a lynch mob")) != []


def test_any_of_several_phrases_finds_each_quote_once_newest_first(repository: Repository) -> None:
    """Phrases without a word find nothing, nor does an empty list."""
    for day, text in enumerate(TEXTS, 1):
        add_article(repository, f"n{day}", text, published=date(2016, 6, day))
    assert get_ids(repository.find_any(["without the rope", "orderly queue", "a lynch mob", "nowhere said"])) == [
        "n3",
        "n1",
    ]
    assert get_ids(repository.find_any(["without the rope", "orderly queue"], 1)) == ["n3"]
    assert repository.find_any([]) == repository.find_any(["", "?!"]) == ()


@pytest.mark.parametrize(
    "words", ["lynch mob wthout the rope", "lynch mob without the ropes", "lynch mob witohut the rope"]
)
def test_typo_in_an_unknown_word_is_corrected(repository: Repository, words: str) -> None:
    for number, text in enumerate(TEXTS):
        add_article(repository, f"n{number}", text)
    assert repository.find_quotes(words) == ()
    assert get_ids(repository.find_close(words)) == ["n0"]


def test_typo_that_makes_another_known_word_is_corrected(repository: Repository) -> None:
    for number, text in enumerate([*TEXTS, "from here"]):
        add_article(repository, f"n{number}", text)
    assert get_ids(repository.find_close("from an orderly queue")) == ["n2"]
    assert get_ids(repository.find_close("fxrm an oderly queue")) == ["n2"]
    assert (
        repository.find_close("fxrm bn oderly qqeue xx")
        == repository.find_close("?!")
        == repository.find_close("")
        == ()
    )


def test_nearest_quotes_share_rare_words(repository: Repository) -> None:
    for number, text in enumerate(TEXTS):
        add_article(repository, f"n{number}", text)
    assert get_ids(repository.find_nearest("he spoke of a rope, not of a mob", limit=1)) == ["n0"]
    assert repository.find_nearest("nothing shared whatever") == repository.find_nearest("") == ()


def test_common_words_do_not_make_quotes_similar(repository: Repository) -> None:
    """They count only if the query has no other words."""
    for name, text in (("rope", "there is a rope"), ("house", "the vote of the house"), ("queue", "of the queue")):
        add_article(repository, name, text)
    assert get_ids(repository.find_nearest("of the rope")) == ["rope"]
    assert set(get_ids(repository.find_nearest("of the"))) == {"house", "queue"}


def test_all_quotes_of_a_speaker_with_few_quotes_are_compared(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a speaker with many quotes, only quotes that share words are returned."""
    for number, text in enumerate(TEXTS):
        add_article(repository, f"n{number}", text, CORBYN)
    corbyn = QuoteScope(by="corbyn")
    assert get_ids(repository.find_nearest("orderly ranks", corbyn))[0] == "n2"
    assert len(repository.find_nearest("orderly ranks", corbyn)) == 3
    assert len(repository.find_nearest("orderly ranks", corbyn, limit=1)) == 1
    assert repository.find_nearest("orderly ranks", QuoteScope(by="?!")) == ()
    monkeypatch.setattr(fuzzy, "_MAX_QUOTES_TO_COMPARE", 2)
    assert get_ids(repository.find_nearest("orderly ranks", corbyn)) == ["n2"]


def test_filters_apply_to_every_search(repository: Repository) -> None:
    add_article(
        repository, "a", "we will win", CORBYN, publisher="The Guardian", published=date(2016, 6, 25), title="The vote"
    )
    add_article(repository, "b", "we will win", MCDONNELL, publisher="The Mail", published=date(2016, 6, 28))
    add_article(repository, "c", "we will win", CORBYN)
    assert get_ids(repository.find_quotes("will win")) == ["b", "a", "c"]
    for scope, expected_ids in (
        (QuoteScope(by="corbyn"), ["a", "c"]),
        (QuoteScope(outlet="guardian"), ["a"]),
        (QuoteScope(by="Corbyn", outlet="mail"), []),
        (QuoteScope(about=("vote", "bridge")), ["a"]),
        (QuoteScope(since=date(2016, 6, 26)), ["b"]),
        (QuoteScope(until=date(2016, 6, 26)), ["a"]),
        (QuoteScope(since=date(2016, 6, 25), until=date(2016, 6, 28)), ["b", "a"]),
        (QuoteScope(about=("?!",)), []),
    ):
        assert get_ids(repository.find_quotes("will win", scope)) == expected_ids
        assert set(get_ids(repository.find_close("will wim", scope))) == set(expected_ids)
        assert set(get_ids(repository.find_nearest("will lose", scope))) == set(expected_ids)
    assert get_ids(repository.find_quotes("", QuoteScope(by="Corbyn", since=date(2016, 1, 1)))) == ["a"]
    assert repository.find_quotes("corbyn") == repository.find_quotes("guardian") == ()


def test_phrase_never_spans_quote_speaker_or_title(repository: Repository) -> None:
    add_article(repository, "a", "we will win", CORBYN, publisher="The Guardian", title="win the vote")
    assert repository.find_quotes("win jeremy") == repository.find_quotes("win the") == ()
    assert (
        repository.find_ids(ArticleFilter(all_of=("win win",)))
        == repository.find_ids(ArticleFilter(all_of=("vote we",)))
        == ()
    )
    assert repository.find_ids(ArticleFilter(all_of=("we will", "win the vote"))) == ("a",)


@pytest.mark.parametrize(
    "words",
    [
        *('"', "*", "a*", "NEAR(a b)", "a AND b", "NOT a", "a OR", "(", "content : a", "^a", "-a", "a + b", "'", "''"),
        *("&", "|", "!", "<->", "a & b", "a:*", "a:A", "\\", "a\\'", "%s", "$1", ":x", "?", "\0", "\ud800", "🙂"),
        *("\u202ea", "…", "@a", "#a", "^", "{content}", "--", ";", "a;b"),
    ],
)
def test_query_syntax_is_searched_as_plain_words(repository: Repository, words: str) -> None:
    add_article(repository, "x", "nothing of the kind", CORBYN, title="kind", publisher="kind")
    for results in (
        repository.find_quotes(words),
        repository.find_quotes(words, QuoteScope(by=words, outlet=words, about=(words,))),
        repository.find_close(words + " zzzz"),
        repository.find_nearest(words),
        repository.find_articles_with(words),
        repository.find_ids(ArticleFilter(any_of=(words,), all_of=(words,))),
    ):
        assert results == ()
    assert repository.get_counts([words]) == SearchTotals(0, 0)


def test_phrase_too_long_for_the_index_is_found(repository: Repository) -> None:
    words = [f"w{number}" for number in range(300)]
    article = add_article(repository, "a", " ".join(words))
    add_article(repository, "b", " ".join([*words[:299], "other"]))
    for phrase in (words, words[100:], words[:65]):
        results = repository.find_quotes(" ".join(phrase))
        assert article in [hit.article for hit in results]
        assert ("b" in get_ids(results)) == (phrase == words[:65])
        assert article in repository.find_articles_with(" ".join(phrase))
    with pytest.raises(BadQuestion, match="fewer words"):
        repository.find_quotes("word " * 10_000)
    with pytest.raises(BadQuestion, match="fewer words"):
        repository.find_close("word " * 10_000)


def test_long_texts_and_words_are_found_by_any_part(repository: Repository) -> None:
    long_word = "x" * 50_000
    text = " ".join([*(f"w{number}" for number in range(20_000)), *["same"] * 1_000, "the end", long_word, "y"])
    add_article(repository, "a", text, title="A title")
    add_article(repository, "b", "x" * 49_999)
    for words in ("w0 w1", "w14999 w15000 w15001", "w19999 same", " ".join(["same"] * 64), "same the end"):
        assert get_ids(repository.find_quotes(words)) == ["a"]
        assert repository.find_ids(ArticleFilter(all_of=(words, "w7", "title"))) == ("a",)
        assert repository.count_articles(ArticleFilter(all_of=(words, "w7", "title"))) == 1
    assert repository.get_counts(["w7", "same"]) == SearchTotals(1, 1)
    assert repository.find_ids(ArticleFilter(all_of=("w7", "title", "w8 w7"))) == ()


def test_article_with_a_new_day_moves_in_the_order(repository: Repository) -> None:
    old = add_article(repository, "a", "one two", published=date(2016, 6, 1))
    add_article(repository, "b", "one two", published=date(2016, 6, 2))
    assert get_ids(repository.find_quotes("two")) == ["b", "a"]
    newer = replace(old, published=date(2016, 6, 3))
    assert repository.upsert(newer, [quote_all(newer.text)]) is ArticleStatus.UPDATED
    assert get_ids(repository.find_quotes("two")) == ["a", "b"]
    assert repository.find_ids(ArticleFilter(all_of=("two",))) == repository.find_ids() == ("a", "b")
    assert len(repository.get_quotes(["a"])["a"]) == 1


def test_search_equals_a_scan_of_all_quotes(repository: Repository) -> None:
    random = Random(11)  # noqa: S311 - no secret
    vocabulary = ["of", "the", "end", "at", "we", "council", "vote", "of", "the"]
    texts = [" ".join(random.choices(vocabulary, k=random.randint(3, 14))) for _ in range(300)]
    days = [date(2016, 1, 1) + timedelta(number) for number in range(len(texts))]
    articles_with_quotes = [
        (Article(f"a{index}", text, published=day), [quote_all(text)])
        for index, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    repository.bulk_upsert(articles_with_quotes)
    for _ in range(60):
        phrase = " ".join(random.choices(vocabulary, k=random.randint(1, 5)))
        expected_ids = [f"a{index}" for index, text in reversed([*enumerate(texts)]) if contains_phrase(text, phrase)]
        assert get_ids(repository.find_quotes(phrase)) == expected_ids[:100]
        assert get_ids(repository.find_quotes(phrase, limit=3)) == expected_ids[:3]


def test_bulk_upsert_equals_single_upserts(repository: Repository) -> None:
    first, second = Article("a", "one", "The Paper"), Article("a", "two", "The Paper", date(2016, 6, 30))
    articles_with_quotes = [
        (first, [quote_all("one")]),
        (Article("b", "one"), []),
        (second, [quote_all("two")]),
        (first, []),
    ]
    assert repository.bulk_upsert(articles_with_quotes, batch_size=3) == 3
    assert repository.bulk_upsert(articles_with_quotes) == 0
    assert repository.get_articles() == (second, Article("b", "one"))
    assert repository.get_quotes("ab") == {"a": (quote_all("two"),), "b": ()}
    assert [version.article for version in repository.list_versions("a")] == [first]
    assert get_ids(repository.find_quotes("two")) == ["a"]
    assert repository.find_quotes("one") == ()
    with pytest.raises(BadInput, match="NUL"):
        repository.bulk_upsert([(Article("c", "three"), []), (Article("d", "\0"), [])], batch_size=1)
    assert repository.find_ids() == ("a", "c", "b") or repository.has_article("c")


def test_older_analysis_is_replaced(repository: Repository) -> None:
    known_people = (KnownPerson("Jeremy Corbyn", ("Labour leader",)), KnownPerson("Jeremy Corbyn", ()))
    article = Article("a", "one two")
    repository.upsert(article, [quote_all("one two")])
    repository.upsert(Article("b", "two"), [], names=(), engine="2")
    assert repository.list_stale_ids("2") == ("a",)
    assert repository.get_names("ab") == {"b": ()}
    assert repository.replace_quotes(article, [], names=known_people, engine="2")
    assert repository.list_stale_ids("2") == ()
    assert set(repository.list_stale_ids("3")) == {"a", "b"}
    assert repository.get_names("abc") == {"a": known_people, "b": ()}
    assert repository.get_quotes("a") == {"a": ()}
    assert repository.find_quotes("one") == ()
    assert repository.get_counts() == SearchTotals(2, 0)
    assert not repository.replace_quotes(replace(article, text="three"), [], names=None, engine="2")
    assert not repository.replace_quotes(Article("z", "none"), [], names=None, engine="2")
    repository.upsert(replace(article, text="three"), [])
    assert repository.get_names("a") == {}
    assert repository.list_stale_ids("2") == ("a",)


@pytest.mark.parametrize(
    ("surnames", "names"),
    [
        ({"corbyn"}, ("Jeremy Corbyn", "Jeremy Corbyne")),
        ({"corbyne"}, ("Jeremy Corbyn", "Jeremy Corbyne")),
        ({"okoro"}, ("Tom Okoro",)),
        ({"roe"}, ()),
        (set(), ()),
    ],
)
def test_names_are_read_by_surname(repository: Repository, surnames: set[str], names: tuple[str, ...]) -> None:
    """People with a surname are read, and those with another spelling of it."""
    people = [KnownPerson(name, ()) for name in ("Jeremy Corbyn", "Tom Okoro", "Jeremy Corbyne")]
    repository.upsert(Article("a", "one two"), [], names=people, engine="1")
    repository.upsert(Article("b", "one"), [], names=(), engine="1")
    read_names = repository.get_names("abc", surnames)
    assert {key: tuple(person.name for person in people) for key, people in read_names.items()} == {"a": names, "b": ()}


def test_stories_are_set_and_replaced(repository: Repository) -> None:
    for name in "ab":
        repository.upsert(Article(name, "one"), [])
    repository.set_stories({"a": Story("s1", "A vote"), "b": Story("s1", "A vote"), "z": Story("s1")})
    repository.set_stories({"b": Story("s2")})
    assert repository.get_stories("abz") == {"a": Story("s1", "A vote"), "b": Story("s2")}
