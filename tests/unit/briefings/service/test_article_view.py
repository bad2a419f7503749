"""An article as the record holds it: bounded, in parts, with the wordings of others."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import NothingFound
from briefings.model import Article, Span, Topic
from briefings.service.article_view import PART_CHARACTERS, split_into_parts
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.stand_ins.briefing_service import GUARDIAN, RALLY, SHARECAST, UNDATED, seed
from tests.support.seed_service import seeded_desk


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[BriefingService]:
    with seeded_desk(f"sqlite:///{tmp_path / 'record.db'}") as desk:
        yield desk


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[BriefingService]:
    """A desk without topics over an empty record."""
    with closing(open_repository(f"sqlite:///{tmp_path / 'record.db'}", lambda: datetime.now(UTC))) as record:
        yield BriefingService(record, [Topic("bridge", "The bridge", ("bridge",))])


@given(st.integers(0, 5), st.integers(0, PART_CHARACTERS), st.sampled_from("a \n"))
def test_parts_cover_the_text_in_order(times: int, more: int, ending: str) -> None:
    """None of them much longer than `PART`; one at least."""
    text = ("x" * (PART_CHARACTERS // 3) + ending) * times + "y" * more
    parts = split_into_parts(text)
    assert "".join(part.of(text) for part in parts) == text
    assert all(len(part) <= 1.1 * PART_CHARACTERS for part in parts)


def test_the_same_utterance_in_another_paper_is_found_with_what_differs(seeds: BriefingService) -> None:
    """“Yes, I'm here.” and “Yes, I'm here, thank you.”: the words that only one has."""
    text, other = seed(GUARDIAN), seed(UNDATED)
    start = text.index("Yes, I’m here.")
    held = seeds.view_article(GUARDIAN, Span(start, start + 5))
    one = next(one for one in held.quotes if one.quote.span.start == start)
    (wording,) = one.wordings
    assert (wording.source.id, wording.text, wording.span.of(other)) == (
        UNDATED, "Yes, I'm here, thank you.", "Yes, I'm here, thank you.",
    )  # fmt: skip
    assert [change.source.of(other) for change in wording.changes] == ["thank you"]


def test_names_are_completed_over_the_topic_and_again_when_the_record_changes(seeds: BriefingService) -> None:
    """Sharecast alone never gives Corbyn's first name; once its sisters are gone, neither do we."""
    names = {one.quote.speaker.name for one in seeds.view_article(SHARECAST).quotes if one.quote.speaker}
    assert "Jeremy Corbyn" in names
    seeds.add([Article(SHARECAST, "Corbyn said: “I will stay on, whatever they say.”", title="Corbyn stays on")])
    held = seeds.view_article(SHARECAST)
    assert [one.has_new_text for one in held.older_versions] == [True]
    assert held.article.text.startswith("Corbyn said")
    assert {one.quote.speaker.name for one in held.quotes if one.quote.speaker} == {"Corbyn"}


def test_without_a_topic_the_record_is_searched_for_other_wordings(empty: BriefingService) -> None:
    said = "“We will open the old harbour again before the winter comes,” said Anna Berg, the mayor."
    again = "“We will open the harbour again before the winter comes, I promise,” Anna Berg said on Monday."
    empty.add([Article("one", said, publisher="One"), Article("two", again, publisher="Two")])
    (one,) = empty.view_article("one").quotes
    (wording,) = one.wordings
    assert wording.source.publisher == "Two"
    assert [change.draft.of(said) for change in wording.changes] == ["old", ""]
    assert [change.source.of(again) for change in wording.changes] == ["", "I promise"]


def test_a_copy_is_told_as_a_copy_and_not_as_another_wording(empty: BriefingService) -> None:
    text = "“We will open the old harbour again before the winter comes,” said Anna Berg, the mayor of the town.\n" * 3
    empty.add([Article("one", text, publisher="One"), Article("two", text, publisher="Two")])
    held = empty.view_article("two")
    assert [copy.id for copy in held.duplicates] == ["one"]
    assert not any(one.wordings for one in held.quotes)


def test_a_long_article_is_given_a_part_at_a_time(empty: BriefingService) -> None:
    """The part with the words asked for, its own quotations alone, numbered as in the whole."""
    line = "“The bridge will be closed on day {},” said Anna Berg.\n"
    text = "".join(line.format(day) for day in range(2_000))
    empty.add([Article("long", text)])
    start = text.index("on day 1700")
    held = empty.view_article("long", Span(start, start + 5))
    assert held.part.covers(Span(start, start + 5))
    assert held.part == held.parts[-1] != held.parts[0]
    assert all(one.quote.span.overlaps(held.part) for one in held.quotes)
    assert held.quotes[-1].number == held.quotation_count == 2_000
    assert empty.view_article("long").part == held.parts[0]
    assert empty.view_article("long", offset=10**11).part == held.parts[-1]


@pytest.mark.parametrize("span", [Span(0, 10**12), Span(3, 3)])
def test_words_out_of_range_are_none(seeds: BriefingService, span: Span) -> None:
    assert seeds.view_article(RALLY, span).requested_span is None


@pytest.mark.parametrize("article_id", ["", "nope", "\0", "\ud800", "x" * 10_000])
def test_an_id_that_is_not_held_says_so(seeds: BriefingService, article_id: str) -> None:
    with pytest.raises(NothingFound, match="holds no such article"):
        seeds.view_article(article_id)


def test_an_article_without_a_text_has_one_part(empty: BriefingService) -> None:
    empty.add([Article("blank", "")])
    held = empty.view_article("blank")
    assert (held.parts, held.quotes) == ((Span(0, 0),), ())
