"""The service answers by topic, words, dates and names, and explains in a sentence why it has none."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from briefings.attribution.name_completion import find_full_names
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Briefing, Slot, Topic
from briefings.service import quote_lookup
from briefings.service.quote_lookup import MAX_QUESTION_CHARACTERS
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from briefings.updates import ReadingHistory

TOPICS = (Topic("example-vote", "The example vote", ("example party",)), Topic("steel", "The steel works", ("steel",)))
FIRST = Article(
    "a",
    'The example party met.\nIts secretary, Jane Roe, said: "I did all that I could for the party."\nRoe left.',
    "The Paper",
    date(2016, 6, 27),
    "https://paper.example/a",
)
SECOND = Article(
    "b", 'The example party lost, 170 to 40. "Today is no day to resign," Roe said.', "The Post", date(2016, 6, 28)
)
THIRD = Article("c", "The example party has rules. Nobody reads the rules.", "The Post")


@pytest.fixture
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository, TOPICS)
        service.add([FIRST, SECOND, THIRD])
        yield service


@pytest.fixture
def empty() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        yield BriefingService(repository, TOPICS)


@pytest.mark.parametrize("ask", ["example-vote", "Example Vote", "the EXAMPLE vote"])
def test_a_topic_is_found_by_slug_or_title(service: BriefingService, ask: str) -> None:
    briefing = service.brief(ask)
    assert (briefing.topic, briefing.title, len(briefing.sources)) == ("example-vote", "The example vote", 3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda service: service.brief("example-vote"),
        lambda service: service.get_update("example-vote", ReadingHistory(), today=date(2016, 7, 1)),
        lambda service: service.who_said("all that I could"),
    ],
    ids=["briefing", "update", "who said"],
)
def test_stored_names_are_not_extracted_again(
    service: BriefingService, ask: Callable[[BriefingService], object]
) -> None:
    find_full_names.cache_clear()
    assert ask(service)
    assert find_full_names.cache_info().misses == 0


def test_free_words_and_the_wildcard_work_too(service: BriefingService) -> None:
    assert [source.id for source in service.brief("the rules").sources] == ["c"]
    assert len(service.brief("*").sources) == 3


def test_briefing_says_how_few_of_the_articles_have_the_words(service: BriefingService) -> None:
    """The count is over all articles, although the briefing uses only those with the words."""
    missing = [line.text for line in service.brief("rules").get_slot_lines(Slot.MISSING)]
    assert "1 of 3 articles mentions “rules”." in missing
    assert not any("mention" in line.text for line in service.brief("*").get_slot_lines(Slot.MISSING))


def test_dates_filter_articles_and_leave_undated_ones_out(service: BriefingService) -> None:
    assert [source.id for source in service.brief("example-vote", since=date(2016, 6, 28)).sources] == ["b"]
    assert [source.id for source in service.brief("example-vote", until=date(2016, 6, 27)).sources] == ["a"]
    with pytest.raises(NothingFound, match=r"from those dates\. The newest is from Tue 28 Jun 2016"):
        service.brief("example-vote", since=date(2017, 1, 1))


def test_the_caller_sets_the_word_budget(service: BriefingService) -> None:
    assert service.brief("example-vote", words=20).words <= 20
    assert service.brief("example-vote", words=20).get_slot_lines(Slot.SOURCES)


def test_an_unknown_topic_suggests_the_most_similar(service: BriefingService) -> None:
    with pytest.raises(NothingFound, match=r"about “exampel vot” yet\. Did you mean: example-vote\?$") as error:
        service.brief("exampel vot")
    assert error.value.nearest == ("example-vote",)


def test_an_unknown_topic_without_similar_ones_lists_the_topics(service: BriefingService) -> None:
    with pytest.raises(NothingFound, match=r"Topics you can ask for: example-vote, steel\.$"):
        service.brief("qqq")


def test_a_topic_without_articles_says_so(service: BriefingService) -> None:
    with pytest.raises(NothingFound, match="about the topic steel"):
        service.brief("steel")


def test_an_empty_database_says_what_to_do(empty: BriefingService) -> None:
    with pytest.raises(NothingFound, match="There are no articles yet"):
        empty.brief("example-vote")


@pytest.mark.parametrize("ask", ["", "  ", "“”", "?!"])
def test_an_empty_question_gets_an_example(service: BriefingService, ask: str) -> None:
    with pytest.raises(BadQuestion, match="for example: briefing"):
        service.brief(ask)
    with pytest.raises(BadQuestion, match="for example: whosaid"):
        service.who_said(ask)


def test_a_very_long_question_is_refused(service: BriefingService) -> None:
    for ask in (service.brief, service.who_said):
        with pytest.raises(BadQuestion, match="1000 characters"):
            ask("a" * (MAX_QUESTION_CHARACTERS + 1))


def test_a_name_is_completed_over_the_articles_of_a_story(service: BriefingService) -> None:
    (hit,) = service.who_said("no day to resign").hits
    assert hit.speaker is not None
    assert (hit.speaker.name, hit.speaker.role) == ("Jane Roe", "secretary")
    assert hit.article == "b"


def test_who_said_can_be_filtered_by_speaker(service: BriefingService) -> None:
    assert len(service.who_said("all that I could", by="roe").hits) == 1
    assert service.who_said("all that I could", by="doe").hits == ()


def test_a_name_wins_over_quotes_that_mention_it(service: BriefingService) -> None:
    """A name asks for what that person said, even if other speakers mention the name."""
    service.add(
        [Article("d", 'The example party met. "Roe must go now," John Doe said.', "The Post", date(2016, 6, 30))]
    )
    assert {hit.speaker.name for hit in service.who_said("Roe").hits if hit.speaker} == {"Jane Roe"}
    assert [hit.quote for hit in service.who_said("roe must").hits] == ["Roe must go now"]


def test_name_without_words_lists_the_persons_quotes_newest_first(service: BriefingService) -> None:
    for answer in (service.who_said("", by="Roe"), service.who_said("Roe", by=None)):
        assert [hit.article for hit in answer.hits] == ["b", "a"]


def test_spellings_of_a_compound_find_each_other(service: BriefingService) -> None:
    service.add([Article("d", '"It was a lynch-mob in there," said John Doe.', "The Post", date(2016, 6, 30))])
    for words in ("lynch-mob", "lynch mob", "lynchmob", "“Lynch–mob", "'lynch mob'"):
        assert [hit.article for hit in service.who_said(words).hits] == ["d"]


def test_a_misspelled_word_suggests_the_quote(service: BriefingService) -> None:
    assert "I did all that I could" in service.who_said("did all that I coudl").nearest[0].quote


def test_who_said_applies_its_filters(service: BriefingService) -> None:
    assert {hit.publisher for hit in service.who_said("party", outlet="the paper").hits} <= {"The Paper"}
    assert service.who_said("all that I could", about="steel").hits == ()
    assert service.who_said("all that I could", since=date(2017, 1, 1)).hits == ()
    assert service.who_said("all that I could", by="Roe", outlet="unknown").bounds == ("by Roe", "in unknown")
    with pytest.raises(BadQuestion, match="The outlet filter has no words"):
        service.who_said("party", outlet="…")
    with pytest.raises(BadQuestion, match="The start date is after the end date"):
        service.who_said("party", since=date(2017, 1, 1), until=date(2016, 1, 1))


def test_a_common_phrase_gives_the_newest_quotes_and_says_that_there_are_more(
    service: BriefingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_lookup, "MAX_QUOTES", 3)
    template = '"We will wait for the tide at dawn, number {number}," said John Doe{number}.'
    service.add(
        Article(f"t{number}", template.format(number=number), "The Post", date(2016, 6, 30)) for number in range(5)
    )
    answer = service.who_said("wait for the tide")
    assert answer.more
    assert answer.hits
    assert not service.who_said("all that I could").more


def test_words_by_another_speaker_are_suggested(service: BriefingService) -> None:
    answer = service.who_said("all that I could", by="Doe")
    assert answer.hits == answer.narration == ()
    assert {hit.speaker.name for hit in answer.nearest if hit.speaker} == {"Jane Roe"}


def test_dropped_lines_are_counted(service: BriefingService, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count covers all briefings of the service."""
    service.brief("example-vote")
    assert service.dropped_lines == 0
    faulty_briefing = Briefing("t", "T", (), (), 0, dropped_lines=2)
    monkeypatch.setattr("briefings.service.service.compose.compose", lambda *_, **__: faulty_briefing)
    for _ in range(2):
        service.brief("example-vote")
    assert service.dropped_lines == 4


