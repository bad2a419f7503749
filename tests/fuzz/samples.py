"""Write one small sound file of every kind that is read, for the fuzzer."""

import bz2
import gzip
import io
import json
import lzma
import plistlib
import textwrap
from collections.abc import Mapping
from pathlib import Path

import zstandard

from tests.stand_ins.documents.packages import (
    set_paragraphs,
    write_epub,
    write_open_document,
    write_word,
    write_zip,
)
from tests.stand_ins.documents.pdf_writer import place_lines, write_pdf
from tests.support.spreadsheets import make_ods, make_xlsx

_PARAGRAPHS = (
    "The council of Easton voted on Thursday to keep the harbour open, after a debate that lasted until midnight.",
    "“We have waited for long enough,” said Jane Roe, the council leader. “Nobody wants another winter like this.”",
    "Tom Marsh, who rents a kiosk at the harbour, told the meeting: “You know that this is the bread on our tables.”",
)
_TEXT = "\n\n".join(_PARAGRAPHS)
_MARKUP = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
_PAGE = f"<!DOCTYPE html><html><head><title>Harbour</title></head><body><article>{_MARKUP}</article></body></html>"
_RECORDS = [{"id": f"r{number}", "text": _TEXT, "published": "2016-06-30", "byline": "Ada Kerr"} for number in range(3)]
_LINES = "".join(json.dumps(record) + "\n" for record in _RECORDS)
_ROWS = [["id", "date", "title", "text"], *([f"r{number}", "2016-06-30", "Harbour", _TEXT] for number in range(3))]
_MAIL = (
    "From: Easton Council Press Office <press@easton.example>\nTo: desk@paper.example\nSubject: Harbour stays open\n"
    "Date: Thu, 30 Jun 2016 10:00:00 +0100\nMessage-ID: <1@easton.example>\nMIME-Version: 1.0\n"
    f'Content-Type: text/plain; charset="utf-8"\n\n{_TEXT}\n'
)
_NEXIS = "".join(
    f"\n\n                               {number} of 2 DOCUMENTS\n\n\n"
    "                            The Tribune (Easton)\n\n"
    f"                             June {28 + number}, 2016 Wednesday\n\nHarbour stays open\n\nBYLINE: Ada Kerr\n\n"
    f"LENGTH: 80 words\n\n\n{_TEXT}\n\nLOAD-DATE: June 30, 2016\n\n"
    for number in (1, 2)
)
_FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>The Tribune</title><link>https://tribune.example/</link>'
    "<item><title>Harbour</title><link>https://tribune.example/1</link><pubDate>Thu, 30 Jun 2016 10:00:00 GMT</pubDate>"
    f"<description><![CDATA[{_MARKUP * 3}]]></description></item></channel></rss>"
)
_NITF = (
    '<?xml version="1.0"?><nitf><head><title>Harbour</title><docdata><date.issue norm="20160630T100000Z"/></docdata>'
    "</head><body><body.head><hedline><hl1>Harbour</hl1></hedline><byline>By Ada Kerr</byline></body.head>"
    f"<body.content>{_MARKUP}</body.content></body></nitf>"
)
_NEWSML = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" version="1"><itemMeta>'
    '<itemClass qcode="ninat:text"/><provider literal="Easton Wire"/><firstCreated>2016-06-30T10:00:00Z</firstCreated>'
    "</itemMeta><contentMeta><headline>Harbour</headline><by>Ada Kerr</by></contentMeta><contentSet><inlineXML>"
    f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{_MARKUP}</body></html></inlineXML></contentSet></newsItem>'
)
_FACTIVA = (
    '<html><head><title>Factiva</title></head><body><div class="article enArticle"><table><tr><td><b>HD</b></td><td>'
    "Harbour stays open</td></tr><tr><td><b>BY</b></td><td>Ada Kerr</td></tr><tr><td><b>PD</b></td><td>30 June 2016"
    f"</td></tr><tr><td><b>SN</b></td><td>The Tribune</td></tr><tr><td><b>LP</b></td><td>{_MARKUP}</td></tr>"
    "</table></div></body></html>"
)
_CUES = "".join(
    f"{number}\n00:00:0{number},000 --> 00:00:0{number + 1},000\n{paragraph}\n\n"
    for number, paragraph in enumerate(_PARAGRAPHS, 1)
)
_SAVED_PAGE = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://tribune.example/1\nSubject: Harbour\n"
    "MIME-Version: 1.0\n"
    'Content-Type: multipart/related; type="text/html"; boundary="b1"\n\n--b1\nContent-Type: text/html; charset=utf-8\n'
    f"Content-Transfer-Encoding: 8bit\nContent-Location: https://tribune.example/1\n\n{_PAGE}\n--b1--\n"
)


