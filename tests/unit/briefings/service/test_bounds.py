"""What is little, nothing, in another language or very much is briefed within bounds, and what is left out is said."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from briefings.errors import NothingFound
from briefings.model import Article, Briefing, Slot, Topic
from briefings.service import article_selection, story_reader
from briefings.service.article_selection import ArticleSelection, keep_largest_story, select_articles
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from tests.support import generated

TOPICS = (Topic("bridge", "The bridge", ("bridge repair",)),)
GERMAN = (
    "Der Rat der Stadt hat am Dienstag erklärt, dass die Brücke wieder geschlossen wird, weil sie nicht sicher ist. "
    "„Wir warten nicht länger“, sagte Anna Berg, die für die Anwohner spricht, und forderte eine neue Brücke."
)
Bounded = Callable[[int, int], None]


@pytest.fixture
def record() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def desk(record: Repository) -> BriefingService:
    return BriefingService(record, TOPICS)


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> Bounded:
    """Sets how many articles an answer rests on and how many are looked at, for a record small enough to fill here."""

    def bound(most: int, looked_at: int) -> None:
        monkeypatch.setattr(article_selection, "MAX_ARTICLES", most)
        for module in (article_selection, story_reader):
            monkeypatch.setattr(module, "MAX_CANDIDATES", looked_at)

    return bound


def report(name: str, **told: object) -> Article:
    """An English article on the bridge."""
    (article,) = generated.articles(1, sentences=8)
    return replace(article, id=name, **told)  # type: ignore[arg-type]  # the fields of the test's own article


def german(name: str, **told: object) -> Article:
    return report(name, text=GERMAN, title="Bridge repair: Brücke zu", publisher="Die Zeitung", **told)


def missing(briefing: Briefing) -> list[str]:
    return [line.text for line in briefing.get_slot_lines(Slot.MISSING)]


def sources(briefing: Briefing) -> list[str]:
    return [source.id for source in briefing.sources]


def test_a_briefing_of_one_article_says_that_it_rests_on_one(desk: BriefingService) -> None:
    desk.add([report("a")])
    found = desk.brief("bridge")
    assert sources(found) == ["a"]
    assert found.words > 0
    assert "What any other outlet says: this briefing rests on one article." in missing(found)


def test_undated_articles_are_briefed_and_each_is_said_to_be(desk: BriefingService) -> None:
    desk.add([report("a", published=None), report("b", published=None, publisher="The Post")])
    found = desk.brief("bridge")
    assert found.words > 0
    assert all(line.day is None for line in found.lines)
    assert len([line for line in missing(found) if "bears no date" in line]) == 2
    with pytest.raises(NothingFound, match="None of the 2 articles on this was published in those days"):
        desk.brief("bridge", since=date(2015, 1, 1))


def test_an_article_in_another_language_is_said_and_not_summarised(desk: BriefingService) -> None:
    desk.add([report("a"), german("b")])
    found = desk.brief("bridge")
    assert sources(found) == ["a"]
    assert missing(found)[0] == "Left out, as not in English: “Bridge repair: Brücke zu” (Die Zeitung)."
    assert all(evidence.article == "a" for line in found.lines for evidence in line.evidence)


@pytest.mark.parametrize("words", ["warten nicht länger", "sagte Anna Berg", "Rat der Stadt"])
def test_nothing_of_it_is_called_a_quotation_or_the_papers_own_words(desk: BriefingService, words: str) -> None:
    """Its marks of quotation are not those of English, so what stands between two of them is not known."""
    desk.add([german("b")])
    found = desk.who_said(words)
    assert (found.hits, found.narration) == ((), ())
    assert found.totals.articles == 1


def test_of_articles_in_other_languages_alone_that_is_all_there_is_to_say(desk: BriefingService) -> None:
    desk.add([german(f"b{number}") for number in range(5)])
    with pytest.raises(NothingFound) as error:
        desk.brief("bridge")
    named = ", ".join(["“Bridge repair: Brücke zu” (Die Zeitung)"] * 3)
    assert str(error.value) == f"No article on this can be summarised. Left out, as not in English: {named} and 2 more."


def test_an_article_without_a_text_is_said_and_does_not_count(desk: BriefingService) -> None:
    desk.add([report("a"), report("b", text=" \n", title="Bridge repair stub"), report("c", text="")])
    found = desk.brief("bridge")
    assert sources(found) == ["a"]
    assert missing(found)[0].startswith("Left out, as without a text: “Bridge repair")
    assert "“Bridge repair stub” (Paper" in missing(found)[0]
    assert "What any other outlet says: this briefing rests on one article." in missing(found)


@pytest.mark.parametrize("ask", ["bridge", "bridge repair", "*"])
def test_articles_without_a_text_alone_are_nothing_to_brief_on(desk: BriefingService, ask: str) -> None:
    desk.add([report("a", text="")])
    with pytest.raises(NothingFound, match=r"^No article on this can be summarised\. Left out, as without a text: “"):
        desk.brief(ask)


@pytest.mark.parametrize("ask", ["bridge", "bridge repair", "*"])
def test_of_very_many_articles_the_newest_are_read_and_that_is_said(
    desk: BriefingService, bounded: Bounded, ask: str
) -> None:
    bounded(5, 20)
    day = date(2016, 6, 1)
    desk.add(report(f"n{number:02}", published=day + timedelta(days=number)) for number in range(30))
    desk.add([report("undated", published=None)])
    found = desk.brief(ask)
    assert sources(found) == ["n25", "n26", "n27", "n28", "n29"]
    assert missing(found)[0] == "This briefing rests on the newest 5 of 31 articles."
    until = desk.brief(ask, until=day + timedelta(days=3))
    assert sources(until) == ["n00", "n01", "n02", "n03"]
    assert not any("newest" in line for line in missing(until))


def test_as_many_as_can_be_read_leave_nothing_to_say(desk: BriefingService, bounded: Bounded) -> None:
    bounded(5, 20)
    desk.add(report(f"n{number}") for number in range(5))
    assert not any("newest" in line for line in missing(desk.brief("bridge")))


def test_what_cannot_be_read_does_not_take_the_place_of_what_can(desk: BriefingService, bounded: Bounded) -> None:
    bounded(2, 20)
    new, old = date(2016, 6, 30), date(2016, 6, 1)
    desk.add(german(f"g{number}", published=new) for number in range(4))
    desk.add(report(f"e{number}", published=old) for number in range(3))
    found = desk.brief("bridge")
    assert len(sources(found)) == 2
    assert set(sources(found)) < {"e0", "e1", "e2"}
    assert missing(found)[0] == "This briefing rests on the newest 2 of 3 articles."
    assert missing(found)[1].endswith(" and 1 more.")


def test_a_flood_of_what_cannot_be_read_is_looked_at_within_bounds(desk: BriefingService, bounded: Bounded) -> None:
    bounded(2, 10)
    desk.add(german(f"g{number:02}", published=date(2016, 6, 30)) for number in range(12))
    with pytest.raises(
        NothingFound, match=r"summarised\. Not looked at: 2 older articles\. Left out, as not in English"
    ):
        desk.brief("bridge")
    desk.add([report("h", published=date(2016, 7, 1))])
    found = desk.brief("bridge")
    assert sources(found) == ["h"]
    assert missing(found)[0] == "This briefing rests on the newest 1 of 4 articles."


def test_no_more_articles_are_taken_than_are_needed(bounded: Bounded) -> None:
    bounded(3, 20)
    taken = []

    def found() -> Iterator[tuple[int, Article]]:
        for place in range(100):
            taken.append(place)
            yield place, report(f"n{place}")

    selected = select_articles(found(), 100)
    assert (len(taken), len(selected.articles), selected.older_count) == (3, 3, 97)


def test_nothing_found_leaves_nothing_out() -> None:
    assert select_articles([], 0) == ArticleSelection()
    assert ArticleSelection().exclusions == ()


def test_an_endless_title_is_cut_where_it_is_named() -> None:
    assert len(ArticleSelection(empty_articles=(report("a", title="x" * 4_000),)).exclusions[0]) < 200


def test_names_are_completed_over_the_newest_articles_alone(desk: BriefingService, bounded: Bounded) -> None:
    """Two persons of one surname: the one who stands only in an older article does not count any more."""
    bounded(2, 20)
    said = (
        "The bridge repair is late. “We will wait no longer for the people who promised it,” said {}. "
        "She stood there with the others at the quay."
    )
    older, newer = date(2016, 6, 1), date(2016, 6, 30)
    desk.add(
        [
            report("old", text=said.format("Mary Berg"), published=older),
            report("full", text=said.format("Anna Berg"), published=newer),
            report("short", text=said.format("Berg"), published=newer),
        ]
    )
    speakers = {hit.article: hit.speaker.name for hit in desk.who_said("wait no longer").hits if hit.speaker}
    assert speakers["full"] == "Anna Berg"
    names = {line.speaker.name for line in desk.brief("bridge").lines if line.speaker}
    assert names == {"Anna Berg"}


def test_of_other_stories_three_are_named_and_the_rest_counted() -> None:
    subjects = ("volcano lava Hekla", "tennis final Wimbledon", "budget deficit Lisbon", "whale beach Tasman")
    lone = [report(f"o{at}", text=f"{words}. " * 9, title=words) for at, words in enumerate(subjects)]
    found = keep_largest_story(ArticleSelection((*lone, report("a"), report("b"))))
    assert [article.id for article in found.articles] == ["a", "b"]
    assert found.exclusions == (
        "4 other articles hold these words but tell other stories: "
        "“volcano lava Hekla”, “tennis final Wimbledon”, “budget deficit Lisbon” and 1 more.",
    )
    assert replace(found, older_count=7).exclusions[0] == "Only the newest 6 of 13 articles were looked at."


def test_of_equal_stories_of_one_day_the_smallest_label_is_told_whatever_the_order() -> None:
    two = (
        report("b", text="volcano lava Hekla. " * 9, title=None),
        report("a", text="tennis Wimbledon. " * 9, title=None),
    )
    for order in (two, two[::-1]):
        assert [article.id for article in keep_largest_story(ArticleSelection(order)).articles] == ["a"]


def test_the_largest_story_of_nothing_is_nothing() -> None:
    assert keep_largest_story(ArticleSelection()) == ArticleSelection()


def test_a_briefing_of_one_outlet_rests_on_its_articles_alone(desk: BriefingService) -> None:
    """The name may be part of the outlet's; when it is nobody's, the outlets there are are named."""
    told = "The bridge repair starts on Monday, the council said in a statement to the town."
    for number, outlet in enumerate(("The Daily Bridge", "Town News", None)):
        desk.add([Article(f"a{number}", f"{told} It is repair number {number}.", outlet, date(2016, 6, 20 + number))])
    assert {source.publisher for source in desk.brief("bridge", outlet="daily bridge").sources} == {"The Daily Bridge"}
    with pytest.raises(NothingFound, match=r"from “Nobody”\. They are from .*Town News") as raised:
        desk.brief("bridge", outlet="Nobody")
    assert "an outlet not known" in str(raised.value)
    with pytest.raises(NothingFound, match="from “Town News” in those days"):
        desk.brief("bridge", outlet="Town News", until=date(2016, 6, 20))


def test_a_desk_tells_that_the_record_changed(desk: BriefingService) -> None:
    """Another value after each change, the same while there is none."""
    stamps = [desk.get_change_token()]
    one = Article("a", "The bridge repair starts on Monday, the council said.", "Town News", date(2016, 6, 20))
    for article in (one, replace(one, text=f"{one.text} It has ended."), replace(one, id="b")):
        desk.add([article])
        stamps.append(desk.get_change_token())
        desk.add([article])
        assert desk.get_change_token() == stamps[-1]
    assert len(set(stamps)) == 4


def test_words_are_read_in_context_while_the_article_is_held(desk: BriefingService) -> None:
    text = "One came. The bridge repair starts on Monday. Three left."
    desk.add([Article("a", text, "Town News")])
    start = text.index("bridge")
    found = desk.get_context("a", start, start + 6)
    assert (found.before, found.words, found.after) == (
        "One came. The ",
        "bridge",
        " repair starts on Monday. Three left.",
    )
    for article, first, last in (("b", 0, 1), ("a", 0, 1_000), ("a", 5, 5), ("a", -1, 3)):
        with pytest.raises(NothingFound, match="ask again"):
            desk.get_context(article, first, last)