def test_a_draft_is_checked_against_the_articles(service: BriefingService) -> None:
    draft = "“I did all that I could for the party,” said Jane Roe. “I did all that he could,” said Roe."
    draft_check = service.check(draft)
    assert [quote.verdict.value for quote in draft_check.quotes] == ["exact", "differs"]
    assert draft_check.totals.articles == 3
    assert not draft_check.is_clean


def test_words_outside_quotes_are_narration(service: BriefingService) -> None:
    answer = service.who_said("nobody reads")
    assert answer.hits == ()
    assert [narration.text for narration in answer.narration] == ["Nobody reads the rules."]


def test_words_in_no_article_suggest_the_nearest_quote(service: BriefingService) -> None:
    answer = service.who_said("I did everything I could for the party")
    assert [hit.quote for hit in answer.nearest] == ["I did all that I could for the party."]
    assert answer.totals.articles == 3


def test_adding_again_changes_nothing(service: BriefingService) -> None:
    assert service.add([FIRST, SECOND, THIRD]) == ()
    updated_article = Article("c", THIRD.text + " Not one.", THIRD.publisher)
    assert service.add([FIRST, updated_article]) == ("c",)
    assert service.get_counts().articles == 3


def test_topics_have_counts_and_the_newest_date(service: BriefingService) -> None:
    assert [(summary.topic.slug, summary.articles, summary.newest) for summary in service.list_topics()] == [
        ("example-vote", 3, date(2016, 6, 28)),
        ("steel", 0, None),
    ]