def write_samples(folder: Path) -> list[Path]:
    """Write the files into a folder and return their paths."""
    paths = []
    for name, content in list_contents().items():
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return paths


def list_contents() -> Mapping[str, str | bytes]:
    warc = _write_warc("response", "application/http; msgtype=response", _write_http_response())
    archive = {"Data": _PAGE.encode(), "URL": "https://tribune.example/1", "MIMEType": "text/html"}
    return {
        "text.txt": f"Title: Harbour\nDate: 30 June 2016\nOutlet: The Tribune\n\n{_TEXT}",
        "notes.md": f"# Harbour\n\n*By Ada Kerr*\n\n{_TEXT}",
        "page.html": _PAGE,
        "saved.mht": _SAVED_PAGE,
        "saved.webarchive": plistlib.dumps(
            {"WebMainResource": {f"WebResource{name}": value for name, value in archive.items()}},
            fmt=plistlib.FMT_BINARY,
        ),
        "factiva.html": _FACTIVA,
        "lines.jsonl": _LINES,
        "array.json": json.dumps(_RECORDS, indent=1),
        "table.csv": "id,date,text\n" + "".join(f'r{number},2016-06-30,"{_TEXT}"\n' for number in range(3)),
        "sheet.xlsx": make_xlsx({"Articles": _ROWS}),
        "sheet.ods": make_ods(_ROWS),
        "rows.parquet": _write_parquet(),
        "report.pdf": write_pdf([place_lines("\n\n".join(map(textwrap.fill, _PARAGRAPHS)))]),
        "report.docx": write_word(set_paragraphs("Harbour", *_PARAGRAPHS)),
        "report.odt": write_open_document("".join(f"<text:p>{paragraph}</text:p>" for paragraph in _PARAGRAPHS)),
        "report.rtf": r"{\rtf1\ansi " + r"\par ".join(_PARAGRAPHS).replace("“", r"\'93").replace("”", r"\'94") + "}",
        "book.epub": write_epub({"one": f"<h1>Harbour</h1>{_MARKUP}", "two": _MARKUP}),
        "mail.eml": _MAIL,
        "mails.mbox": "".join(f"From press@easton.example Thu Jun 30 10:00:00 2016\n{_MAIL}\n\n" for _ in range(2)),
        "nexis.txt": _NEXIS,
        "talk.srt": _CUES,
        "talk.vtt": "WEBVTT\n\n" + _CUES.replace(",000", ".000"),
        "story.nitf.xml": _NITF,
        "story.newsml.xml": _NEWSML,
        "feed.xml": _FEED,
        "feeds.opml": '<opml version="2.0"><body><outline type="rss" xmlUrl="https://tribune.example/rss"/></body></opml>',
        "crawl.warc": warc,
        "crawl.warc.gz": gzip.compress(warc),
        "crawl.wet.warc": _write_warc("conversion", "text/plain", _TEXT.encode()),
        "crawl.wacz": write_zip({"archive/data.warc": warc, "datapackage.json": "{}"}),
        "crawl.arc": _write_arc(),
        "files.zip": write_zip({"a.txt": _TEXT, "b/c.eml": _MAIL}),
        "lines.jsonl.gz": gzip.compress(_LINES.encode()),
        "lines.jsonl.bz2": bz2.compress(_LINES.encode()),
        "lines.jsonl.xz": lzma.compress(_LINES.encode()),
        "lines.jsonl.zst": zstandard.compress(_LINES.encode()),
    }


def _write_http_response() -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + _PAGE.encode()


def _write_warc(record_type: str, content_type: str, content: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {record_type}\r\nWARC-Target-URI: https://tribune.example/1\r\n"
        f"WARC-Date: 2016-07-01T10:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return (head.encode() + content + b"\r\n\r\n") * 2


def _write_arc() -> bytes:
    version = b"1 0 Easton\nURL IP-address Archive-date Content-type Archive-length\n"
    response = _write_http_response()
    head = f"filedesc://a.arc 0.0.0.0 20160701100000 text/plain {len(version)}\n".encode()
    record = f"https://tribune.example/1 10.0.0.1 20160701100000 text/html {len(response)}\n".encode()
    return head + version + b"\n" + record + response + b"\n"


def _write_parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(_RECORDS), file)
    return file.getvalue()


#: names of the files that `write_samples` writes
SAMPLE_NAMES = tuple(list_contents())
