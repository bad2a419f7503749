"""The pages of an answer list every utterance once, in the order of `who_said`, within bounds."""

from collections.abc import Iterator, KeysView, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.attribution.name_completion import KnownPerson
from briefings.errors import NothingFound
from briefings.model import Article, Hit, Kind, Quote, Span, Speaker
from briefings.service import quote_lookup, quote_search
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.upsert import Arrival

#: utterances that share the word "harbour" and nothing else
UTTERANCES = (
    "the harbour will close before winter comes again",
    "every fisherman here depends upon that old harbour",
    "nobody asked our council about harbour dredging plans",
    "my grandfather built this harbour with granite blocks",
    "ferries cannot reach a harbour full of sand",
    "tourists love walking along harbour walls at sunset",
    "insurance companies refused to cover harbour damage",
)
SPEAKERS = (Speaker("Anna Berg", "mayor"), Speaker("Tom Okoro"), Speaker("a harbour pilot", anonymous=True), None)
#: small sizes, so that a few quotes fill several windows and pages
WINDOW, PAGE, WINDOWS = 4, 3, 5
#: a quote: positions in SPEAKERS and UTTERANCES
REPORTS = st.lists(
    st.tuples(st.integers(0, len(SPEAKERS) - 1), st.integers(0, len(UTTERANCES) - 1)), min_size=1, max_size=30
)
#: what identifies an utterance: its speaker and words; each quote without a speaker is one
UtteranceKey = tuple[str, str]


@pytest.fixture(autouse=True, scope="module")
def _small_sizes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quote_lookup, "MAX_QUOTES", WINDOW)
        patch.setattr(quote_lookup, "MAX_NARRATION_ARTICLES", WINDOW)
        patch.setattr(quote_search, "PAGE_SIZE", PAGE)
        patch.setattr(quote_search, "MAX_WINDOWS", WINDOWS)
        yield


@contextmanager
def open_services(reports: Sequence[tuple[int, int]]) -> Iterator[tuple[BriefingService, BriefingService]]:
    """Open two services, each with its own cache, over one repository with these quotes, newest first."""
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        add_reports(repository, reports)
        yield BriefingService(repository), BriefingService(repository)


def add_reports(repository: Repository, reports: Sequence[tuple[int, int]], prefix: str = "a") -> None:
    arrivals = []
    for number, (speaker_index, utterance_index) in enumerate(reports):
        words, speaker = UTTERANCES[utterance_index], SPEAKERS[speaker_index]
        text = f"“{words},” said {speaker.name if speaker else 'someone'} in report {number}."
        day = date(2016, 6, 30) - timedelta(days=number)
        article = Article(f"{prefix}{number:02}", text, f"Paper {number}", day)
        quote = Quote((Span(1, 1 + len(words)),), None, None, speaker, Kind.DIRECT, 0.9 if speaker else 0.0, "test")
        named = speaker is not None and not speaker.anonymous
        arrivals.append(Arrival(article, [quote], [KnownPerson(speaker.name, ())] if speaker and named else []))
    repository.upsert_all(arrivals)


def read_pages(service: BriefingService, words: str, by: str | None = None) -> list[tuple[Hit, ...]]:
    """Read page after page until none follows."""
    pages = []
    for number in count(1):
        results = service.search_quotes(words, by=by, page=number)
        pages.append(results.answer.hits)
        if not results.page.has_more:
            return pages
    raise AssertionError


def get_key(hit: Hit) -> UtteranceKey:
    return (hit.speaker.name, hit.quote) if hit.speaker else (hit.article, hit.quote)


def get_expected_keys(reports: Sequence[tuple[int, int]], speaker_index: int | None = None) -> KeysView[UtteranceKey]:
    """Return the utterances of the quotes within the bound, each once, newest first."""
    candidates = [
        (number, SPEAKERS[speaker], UTTERANCES[utterance])
        for number, (speaker, utterance) in enumerate(reports)
        if speaker_index is None or speaker == speaker_index
    ][: WINDOW * WINDOWS]
    return {(speaker.name if speaker else f"a{number:02}", words): None for number, speaker, words in candidates}.keys()


