"""Views of an article: bounded, in parts, with the wordings of other articles."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import NothingFound
from briefings.model import Article, Span, Topic
from briefings.service.article_views.view import PART_CHARACTERS, ArticleView, split_into_parts
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, SHARECAST, UNDATED, load_seed_text
from tests.support.seed_service import open_seed_service


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[BriefingService]:
    """Return a service over the four seeds."""
    with open_seed_service(f"sqlite:///{tmp_path / 'record.db'}") as service:
        yield service


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[BriefingService]:
    """Return a service over an empty database."""
    with closing(open_repository(f"sqlite:///{tmp_path / 'record.db'}", lambda: datetime.now(UTC))) as repository:
        yield BriefingService(repository, [Topic("bridge", "The bridge", ("bridge",))])


def get_speaker_names(view: ArticleView) -> set[str]:
    return {quote.quote.speaker.name for quote in view.quotes if quote.quote.speaker}


@given(st.integers(0, 5), st.integers(0, PART_CHARACTERS), st.sampled_from("a \n"))
def test_parts_cover_the_text_in_order(count: int, extra: int, ending: str) -> None:
    """No part is much longer than `PART_CHARACTERS`, and there is at least one."""
    text = ("x" * (PART_CHARACTERS // 3) + ending) * count + "y" * extra
    parts = split_into_parts(text)
    assert "".join(part.of(text) for part in parts) == text
    assert all(len(part) <= 1.1 * PART_CHARACTERS for part in parts)


def test_another_wording_is_found_with_its_differences(seeds: BriefingService) -> None:
    """“Yes, I'm here.” and “Yes, I'm here, thank you.” differ in “thank you”."""
    text, other_text = load_seed_text(GUARDIAN), load_seed_text(UNDATED)
    start = text.index("Yes, I’m here.")
    view = seeds.view_article(GUARDIAN, Span(start, start + 5))
    numbered_quote = next(quote for quote in view.quotes if quote.quote.span.start == start)
    (wording,) = numbered_quote.wordings
    assert (wording.source.id, wording.text, wording.span.of(other_text)) == (
        UNDATED, "Yes, I'm here, thank you.", "Yes, I'm here, thank you.",
    )  # fmt: skip
    assert [change.source.of(other_text) for change in wording.changes] == ["thank you"]


def test_names_are_completed_again_when_articles_change(seeds: BriefingService) -> None:
    """Sharecast prints only “Corbyn”; the new text is on no topic that completes the name."""
    names = get_speaker_names(seeds.view_article(SHARECAST))
    assert "Jeremy Corbyn" in names
    seeds.add([Article(SHARECAST, "Corbyn said: “I will stay on, whatever they say.”", title="Corbyn stays on")])
    view = seeds.view_article(SHARECAST)
    assert [version.has_new_text for version in view.older_versions] == [True]
    assert view.article.text.startswith("Corbyn said")
    assert get_speaker_names(view) == {"Corbyn"}


def test_other_wordings_are_found_without_a_topic(empty: BriefingService) -> None:
    first_text = "“We will open the old harbour again before the winter comes,” said Anna Berg, the mayor."
    second_text = "“We will open the harbour again before the winter comes, I promise,” Anna Berg said on Monday."
    empty.add([Article("one", first_text, publisher="One"), Article("two", second_text, publisher="Two")])
    (numbered_quote,) = empty.view_article("one").quotes
    (wording,) = numbered_quote.wordings
    assert wording.source.publisher == "Two"
    assert [change.draft.of(first_text) for change in wording.changes] == ["old", ""]
    assert [change.source.of(second_text) for change in wording.changes] == ["", "I promise"]


def test_duplicate_is_listed_but_not_as_another_version(empty: BriefingService) -> None:
    text = "“We will open the old harbour again before the winter comes,” said Anna Berg, the mayor of the town.\n" * 3
    empty.add([Article("one", text, publisher="One"), Article("two", text, publisher="Two")])
    view = empty.view_article("two")
    assert [duplicate.id for duplicate in view.duplicates] == ["one"]
    assert not any(quote.wordings for quote in view.quotes)


def test_a_long_article_is_shown_in_parts(empty: BriefingService) -> None:
    """The part has the requested words and only its own quotes, numbered as in the whole article."""
    line = "“The bridge will be closed on day {},” said Anna Berg.\n"
    text = "".join(line.format(day) for day in range(2_000))
    empty.add([Article("long", text)])
    start = text.index("on day 1700")
    view = empty.view_article("long", Span(start, start + 5))
    assert view.part.covers(Span(start, start + 5))
    assert view.part == view.parts[-1] != view.parts[0]
    assert all(quote.quote.span.overlaps(view.part) for quote in view.quotes)
    assert view.quotes[-1].number == view.quotation_count == 2_000
    assert empty.view_article("long").part == view.parts[0]
    assert empty.view_article("long", offset=10**11).part == view.parts[-1]


@pytest.mark.parametrize("span", [Span(0, 10**12), Span(3, 3)])
def test_a_span_outside_the_text_is_ignored(seeds: BriefingService, span: Span) -> None:
    assert seeds.view_article(RALLY, span).requested_span is None


@pytest.mark.parametrize("article_id", ["", "nope", "\0", "\ud800", "x" * 10_000])
def test_an_unknown_id_raises_nothing_found(seeds: BriefingService, article_id: str) -> None:
    with pytest.raises(NothingFound, match="This article was not found"):
        seeds.view_article(article_id)


def test_an_article_without_text_has_one_part(empty: BriefingService) -> None:
    empty.add([Article("blank", "")])
    view = empty.view_article("blank")
    assert (view.parts, view.quotes) == ((Span(0, 0),), ())
