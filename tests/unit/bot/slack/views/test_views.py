"""Messages: within Slack's limits for any value, nothing cut silently, everything unknown said to be."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.blocks.button_values import Action, ButtonValue, decode_button
from bot.slack.blocks.citations import Citation
from bot.slack.blocks.message import Message, add_note
from bot.slack.transport.response_url import Requester, _build_body
from bot.slack.views import briefing, modals, notices, who_said
from briefings.errors import BadQuestion
from briefings.model import (
    Briefing,
    Context,
    Evidence,
    Hit,
    Kind,
    Line,
    Narration,
    Searched,
    Slot,
    Source,
    Speaker,
    Topic,
    Variant,
    WhoSaid,
)
from briefings.service.service import TopicSummary
from tests.stand_ins import briefing_service
from tests.stand_ins.slack_limits import problems, texts, view_problems

TEXT = st.text(max_size=30) | st.sampled_from(["", "<!channel>", "&" * 900, "*_~`" * 200, "word " * 2000, "\0\u202e"])
NAME = st.none() | TEXT
DAY = st.none() | st.dates()
LINK = st.none() | st.sampled_from(
    [
        "https://a.example/x#:~:text=y",
        "javascript:x",
        "https://a.example/" + "&" * 690,
        "https://a.example/#" + "z" * 5000,
    ]
)
SPEAKER = st.none() | st.builds(Speaker, TEXT, NAME, st.booleans())
IDS = st.sampled_from(["a", "b", "c", "d"])
EVIDENCE = st.builds(Evidence, IDS, st.just(0), st.just(1), TEXT, LINK)
LINE = st.builds(
    Line, st.sampled_from(list(Slot)), TEXT, st.lists(EVIDENCE, max_size=5).map(tuple), DAY, NAME, st.none() | IDS,
    SPEAKER, st.booleans(), st.integers(0, 9), NAME,
)  # fmt: skip
SOURCE = st.builds(Source, IDS, NAME, DAY, LINK, NAME)
BRIEFING = st.builds(
    Briefing, TEXT, TEXT, st.lists(SOURCE, max_size=40).map(tuple), st.lists(LINE, max_size=60).map(tuple),
    st.integers(0), st.integers(0, 3),
)  # fmt: skip
VARIANT = st.builds(Variant, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HIT = st.builds(
    Hit, SPEAKER, TEXT, st.sampled_from(Kind), NAME, NAME, st.floats(0, 1), TEXT, IDS, st.just(0), st.just(1), NAME,
    DAY, LINK, LINK, st.integers(0, 9), st.lists(VARIANT, max_size=6).map(tuple),
)  # fmt: skip
NARRATION = st.builds(Narration, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HITS = st.lists(HIT, max_size=30).map(tuple)
SEARCHED = st.builds(Searched, st.integers(0), st.integers(0), DAY, DAY)
WHO_SAID = st.builds(WhoSaid, TEXT, SEARCHED, HITS, st.lists(NARRATION, max_size=30).map(tuple), HITS)
KIND_OF_LINE = st.sampled_from(["", "0123456789abcdef"])
TOPIC = st.builds(TopicSummary, st.builds(Topic, TEXT, TEXT, st.just(())), st.integers(0), DAY)


def whole(value: Briefing, page: int = 1) -> Message:
    return briefing.build_message(value, "/briefing labour-crisis", page)


def said_by(found: WhoSaid, page: int = 1) -> Message:
    return who_said.build_message(found, "/whosaid words", page)


def sound(message: Message) -> None:
    assert problems(_build_body(message, Requester(""), replace=False)) == []


def shown(message: Message) -> str:
    return "\n".join(text for block in message.blocks for text in texts(block.to_dict()))


@settings(max_examples=60)
@given(BRIEFING)
def test_a_briefing_is_always_within_the_limits(value: Briefing) -> None:
    for page in range(4):
        sound(add_note(whole(value, page), "Shared by <@U012345678>"))


@settings(max_examples=60)
@given(WHO_SAID)
def test_who_said_is_always_within_the_limits(value: WhoSaid) -> None:
    for page in range(1, 4):
        sound(add_note(said_by(value, page), "Shared by <@U012345678>"))


@settings(max_examples=40)
@given(st.lists(TOPIC, max_size=120), TEXT, st.lists(TEXT, max_size=8))
def test_notices_are_always_within_the_limits(listed: list[TopicSummary], said: str, slugs: list[str]) -> None:
    sound(notices.build_topic_list(listed))
    sound(notices.build_notice(said))
    sound(notices.build_not_found(said, slugs))
    sound(notices.build_failure("0123abcd"))
    for command in notices.Command:
        sound(notices.build_help(command))


def many_lines(count: int) -> Briefing:
    one = replace(briefing_service.briefing().lines[0], expected=False)
    return replace(
        briefing_service.briefing(), lines=tuple(replace(one, text=f"{one.text} no{i:04}.") for i in range(count))
    )


def test_a_long_answer_pages_and_nothing_is_lost() -> None:
    """Every line stands on one page, in order; each page says which it shows and turns to its neighbours."""
    seen: list[str] = []
    page, last = 1, False
    while not last:
        message = whole(many_lines(600), page)
        sound(message)
        here = re.findall(r" no(\d{4})\.", shown(message))
        assert f"Lines {len(seen) + 1} to {len(seen) + len(here)} of 600." in shown(message)
        seen += here
        turns = {one.page - page for one in pressed_by(message, Action.PAGE)}
        last = 1 not in turns
        assert turns - {1} == {-1}  # the first page turns back to the short answer
        page += 1
    assert seen == [f"{i:04}" for i in range(600)]


def test_what_does_not_fit_into_text_is_counted() -> None:
    """Screen readers get all that `text` can hold, and how much it cannot."""
    text = whole(many_lines(600)).text
    assert f"{600 - text.count(' no0')} more lines do not fit" in text


def test_hits_page_too() -> None:
    """Each with its own buttons; the pages add up."""
    hits = tuple(
        briefing_service.hit(
            briefing_service.RALLY,
            "without the rope",
            briefing_service.MCDONNELL,
            quote=f"said {i:03}",
            start=i,
            end=i + 8,
        )
        for i in range(100)
    )
    found = WhoSaid("said", briefing_service.SEARCHED, hits)
    seen: list[str] = []
    for page in range(1, 20):
        message = said_by(found, page)
        sound(message)
        here = re.findall(r"“said (\d{3})”", shown(message))
        assert len(pressed_by(message, Action.CONTEXT)) == len(here)
        seen += here
        if len(seen) >= 100:
            break
    assert seen == [f"{i:03}" for i in range(100)]
    assert not [one for one in pressed_by(message, Action.PAGE) if one.page > page]


def pressed_by(message: Message, action: Action) -> list[ButtonValue]:
    """What the buttons of one kind ask for."""
    elements = [e for block in message.blocks if block.type == "actions" for e in block.to_dict()["elements"]]
    return [decode_button(e["value"]) for e in elements if e["action_id"].split(":")[0] == action.value]


@settings(max_examples=60)
@given(HIT, TEXT, TEXT, TEXT, st.lists(st.tuples(TEXT, st.integers(0, 9)), min_size=1, max_size=120), KIND_OF_LINE)
def test_modals_are_always_within_the_limits(
    hit: Hit, before: str, words: str, after: str, labels: list[tuple[str, int]], line: str
) -> None:
    """Whatever an article holds, and however long what was asked."""
    places = [Citation("a", at, n, label) for at, (label, n) in enumerate(labels)]
    here = ButtonValue("/whosaid " + "x" * 1000, 3, line)
    context = Context(Source("a", words, None, "https://a.example/", after), before, words, after, None)
    for view in (
        modals.build_loading_view("Read in context"),
        modals.build_notice_view("This looks wrong", words),
        modals.build_context_view(context, here, places),
        modals.build_wordings_view(hit),
        modals.build_feedback_view(here, places, f"C1 {here.value}"),
    ):
        assert view_problems(view.to_dict()) == []


def test_words_in_context_are_marked_between_their_neighbours() -> None:
    """The publisher's link first, then what stands before, the words behind the bar in bold, what stands after."""
    before, words, after = "It was late.\n\nHe said: ", "a *bold* <!channel>\nline", " Then he left."
    link = "https://a.example/#:~:text=x"
    source = Source("a", "The Example", date(2016, 6, 30), "https://a.example/", "A title")
    view = modals.build_context_view(Context(source, before, words, after, link), ButtonValue("/briefing x"), ())
    told = [text for block in view.to_dict()["blocks"] for text in texts(block)]
    assert told[0] == f"*A title*\n<{link}|The Example> · published Thu 30 Jun 2016"
    assert told[1] == "It was late.\n\nHe said:"
    assert told[2].startswith(">*a ")
    assert "<!channel>" not in told[2]
    assert "*bold*" not in told[2]
    assert told[3] == "Then he left."


