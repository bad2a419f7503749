"""The desk answers from a record: topics, words, days, names, and one sentence where there is no answer."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from briefings.attribution.name_completion import find_full_names
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Briefing, Slot, Topic
from briefings.service import quote_lookup as said_module
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
def desk() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as record:
        found = BriefingService(record, TOPICS)
        found.add([FIRST, SECOND, THIRD])
        yield found


@pytest.fixture
def empty() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as record:
        yield BriefingService(record, TOPICS)


@pytest.mark.parametrize("ask", ["example-vote", "Example Vote", "the EXAMPLE vote"])
def test_a_topic_is_asked_for_by_slug_or_title(desk: BriefingService, ask: str) -> None:
    found = desk.brief(ask)
    assert (found.topic, found.title, len(found.sources)) == ("example-vote", "The example vote", 3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk: desk.brief("example-vote"),
        lambda desk: desk.get_update("example-vote", ReadingHistory(), today=date(2016, 7, 1)),
        lambda desk: desk.who_said("all that I could"),
    ],
    ids=["a briefing", "a digest", "who said"],
)
def test_names_that_the_record_holds_are_not_looked_for_again(
    desk: BriefingService, ask: Callable[[BriefingService], object]
) -> None:
    find_full_names.cache_clear()
    assert ask(desk)
    assert find_full_names.cache_info().misses == 0


def test_free_words_and_everything_are_asked_for_too(desk: BriefingService) -> None:
    assert [source.id for source in desk.brief("the rules").sources] == ["c"]
    assert len(desk.brief("*").sources) == 3


def test_days_bound_an_answer_and_leave_undated_articles_out(desk: BriefingService) -> None:
    assert [s.id for s in desk.brief("example-vote", since=date(2016, 6, 28)).sources] == ["b"]
    assert [s.id for s in desk.brief("example-vote", until=date(2016, 6, 27)).sources] == ["a"]
    with pytest.raises(NothingFound, match="None of the 3 articles on this was published in those days"):
        desk.brief("example-vote", since=date(2017, 1, 1))


def test_the_budget_is_the_askers(desk: BriefingService) -> None:
    assert desk.brief("example-vote", words=20).words <= 20
    assert desk.brief("example-vote", words=20).get_slot_lines(Slot.SOURCES)


def test_an_unknown_topic_names_the_nearest(desk: BriefingService) -> None:
    with pytest.raises(NothingFound, match=r"about “exampel vot”. Did you mean: example-vote\?$") as error:
        desk.brief("exampel vot")
    assert error.value.nearest == ("example-vote",)


def test_a_topic_like_none_names_those_there_are(desk: BriefingService) -> None:
    with pytest.raises(NothingFound, match=r"Topics to ask for: example-vote, steel\.$"):
        desk.brief("qqq")


def test_a_topic_without_articles_says_so(desk: BriefingService) -> None:
    with pytest.raises(NothingFound, match="about the topic steel"):
        desk.brief("steel")


def test_an_empty_record_says_what_to_do(empty: BriefingService) -> None:
    with pytest.raises(NothingFound, match="add articles first"):
        empty.brief("example-vote")


@pytest.mark.parametrize("ask", ["", "  ", "“”", "?!"])
def test_an_empty_question_is_told_how_to_ask(desk: BriefingService, ask: str) -> None:
    with pytest.raises(BadQuestion, match="for example: briefing"):
        desk.brief(ask)
    with pytest.raises(BadQuestion, match="for example: whosaid"):
        desk.who_said(ask)


def test_a_question_of_endless_length_is_none(desk: BriefingService) -> None:
    for asked in (desk.brief, desk.who_said):
        with pytest.raises(BadQuestion, match="1000 characters"):
            asked("a" * (MAX_QUESTION_CHARACTERS + 1))


def test_a_name_is_completed_over_the_articles_of_a_story(desk: BriefingService) -> None:
    (hit,) = desk.who_said("no day to resign").hits
    assert hit.speaker is not None
    assert (hit.speaker.name, hit.speaker.role) == ("Jane Roe", "secretary")
    assert hit.article == "b"


def test_who_said_can_be_bound_to_a_speaker(desk: BriefingService) -> None:
    assert len(desk.who_said("all that I could", by="roe").hits) == 1
    assert desk.who_said("all that I could", by="doe").hits == ()


def test_a_name_wins_over_quotes_that_mention_it(desk: BriefingService) -> None:
    """Whoever types a name asks for its bearer's words, also where others are quoted with the name."""
    desk.add([Article("d", 'The example party met. "Roe must go now," John Doe said.', "The Post", date(2016, 6, 30))])
    assert {hit.speaker.name for hit in desk.who_said("Roe").hits if hit.speaker} == {"Jane Roe"}
    assert [hit.quote for hit in desk.who_said("roe must").hits] == ["Roe must go now"]


