"""A watch matches an article exactly if the same question finds it in a record that holds only this article."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Speaker, Topic
from briefings.service import BriefingService
from briefings.storage.repository import open_repository
from briefings.text.folding import make_search_key
from briefings.watches import Watch, WatchFinding, WatchIndex, WatchQuery, has_only_common_words
from tests.support.repositories import delete_all_rows

TOPIC = Topic("ferry-strike", "The ferry strike", ("ferry strike", "dockers"))
SENTENCES = (
    "Jane Roe, the mayor of Easton, said: “This is a witch-hunt by the harbour board.”",
    "“We will never close the harbour,” Roe said on Monday.",
    "“It was,” said John Alder, “a lynch mob without a rope.”",
    "Alder told The Tribune that the ferry strike was over.",
    "He added: “No confidence at all.”",
    "The dockers called it a “witch” hunt and a 'lynch-mob'.",
    "The ferry strike cost Easton 15 million pounds.",
    "“Rooms 1 5 and 9 are closed,” Alder said.",
    "“Rooms 15 and 9 are open,” Alder said.",
    "Roe’s supporters said they had no confidence in the harbour board.",
    "According to Mary Roe, a docker, the board is a lynchmob.",
    "The harbour board met on Tuesday. Nobody spoke.",
    "JOHN ALDER: We want the harbour back.",
    "A spokesman said the byelection would be in May.",
    "“Café society”, the café’s owner called the by-election.",
    "© 2016 The Example Agency",
)
PHRASES = (
    "witch-hunt",
    "witchhunt",
    "witch hunt",
    "lynch mob",
    "lynchmob",
    "no confidence",
    "harbour board",
    "the harbour",
    "Roe",
    "Jane Roe",
    "John Alder",
    "Alder",
    "by-election",
    "byelection",
    "1 5",
    "15",
    "cafe society",
    "ferry strike",
    "never",
    "it was a lynch mob",
    "said",
    "Roe's",
    "docker",
    "the",
    "a b",
    "board met",
)
NAMES = ("Roe", "Jane Roe", "Mary Roe", "John Alder", "Alder", "J Alder", "Nobody Else", "roe", "Tribune", "spokesman")
SUBJECTS = ("harbour", "ferry strike", "ferry-strike", "the board", "dockers", "nothing of it")
OUTLETS = ("Tribune", "the tribune", "Paper")

articles = st.builds(
    Article,
    id=st.just("a"),
    text=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(lambda parts: "\n".join(parts)),
    publisher=st.sampled_from(["The Tribune", "The Paper", None]),
    published=st.just(date(2016, 7, 1)),
    title=st.sampled_from([None, "Ferry strike: harbour board meets", "Roe and Alder on the by-election"]),
)


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    times = (datetime(2016, 7, 1, tzinfo=UTC) + timedelta(seconds=seconds) for seconds in count())
    with closing(open_repository("sqlite://", lambda: next(times))) as repository:
        yield BriefingService(repository, [TOPIC])


def match(service: BriefingService, query: WatchQuery) -> WatchFinding | None:
    index = WatchIndex()
    index.add(Watch(7, query), [TOPIC])
    (article_with_quotes,) = service.watching.read_articles(["a"]).values()
    matches = index.match(article_with_quotes)
    assert [watch_match.watch_id for watch_match in matches] in ([], [7])
    return matches[0].finding if matches else None


def store(service: BriefingService, article: Article) -> None:
    delete_all_rows(service._repository._engine)
    service.add([article])


def is_other(speaker: Speaker, name: str) -> bool:
    """Whether a speaker is only described with a name: "Roe’s supporters"."""
    return speaker.anonymous and not make_search_key(speaker.name).endswith(make_search_key(name))


MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(
    articles,
    st.sampled_from(PHRASES),
    st.none() | st.sampled_from(NAMES),
    st.none() | st.sampled_from(SUBJECTS),
    st.none() | st.sampled_from(OUTLETS),
)
def test_phrase_and_speaker_match_if_whosaid_finds_them(
    service: BriefingService, article: Article, phrase: str, by: str | None, about: str | None, outlet: str | None
) -> None:
    # without a speaker, a search with filters does not find compounds in the article's own words
    is_compound = make_search_key(phrase).replace(" ", "") in {"witchhunt", "lynchmob", "byelection"}
    assume(not (is_compound and by is None and (about or outlet)))
    store(service, article)
    answer = service.who_said(phrase, by=by, about=about, outlet=outlet)
    hits = [hit for hit in answer.hits if by is None or not (hit.speaker and is_other(hit.speaker, by))]
    is_found = bool(hits or (by is None and answer.narration))
    finding = match(service, WatchQuery(phrase, "", by, about, outlet))
    assert (finding is not None) >= is_found
    if finding and not is_found:  # beside a quotation, which a search leaves out
        assert finding.quote is not None or service.who_said(phrase, outlet=outlet).hits
        assert by is None
        assert finding.matches
        return
    if finding and finding.quote and finding.quote.speaker:
        speakers = {hit.speaker.name for hit in answer.hits if hit.speaker}
        assert finding.quote.speaker.name in speakers


@MANY
@given(
    articles,
    st.sampled_from(NAMES),
    st.none() | st.sampled_from(SUBJECTS),
    st.none() | st.sampled_from(OUTLETS),
)
def test_speaker_alone_matches_if_whosaid_finds_a_quotation(
    service: BriefingService, article: Article, by: str, about: str | None, outlet: str | None
) -> None:
    store(service, article)
    answer = service.who_said("", by=by, about=about, outlet=outlet)
    finding = match(service, WatchQuery(None, "", by, about, outlet))
    assert (finding is not None) == any(hit.speaker and not is_other(hit.speaker, by) for hit in answer.hits)
    assert finding is None or finding.quote is not None


@MANY
@given(
    articles,
    st.lists(st.sampled_from(" ".join(PHRASES).split()), min_size=1, max_size=3).map(" ".join)
    | st.sampled_from(SUBJECTS),
    st.none() | st.sampled_from(OUTLETS),
)
def test_words_match_only_if_a_briefing_finds_the_article(
    service: BriefingService, article: Article, words: str, outlet: str | None
) -> None:
    assume(not has_only_common_words(words))
    store(service, article)
    try:
        is_found = bool(service.brief(words, outlet=outlet))
    except (NothingFound, BadQuestion):
        is_found = False
    is_short = len(make_search_key(article.text).split()) <= 40
    is_in_one_place = is_short and not article.title
    finding = match(service, WatchQuery(None, words, None, None, outlet))
    assert is_found or finding is None
    assert finding is not None or not (is_found and is_in_one_place)


@MANY
@given(articles, st.sampled_from(PHRASES), st.none() | st.sampled_from(NAMES))
def test_every_place_is_in_the_sentence_and_has_the_words(
    service: BriefingService, article: Article, phrase: str, by: str | None
) -> None:
    store(service, article)
    finding = match(service, WatchQuery(phrase, "", by))
    if finding is None:
        return
    letters = make_search_key(phrase).replace(" ", "")
    assert finding.sentence is not None
    for place in finding.matches:
        assert finding.sentence.covers(place)
        assert make_search_key(place.of(article.text)).replace(" ", "") == letters
    if finding.quote:
        assert finding.sentence.covers(finding.quote.span)