def test_the_words_in_which_wordings_differ_are_marked_and_named() -> None:
    """In bold, and in a sentence for those who do not see bold."""
    view = modals.build_wordings_view(briefing_service.lynch_mob().hits[0])
    told = "\n".join(text for block in view.to_dict()["blocks"] for text in texts(block))
    assert ">like a lynch-mob without *a* rope" in told
    assert "“a” for “the”; quotes less of it" in told


@given(st.text() | st.sampled_from(["{}", "[]", '{"asked": 1}', '{"asked": "x", "page": -1}', "[" * 3000, "null"]))
def test_what_no_button_of_ours_sent_is_refused(value: str) -> None:
    """With one sentence."""
    with pytest.raises(BadQuestion, match="ask again"):
        decode_button(value)


@given(st.text(min_size=1, max_size=1100), st.integers(0, 100), st.text(max_size=150))
def test_what_a_button_asks_for_comes_back(asked: str, page: int, line: str) -> None:
    assert decode_button(ButtonValue(asked, page, line).value) == ButtonValue(asked, page, line)


def test_a_long_quotation_says_that_it_is_cut() -> None:
    """And how much of it is left to read in the article."""
    long = briefing_service.hit(briefing_service.RALLY, "said", None, quote="word " * 1000)
    message = said_by(WhoSaid("word", briefing_service.SEARCHED, (long,)))
    assert "cut here: 3,8" in shown(message)