def test_a_name_alone_lists_what_its_bearer_said_newest_first(desk: BriefingService) -> None:
    for found in (desk.who_said("", by="Roe"), desk.who_said("Roe", by=None)):
        assert [hit.article for hit in found.hits] == ["b", "a"]


def test_compounds_find_each_other_however_they_are_typed(desk: BriefingService) -> None:
    desk.add([Article("d", '"It was a lynch-mob in there," said John Doe.', "The Post", date(2016, 6, 30))])
    for typed in ("lynch-mob", "lynch mob", "lynchmob", "“Lynch–mob", "'lynch mob'"):
        assert [hit.article for hit in desk.who_said(typed).hits] == ["d"]


def test_a_misspelt_word_offers_the_quote_it_may_mean(desk: BriefingService) -> None:
    assert "I did all that I could" in desk.who_said("did all that I coudl").nearest[0].quote


def test_who_said_looks_only_where_it_is_told_to(desk: BriefingService) -> None:
    assert {hit.publisher for hit in desk.who_said("party", outlet="the paper").hits} <= {"The Paper"}
    assert desk.who_said("all that I could", about="steel").hits == ()
    assert desk.who_said("all that I could", since=date(2017, 1, 1)).hits == ()
    assert desk.who_said("all that I could", by="Roe", outlet="nobody").bounds == ("by Roe", "in nobody")
    with pytest.raises(BadQuestion, match="The outlet to look for holds no word"):
        desk.who_said("party", outlet="…")
    with pytest.raises(BadQuestion, match="The first day is after the last one"):
        desk.who_said("party", since=date(2017, 1, 1), until=date(2016, 1, 1))