def test_people_are_speakers_with_a_name(service: BriefingService) -> None:
    assert {person.name for person in service.list_people()} >= {"Jane Roe"}


STORM = (
    "The harbour of Northport was hit by a storm. Waves broke the quay and flooded the warehouses of Northport, and "
    'ferries stayed in the harbour.\nThe mayor of Northport said: "{}"'
)
COURT = (
    "Judges in Southville heard the appeal of the banker Ivan Petrov. The banker Petrov denies fraud, and the judges "
    "of the Southville court will rule on the appeal. A storm of protest was heard outside."
)
STORMS = [
    Article(f"n{day}", STORM.format(f"We will build quay number {day}."), "Paper", date(2016, 6, day)) for day in (1, 2)
]


def get_exclusions(briefing: Briefing) -> list[str]:
    return [line.text for line in briefing.get_slot_lines(Slot.MISSING) if "these words" in line.text]


def test_free_words_give_the_largest_story_and_name_the_others(service: BriefingService) -> None:
    service.add([*STORMS, Article("court", COURT, "The Post", date(2016, 6, 30), title="Petrov in court")])
    briefing = service.brief("storm")
    assert {source.id for source in briefing.sources} == {"n1", "n2"}
    assert get_exclusions(briefing) == [
        "1 other article contains these words but is about another story: “Petrov in court”."
    ]


def test_among_stories_of_equal_size_the_newest_wins(service: BriefingService) -> None:
    service.add([STORMS[0], Article("court", COURT, "The Post", date(2016, 6, 30))])
    briefing = service.brief("storm")
    assert [source.id for source in briefing.sources] == ["court"]
    assert get_exclusions(briefing)[0].startswith(
        "1 other article contains these words but is about another story: “The harbour of"
    )


def test_topics_and_the_wildcard_cover_all_stories(service: BriefingService) -> None:
    party_text = COURT.replace("storm", "example party")
    service.add([*STORMS, Article("court", party_text, "The Post", date(2016, 6, 30))])
    for ask, count in (("*", 6), ("example-vote", 4)):
        assert (len(service.brief(ask).sources), get_exclusions(service.brief(ask))) == (count, [])


def test_without_a_topic_a_name_is_completed_over_its_own_story(service: BriefingService) -> None:
    """A person with the same surname in another story is ignored."""
    template = "{} said: “We will count the cost of the damage first.”"
    stories = {"x": (STORM, "Anna Berg"), "y": (STORM, "Berg"), "z": (COURT, "Tom Berg")}
    service.add(
        Article(article_id, f"{text}\n{template.format(name)}", f"Paper {article_id}", date(2016, 6, 2))
        for article_id, (text, name) in stories.items()
    )
    hits = service.who_said("count the cost of the damage").hits
    assert {hit.speaker.name for hit in hits if hit.speaker} == {"Anna Berg", "Tom Berg"}