def test_the_first_answer_is_short_and_the_button_counts_the_rest() -> None:
    """About 200 words: where it stands, the days that matter, two or three voices, the sharpest difference."""
    lines = tuple(
        Line(
            slot,
            "word " * 12,
            (Evidence("a", 0, 1, f"{slot} {i} " + "word " * 10, None),),
            speaker=Speaker(f"{slot}{i}"),
        )
        for slot in (Slot.STATUS, Slot.TIMELINE, Slot.QUOTES, Slot.DIFFERENCES)
        for i in range(9)
    )
    value = Briefing("t", "T", briefing_service.SOURCES, lines, 432)
    chosen = briefing.select_lines(value)
    assert sum(len(line.text.split()) for line in chosen) <= briefing.MAX_WORDS
    counts = [sum(line.slot is slot for line in chosen) for slot in Slot]
    assert counts == [2, 3, 3, 1, 0, 0]
    assert f"Whole briefing ({36 - len(chosen)} more lines)" in shown(briefing.build_message(value, "t"))


def test_the_days_most_outlets_carry_come_first() -> None:
    """Of the days, those that matter; in the order they happened."""
    days = tuple(
        Line(Slot.TIMELINE, f"day {i}", (Evidence("a", 0, 1, f"day {i}", None),), day=date(2016, 6, i), outlets=outlets)
        for i, outlets in enumerate((1, 3, 1, 2, 1), start=20)
    )
    assert [line.text for line in briefing.select_lines(Briefing("t", "T", (), days, 10))] == [
        "day 21",
        "day 23",
        "day 24",
    ]


def test_unknown_things_are_said_to_be_unknown() -> None:
    """Nobody named and why, unnamed, probable, undated, no outlet."""
    hits = (
        briefing_service.hit(briefing_service.GUARDIAN, "I did all I could", None),
        briefing_service.hit(briefing_service.GUARDIAN, "it’s just not good enough", briefing_service.UNNAMED),
        briefing_service.hit(
            briefing_service.RALLY,
            "has vowed to stay on",
            briefing_service.CORBYN,
            confidence=0.6,
            kind=Kind.INDIRECT,
            publisher=None,
        ),
        briefing_service.hit(briefing_service.RALLY, "has vowed to stay on", briefing_service.CORBYN, published=None),
    )
    said = shown(said_by(WhoSaid("x", briefing_service.SEARCHED, hits)))
    assert "*Nobody named*: two people are named beside it" in said
    assert "*Unnamed:* Senior Labour sources" in said
    assert "(reported, not in quotation marks), probably: named before the quotation" in said
    assert "outlet not known" in said
    assert "undated" in said


