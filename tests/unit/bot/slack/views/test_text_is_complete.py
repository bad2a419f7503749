"""`text` holds every sentence of the blocks, in every kind of answer of any length and on every page."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.blocks.message import Message, add_note
from bot.slack.views import briefing, draft_check, notices, question_line, who_said
from briefings import (
    Briefing,
    Change,
    CheckedQuote,
    DraftCheck,
    Evidence,
    Hit,
    Kind,
    Line,
    Narration,
    SearchTotals,
    Slot,
    Source,
    Span,
    Speaker,
    Topic,
    TopicSummary,
    Variant,
    Verdict,
    WhoSaid,
)
from tests.support.shown_sentences import list_missing_sentences

WORDS = [
    "the",
    "harbour",
    "of",
    "Easton",
    "*now*",
    "no_one",
    "<b>",
    "R&D",
    "“no”",
    ":smile:",
    "https://a.example",
    "3.5",
]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join) | st.sampled_from(
    ["long " * 70, "a\n\nb", "longer " * 400]
)
NAME = st.none() | TEXT
DAY = st.none() | st.dates()
LINK = st.sampled_from([None, "https://a.example/x#:~:text=y", "https://a.example/#" + "z" * 600])
IDS = st.sampled_from(["a", "b", "c"])
SPEAKER = st.none() | st.builds(Speaker, TEXT, NAME, st.booleans())
EVIDENCE = st.builds(Evidence, IDS, st.just(0), st.integers(1, 9), TEXT, LINK)
LINE = st.builds(
    Line, st.sampled_from(list(Slot)), TEXT, st.lists(EVIDENCE, max_size=3).map(tuple),
    st.none() | st.dates().filter(lambda day: day.day < 3), NAME, st.none() | IDS, SPEAKER, st.booleans(),
    st.integers(0, 9), NAME,
)  # fmt: skip
SOURCE = st.builds(Source, IDS, NAME, DAY, LINK, NAME)
BRIEFING = st.builds(
    Briefing, st.just("t"), TEXT, st.lists(SOURCE, max_size=12).map(tuple), st.lists(LINE, max_size=40).map(tuple),
    st.integers(0), st.integers(0, 3), st.lists(TEXT, max_size=2).map(tuple), st.just("") | TEXT,
)  # fmt: skip
VARIANT = st.builds(Variant, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HIT = st.builds(
    Hit, SPEAKER, TEXT, st.sampled_from(Kind), NAME, NAME, st.floats(0, 1), TEXT, IDS, st.just(0), st.just(4), NAME,
    DAY, LINK, LINK, st.integers(0, 9), st.lists(VARIANT, max_size=5).map(tuple),
)  # fmt: skip
HITS = st.lists(HIT, max_size=15).map(tuple)
NARRATION = st.lists(st.builds(Narration, TEXT, IDS, st.just(0), st.just(1), NAME, LINK), max_size=9).map(tuple)
TOTALS = st.builds(SearchTotals, st.integers(0), st.integers(0), DAY, DAY)
WHO_SAID = st.builds(WhoSaid, st.just("") | TEXT, TOTALS, HITS, NARRATION, HITS, st.booleans())
CHANGES = st.lists(st.builds(Change, st.just(Span(0, 3)), st.just(Span(0, 3))), max_size=7).map(tuple)
CHECKED = st.builds(
    CheckedQuote, TEXT, st.just(0), st.just(3), SPEAKER, st.sampled_from(Verdict), st.none() | HIT, NAME, CHANGES, HITS
)
DRAFT_CHECK = st.builds(DraftCheck, TEXT, st.lists(CHECKED, max_size=9).map(tuple), TOTALS)
TOPICS = st.lists(st.builds(TopicSummary, st.builds(Topic, TEXT, TEXT, st.just(())), st.integers(0), DAY), max_size=70)


def assert_complete(message: Message) -> None:
    if message.blocks:
        assert list_missing_sentences(message.content) == []


@settings(max_examples=20, deadline=None)
@given(BRIEFING, st.none() | st.sampled_from(Slot))
def test_text_of_a_briefing_is_complete(value: Briefing, slot: Slot | None) -> None:
    for page in range(4):
        message = briefing.build_message(value, "/briefing pier", page, slot=slot)
        assert_complete(add_note(question_line.add_filters(message, value), "Shared by <@U1>"))


@settings(max_examples=20, deadline=None)
@given(WHO_SAID)
def test_text_of_quotes_is_complete(value: WhoSaid) -> None:
    for page in (1, 2, 3):
        assert_complete(who_said.build_message(value, "/whosaid words", page))


@settings(max_examples=15, deadline=None)
@given(DRAFT_CHECK, TOPICS, st.integers(1, 4), TEXT)
def test_text_of_other_answers_is_complete(
    check: DraftCheck, topics: list[TopicSummary], page: int, sentence: str
) -> None:
    assert_complete(draft_check.build_message(check))
    assert_complete(notices.build_topic_list(topics, page))
    assert_complete(notices.build_notice(sentence))
