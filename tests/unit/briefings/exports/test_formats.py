"""Names, types and limits of exported files, the copied quotation, and authors of bylines."""

import io
import json
import re
from datetime import date

import docx
import pytest

from bot.cli.exports.arguments import FORMATS, guess_format
from briefings.errors import BadInput
from briefings.exports import (
    Author,
    Document,
    Format,
    Passage,
    Place,
    Reference,
    Section,
    Voice,
    build_plain_quote,
    find_format,
    protect_cell,
    read_authors,
    render,
    rendering,
)
from briefings.speaker_labels import SpeakerLabel, SpeakerStatus
from tests.support.export_readers import read_bibtex, read_csv, read_ris

DAY = date(2026, 1, 2)
LINK = "https://tribune.example/vote#:~:text=We%20are"
PLACE = Place("a", 0, 13, "The Tribune", "The Tribune", DAY, LINK)
JANE = SpeakerLabel(SpeakerStatus.CERTAIN, "Jane Roe", "mayor of Easton")


def make_document(*references: Reference, title: str = "A vote") -> Document:
    passage = Passage("We are ready.", Voice.QUOTATION, (PLACE,), JANE)
    known = references or (
        Reference("a", "The vote", read_authors("Jane Roe"), "The Tribune", DAY, "https://t.example"),
    )
    return Document(title, "Briefing", (Section("Quotations", (passage,)),), known, date(2026, 1, 3))


@pytest.mark.parametrize(
    ("status", "name", "note", "speaker"),
    [
        (SpeakerStatus.CERTAIN, "Jane Roe", "", "Jane Roe (mayor)"),
        (SpeakerStatus.PROBABLE, "Jane Roe", "why", "probably Jane Roe (mayor)"),
        (SpeakerStatus.UNNAMED, "a union source", "", "a union source (mayor), not named"),
        (SpeakerStatus.UNSURE, "“he”", "why", "speaker not sure (“he” in the article)"),
        (
            SpeakerStatus.UNKNOWN,
            "Unknown speaker",
            "the article does not say",
            "speaker not sure (the article does not say)",
        ),
        (SpeakerStatus.NOT_SPEECH, "No speaker", "probably a term", "no speaker (probably a term)"),
    ],
)
def test_copied_quotation_says_who_speaks_and_how_sure_that_is(
    status: SpeakerStatus, name: str, note: str, speaker: str
) -> None:
    passage = Passage("We are ready.", Voice.QUOTATION, (PLACE,), SpeakerLabel(status, name, "mayor", note))
    assert build_plain_quote(passage) == f"“We are ready.” — {speaker}, The Tribune, Fri 2 Jan 2026, {LINK}"


