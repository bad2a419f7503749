"""Briefings on few, no, foreign or very many articles stay within bounds and say what they leave out."""

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
SetBounds = Callable[[int, int], None]


@pytest.fixture
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        yield repository


@pytest.fixture
def service(repository: Repository) -> BriefingService:
    return BriefingService(repository, TOPICS)


@pytest.fixture
def set_bounds(monkeypatch: pytest.MonkeyPatch) -> SetBounds:
    """Return a function that sets the maximum numbers of articles that are used and examined."""

    def set_maxima(max_articles: int, max_candidates: int) -> None:
        monkeypatch.setattr(article_selection, "MAX_ARTICLES", max_articles)
        for module in (article_selection, story_reader):
            monkeypatch.setattr(module, "MAX_CANDIDATES", max_candidates)

    return set_maxima


def report(name: str, **fields: object) -> Article:
    """Return an English article on the bridge."""
    (article,) = generated.generate_articles(1, sentences=8)
    return replace(article, id=name, **fields)  # type: ignore[arg-type]  # the fields of the test's own article


def german(name: str, **fields: object) -> Article:
    return report(name, text=GERMAN, title="Bridge repair: Brücke zu", publisher="Die Zeitung", **fields)


def get_missing(briefing: Briefing) -> list[str]:
    return [line.text for line in briefing.get_slot_lines(Slot.MISSING)]


def get_source_ids(briefing: Briefing) -> list[str]:
    return [source.id for source in briefing.sources]


def test_a_briefing_from_one_article_says_so(service: BriefingService) -> None:
    service.add([report("a")])
    briefing = service.brief("bridge")
    assert get_source_ids(briefing) == ["a"]
    assert briefing.words > 0
    assert "A second source: this briefing uses one article." in get_missing(briefing)


def test_undated_articles_are_used_and_each_is_listed_as_undated(service: BriefingService) -> None:
    service.add([report("a", published=None), report("b", published=None, publisher="The Post")])
    briefing = service.brief("bridge")
    assert briefing.words > 0
    assert all(line.day is None for line in briefing.lines)
    assert len([line for line in get_missing(briefing) if line.startswith("The publication date of")]) == 2
    with pytest.raises(NothingFound, match=r"^No articles on this from those dates\.$"):
        service.brief("bridge", since=date(2015, 1, 1))


def test_an_article_in_another_language_is_listed_and_not_summarised(service: BriefingService) -> None:
    service.add([report("a"), german("b")])
    briefing = service.brief("bridge")
    assert get_source_ids(briefing) == ["a"]
    assert get_missing(briefing)[0] == "Left out (not in English): “Bridge repair: Brücke zu” (Die Zeitung)."
    assert all(evidence.article == "a" for line in briefing.lines for evidence in line.evidence)


def test_marked_words_of_a_foreign_text_are_shown_without_a_speaker(service: BriefingService) -> None:
    service.add([german("b")])
    (hit,) = service.who_said("warten nicht länger").hits
    assert (hit.speaker, hit.reason) == (None, "the article is in another language, so its speakers are not read")


@pytest.mark.parametrize("words", ["sagte Anna Berg", "Rat der Stadt"])
def test_foreign_text_is_neither_a_quote_nor_narration(service: BriefingService, words: str) -> None:
    """Its quotation marks differ from English ones, so quotes cannot be recognised."""
    service.add([german("b")])
    answer = service.who_said(words)
    assert (answer.hits, answer.narration) == ((), ())
    assert answer.totals.articles == 1


def test_only_foreign_articles_raise_nothing_found(service: BriefingService) -> None:
    service.add([german(f"b{number}") for number in range(5)])
    with pytest.raises(NothingFound) as error:
        service.brief("bridge")
    titles = ", ".join(["“Bridge repair: Brücke zu” (Die Zeitung)"] * 3)
    assert (
        str(error.value)
        == f"I can't summarise any of the articles on this. Left out (not in English): {titles} and 2 more."
    )


