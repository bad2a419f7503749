"""Answers in a notebook: short descriptions, safe HTML, dictionaries and tables."""

import builtins
import copy
import pickle
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings

from briefings import BadInput, BriefingService
from briefings.answer import Answer
from briefings.draft_report import CheckedQuote, DraftCheck, Verdict
from briefings.model import Evidence, Hit, Kind, Line, SearchTotals, Slot, Source, Speaker, WhoSaid
from briefings.person_report import ComparedPerson, PersonComparison, PersonTimeline, SideStatus
from briefings.render import to_json
from briefings.render.notebook.html import render_html
from briefings.render.notebook.tables import build_rows
from briefings.report import NewsBriefing, NewsStory, Report
from tests.support.any_answers import WHO_SAID
from tests.support.seed_service import open_seed_service

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=y> \x1b[31m\x1b]8;;javascript:x\x07 $5 and $6 \u202e\"'&amp;\nend"
)
TOTALS = SearchTotals(1, 1, date(2016, 6, 1), date(2016, 6, 2))


def build_hit(link: str | None = "https://paper.example/one#x", text: str = "We won’t close it") -> Hit:
    return Hit(
        Speaker(text, text), text, Kind.DIRECT, text, text, 0.95, text, "one", 0, len(text), text, date(2016, 6, 1),
        link, link, 2, source_name=text,
    )  # fmt: skip


def build_answers(text: str, link: str | None) -> Iterator[Answer]:
    """Yield an answer of every kind with the same text and link everywhere."""
    hit = build_hit(link, text)
    line = Line(Slot.STATUS, text, (Evidence("one", 0, len(text), text, link),), speaker=Speaker(text), note=text)
    source = Source("one", text, date(2016, 6, 1), link, text, source_name=text)
    timeline = PersonTimeline(text, text, text, text, (), (), 1, 1, TOTALS, text)
    side = ComparedPerson(text, SideStatus.UNKNOWN, suggestions=(text,))
    yield Report(text, text, (source,), (line,), 3, dropped_filters=(text,), filters=text)
    yield WhoSaid(text, TOTALS, (hit,), bounds=(text,), description=text, dropped=(text,))
    yield WhoSaid(text, TOTALS, nearest=(hit,))
    yield timeline
    yield PersonComparison(text, text, (side, side), TOTALS, text)
    story = NewsStory(text, text, line, 1, 1, date(2016, 6, 1), ("one",))
    yield NewsBriefing("", text, (source,), (line,), 3, stories=(story,), story_count=1, article_count=1, read_count=1)
    yield DraftCheck(text, (CheckedQuote(text, 0, len(text), Speaker(text), Verdict.EXACT, hit, text),), TOTALS)