def test_copied_quotation_marks_left_out_words_and_reported_speech() -> None:
    places = tuple(Place("a", start, end, "The Tribune") for start, end in ((0, 12), (20, 26)))
    pieces = Passage("We … all are … ready.", Voice.QUOTATION, places, JANE)
    assert build_plain_quote(pieces).startswith("“We … all are […] ready.” — Jane Roe (mayor of Easton), ")
    reported = Passage("she was ready", Voice.REPORTED, (Place("a", 0, 3, "The Tribune"),), JANE)
    assert (
        build_plain_quote(reported)
        == "she was ready — Jane Roe (mayor of Easton), in the article's words, The Tribune, undated"
    )
    elided_by_the_article = Passage("We … are", Voice.QUOTATION, (PLACE,), JANE)
    assert build_plain_quote(elided_by_the_article).startswith("“We … are”")


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        (None, []),
        ("", []),
        ("Jane Roe", [("Roe", "Jane")]),
        ("By Jane Roe and John Doe", [("Roe", "Jane"), ("Doe", "John")]),
        ("Jane Roe, Political Editor", [("Roe", "Jane")]),
        ("Jane Roe, political editor, and John Doe in Easton", [("Roe", "Jane"), ("Doe", "John")]),
        ("Jane Roe; John Doe | Ann Poe", [("Roe", "Jane"), ("Doe", "John"), ("Poe", "Ann")]),
        ("Jan van der Berg", [("van der Berg", "Jan")]),
        ("Ludwig von Roe", [("von Roe", "Ludwig")]),
        ("Roe, Jane", [("Roe", "Jane")]),
        ("Press Association", ["Press Association"]),
        ("Easton News Agency", ["Easton News Agency"]),
        ("Reuters", ["Reuters"]),
        ("AP, Jane Roe", ["AP", ("Roe", "Jane")]),
        ("Jane Roe and agencies", [("Roe", "Jane")]),
        ("Tribune staff", ["Tribune staff"]),
        ("JANE ROE", ["JANE ROE"]),
        ("Jane Roe and Jane Roe", [("Roe", "Jane")]),
        ("Jane Roe (The Tribune)", [("Roe", "Jane")]),
        ("Зоя Петрова", [("Петрова", "Зоя")]),
        ("Jane Roe, Easton", [("Roe", "Jane")]),
        ("Jane Roe, Easton and John Doe, Weston", [("Roe", "Jane"), ("Doe", "John")]),
        ("Jane Roe, Easton Central", [("Roe", "Jane"), "Easton Central"]),
        ("Jane Roe in Easton and Weston", [("Roe", "Jane")]),
        ("Roe, Jane; Doe, John", [("Roe", "Jane"), ("Doe", "John")]),
        ("Tribune, Weston", ["Tribune"]),
        ("Zanoni, Xylo", ["Zanoni, Xylo"]),
        ("Jane Roe | Easton Herald", [("Roe", "Jane"), "Easton Herald"]),
        ("Jane Roe Political Editor", ["Jane Roe Political Editor"]),
        ("Chief Reporter Jane Roe", ["Chief Reporter Jane Roe"]),
        ("Jane Roe MP", ["Jane Roe MP"]),
        ("Jane Roe, MP for Easton", [("Roe", "Jane")]),
        ("Jane Roe, Head of News", [("Roe", "Jane")]),
        ("Dr Jane Roe", [("Roe", "Jane")]),
        ("Dr Roe", ["Dr Roe"]),
        ("Lady Roe", ["Lady Roe"]),
        ("Par Jane Roe", ["Par Jane Roe"]),
        ("Exclusive by Jane Roe", [("Roe", "Jane")]),
        ("Edited by Jane Roe", ["Edited by Jane Roe"]),
        ("Jane Roe, 24 June 2016", [("Roe", "Jane")]),
        ("Jane Roe jane@tribune.example", [("Roe", "Jane")]),
        ("https://tribune.example/people/jane-roe", []),
        ("by", []),
        ("null", []),
        ("admin", []),
    ],
)
def test_authors_are_read_from_a_byline_and_never_invented(
    byline: str | None, authors: list[tuple[str, str] | str]
) -> None:
    assert [
        (author.family_name, author.given_name) if author.family_name else author.name
        for author in read_authors(byline)
    ] == authors


def test_only_the_beginning_of_a_long_byline_is_read() -> None:
    assert next(author.name for author in read_authors(f"Jane Roe and {'[' * 100_000}")) == "Jane Roe"


def test_a_field_that_is_not_known_is_left_out() -> None:
    document = make_document(Reference("a", source_name="“We are”"))
    (entry,), (record,) = (
        read_bibtex(render(document, Format.BIBTEX).content),
        read_ris(render(document, Format.RIS).content),
    )
    (item,) = json.loads(render(document, Format.CSL).content)
    assert entry.keys() == {"type", "key", "annote"}
    assert record.keys() == {"type_of_reference", "id", "notes"}
    assert item.keys() == {"id", "type", "annote"}
    assert (entry["type"], record["type_of_reference"], item["type"]) == ("misc", "ELEC", "webpage")