def test_an_article_without_text_is_listed_and_not_counted(service: BriefingService) -> None:
    service.add([report("a"), report("b", text=" \n", title="Bridge repair stub"), report("c", text="")])
    briefing = service.brief("bridge")
    assert get_source_ids(briefing) == ["a"]
    assert get_missing(briefing)[0].startswith("Left out (without text): “Bridge repair")
    assert "“Bridge repair stub” (Paper" in get_missing(briefing)[0]
    assert "A second source: this briefing uses one article." in get_missing(briefing)


@pytest.mark.parametrize("ask", ["bridge", "bridge repair", "*"])
def test_only_articles_without_text_raise_nothing_found(service: BriefingService, ask: str) -> None:
    service.add([report("a", text="")])
    with pytest.raises(NothingFound, match=r"^I can't summarise any .*\. Left out \(without text\): “"):
        service.brief(ask)


@pytest.mark.parametrize("ask", ["bridge", "bridge repair", "*"])
def test_of_very_many_articles_the_newest_are_used(service: BriefingService, set_bounds: SetBounds, ask: str) -> None:
    set_bounds(5, 20)
    day = date(2016, 6, 1)
    service.add(report(f"n{number:02}", published=day + timedelta(days=number)) for number in range(30))
    service.add([report("undated", published=None)])
    briefing = service.brief(ask)
    assert get_source_ids(briefing) == ["n25", "n26", "n27", "n28", "n29"]
    assert get_missing(briefing)[0] == "This briefing uses the newest 5 of 31 articles."
    until = service.brief(ask, until=day + timedelta(days=3))
    assert get_source_ids(until) == ["n00", "n01", "n02", "n03"]
    assert not any("newest" in line for line in get_missing(until))


def test_as_many_articles_as_can_be_used_need_no_note(service: BriefingService, set_bounds: SetBounds) -> None:
    set_bounds(5, 20)
    service.add(report(f"n{number}") for number in range(5))
    assert not any("newest" in line for line in get_missing(service.brief("bridge")))


def test_unreadable_articles_do_not_displace_readable_ones(service: BriefingService, set_bounds: SetBounds) -> None:
    set_bounds(2, 20)
    new, old = date(2016, 6, 30), date(2016, 6, 1)
    service.add(german(f"g{number}", published=new) for number in range(4))
    service.add(report(f"e{number}", published=old) for number in range(3))
    briefing = service.brief("bridge")
    assert len(get_source_ids(briefing)) == 2
    assert set(get_source_ids(briefing)) < {"e0", "e1", "e2"}
    assert get_missing(briefing)[0] == "This briefing uses the newest 2 of 3 articles."
    assert get_missing(briefing)[1].endswith(" and 1 more.")


def test_very_many_unreadable_articles_are_examined_within_bounds(
    service: BriefingService, set_bounds: SetBounds
) -> None:
    set_bounds(2, 10)
    service.add(german(f"g{number:02}", published=date(2016, 6, 30)) for number in range(12))
    with pytest.raises(
        NothingFound, match=r"on this\. Older articles that were not read: 2\. Left out \(not in English\)"
    ):
        service.brief("bridge")
    service.add([report("h", published=date(2016, 7, 1))])
    briefing = service.brief("bridge")
    assert get_source_ids(briefing) == ["h"]
    assert get_missing(briefing)[0] == "This briefing uses the newest 1 of 4 articles."


def test_only_needed_articles_are_read(set_bounds: SetBounds) -> None:
    set_bounds(3, 20)
    positions = []

    def iterate_articles() -> Iterator[tuple[int, Article]]:
        for position in range(100):
            positions.append(position)
            yield position, report(f"n{position}")

    selection = select_articles(iterate_articles(), 100)
    assert (len(positions), len(selection.articles), selection.older_count) == (3, 3, 97)


def test_an_empty_selection_has_no_exclusions() -> None:
    assert select_articles([], 0) == ArticleSelection()
    assert ArticleSelection().exclusions == ()


def test_a_very_long_title_is_shortened() -> None:
    assert len(ArticleSelection(empty_articles=(report("a", title="x" * 4_000),)).exclusions[0]) < 200


