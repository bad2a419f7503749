"""Every choice of every answer is shown: as a button or in a menu of at most five, with everything switched on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.answers.answer_cache import render_page
from bot.core import slack_limits
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import BriefingQuery, NewsQuery, Query, WhoSaidQuery
from bot.slack.blocks.button_values import Action
from bot.slack.blocks.citations import AnswerResult
from bot.slack.blocks.menus import COPY_LABEL, SAVE_LABEL, decode_press
from bot.slack.blocks.message import Message
from bot.slack.views.people import comparison
from briefings import (
    AmbiguousName,
    Briefing,
    Evidence,
    Hit,
    Kind,
    Line,
    NewsBriefing,
    NewsStory,
    PersonComparison,
    PersonStatement,
    PersonTimeline,
    SearchTotals,
    Slot,
    Source,
    Speaker,
    StatementReport,
    UnknownPerson,
    Variant,
    WhoSaid,
)
from briefings.attribution.name_clustering import NameCluster
from briefings.person_report import ComparedPerson, SideStatus
from tests.stand_ins.slack_limits import find_problems

DAY = date(2026, 1, 2)
TOTALS = SearchTotals(20, 90, DAY, DAY)
FILTERS: dict[str, Any] = {"about": "ferry", "outlet": "The Tribune", "since": DAY, "until": DAY}
SOURCE = Source("a", "The Tribune", DAY, "https://tribune.example/a", "Ferry to sail", source_name="The Tribune")


def make_hit(number: int) -> Hit:
    words = f"The ferry number {number} will sail every day from now on. " + "We said so before. " * 20
    variant = Variant(words.replace("day", "night"), "b", 0, 9, "Easton Herald", None, "Easton Herald")
    return Hit(
        speaker=Speaker("Jane Roe", "mayor"),
        quote=words,
        kind=Kind.DIRECT,
        cue="said",
        source="Jane Roe",
        confidence=1.0,
        reason="",
        article="a",
        start=number,
        end=number + 9,
        publisher="The Tribune",
        published=DAY,
        url="https://tribune.example/a",
        link=None,
        outlets=2,
        variants=(variant,),
        source_name="The Tribune",
    )


def make_timeline(name: str = "Jane Roe") -> PersonTimeline:
    statements = []
    for number in range(30):
        hit = make_hit(number)
        reports = (
            StatementReport(hit.quote, SOURCE, hit.start, hit.end, None),
            StatementReport("other words", replace(SOURCE, id="b"), 0, 9, None, missing=("day",)),
        )
        statements.append(PersonStatement(hit, reports))
    return PersonTimeline(name, "mayor", "ferry", "“ferry”", tuple(statements), (), 2, 60, TOTALS, "about “ferry”")


def make_comparison() -> PersonComparison:
    names = tuple(f"Jane Roe of Easton {number}" for number in range(5))
    ambiguous = ComparedPerson("Roe", SideStatus.AMBIGUOUS, suggestions=names)
    quoted = ComparedPerson("Alder", SideStatus.HAS_QUOTES, make_timeline("Tom Alder"))
    return PersonComparison("ferry", "“ferry”", (ambiguous, quoted), TOTALS, "about “ferry”")


def make_briefing() -> Briefing:
    lines = tuple(
        Line(slot, f"{slot} {number} " + "word " * 30, (Evidence("a", number, number + 9, f"{slot} {number}", None),))
        for slot in Slot
        for number in range(12)
    )
    return Briefing("ferry", "The ferry", (SOURCE,), lines, 432)


def make_news() -> NewsBriefing:
    lines = [
        Line(Slot.STATUS, "The ferry sails. " * 70, (Evidence("a", number, number + 9, "The ferry sails.", None),))
        for number in range(30)
    ]
    stories = tuple(
        NewsStory(f"Ferry {number}", f"ferry {number}", line, 2, 3, DAY, ("a",), lead=SOURCE)
        for number, line in enumerate(lines)
    )
    return NewsBriefing("", "News", (SOURCE,), tuple(lines), 40, stories=stories, since=DAY, until=DAY, story_count=40)


WHO_SAID = WhoSaid("ferry", TOTALS, tuple(map(make_hit, range(30))), bounds=("by Jane Roe",), description="by Jane Roe")
LONG = "".join(chr(0x4E00 + number * 7) for number in range(300))
PEOPLE_ROW = ["Share to the channel", SAVE_LABEL]
WIDER = ["Any subject", "Any date", "Any source"]
LINE = ["Read in context", COPY_LABEL, "This looks wrong"]
CASES: list[tuple[AnswerResult, Query, list[str], list[str]]] = [
    (
        WHO_SAID,
        WhoSaidQuery("ferry", by="Roe", **FILTERS),
        [*PEOPLE_ROW, "Timeline", "Compare…", "Watch this", "Any speaker", *WIDER],
        [*LINE, "Compare the wordings", "Mute this source here"],
    ),
    (
        make_timeline(),
        TimelineQuery("Roe", **FILTERS),
        [*PEOPLE_ROW, "Compare…", *WIDER],
        [*LINE, "Compare 2 wordings"],
    ),
    (
        make_comparison(),
        ComparisonQuery("Roe", "Alder", **FILTERS),
        [*PEOPLE_ROW, "Any subject", *(f"Jane Roe of Easton {number}" for number in range(5))],
        [*LINE, "Compare 2 wordings"],
    ),
    (
        make_briefing(),
        BriefingQuery("ferry", "The Tribune", DAY, DAY),
        [*PEOPLE_ROW],
        [*LINE, "Mute this source here"],
    ),
    (
        make_news(),
        NewsQuery(DAY, DAY, "The Tribune"),
        [*PEOPLE_ROW, "Read in context", COPY_LABEL, "This looks wrong"],
        [],
    ),
]
IDS = ["who said", "timeline", "comparison", "briefing", "news"]


def list_elements(message: Message, kind: str) -> list[dict[str, Any]]:
    """Return the buttons and menus of the rows ("actions") or beside the lines ("section"), with their block's id."""
    elements = []
    for block in (block.to_dict() for block in message.blocks):
        if block["type"] == kind == "actions":
            elements += [element | {"block_id": block.get("block_id", "b")} for element in block["elements"]]
        elif block["type"] == kind and "accessory" in block:
            elements.append(block["accessory"] | {"block_id": block.get("block_id", "b")})
    return elements