def test_paragraphs_of_one_quotation_stay_paragraphs() -> None:
    """Inside our marks, behind the bar, with the source's own mark where it stands; none around reported speech."""
    hit = briefing_service.hit(
        briefing_service.RALLY, "without the rope", briefing_service.MCDONNELL, quote='the rope.\n\n"MP after MP'
    )
    said = shown(said_by(WhoSaid("rope", briefing_service.SEARCHED, (hit, replace(hit, kind=Kind.INDIRECT)))))
    assert '\n>“the rope.\n>"MP after MP”\n' in said
    assert '\n>the rope.\n>"MP after MP\n' in said


def test_parts_are_kept_apart_by_rules() -> None:
    """One line across between two slots, and before the sources."""
    kinds = [block.type for block in whole(briefing_service.briefing()).blocks]
    assert kinds == ["header", *["section", "divider"] * 5, "section", "actions", "context"]


def test_the_first_answer_tells_what_is_to_come() -> None:
    """Of where it stands: the first that happened and the first that is expected, whatever lies between."""
    told = [Line(Slot.STATUS, f"{i}", (Evidence("a", 0, 1, f"{i}", None),), expected=i == 4) for i in range(5)]
    chosen = briefing.select_lines(Briefing("t", "T", (), tuple(told), 5))
    assert [line.text for line in chosen] == ["0", "4"]


def test_narration_is_told_apart_from_quotations() -> None:
    narration = (Narration("the words stand here", briefing_service.RALLY, 0, 1, briefing_service.IBT, None),)
    alone = shown(said_by(WhoSaid("words", briefing_service.SEARCHED, (), narration)))
    assert "Nobody is quoted as saying “words”." in alone
    beside = shown(said_by(replace(briefing_service.lynch_mob(), narration=narration)))
    assert "*In the articles' own text, with nobody quoted*\n\n>the words stand here" in beside


def test_expected_and_notes_stand_outside_the_quoted_words() -> None:
    """Nothing of ours is on a line behind the quotation bar, and each is an article's own words."""
    message = whole(briefing_service.briefing())
    bars = [line[1:] for line in shown(message).split("\n") if line.startswith(">")]
    lines = [line for line in briefing_service.briefing().lines if line.evidence]
    assert bars == [
        f"“{piece.text}”" if line.slot is Slot.QUOTES else piece.text for line in lines for piece in line.evidence
    ]
    articles = [
        briefing_service.seed(article)
        for article in (briefing_service.GUARDIAN, briefing_service.RALLY, briefing_service.SHARECAST)
    ]
    assert all(any(bar.strip("“”") in article for article in articles) for bar in bars)


def test_a_line_of_no_single_day_shows_its_words_and_between_which_days_it_was() -> None:
    (dated, *_) = [line for line in briefing_service.briefing().lines if line.slot is Slot.TIMELINE]
    note = "between Mon 20 Jun and Sun 26 Jun 2016"
    week = replace(dated, day=None, date_words="last week", note=note)
    said = shown(whole(replace(briefing_service.briefing(), lines=(week,))))
    assert "*No single day* (“last week”)" in said
    assert "Between Mon 20 Jun and Sun 26 Jun 2016" in said


def test_each_side_of_a_difference_has_its_own_outlet_and_day() -> None:
    said = shown(briefing.build_message(briefing_service.briefing(), "labour-crisis"))
    assert "_Figures differ_\n>almost 60% of the vote\n<https://www.ibtimes.co.uk/" in said
    assert ">60% of Labour members and supporters\nSharecast · published Tue 28 Jun 2016" in said


def test_the_answer_names_no_markup_of_a_source() -> None:
    """A headline that pings is shown, not obeyed."""
    hostile: Any = replace(briefing_service.briefing(), title="<!channel> *now*")
    message = briefing.build_message(hostile, "x")
    assert message.blocks[0].to_dict()["text"] == {"emoji": False, "text": "<!channel> *now*", "type": "plain_text"}
    assert "<!channel>" not in message.text