class Page(HTMLParser):
    """Tags, addresses and text of an HTML fragment."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(content)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("link", ["https://paper.example/?a=1&b=<2>\"'", "http://paper.example"])
def test_hostile_text_is_shown_as_text_in_every_kind_of_answer(link: str) -> None:
    for answer in build_answers(HOSTILE, link):
        page = Page(answer._repr_html_())
        assert page.tags <= {"div", "b", "a"}, answer
        assert page.attributes <= {"class", "style", "href", "target", "rel"}
        assert set(page.links) <= {link}
        assert "<script>alert(1)</script>" in page.text
        assert not set(page.text) & {"\x1b", "\x07", "\u202e"}


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//paper.example",
        "https://",
        "http://[",
        " ",
        "",
    ],
)
def test_only_web_addresses_become_links(link: str) -> None:
    for answer in build_answers("words", link):
        assert Page(answer._repr_html_()).links == []


@given(WHO_SAID)
@settings(max_examples=30)
def test_any_answer_is_well_formed_html_and_has_a_short_description(answer: WhoSaid) -> None:
    page = Page(render_html(answer))
    assert all(link.startswith(("https://", "http://")) for link in page.links)
    assert len(repr(answer)) < 300
    assert len(repr(answer).splitlines()) == 1
    assert len(build_rows(answer)[1]) == len(answer.hits)


def test_dollar_signs_are_not_read_as_a_formula() -> None:
    answer = WhoSaid("", TOTALS, (build_hit(text="$5 and $6"),))
    assert 'class="tex2jax_ignore mathjax_ignore"' in render_html(answer).partition(">")[0]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BriefingService]:
    folder = tmp_path_factory.mktemp("seeds")
    with open_seed_service(f"sqlite:///{folder}/record.db") as seed_service:
        yield seed_service


def load_answers(service: BriefingService) -> dict[str, Answer]:
    timeline = service.people.get_timeline("Jeremy Corbyn")
    assert isinstance(timeline, PersonTimeline)
    return {
        "<Report “Labour's leadership crisis”: ": service.brief("labour-crisis"),
        "<WhoSaid “lynch-mob”: 1 quote>": service.who_said("lynch-mob"),
        "<WhoSaid “lynch mob ropes”: 0 quotes, ": service.who_said("lynch mob ropes"),
        "<PersonTimeline Jeremy Corbyn: ": timeline,
        "<PersonComparison statements: Jeremy Corbyn (": service.people.compare("Corbyn", "McDonnell"),
        "<NewsBriefing “News, 25–30 June 2016”: 1 story>": service.news.get_news(date(2016, 6, 25), date(2016, 6, 30)),
        "<DraftCheck 1 quote: 1 exact>": service.check("“like a lynch-mob”, McDonnell said."),
        "<DraftCheck 0 quotes>": DraftCheck("No quotation.", (), TOTALS),
    }


def test_description_says_the_kind_the_subject_and_the_size(service: BriefingService) -> None:
    for description, answer in load_answers(service).items():
        assert repr(answer).startswith(description)
        assert "\n" not in repr(answer)


def test_dictionary_is_the_json_of_the_command_line(service: BriefingService) -> None:
    for answer in load_answers(service).values():
        assert answer.to_dict() == to_json(answer)


def test_answers_stay_values_that_can_be_compared_copied_and_stored(service: BriefingService) -> None:
    for answer in load_answers(service).values():
        assert copy.deepcopy(answer) == answer
        assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301  # our own bytes
        assert not hasattr(answer, "__dict__")


def test_rows_of_a_table_are_verbatim_and_have_a_place(service: BriefingService) -> None:
    briefing = service.brief("labour-crisis")
    texts = {article.id: article.text for article in service.get_articles(source.id for source in briefing.sources)}
    columns, rows = build_rows(briefing)
    assert rows
    assert all(tuple(row) == columns for row in rows)
    assert all(row["text"] == texts[row["article"]][row["start"] : row["end"]] for row in rows)


@pytest.mark.parametrize(
    ("description", "column", "count"),
    [
        ("<WhoSaid “lynch-mob”: 1 quote>", "quote", 1),
        ("<WhoSaid “lynch mob ropes”: 0 quotes, ", "quote", 0),
        ("<PersonTimeline Jeremy Corbyn: ", "first_reported", None),
        ("<PersonComparison statements: Jeremy Corbyn (", "person", None),
        ("<NewsBriefing “News, 25–30 June 2016”: 1 story>", "name", 1),
        ("<DraftCheck 1 quote: 1 exact>", "verdict", 1),
        ("<DraftCheck 0 quotes>", "verdict", 0),
    ],
)
def test_dataframe_has_a_row_for_each_part_and_dates_as_days(
    service: BriefingService, description: str, column: str, count: int | None
) -> None:
    pd = pytest.importorskip("pandas", reason="pandas comes with `make develop`")
    frame = load_answers(service)[description].to_dataframe()
    assert column in frame.columns
    assert count is None or len(frame) == count
    if "published" in frame.columns and len(frame):
        assert pd.api.types.is_datetime64_any_dtype(frame["published"])


def test_dataframe_without_pandas_is_one_plain_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    original_import = builtins.__import__

    def import_without_pandas(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return original_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", import_without_pandas)
    with pytest.raises(BadInput, match=r"^to_dataframe needs pandas. Install it with: pip install pandas$"):
        WhoSaid("x", TOTALS).to_dataframe()