def list_labels(elements: Sequence[dict[str, Any]]) -> list[str]:
    return [choice["text"]["text"] for element in elements for choice in element.get("options", [element])]


@pytest.mark.parametrize(("result", "query", "row", "line"), CASES, ids=IDS)
@pytest.mark.parametrize("page", [0, 1, 2])
def test_no_choice_of_an_answer_is_cut(
    result: AnswerResult, query: Query, row: list[str], line: list[str], page: int
) -> None:
    message = render_page(result, query, page)
    assert find_problems(dict(message.content)) == []
    elements = list_elements(message, "actions")
    labels = list_labels(elements)
    assert set(row) <= set(labels)
    assert len(labels) == len(set(labels))
    assert len([element for element in elements if element["type"] == "button"]) <= 3
    menus = [element for element in list_elements(message, "section") if element["type"] == "overflow"]
    assert bool(menus) == bool(line)
    for menu in menus:
        # a difference has several sources, of which none is the one to mute
        optional = {"Mute this source here"} if isinstance(result, Briefing) else set()
        assert set(line) - optional <= set(list_labels([menu])) <= set(line)
        assert len(menu["options"]) <= slack_limits.OVERFLOW_OPTIONS


def test_short_briefing_has_every_slot_and_can_be_saved() -> None:
    labels = list_labels(list_elements(render_page(make_briefing(), BriefingQuery("ferry"), 0), "actions"))
    assert {SAVE_LABEL, "Share to the channel"} <= set(labels)
    for heading in ("Latest", "Day by day", "Who said what", "Where the sources differ", "Not in these articles"):
        assert sum(label.startswith(heading) for label in labels) == 1


@pytest.mark.parametrize(("result", "query"), [case[:2] for case in CASES], ids=IDS)
def test_every_choice_comes_back_with_its_question(result: AnswerResult, query: Query) -> None:
    message = render_page(result, query, 2)
    for element in [*list_elements(message, "actions"), *list_elements(message, "section")]:
        for option in element.get("options", [None]):
            pressed = {name: element.get(name) for name in ("action_id", "block_id", "value")}
            action, value = decode_press(pressed | ({"selected_option": option} if option else {}))
            if action is Action.ASK:
                assert value.command_text.startswith("/")
                assert value.command_text != query.command_text
            else:
                assert value.command_text == query.command_text


@pytest.mark.parametrize(
    ("result", "query", "row"),
    [
        (WHO_SAID, WhoSaidQuery(LONG, by="Roe", **FILTERS), CASES[0][2]),
        (make_timeline(), TimelineQuery(LONG, **FILTERS), CASES[1][2]),
        (make_news(), NewsQuery(DAY, DAY, LONG), CASES[4][2]),
    ],
)
def test_question_too_long_for_a_menu_has_buttons_for_all_choices(
    result: AnswerResult, query: Query, row: list[str]
) -> None:
    message = render_page(result, query, 1)
    assert find_problems(dict(message.content)) == []
    assert {*row, COPY_LABEL, "Read in context"} <= set(list_labels(list_elements(message, "actions")))


@pytest.mark.parametrize("build", [AmbiguousName, UnknownPerson])
def test_every_listed_name_can_be_chosen(build: Callable[..., AnswerResult]) -> None:
    names = [f"Jane Roe {number}" for number in range(10)]
    clusters = tuple(NameCluster((name,), 3) for name in names) if build is AmbiguousName else tuple(names)
    message = render_page(build("Roe", clusters), TimelineQuery("Roe"), 0)
    assert list_labels(list_elements(message, "actions")) == names


def test_comparison_without_statements_keeps_every_suggestion() -> None:
    sides = tuple(
        ComparedPerson(name, SideStatus.UNKNOWN, suggestions=tuple(f"{name} Roe {number}" for number in range(5)))
        for name in ("Ann", "Tom")
    )
    result = PersonComparison("ferry", "“ferry”", (sides[0], sides[1]), TOTALS)
    message = comparison.build_message(result, ComparisonQuery("Ann", "Tom", "ferry"))
    assert len(list_labels(list_elements(message, "actions"))) == 11