def test_a_citation_names_title_authors_outlet_day_and_address() -> None:
    (entry,) = read_bibtex(render(make_document(), Format.BIBTEX).content)
    assert entry | {"annote": "", "title": entry["title"].strip("{}")} == {
        "type": "article",
        "key": "roe2026vote",
        "title": "The vote",
        "author": "Roe, Jane",
        "journal": "The Tribune",
        "year": "2026",
        "month": "1",
        "day": "2",
        "date": "2026-01-02",
        "url": "https://t.example",
        "urldate": "2026-01-03",
        "annote": "",
    }
    (record,) = read_ris(render(make_document(), Format.RIS).content)
    assert record["type_of_reference"] == "NEWS"
    assert (record["authors"], record["title"], record["secondary_title"]) == (["Roe, Jane"], "The vote", "The Tribune")
    assert (record["date"], record["year"], record["access_date"]) == ("2026/01/02", "2026", "2026/01/03")
    assert record["urls"] == ["https://t.example"]
    (item,) = json.loads(render(make_document(), Format.CSL).content)
    assert item == {
        "id": "roe2026vote",
        "type": "article-newspaper",
        "title": "The vote",
        "author": [{"family": "Roe", "given": "Jane"}],
        "container-title": "The Tribune",
        "issued": {"date-parts": [[2026, 1, 2]]},
        "URL": "https://t.example",
        "accessed": {"date-parts": [[2026, 1, 3]]},
        "annote": "“We are ready.” — Jane Roe (mayor of Easton)",
    }


def test_equal_citation_keys_get_a_number() -> None:
    references = [Reference(name, "The vote", (Author("Reuters"),), "The Tribune", DAY) for name in ("a", "b", "c")]
    items = json.loads(render(make_document(*references), Format.CSL).content)
    assert [item["id"] for item in items] == ["reuters2026vote", "reuters2026vote-2", "reuters2026vote-3"]


def test_a_table_row_has_speaker_outlet_day_and_place() -> None:
    (row,) = read_csv(render(make_document(), Format.CSV).content)
    assert {name: row[name] for name in ("text", "speaker", "role", "outlet", "published", "title", "link")} == {
        "text": "We are ready.",
        "speaker": "Jane Roe",
        "role": "mayor of Easton",
        "outlet": "The Tribune",
        "published": "2026-01-02",
        "title": "The vote",
        "link": LINK,
    }
    assert (row["article"], row["start"], row["end"], row["speaker certainty"]) == ("a", "0", "13", "certain")


def test_a_table_row_has_the_place_of_every_piece_of_a_line() -> None:
    places = tuple(Place("a", start, end, "The Tribune") for start, end in ((0, 6), (20, 26)))
    document = Document(
        "A vote", "Briefing", (Section("", (Passage("We are … ready.", Voice.ARTICLE, places),)),), (), DAY
    )
    (row,) = read_csv(render(document, Format.CSV).content)
    assert (row["article"], row["start"], row["end"]) == ("a", "0; 20", "6; 26")


@pytest.mark.parametrize("text", ["\tfoo", "\n=1", "''\r", "'\u3000=1", "=1", "'=1", "'foo", "foo", "'", "''"])
def test_a_protected_cell_can_be_read_back_by_the_rule_of_the_table(text: str) -> None:
    cell = protect_cell(text)
    is_protected = cell.startswith("'") and protect_cell(cell[1:]) == cell
    assert (cell[1:] if is_protected else cell) == text


def test_a_speaker_who_is_not_sure_has_no_name_in_a_table() -> None:
    passage = Passage(
        "We are ready.", Voice.QUOTATION, (PLACE,), SpeakerLabel(SpeakerStatus.UNSURE, "“he”", note="why")
    )
    document = Document("A vote", "Quotations", (Section("", (passage,)),), (), DAY)
    (row,) = read_csv(render(document, Format.CSV).content)
    assert (row["speaker"], row["speaker certainty"], row["speaker note"]) == ("", "unsure", "“he”; why")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Labour's crisis", "labour-s-crisis-briefing.md"),
        ("../../etc/passwd", "etc-passwd-briefing.md"),
        ('a"b\r\nSet-Cookie: x', "a-b-set-cookie-x-briefing.md"),
        ("CON", "con-briefing.md"),
        ("Zoë’s “vote”", "zoë-s-vote-briefing.md"),
        ("***", "export.md"),
        ("", "export.md"),
        ("x" * 500, "x" * 80 + "-briefing.md"),
        ("हिन्दी में", "हिन्दी-में-briefing.md"),
        ("𐌰" * 500, "𐌰" * 50 + "-briefing.md"),
        ("界" * 500, "界" * 66 + "-briefing.md"),
    ],
)
def test_file_name_is_safe_on_every_system(title: str, name: str) -> None:
    file = render(make_document(title=title), Format.MARKDOWN)
    assert file.name == name
    assert re.fullmatch(r"[^\x00-\x2c/:*?\"<>|\\]+", file.name)
    assert all(len(render(make_document(title=title), name).name.encode()) <= 255 for name in Format)


