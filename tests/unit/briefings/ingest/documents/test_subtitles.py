"""Subtitles become a transcript: one line per turn, only stated speakers, no numbers, times or repetitions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents import subtitles
from briefings.model import Article


def read_article(text: str) -> Article:
    [article] = subtitles.read(text.encode(), "talk.srt", "talk", ReadOptions())
    assert isinstance(article, Article)
    return article


def read(text: str) -> str:
    article = read_article(text)
    assert (article.id, article.publisher, article.published, article.byline) == ("talk", None, None, None)
    return article.text


def srt(*texts: str, gap: float = 0.0) -> str:
    """Build subtitles of two seconds each, with `gap` seconds between them."""
    cues = []
    for number, text in enumerate(texts):
        start, end = number * (2 + gap), number * (2 + gap) + 2
        cues.append(f"{number + 1}\n{_format(start)} --> {_format(end)}\n{text}\n")
    return "\n".join(cues)


def _format(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{int(seconds) % 60:02},{int(seconds * 1000) % 1000:03}"


@pytest.mark.parametrize(
    ("texts", "transcript"),
    [
        (["Good morning,", "everybody in Easton."], "Good morning, everybody in Easton."),
        (["“We will not", "close the library,” said Ann Poe."], "“We will not close the library,” said Ann Poe."),
        (
            ["JANE ROE: We listened.", "It stays open.", "ANN POE: Good."],
            "JANE ROE: We listened. It stays open.\nANN POE: Good.",
        ),
        (["Jane Roe: We listened.", "It stays."], "Jane Roe: We listened. It stays."),
        ([">> JANE ROE: We listened.", "It stays.", ">> Good."], "JANE ROE: We listened. It stays.\nGood."),
        (
            ["&gt;&gt; Jane Roe: We listened.", ">>> And now the weather."],
            "Jane Roe: We listened.\nAnd now the weather.",
        ),
        (["- Will it close?\n- No."], "Will it close?\nNo."),
        (["– Will it close?\n– No, it", "will not."], "Will it close?\nNo, it will not."),
        (['<i>It stays</i> <font color="red">open</font>.', "{\\an8}Today."], "It stays open. Today."),
        (["[Music]", "It stays.", "(applause)", "♪ La la ♪", "Today."], "It stays.\nToday."),
        (["It was [inaudible] today."], "It was [inaudible] today."),
        (["Tom &amp; Ann&nbsp;stay."], "Tom & Ann stay."),
        (["Remember: it", "stays open."], "Remember: it stays open."),
        (
            ["Roe: It stays.", "Poe: It does.", "Roe: Good.", "Poe: Yes."],
            "Roe: It stays.\nPoe: It does.\nRoe: Good.\nPoe: Yes.",
        ),
        (["MS. ROE (Easton): It stays.", "Today."], "MS. ROE (Easton): It stays. Today."),
        (["No.", "No.", "I said no."], "No. No. I said no."),
    ],
)
def test_subtitles_are_joined_to_turns(texts: list[str], transcript: str) -> None:
    assert read(srt(*texts)) == transcript
    vtt = "WEBVTT - A talk\nKind: captions\n\nNOTE a note\nof two lines\n\nSTYLE\n::cue { color: red }\n\n" + srt(
        *texts
    )
    assert read(vtt.replace(",000 -->", ".000 -->").replace(",000\n", ".000 align:start position:0%\n")) == transcript
    assert read("\ufeff" + srt(*texts).replace("\n", "\r\n")) == transcript


def test_a_pause_after_a_sentence_of_an_unnamed_speaker_starts_a_line() -> None:
    assert read(srt("It stays.", "And now", "the weather.", gap=4)) == "It stays.\nAnd now the weather."
    assert read(srt("JANE ROE: It stays.", "And more.", gap=4)) == "JANE ROE: It stays. And more."


@pytest.mark.parametrize(
    ("cues", "transcript"),
    [
        (["<v Jane Roe>We listened.</v>", "<v Jane Roe>It stays."], "Jane Roe: We listened. It stays."),
        (["<v.loud Jane Roe>We listened.", "<v Ann Poe>Good."], "Jane Roe: We listened.\nAnn Poe: Good."),
        (["<v Jane Roe>We listened.</v>\n<v Ann Poe>Good.</v>"], "Jane Roe: We listened.\nAnn Poe: Good."),
        (["<v Jane Roe>We\nlistened."], "Jane Roe: We listened."),
        (["<v Jane Roe>We listened.", "And the weather."], "Jane Roe: We listened.\nAnd the weather."),
        (["<00:00:01.000><c.yellow>We</c> <c>listened.</c>"], "We listened."),
    ],
)
def test_a_voice_tag_names_the_speaker_of_its_cue_alone(cues: list[str], transcript: str) -> None:
    assert read(
        "WEBVTT\n\n" + "\n\n".join(f"id-{n}\n00:0{n}.000 --> 00:0{n + 1}.000\n{cue}" for n, cue in enumerate(cues))
    ) == (transcript)


@pytest.mark.parametrize(
    ("texts", "quotations"),
    [
        (["JANE ROE: We listened.", "It stays.", "ANN POE: Good."], ["We listened. It stays.", "Good."]),
        ([">> JANE ROE: We listened.", ">> Good."], ["We listened."]),
        (["<v Jane Roe>We listened.</v>", "<v Ann Poe>Good."], ["We listened.", "Good."]),
        (["JANE ROE: We listened."], []),
        (["EASTON: A library stays.", "It is open."], []),
        (["BREAKING NEWS: A library stays.", "PART ONE: The vote."], []),
        (["Q: Will it close?", "A: No.", "Q: Why?", "A: We listened."], []),
        (["JANE ROE: “It stays,” said Ann Poe.", "BOB COE: Good."], ["Good."]),
        (["- Will it close?\n- No."], []),
    ],
)
def test_the_words_of_named_speakers_are_quotations(texts: list[str], quotations: list[str]) -> None:
    article = read_article(srt(*texts))
    assert [span.of(article.text) for span in article.quotation_elements] == quotations


def test_a_long_turn_has_lines_that_are_all_quotations() -> None:
    sentences = [f"The road number {number} will be closed in the autumn." for number in range(100)]
    article = read_article(srt(f"JANE ROE: {sentences[0]}", *sentences[1:], "ANN POE: Good."))
    lines = article.text.split("\n")
    assert " ".join(lines) == f"JANE ROE: {' '.join(sentences)} ANN POE: Good."
    assert max(map(len, lines)) < 1_200
    assert len(article.quotation_elements) == len(lines)


def test_rolling_captions_are_not_repeated() -> None:
    cues = [
        "we will not",
        "we will not\nclose the library",
        "close the library",
        "close the library\nthis year",
        "this year",
    ]
    assert read(srt(*cues)) == "we will not close the library this year"


def test_cues_without_blank_lines_or_numbers_are_separated() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nWe had\n2\n00:00:02,000 --> 00:00:03,000\n12 boats.\n\n"
        "00:00:03,000 --> 00:00:04,000\nAll left."
    )
    assert read(text) == "We had 12 boats. All left."


@pytest.mark.parametrize(
    "text",
    ["", "WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", "1\n00:00:01,000 --> 00:00:02,000\n\n", srt("[Music]"), "\x00" * 10],
)
def test_subtitles_without_words_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"^talk.srt"):
        read(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<v Jane>:->\n[]♪{}0123,. \x00é", max_size=300))
def test_any_text_gives_a_transcript_or_a_refusal(text: str) -> None:
    try:
        article = read_article(srt("JANE ROE: It stays.", text) + text)
        assert all(span.of(article.text).strip() for span in article.quotation_elements)
    except BadInput as error:
        message = str(error)
        assert "\n" not in message
