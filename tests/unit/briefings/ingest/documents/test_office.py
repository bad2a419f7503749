"""Word, OpenDocument, RTF and EPUB files give the text that their readers see, and no more."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.office import zip_parts
from briefings.ingest.documents.registry import read_document
from briefings.ingest.formats.file_type import FileType
from briefings.model import Article
from tests.stand_ins.documents.packages import (
    set_paragraphs,
    write_epub,
    write_notes,
    write_open_document,
    write_word,
    write_zip,
)


def read_all(data: bytes, file_type: FileType) -> Sequence[Article | BadInput]:
    return read_document(data, file_type, "a.x", "a", ReadOptions())


def read(data: bytes, file_type: FileType) -> Article:
    (article,) = read_all(data, file_type)
    assert isinstance(article, Article)
    return article


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


BOX = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
SHOWN = '<w:vanish w:val="0"/>'
CELL = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (set_paragraphs("“We will,” said Jane Roe.", "She left."), "“We will,” said Jane Roe.\n\nShe left."),
        (f"<w:p>{run('“We ')}{run('will', '<w:b/>')}{run(',” she said.')}</w:p>", "“We will,” she said."),
        (f"<w:p>{run('We ')}<w:ins>{run('will ')}</w:ins><w:del><w:r><w:delText>may </w:delText></w:r></w:del>"
         f"{run('go.')}</w:p>", "We will go."),
        (f"<w:p><w:moveFrom>{run('Gone. ')}</w:moveFrom><w:moveTo>{run('Here.')}</w:moveTo></w:p>", "Here."),
        ("<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>", "One\ntwo\tthree"),
        (f"<w:p>{run('well')}<w:r><w:noBreakHyphen/></w:r>{run('known per')}<w:r><w:softHyphen/></w:r>"
         f"{run('fect')}</w:p>",
         "well-known perfect"),
        (f"<w:p>{run('Shown.')}{run(' Hidden.', '<w:vanish/>')}{run(' Too.', SHOWN)}</w:p>",
         "Shown. Too."),
        (f"<w:p>{run('See ')}<w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:hyperlink>{run('this')}</w:hyperlink>"
         "</w:p>", "See this"),
        (f"<w:p>{run('Before.')}<w:r><AlternateContent><Choice><d>{BOX}</d></Choice><Fallback><p>{BOX}</p></Fallback>"
         f"</AlternateContent></w:r>{run(' After.')}</w:p>", "Before. After.\n\nIn a box."),
        (f"<w:tbl><w:tr>{CELL.format('A')}{CELL.format('B')}</w:tr><w:tr>{CELL.format('C')}</w:tr></w:tbl>",
         "A\nB\n\nC"),
        (f"<w:sdt><w:sdtContent>{set_paragraphs('Field.')}</w:sdtContent></w:sdt>"
         f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{set_paragraphs('Enter text')}</w:sdtContent>"
         "</w:sdt>", "Field."),
        (set_paragraphs("One line of a", "wrapped text.", "", "Another."), "One line of a\nwrapped text.\n\nAnother."),
    ],
)  # fmt: skip
def test_word_file_gives_the_text_that_is_seen(body: str, expected: str) -> None:
    assert read(write_word(body), FileType.WORD).text == expected


def test_word_footnotes_follow_the_text() -> None:
    notes = write_notes(
        f'<w:footnote w:type="separator">{set_paragraphs("---")}</w:footnote>'
        f'<w:footnote w:id="1">{set_paragraphs("A note.")}</w:footnote>'
    )
    body = f"<w:p>{run('A claim.')}<w:r><w:footnoteReference/></w:r></w:p>"
    assert read(write_word(body, {"word/footnotes.xml": notes}), FileType.WORD).text == "A claim.\n\nA note."


TITLED = '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Harbour road closed</w:t></w:r></w:p>'


@pytest.mark.parametrize(
    ("body", "property_title", "title"),
    [
        (TITLED + set_paragraphs("It is closed."), "Old template name", "Harbour road closed"),
        (set_paragraphs("Harbour road closed", "It is closed."), "Harbour road closed", "Harbour road closed"),
        (set_paragraphs("It is closed."), "Harbour road closed", None),
    ],
)
def test_word_title_must_be_in_the_text_and_the_typist_is_no_author(
    body: str, property_title: str, title: str | None
) -> None:
    article = read(write_word(body, title=property_title), FileType.WORD)
    assert (article.title, article.byline, article.published) == (title, None, None)


def test_header_block_and_byline_of_a_word_file_are_read() -> None:
    block = read(write_word(set_paragraphs("Title: Road closed", "Date: 30 June 2016", "It is closed.")), FileType.WORD)
    assert (block.title, block.published, block.text) == ("Road closed", date(2016, 6, 30), "It is closed.")
    top = read(write_word(set_paragraphs("Road closed", "By Jane Roe", "30 June 2016", "It is.")), FileType.WORD)
    assert (top.byline, top.published) == ("Jane Roe", date(2016, 6, 30))
    assert top.text.startswith("Road closed\n\nBy Jane Roe")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:h>Head</text:h><text:p>“We will,” said<text:s/>Jane<text:tab/>Roe.</text:p>",
         "Head\n\n“We will,” said Jane\tRoe."),
        ("<text:p>One<text:line-break/>two<text:s text:c='3'/>three <text:span>four</text:span>.</text:p>",
         "One\ntwo   three four."),
        ("<text:tracked-changes><text:p>Deleted.</text:p></text:tracked-changes><text:p>Kept.</text:p>", "Kept."),
        ("<text:p>A<office:annotation><text:p>Remark.</text:p></office:annotation>B</text:p>", "AB"),
        ("<text:p>A claim.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p>"
         "</text:note-body></text:note> More.</text:p>", "A claim. More.\n\nA note."),
        ("<text:list><text:list-item><text:p>One.</text:p></text:list-item></text:list>", "One."),
        ("<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell>"
         "<text:p>B</text:p></table:table-cell></table:table-row></table:table>", "A\nB"),
        ("<text:p>Before.<draw:frame><draw:text-box><text:p>Box.</text:p></draw:text-box></draw:frame></text:p>",
         "Before.\n\nBox."),
    ],
)  # fmt: skip
def test_open_document_gives_the_text_that_is_seen(body: str, expected: str) -> None:
    article = read(write_open_document(body, title="Typed by a typist"), FileType.OPEN_DOCUMENT)
    assert (article.text, article.title, article.published) == (expected, None, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (r"\ansi\ansicpg1252 \'93We will,\'94 said Jane Roe.\par She left.", "“We will,” said Jane Roe.\n\nShe left."),
        (r"\uc1 \u8220?We will,\u8221? she said.", "“We will,” she said."),
        (r"\uc2 \u8220\'e2\'80We\u8221\'e2\'80", "“We”"),
        (r"\ldblquote We\rdblquote  he\rquote s \emdash  ok", "“We” he’s — ok"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\f1 \'cf\'f0} {\f0 \'e9}", "Пр é"),
        (r"{\stylesheet{Normal;}}{\info{\title T}{\author Typist}}{\header Head}{\pict 89504e47}Text.", "Text."),
        (r"Kept {\deleted gone }{\v hidden }text.", "Kept text."),
        (r"See {\field{\*\fldinst{HYPERLINK x}}{\fldrslt this}}.", "See this."),
        (r"{\*\unknown secret}A claim.{\footnote A note.} More.", "A claim. More.\n\nA note."),
        (r"A\cell B\cell\row C\cell\row", "A\nB\n\nC"),
        (r"per\-fect well\_known \{x\} a\~b", "perfect well\u2011known {x} a\u00a0b"),
        ("A {\\pict\\bin5 }}{{\\} b.", "A  b."),
        ("One\\\nTwo", "One\n\nTwo"),
    ],
)
def test_rtf_file_gives_the_text_that_is_seen(content: str, expected: str) -> None:
    assert read(f"{{\\rtf1 {content}}}".encode("cp1252"), FileType.RTF).text == expected


WORDS = " ".join(f"word{number}" for number in range(60))
CHAPTER = f"<html><head><title>T</title></head><body><h1>The <i>storm</i></h1><p>“We will,” she said.</p><p>{WORDS}</p>"
BOOK = (
    "<dc:title>A book</dc:title><dc:creator>Jane Roe</dc:creator><dc:creator>Tom Poe</dc:creator>"
    "<dc:publisher>Easton Press</dc:publisher>"
)


def test_each_chapter_of_a_book_with_running_text_is_an_article() -> None:
    chapters = {
        "cover.xhtml": "<html><body><p>Cover</p></body></html>",
        "c1.xhtml": CHAPTER,
        "c2.xhtml": f"<html><body><p>{WORDS}<sup epub:type='noteref'>1</sup><br/>End.</p></body></html>",
    }
    first, second = read_all(write_epub(chapters, BOOK), FileType.EPUB)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first == Article(
        "a/1",
        f"The storm\n\n“We will,” she said.\n\n{WORDS}",
        title="The storm",
        byline="Jane Roe, Tom Poe",
        publisher="Easton Press",
    )
    assert (second.id, second.title, second.text) == ("a/2", None, f"{WORDS}\nEnd.")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<dc:date>2016-06-30</dc:date>", date(2016, 6, 30)),
        ("<dc:date>2016</dc:date>", None),
        ('<dc:date opf:event="modification">2020-01-02</dc:date>', None),
        ('<dc:date opf:event="modification">2020-01-02</dc:date><dc:date opf:event="publication">2016-06-30</dc:date>',
         date(2016, 6, 30)),
        ("<dc:date>2016-06-30</dc:date><dc:date>2017-06-30</dc:date>", None),
        ("", None),
    ],
)  # fmt: skip
def test_day_of_a_book_is_that_of_its_publication(dates: str, expected: date | None) -> None:
    assert read(write_epub({"c.xhtml": CHAPTER}, dates), FileType.EPUB).published == expected


ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
LATE_ENTITIES = f"<!--{'x' * 5_000}-->{ENTITIES}"


@pytest.mark.parametrize(
    ("data", "file_type", "message"),
    [
        (b"PK\x03\x04junk", FileType.WORD, "a damaged or incomplete ZIP file"),
        (write_zip({"x": "y"}), FileType.WORD, "has no text part"),
        (write_zip({"word/document.xml": "<x"}), FileType.WORD, "its XML cannot be read"),
        (write_zip({"word/document.xml": f"{ENTITIES}<d><body>&b;</body></d>"}), FileType.WORD, "custom entities"),
        (write_zip({"word/document.xml": f"{LATE_ENTITIES}<d>&b;</d>"}), FileType.WORD, "custom entities"),
        (write_zip({"word/document.xml": "<d>" + "<a>" * 2_000}), FileType.WORD, "XML cannot be read"),
        (write_word(set_paragraphs(" ")), FileType.WORD, "is empty"),
        (write_word("", {"x": "0" * 30_000_000}), FileType.WORD, "unpacks to"),
        (write_open_document("<text:p>x</text:p>", manifest="<encryption-data/>"), FileType.OPEN_DOCUMENT, "password"),
        (write_zip({"mimetype": ""}), FileType.OPEN_DOCUMENT, "has no text part"),
        (b"{\\rtf1" + b"{" * 10_000, FileType.RTF, "nested too deeply"),
        (b"{\\rtf1 }", FileType.RTF, "is empty"),
        (write_epub({"c.xhtml": "<p>Short.</p>"}), FileType.EPUB, "no chapter with running text"),
        (write_zip({"META-INF/container.xml": "<c/>"}), FileType.EPUB, "no list of chapters"),
        (
            write_epub(
                {"c.xhtml": CHAPTER},
                parts={"META-INF/encryption.xml": '<e><CipherReference URI="OEBPS/c.xhtml"/></e>'},
            ),
            FileType.EPUB,
            "protected against copying",
        ),
    ],
)
def test_file_that_cannot_be_read_is_refused_by_name(data: bytes, file_type: FileType, message: str) -> None:
    with pytest.raises(BadInput, match=r"^a\.x") as error:
        read_all(data, file_type)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_part_that_is_longer_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_parts, "MAX_PART_BYTES", 100)
    with pytest.raises(BadInput, match="of text, the limit"):
        read(write_word(set_paragraphs("Text.")), FileType.WORD)


SAMPLES = [
    (FileType.WORD, write_word(TITLED + set_paragraphs("“We will,” said Jane Roe."))),
    (FileType.OPEN_DOCUMENT, write_open_document("<text:p>“We will,” said <text:s text:c='2'/>Jane Roe.</text:p>")),
    (FileType.RTF, rb"{\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}\uc1 \u8220?We\par{\footnote x}\'93\u-10179?\bin3 abc}"),
    (FileType.EPUB, write_epub({"c.xhtml": CHAPTER}, BOOK)),
]


@pytest.mark.parametrize(("file_type", "content"), SAMPLES)
@given(data=st.data())
def test_mutated_file_gives_articles_or_is_refused(file_type: FileType, content: bytes, data: st.DataObject) -> None:
    mutated = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_all(bytes(mutated), file_type)
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017 - most files are read