@settings(max_examples=25)
@given(REPORTS)
def test_pages_partition_the_answer(reports: list[tuple[int, int]]) -> None:
    """No page loses or repeats an utterance, and only the last page is shorter."""
    with open_services(reports) as (service, _):
        pages = read_pages(service, "harbour")
        keys = [get_key(hit) for page in pages for hit in page]
        assert len(keys) == len(set(keys))
        assert get_expected_keys(reports) <= set(keys)
        assert all(len(page) == PAGE for page in pages[:-1])
        with pytest.raises(NothingFound):
            service.search_quotes("harbour", page=len(pages) + 1)


@settings(max_examples=25)
@given(REPORTS)
def test_pages_of_a_speaker_partition_the_answer(reports: list[tuple[int, int]]) -> None:
    with open_services([(0, 0), *reports]) as (service, _):
        expected_keys = get_expected_keys([(0, 0), *reports], speaker_index=0)
        for words, by in (("", "Berg"), ("Berg", None), ("", "Anna Berg")):
            hits = [hit for page in read_pages(service, words, by) for hit in page]
            assert [get_key(hit) for hit in hits] == list(expected_keys)


@settings(max_examples=25)
@given(REPORTS)
def test_the_answer_of_who_said_is_the_beginning_of_the_pages(reports: list[tuple[int, int]]) -> None:
    """The same hits with the same variants and outlets."""
    with open_services(reports) as (service, other_service):
        hits = [hit for page in read_pages(service, "harbour") for hit in page]
        answer = other_service.who_said("harbour")
        assert list(answer.hits) == hits[: len(answer.hits)]
        assert answer == service.who_said("harbour")
        assert answer.more == (len(reports) >= WINDOW)


@settings(max_examples=25)
@given(REPORTS, st.integers(1, 8))
def test_a_page_does_not_depend_on_the_pages_read_before(reports: list[tuple[int, int]], number: int) -> None:
    with open_services(reports) as (service, other_service):
        pages = read_pages(service, "harbour")
        if number <= len(pages):
            results = other_service.search_quotes("harbour", page=number)
            assert results.answer.hits == pages[number - 1]
            assert results == service.search_quotes("harbour", page=number)


def test_pages_stay_the_same_when_older_articles_are_added() -> None:
    reports = [(number % 2, number % len(UTTERANCES)) for number in range(10)]
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        add_reports(repository, reports)
        service = BriefingService(repository)
        before = read_pages(service, "harbour")
        old = Article("old", "“We had a harbour once,” said Tom Okoro.", "Paper", date(2001, 1, 1))
        service.add([old])
        after = read_pages(service, "harbour")
    assert [hit for page in after for hit in page][:-1] == [hit for page in before for hit in page]
    assert after[-1][-1].article == "old"


def test_a_new_article_is_on_the_first_page_at_once() -> None:
    with open_services([(0, 0), (1, 1)]) as (service, _):
        assert len(service.search_quotes("harbour").answer.hits) == 2
        service.add([Article("new", "“What a harbour,” said Tom Okoro.", "Paper", date(2016, 7, 1))])
        assert service.search_quotes("harbour").answer.hits[0].article == "new"


def test_pages_end_at_the_bound_and_say_how_to_find_older_quotes() -> None:
    reports = [(3, number % len(UTTERANCES)) for number in range(WINDOW * WINDOWS + 5)]
    with open_services(reports) as (service, _):
        pages = read_pages(service, "harbour")
        assert sum(map(len, pages)) == WINDOW * WINDOWS
        assert service.search_quotes("harbour", page=len(pages)).answer.more
        with pytest.raises(NothingFound, match="Add a date, an outlet or a name"):
            service.search_quotes("harbour", page=len(pages) + 1)
        with pytest.raises(NothingFound, match="Pages end at 200"):
            service.search_quotes("harbour", page=201)


def test_a_person_with_a_common_surname_is_found_behind_full_windows() -> None:
    """Later windows search for the whole name, so that other people of that surname do not fill them."""
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        add_reports(repository, [(0, number % len(UTTERANCES)) for number in range(WINDOW * WINDOWS)])
        service = BriefingService(repository)
        service.add([Article("old", "“We had a pier once,” said Mary Berg.", "Paper", date(2001, 1, 1))])
        assert [hit.article for hit in service.search_quotes("", by="Mary Berg").answer.hits] == ["old"]
        assert service.who_said("", by="Mary Berg").more