def test_names_are_completed_over_the_newest_articles_only(service: BriefingService, set_bounds: SetBounds) -> None:
    """A second person with the surname who is named only in an older article is ignored."""
    set_bounds(2, 20)
    template = (
        "The bridge repair is late. “We will wait no longer for the people who promised it,” said {}. "
        "She stood there with the others at the quay."
    )
    older, newer = date(2016, 6, 1), date(2016, 6, 30)
    service.add(
        [
            report("old", text=template.format("Mary Berg"), published=older),
            report("full", text=template.format("Anna Berg"), published=newer),
            report("short", text=template.format("Berg"), published=newer),
        ]
    )
    speakers = {hit.article: hit.speaker.name for hit in service.who_said("wait no longer").hits if hit.speaker}
    assert speakers["full"] == "Anna Berg"
    names = {line.speaker.name for line in service.brief("bridge").lines if line.speaker}
    assert names == {"Anna Berg"}


def test_three_articles_of_other_stories_are_named_and_the_rest_counted() -> None:
    subjects = ("volcano lava Hekla", "tennis final Wimbledon", "budget deficit Lisbon", "whale beach Tasman")
    single_articles = [report(f"o{at}", text=f"{words}. " * 9, title=words) for at, words in enumerate(subjects)]
    selection = keep_largest_story(ArticleSelection((*single_articles, report("a"), report("b"))))
    assert [article.id for article in selection.articles] == ["a", "b"]
    assert selection.exclusions == (
        "4 other articles contain these words but are about other stories: "
        "“volcano lava Hekla”, “tennis final Wimbledon”, “budget deficit Lisbon” and 1 more.",
    )
    assert replace(selection, older_count=7).exclusions[0] == "Only the newest 6 of 13 articles were read."


def test_among_equal_stories_of_one_day_the_smallest_label_wins() -> None:
    articles = (
        report("b", text="volcano lava Hekla. " * 9, title=None),
        report("a", text="tennis Wimbledon. " * 9, title=None),
    )
    for order in (articles, articles[::-1]):
        assert [article.id for article in keep_largest_story(ArticleSelection(order)).articles] == ["a"]


def test_an_empty_selection_has_no_largest_story() -> None:
    assert keep_largest_story(ArticleSelection()) == ArticleSelection()


def test_a_briefing_of_one_outlet_uses_only_its_articles(service: BriefingService) -> None:
    """A part of the outlet's name is enough. If no outlet has the name, some outlets are suggested."""
    text = "The bridge repair starts on Monday, the council said in a statement to the town."
    for number, outlet in enumerate(("The Daily Bridge", "Town News", None)):
        service.add(
            [Article(f"a{number}", f"{text} It is repair number {number}.", outlet, date(2016, 6, 20 + number))]
        )
    assert {source.publisher for source in service.brief("bridge", outlet="daily bridge").sources} == {
        "The Daily Bridge"
    }
    with pytest.raises(NothingFound, match=r"in “Nobody”\. Outlets with articles: .*Town News") as error:
        service.brief("bridge", outlet="Nobody")
    assert "an unknown outlet" in str(error.value)
    with pytest.raises(NothingFound, match="in “Town News” from those dates"):
        service.brief("bridge", outlet="Town News", until=date(2016, 6, 20))


def test_the_change_token_changes_with_every_change(service: BriefingService) -> None:
    """The token is new after each change, and the same otherwise."""
    tokens = [service.get_change_token()]
    article = Article("a", "The bridge repair starts on Monday, the council said.", "Town News", date(2016, 6, 20))
    for version in (article, replace(article, text=f"{article.text} It has ended."), replace(article, id="b")):
        service.add([version])
        tokens.append(service.get_change_token())
        service.add([version])
        assert service.get_change_token() == tokens[-1]
    assert len(set(tokens)) == 4


def test_context_is_returned_while_the_article_is_stored(service: BriefingService) -> None:
    text = "One came. The bridge repair starts on Monday. Three left."
    service.add([Article("a", text, "Town News")])
    start = text.index("bridge")
    context = service.get_context("a", start, start + 6)
    assert (context.before, context.words, context.after) == (
        "One came. The ",
        "bridge",
        " repair starts on Monday. Three left.",
    )
    for article_id, first, last in (("b", 0, 1), ("a", 0, 1_000), ("a", 5, 5), ("a", -1, 3)):
        with pytest.raises(NothingFound, match="Ask again"):
            service.get_context(article_id, first, last)
