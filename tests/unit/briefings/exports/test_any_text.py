"""Exports of any text: markup, formulas, control characters and braces of strangers stay plain words."""

from datetime import date
from io import BytesIO

import docx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefings.exports import Document, Format, Passage, Place, Reference, Section, Voice, read_authors, render
from briefings.exports.csv_table import protect_cell
from briefings.exports.markdown import escape
from briefings.speaker_labels import SpeakerLabel, SpeakerStatus
from tests.support.export_readers import check_nothing_is_lost, read_markdown_quotes, read_word_links

NASTY_TEXTS = [
    "=1+1",
    "@SUM(A1)",
    "-2+3|cmd",
    "\t=1",
    "'=1",
    "''quoted''",
    "＝1+1",
    'a "quoted", cell;\r\nwith lines',
    "# heading\n- list\n1. one\n> quote\n***\n---\n===\n```\ncode\n```",
    "<script>alert(1)</script> &amp; <!-- x -->",
    "![x](https://evil.example/a.png) [link](javascript:alert(1)) ![](@U123)",
    "*bold* _under_ `code` ~~gone~~ | a | b |",
    "\\backslash {brace} }{ $math$ 100% #1 a_b ^x ~y &z",
    "@article{evil, title={x}}",
    "ER  - \nTY  - JOUR\nTI  - other",
    "a\x00b\x0bc\x0cd\x1be\ud800f\ufffeg",
    "right\u202eto left\u2028new\u2029paragraph\x85end",
    "    indented\n\n\n\tcode",
    "https://x.example/?a=1&copy=2 :smile: @channel",
    "1) one\n+ two\n= three\n12345. four",
    "…",
    "ﬁ ½ é e\u0301 👩‍👩‍👧‍👦",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY_TEXTS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.text(st.sampled_from("\\{}[]<>#*_`~|&:@$^%=+-'\"\n\r\t .1aé)(!;,"), min_size=1, max_size=30),
).filter(str.strip)


def build_document(texts: list[str], name: str, title: str, outlet: str | None) -> Document:
    place = Place("a", 0, 5, outlet or "unknown outlet", outlet, date(2026, 1, 2), "https://x.example/a(b)_c?q=1&r={2}")
    label = SpeakerLabel(SpeakerStatus.PROBABLE, name, title, "because")
    voices = [Voice.QUOTATION, Voice.REPORTED, Voice.ARTICLE]
    passages = tuple(
        Passage(text, voices[number % 3], (place,), label if number % 3 < 2 else None, note=title, group=name)
        for number, text in enumerate(texts)
    )
    reference = Reference("a", title, read_authors(name), outlet, date(2026, 1, 2), place.link, outlet or "x")
    return Document(title, "Briefing", (Section(title, passages),), (reference,), date(2026, 1, 3), (name,), {"a": 1})


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS, TEXTS, st.none() | TEXTS)
@example(NASTY_TEXTS, "Jane Roe", "A vote", "The Tribune")
@example(["x"], "{", "}", "\\")
def test_no_text_is_lost_or_read_as_markup(texts: list[str], name: str, title: str, outlet: str | None) -> None:
    check_nothing_is_lost(build_document(texts, name, title, outlet))


@given(TEXTS)
def test_markdown_shows_any_line_as_it_is(text: str) -> None:
    line = escape(text)
    assert "\n" not in line
    assert all(quote.strip() for quote in read_markdown_quotes(f"> {line}".encode("utf-8", "replace")))


@given(TEXTS)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = protect_cell(text)
    assert cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert cell.endswith(text[1:].replace("\x00", "\ufffd")) or "\ufffd" in cell


def test_word_file_has_properties_and_a_link_for_each_source() -> None:
    document = build_document(["We are ready."], "Jane Roe", "A vote in Easton", "The Tribune")
    word_document = docx.Document(BytesIO(render(document, Format.WORD).content))
    properties = word_document.core_properties
    assert (properties.title, properties.author, properties.subject) == (
        "A vote in Easton",
        "On the Record",
        "Briefing",
    )
    assert properties.created is not None
    assert properties.created.date() == date(2026, 1, 3)
    links = [link for paragraph in word_document.paragraphs for link in paragraph.hyperlinks]
    assert {link.text for link in links} == {"The Tribune", "A vote in Easton"}
    assert all(link.url.startswith("https://x.example/a(b)_c") for link in links)
    styles = [paragraph.style.name for paragraph in word_document.paragraphs if paragraph.style]
    assert styles[:3] == ["Title", "Normal", "Heading 1"]
    assert "Quote" in styles


def test_an_address_too_long_for_word_is_shortened_or_left_out() -> None:
    links = ["https://x.example/a#:~:text=" + "w" * 3_000, "https://x.example/" + "w" * 3_000, "https://x.example/b"]
    passages = tuple(
        Passage("We are.", Voice.QUOTATION, (Place("a", 0, 7, f"Outlet {number}", link=link),))
        for number, link in enumerate(links)
    )
    document = Document("A vote", "Briefing", (Section("", passages),), (), date(2026, 1, 3))
    content = render(document, Format.WORD).content
    assert read_word_links(content) == ["https://x.example/a", "https://x.example/b"]
    paragraphs = docx.Document(BytesIO(content)).paragraphs
    assert any("Outlet 1" in paragraph.text for paragraph in paragraphs)