def test_of_a_common_phrase_the_newest_are_given_and_that_there_are_more(
    desk: BriefingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(said_module, "MAX_QUOTES", 3)
    said = '"We will wait for the tide at dawn, number {at}," said John Doe{at}.'
    desk.add(Article(f"t{at}", said.format(at=at), "The Post", date(2016, 6, 30)) for at in range(5))
    found = desk.who_said("wait for the tide")
    assert found.more
    assert [hit.article for hit in found.hits] != []
    assert not desk.who_said("all that I could").more


def test_words_that_only_somebody_else_said_are_offered_as_theirs(desk: BriefingService) -> None:
    found = desk.who_said("all that I could", by="Doe")
    assert found.hits == found.narration == ()
    assert {hit.speaker.name for hit in found.nearest if hit.speaker} == {"Jane Roe"}


def test_lines_that_were_dropped_are_counted(desk: BriefingService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all briefings of a desk, for whoever watches it."""
    desk.brief("example-vote")
    assert desk.dropped_lines == 0
    bad = Briefing("t", "T", (), (), 0, dropped_lines=2)
    monkeypatch.setattr("briefings.service.service.compose.compose", lambda *_, **__: bad)
    for _ in range(2):
        desk.brief("example-vote")
    assert desk.dropped_lines == 4


def test_a_draft_is_checked_against_the_record(desk: BriefingService) -> None:
    draft = "“I did all that I could for the party,” said Jane Roe. “I did all that he could,” said Roe."
    found = desk.check(draft)
    assert [quote.verdict.value for quote in found.quotes] == ["exact", "differs"]
    assert found.totals.articles == 3
    assert not found.is_clean


def test_words_of_the_paper_alone_are_narration(desk: BriefingService) -> None:
    found = desk.who_said("nobody reads")
    assert found.hits == ()
    assert [n.text for n in found.narration] == ["Nobody reads the rules."]


def test_words_nobody_used_offer_the_nearest_quote(desk: BriefingService) -> None:
    found = desk.who_said("I did everything I could for the party")
    assert [hit.quote for hit in found.nearest] == ["I did all that I could for the party."]
    assert found.totals.articles == 3


def test_adding_again_changes_nothing(desk: BriefingService) -> None:
    assert desk.add([FIRST, SECOND, THIRD]) == ()
    changed = Article("c", THIRD.text + " Not one.", THIRD.publisher)
    assert desk.add([FIRST, changed]) == ("c",)
    assert desk.get_counts().articles == 3


def test_topics_come_with_what_is_held_on_them(desk: BriefingService) -> None:
    assert [(t.topic.slug, t.articles, t.newest) for t in desk.list_topics()] == [
        ("example-vote", 3, date(2016, 6, 28)),
        ("steel", 0, None),
    ]


def test_people_are_those_quoted_by_name(desk: BriefingService) -> None:
    assert {person.name for person in desk.list_people()} >= {"Jane Roe"}


STORM = (
    "The harbour of Northport was hit by a storm. Waves broke the quay and flooded the warehouses of Northport, and "
    'ferries stayed in the harbour.\nThe mayor of Northport said: "{}"'
)
COURT = (
    "Judges in Southville heard the appeal of the banker Ivan Petrov. The banker Petrov denies fraud, and the judges "
    "of the Southville court will rule on the appeal. A storm of protest was heard outside."
)
STORMS = [
    Article(f"n{at}", STORM.format(f"We will build quay number {at}."), "Paper", date(2016, 6, at)) for at in (1, 2)
]


def left_out(briefing: Briefing) -> list[str]:
    return [line.text for line in briefing.get_slot_lines(Slot.MISSING) if "these words" in line.text]


def test_free_words_are_answered_with_their_largest_story_and_the_others_are_named(desk: BriefingService) -> None:
    desk.add([*STORMS, Article("court", COURT, "The Post", date(2016, 6, 30), title="Petrov in court")])
    found = desk.brief("storm")
    assert {source.id for source in found.sources} == {"n1", "n2"}
    assert left_out(found) == ["1 other article holds these words but tells another story: “Petrov in court”."]


def test_of_equally_large_stories_the_newest_is_told(desk: BriefingService) -> None:
    desk.add([STORMS[0], Article("court", COURT, "The Post", date(2016, 6, 30))])
    found = desk.brief("storm")
    assert [source.id for source in found.sources] == ["court"]
    assert left_out(found)[0].startswith("1 other article holds these words but tells another story: “The harbour of")


def test_topics_and_everything_tell_all_their_stories(desk: BriefingService) -> None:
    strike = COURT.replace("storm", "example party")
    desk.add([*STORMS, Article("court", strike, "The Post", date(2016, 6, 30))])
    for ask, number in (("*", 6), ("example-vote", 4)):
        assert (len(desk.brief(ask).sources), left_out(desk.brief(ask))) == (number, [])


def test_a_name_is_completed_over_its_own_story_where_there_is_no_topic(desk: BriefingService) -> None:
    """The other story's person of that surname is not taken for the one who speaks."""
    said = "{} said: “We will count the cost of the damage first.”"
    told = {"x": (STORM, "Anna Berg"), "y": (STORM, "Berg"), "z": (COURT, "Tom Berg")}
    desk.add(
        Article(name, f"{text}\n{said.format(who)}", f"Paper {name}", date(2016, 6, 2))
        for name, (text, who) in told.items()
    )
    hits = desk.who_said("count the cost of the damage").hits
    assert {hit.speaker.name for hit in hits if hit.speaker} == {"Anna Berg", "Tom Berg"}
