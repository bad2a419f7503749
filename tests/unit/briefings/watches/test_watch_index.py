"""Watches find what they say in an article, and nothing else; the index changes no result."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.attribution.analysis import analyse
from briefings.errors import BadQuestion
from briefings.model import Article, Kind, Quote, Span, Speaker, Topic
from briefings.watches import ArticleWithQuotes, Watch, WatchFinding, WatchIndex, WatchQuery, build_hit
from briefings.watches.article_words import ArticleWords
from briefings.watches.positions import locate_words
from briefings.watches.requirements import compile_query
from briefings.watches.verification import MAX_WINDOW_WORDS, find_best
from tests.support.articles import STORIES, make_article

TOPIC = Topic("ferry-strike", "The ferry strike", ("ferry strike", "dockers"))
TEXT = """Jane Roe, the mayor of Easton, said: “The harbour will never close.”

“This is a lynch-mob,” said John Alder, who leads the dockers. Alder’s aides said that the board would resign.

The board of Easton Ferries met on Tuesday and kept its fares.

A note that was found called the mayor “a paper tiger”.
"""


def analyse_article(text: str = TEXT, **fields: str | None) -> ArticleWithQuotes:
    article = replace(make_article(text, publisher=fields.pop("publisher", "The Easton Tribune")), **fields)
    return article, analyse(article).quotes


def find(query: WatchQuery, article: ArticleWithQuotes, topics: tuple[Topic, ...] = (TOPIC,)) -> WatchFinding | None:
    index = WatchIndex()
    index.add(Watch(1, query), topics)
    matches = index.match(article)
    return matches[0].finding if matches else None


def describe(finding: WatchFinding | None, article: Article) -> tuple[str | None, str | None, list[str]] | None:
    """Return the quotation, its speaker, and the words that were found."""
    if finding is None:
        return None
    places = [place.of(article.text) for place in finding.matches]
    if finding.quote is None:
        return None, None, places
    speaker = finding.quote.speaker.name if finding.quote.speaker else None
    return finding.quote.span.of(article.text), speaker, places


LYNCH_MOB, HARBOUR = "This is a lynch-mob,", "The harbour will never close."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (WatchQuery("lynch mob"), (LYNCH_MOB, "John Alder", ["lynch-mob"])),
        (WatchQuery("LYNCHMOB"), (LYNCH_MOB, "John Alder", ["lynch-mob"])),
        (WatchQuery("lynch mob", by="Roe"), None),
        (WatchQuery("lynch mob", by="alder"), (LYNCH_MOB, "John Alder", ["lynch-mob"])),
        (WatchQuery("lynch mob", by="Jane Alder"), None),
        (WatchQuery("paper tiger"), ("a paper tiger", None, ["paper tiger"])),
        (WatchQuery("kept its fares"), (None, None, ["kept its fares"])),
        (WatchQuery("met on Wednesday"), None),
        (WatchQuery("The harbour will never close. " * 20), None),
        (WatchQuery("Jane Roe"), (HARBOUR, "Jane Roe", [])),
        (WatchQuery("the mayor of Easton"), (HARBOUR, "Jane Roe", ["the mayor of Easton"])),
        (WatchQuery(by="Jane Roe"), (HARBOUR, "Jane Roe", [])),
        (WatchQuery(by="Roe", about="harbours"), (HARBOUR, "Jane Roe", [])),
        (WatchQuery(by="Roe", about="ferries"), None),  # another paragraph mentions them
        (WatchQuery("fares", about="Easton ferries"), (None, None, ["fares"])),
        (WatchQuery("fares", about="harbour"), None),
        (WatchQuery(words="close harbour", about="mayor"), (HARBOUR, "Jane Roe", ["harbour", "close"])),
        (WatchQuery(words="close harbour", about="dockers"), None),
        (WatchQuery(by="Roe", about="trains"), None),
        (WatchQuery(by="Roe", about="ferry-strike"), (HARBOUR, "Jane Roe", [])),
        (WatchQuery(words="harbour", by="Roe"), (HARBOUR, "Jane Roe", ["harbour"])),
        (WatchQuery(words="fares", by="Roe"), None),
        (WatchQuery(by="Mary Roe"), None),
        (WatchQuery(words="close harbour"), (HARBOUR, "Jane Roe", ["harbour", "close"])),
        (WatchQuery(words="Easton Ferries fares"), (None, None, ["Easton", "Ferries", "fares"])),
        (WatchQuery(words="mayor of Easton harbour"), (HARBOUR, "Jane Roe", ["mayor", "Easton", "harbour"])),
        (WatchQuery(words="trains"), None),
        (WatchQuery(words="ferry strike"), (None, None, ["dockers"])),
        (WatchQuery("harbour", outlet="tribune"), (HARBOUR, "Jane Roe", ["harbour"])),
        (WatchQuery("harbour", outlet="Herald"), None),
        (WatchQuery(words="harbour", outlet="Easton Tribune"), (HARBOUR, "Jane Roe", ["harbour"])),
        (WatchQuery("harbour", words="never"), (HARBOUR, "Jane Roe", ["harbour"])),
        (WatchQuery("harbour", words="trains"), None),
    ],
)
def test_watch_finds_the_best_place(query: WatchQuery, expected: tuple[str | None, str | None, list[str]]) -> None:
    article = analyse_article()
    finding = find(query, article)
    if query.words == "ferry strike" and finding and expected:  # the sentence of the dockers quotes Alder
        assert [place.of(article[0].text) for place in finding.matches] == expected[2]
        return
    assert describe(finding, article[0]) == expected


@pytest.mark.parametrize("name", ["Alder", "John Alder", "alder"])
def test_supporters_and_aides_are_not_the_person(name: str) -> None:
    article = analyse_article("Alder’s aides said that the board would resign.\nJohn Alder met them.")
    assert [quote.speaker and quote.speaker.anonymous for quote in article[1]] == [True]
    assert find(WatchQuery(by=name), article) is None


@pytest.mark.parametrize(
    ("speaker", "name", "is_meant"),
    [
        (Speaker("Jane Roe"), "Roe", True),
        (Speaker("Jane Roe"), "Mary Roe", False),
        (Speaker("Roe"), "Jane Roe", False),
        (Speaker("a spokesman for Roe", anonymous=True), "Roe", False),
        (Speaker("sources close to Jane Roe", anonymous=True), "Jane Roe", False),
        (Speaker("Jane Roe’s lawyer", anonymous=True), "Jane Roe", False),
        (Speaker("Roe's office"), "Roe", False),
        (Speaker("senior Labour sources", anonymous=True), "Labour sources", True),
        (Speaker("senior Labour sources", anonymous=True), "Labour", False),
        (Speaker("a spokesman", anonymous=True), "spokesman", True),
        (None, "Roe", False),
    ],
)
def test_speaker_is_the_one_who_is_watched(speaker: Speaker | None, name: str, *, is_meant: bool) -> None:
    article = Article("a", "Somebody said: “No trains today.” Roe, Jane Roe, Labour.")
    quote = Quote((Span(16, 32),), None, None, speaker, Kind.DIRECT, 0.9 if speaker else 0.0, "named")
    assert (find(WatchQuery(by=name), (article, [quote])) is not None) is is_meant


def test_uncertain_speaker_stays_uncertain() -> None:
    article = Article("a", "“No trains today,” the woman with Roe said.")
    quote = Quote((Span(1, 17),), None, None, Speaker("Jane Roe"), Kind.DIRECT, 0.55, "probably")
    finding = find(WatchQuery(by="Roe"), (article, [quote]))
    assert finding is not None
    hit = build_hit(article, finding)
    assert hit is not None
    assert (hit.confidence, hit.reason) == (0.55, "probably")
    unknown = replace(quote, speaker=None, confidence=0.0, reason="not sure who")
    assert find(WatchQuery(by="Roe"), (article, [unknown])) is None
    finding = find(WatchQuery("trains"), (article, [unknown]))
    assert finding is not None
    hit = build_hit(article, finding)
    assert hit is not None
    assert (hit.speaker, hit.quote, hit.reason) == (None, "No trains today", "not sure who")


def test_certain_direct_quotation_about_the_subject_comes_first() -> None:
    text = "“One train,” said Roe. Roe said that trains were late. “Two trains and fares,” said Roe."
    spans = [
        Span(text.index(words), text.index(words) + len(words)) for words in ("One train,", "Two trains and fares,")
    ]
    quotes = [Quote((span,), None, None, Speaker("Jane Roe"), Kind.DIRECT, 0.9, "named") for span in spans]
    article = Article("a", text)
    assert describe(find(WatchQuery(by="Roe"), (article, quotes)), article) == ("One train,", "Jane Roe", [])
    finding = find(WatchQuery(by="Roe", about="fares"), (article, quotes))
    assert describe(finding, article) == ("Two trains and fares,", "Jane Roe", [])
    unsure = [replace(quotes[0], confidence=0.5), quotes[1]]
    finding = find(WatchQuery(by="Roe"), (article, unsure))
    assert describe(finding, article) == ("Two trains and fares,", "Jane Roe", [])


def test_words_of_the_title_alone_match_without_a_place() -> None:
    article = analyse_article("Nothing of it is here.", title="Ferry fares rise in Easton")
    finding = find(WatchQuery(words="Easton fares"), article)
    assert finding == WatchFinding("a", None, None)
    assert build_hit(article[0], finding) is None
    assert find(WatchQuery(words="Easton here"), article) is None
    assert find(WatchQuery("ferry fares"), article) is None  # a phrase is looked for in the text, as by /whosaid


@pytest.mark.parametrize(("gap", "is_near"), [(0, True), (MAX_WINDOW_WORDS - 2, True), (MAX_WINDOW_WORDS - 1, False)])
def test_words_match_only_near_each_other(gap: int, *, is_near: bool) -> None:
    article = analyse_article(f"The harbour{' the' * gap} fares.")
    assert (find(WatchQuery(words="harbour fares"), article) is not None) is is_near


def test_boilerplate_is_not_searched_for_words() -> None:
    text = "Buy fares here.\nThe harbour is open."
    article = Article("a", text, boilerplate=(Span(0, 15),))
    assert find(WatchQuery(words="fares"), (article, ())) is None
    assert find(WatchQuery("fares"), (article, ())) is None
    assert find(WatchQuery(words="harbour"), (article, ())) is not None


def test_narration_has_no_speaker_and_its_own_sentence() -> None:
    article = analyse_article()
    finding = find(WatchQuery("kept its fares"), article)
    assert finding is not None
    hit = build_hit(article[0], finding)
    assert hit is not None
    assert hit.speaker is None
    assert hit.quote == "The board of Easton Ferries met on Tuesday and kept its fares."


def test_equal_queries_share_one_entry_and_each_watch_is_told() -> None:
    index = WatchIndex()
    for number in (5, 3, 9):
        index.add(Watch(number, WatchQuery("harbour")))
    index.add(Watch(4, WatchQuery(by="Alder")))
    assert [match.watch_id for match in index.match(analyse_article())] == [3, 4, 5, 9]
    index.remove(5)
    index.remove(77)
    index.add(Watch(3, WatchQuery("trains")))  # edited
    assert [match.watch_id for match in index.match(analyse_article())] == [4, 9]
    assert len(index) == 3
    for number in (3, 4, 9):
        index.remove(number)
    assert (len(index), index._entries, index._entries_by_lexeme) == (0, {}, {})
    assert index.match(analyse_article()) == ()


def test_topics_belong_to_a_watch() -> None:
    index = WatchIndex()
    index.add(Watch(1, WatchQuery(words="news")), [Topic("news", "News", ("harbour",))])
    index.add(Watch(2, WatchQuery(words="news")), [Topic("news", "News", ("trains",))])
    index.add(Watch(3, WatchQuery(words="news")))
    assert [match.watch_id for match in index.match(analyse_article())] == [1]


@pytest.mark.parametrize(
    "query", [{}, {"about": "x"}, {"outlet": "x"}, {"phrase": ""}, {"phrase": "?!"}, {"words": "…"}, {"by": "\u200b"}]
)
def test_query_without_words_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadQuestion):
        WatchQuery(**query)


NASTY = st.text(max_size=20) | st.sampled_from(
    ["@roe", "#tribune", "a" * 500, "ﬁ½İ", "\ud800", "x\0y", "“„", "' OR 1=1", "s"]
)


@settings(max_examples=200)
@given(NASTY, NASTY, st.none() | NASTY, st.none() | NASTY, st.none() | NASTY)
def test_any_text_is_a_query_or_is_refused(
    phrase: str, words: str, by: str | None, about: str | None, outlet: str | None
) -> None:
    try:
        query = WatchQuery(phrase or None, words, by, about, outlet)
    except BadQuestion:
        return
    text = f"{phrase} {words} {about}. “{phrase},” said {by}."
    article = Article("a", text, publisher=outlet, title=words)
    finding = find(query, (article, ()), ())
    assert finding is None or finding.article == "a"


QUERIES = st.builds(
    lambda phrase, words, by, about: WatchQuery(phrase, words or "", by, about) if phrase or words or by else None,
    st.none() | st.sampled_from(["example party", "exampleparty", "a mob", "signed", "could for", "I did all", "Roe"]),
    st.none() | st.sampled_from(["party vote", "petition", "example reports", "mob rope"]),
    st.none() | st.sampled_from(["Roe", "Jane Roe", "source", "example party"]),
    st.none() | st.sampled_from(["petition", "vote"]),
)


@settings(max_examples=60)
@given(STORIES, st.lists(QUERIES, min_size=1, max_size=12))
def test_index_finds_what_verifying_every_watch_finds(
    articles: list[Article], queries: list[WatchQuery | None]
) -> None:
    index = WatchIndex()
    watches = [Watch(number, query) for number, query in enumerate(queries) if query]
    for watch in watches:
        index.add(watch)
    for article in articles:
        article_with_quotes = article, analyse(article).quotes
        words = ArticleWords(article_with_quotes)
        expected = {
            watch.id: finding
            for watch in watches
            if (finding := find_best(compile_query(watch.query, ()), words)) is not None
        }
        assert {match.watch_id: match.finding for match in index.match(article_with_quotes)} == expected


@given(st.text(max_size=40))
def test_located_words_are_those_of_the_search_key(text: str) -> None:
    words = locate_words(text)
    for index, key in enumerate(words.keys):
        word = words.get_span((index, index)).of(text)
        assert key in ArticleWords((Article("a", word), ())).text_key.split()
