"""Files of each kind are read through the sandbox process, whatever they are called."""

from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.reader import read_raw_articles

SENTENCE = "The library in Easton stays open, said Ann Poe, who has worked in it for thirty years."
HEADERS = "From: Easton Council <a@e.example>\nSubject: Library\nMessage-ID: <1@e.example>\nMIME-Version: 1.0"
MAIL = f"{HEADERS}\n\n{SENTENCE}\n"
PAGE = f"<html><body><article><p>{SENTENCE}</p><p>{SENTENCE}</p></article></body></html>"
SAVED = (
    f"From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
    f"Content-Type: text/html\n\n{PAGE}\n--b--\n"
)
NITF = f"<nitf><body><body.content><p>{SENTENCE}</p></body.content></body></nitf>"
FILES = {
    "a.eml": MAIL,
    "a.mbox": f"From a@e.example Thu Jun 30 10:00:00 2016\n{MAIL}",
    "nexis.txt": f"1 of 1 DOCUMENTS\n\nThe Tribune\n\nJune 29, 2016\n\nLibrary\n\nLENGTH: 9 words\n\n{SENTENCE}\n",
    "factiva.txt": f"HD\tLibrary\nWC\t9 words\nPD\t30 June 2016\nSN\tThe Tribune\nLP\n{SENTENCE}\n",
    "a.mht": SAVED,
    "a.srt": f"1\n00:00:01,000 --> 00:00:04,000\n{SENTENCE}\n",
    "nitf.xml": NITF,
    "newsml.xml": f"<newsItem><contentSet><inlineXML>{NITF}</inlineXML></contentSet></newsItem>",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_kind_is_one_article(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    [article] = read_raw_articles(tmp_path / name)
    assert article.text.startswith(SENTENCE)


def test_an_attachment_is_reported_and_the_message_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "release.eml"
    path.write_text(
        f"{HEADERS}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{SENTENCE}\n--b\nContent-Type: application/pdf\n"
        'Content-Disposition: attachment; filename="plan.pdf"\n\n%PDF\n--b--\n',
        encoding="utf-8",
    )
    errors: list[BadInput] = []
    [article] = read_raw_articles(path, on_error=errors.append)
    assert article.text == SENTENCE
    assert [str(error) for error in errors] == [
        f'{path} has an attachment, "plan.pdf", which was not read. Save it and add it.'
    ]