@pytest.mark.parametrize("name", list(Format))
def test_every_format_has_a_name_a_type_and_a_suffix(name: Format) -> None:
    file = render(make_document(), name)
    assert file.content_type == name.content_type
    assert guess_format(file.name) == name.value
    assert find_format(name.value.upper()) is name


def test_command_line_knows_the_same_formats() -> None:
    assert tuple(Format) == FORMATS
    assert find_format("pdf") is None
    assert find_format("Word") is Format.WORD


def test_a_file_over_the_limit_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "MAX_BYTES", 100)
    with pytest.raises(BadInput, match=r"^a-vote-briefing\.md would be larger than .* Narrow the question"):
        render(make_document(), Format.MARKDOWN)


@pytest.mark.parametrize(
    ("title", "outlet", "source_name", "line"),
    [
        ("The vote", "The Tribune", "The Tribune", "The vote, The Tribune, Fri 2 Jan 2026"),
        (None, "The Tribune", "The Tribune", "The Tribune, Fri 2 Jan 2026"),
        (" ", "The  Tribune\n", "The Tribune", "The Tribune, Fri 2 Jan 2026"),
        (None, "The Tribune", "", "The Tribune, Fri 2 Jan 2026"),
        (None, None, "“We are ready”", "“We are ready”, Fri 2 Jan 2026"),
        ("The vote", None, "“The vote”", "The vote, Fri 2 Jan 2026"),
        (None, None, "", "a, Fri 2 Jan 2026"),
    ],
)
def test_list_of_sources_names_each_outlet_once(
    title: str | None, outlet: str | None, source_name: str, line: str
) -> None:
    document = make_document(Reference("a", title, (), outlet, DAY, "https://t.example", source_name))
    markdown = render(document, Format.MARKDOWN).content.decode()
    assert (
        markdown.rstrip().splitlines()[-1]
        == f"- [{line.partition(', ')[0]}](https://t.example), {line.partition(', ')[2]}"
    )
    word = docx.Document(io.BytesIO(render(document, Format.WORD).content))
    assert word.paragraphs[-1].text == line


def test_markdown_shows_every_white_space_as_a_blank() -> None:
    passage = Passage("We\x0bare\x0cready\x1cnow", Voice.QUOTATION, (PLACE,), JANE)
    document = Document("A vote", "Quotes", (Section("Quotes", (passage,)),), (), DAY)
    assert "> “We are ready now”" in render(document, Format.MARKDOWN).content.decode()


@pytest.mark.parametrize(
    ("text", "is_right_to_left"),
    [("نحن جاهزون, said in 2026.", True), ("3. אנחנו מוכנים", True), ("We say נחן.", False), ("1 + 1", False)],
)
def test_word_writes_arabic_and_hebrew_from_right_to_left(text: str, is_right_to_left: bool) -> None:
    passage = Passage(text, Voice.QUOTATION, (PLACE,), JANE)
    document = Document(text, "Quotes", (Section(text, (passage,)),), (), DAY)
    word = docx.Document(io.BytesIO(render(document, Format.WORD).content))
    title, heading, quote, attribution = word.paragraphs
    for paragraph in (title, heading, quote):
        assert bool(paragraph._p.xpath("w:pPr/w:bidi")) is is_right_to_left
        assert bool(paragraph.runs[0].font.rtl) is is_right_to_left
    assert not attribution._p.xpath("w:pPr/w:bidi")
    assert quote.text == f"“{text}”"
