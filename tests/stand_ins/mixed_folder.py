"""A folder as a newcomer has it: 40 files of many kinds, with some that are not articles. All content is invented."""

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Mapping
from pathlib import Path

from tests.stand_ins.documents.packages import set_paragraphs, write_open_document, write_word, write_zip
from tests.stand_ins.documents.pdf_writer import place_lines, write_pdf

#: people of Easton and what they said, one for each text
_SPEAKERS = (
    ("Jane Roe", "the harbour master", "The harbour will stay open through the winter"),
    ("Peter Askew", "leader of the council", "We have heard every objection and we will answer them all"),
    ("Anna Berg", "the mayor", "Nobody will lose a home because of the new bridge"),
    ("Tom Marsh", "head of the ferry company", "The last boat will leave at ten, as it always has"),
    ("Ruth Vale", "a teacher at the school", "The roof has leaked since the spring and the children know it"),
)
_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(2_000)


def write_mixed_folder(folder: Path) -> int:
    """Write the files into a new folder and return their number."""
    contents = _list_contents()
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return len(contents)


def _list_contents() -> Mapping[str, str | bytes]:
    release_mail = _write_mail("Harbour to stay open", 0)
    return {
        "Press releases/Harbour stays open.docx": write_word(set_paragraphs("Harbour stays open", *_tell(0))),
        "Press releases/Bridge plan.docx": write_word(set_paragraphs("Bridge plan agreed", *_tell(2))),
        "Press releases/~$Bridge plan.docx": b"\x06owner",
        "Press releases/Ferry timetable.odt": write_open_document(
            "".join(f"<text:p>{paragraph}</text:p>" for paragraph in ("Ferry timetable", *_tell(3)))
        ),
        "Press releases/School roof.rtf": r"{\rtf1\ansi " + r"\par ".join(_to_rtf(text) for text in _tell(4)) + "}",
        "Press releases/Council answer.pdf": write_pdf([place_lines("Council answers\n\n" + _write_lines(1))]),
        "Press releases/Scan of 1998 letter.pdf": write_pdf([[]]),
        "Press releases/Old statement.doc": _OLD_WORD,
        "Press releases/photo.jpg": _JPEG,
        "mail/release.eml": release_mail,
        "mail/reply.eml": _write_mail("Re: The bridge", 2, "\n\nOn 28 June Tom Marsh wrote:\n> Will it stay?\n"),
        "mail/archive.mbox": "".join(
            f"From press@easton.example Thu Jun 30 10:00:00 2016\n{_write_mail(f'Notice {number}', number)}\n\n"
            for number in range(3)
        ),
        "clippings/nexis.txt": _write_nexis(),
        "clippings/guardian export.json": json.dumps(
            {
                "response": {
                    "results": [
                        {
                            "id": "easton/2016/jun/30/harbour",
                            "webTitle": "Harbour to stay open",
                            "webPublicationDate": "2016-06-30T10:00:00Z",
                            "webUrl": "https://tribune.example/easton/harbour",
                            "fields": {"body": "".join(f"<p>{text}</p>" for text in _tell(0)), "byline": "Ada Kerr"},
                        }
                    ]
                }
            }
        ),
        "clippings/articles.csv": _write_table(),
        "clippings/numbers.csv": "year,visitors\n2014,1200\n2015,1350\n2016,1410\n",
        "clippings/wire.jsonl": "".join(
            json.dumps({"id": f"w{number}", "text": "\n\n".join(_tell(number)), "published": "2016-06-30"}) + "\n"
            for number in range(4)
        ),
        "clippings/broken.jsonl": json.dumps({"text": "\n\n".join(_tell(1))}) + '\n{"text": \n',
        "clippings/cut download.jsonl.gz": gzip.compress(
            "".join(
                json.dumps({"id": f"c{number}", "text": "\n\n".join(_tell(number % 5)), "n": str(number) * 50}) + "\n"
                for number in range(200)
            ).encode()
        )[:-400],
        "web/Bridge plan agreed.html": _write_page("Bridge plan agreed", 2),
        "web/Bridge plan agreed_files/logo.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "web/Bridge plan agreed_files/style.css": "p { color: black }",
        "web/Bridge plan agreed_files/frame.html": "<html><body><p>Cookies</p></body></html>",
        "web/saved.mht": _write_saved_page("Ferry keeps its timetable", 3),
        "web/shortcut.url": "[InternetShortcut]\nURL=https://paper.example/easton\n",
        "web/moved.html": (
            '<html><head><meta http-equiv="refresh" content="0; url=https://paper.example/new"></head>'
            "<body><p>This page has moved.</p></body></html>"
        ),
        "notes.txt": "\n\n".join(_tell(4)),
        "notes (copy).txt": "\n\n".join(_tell(4)),
        "2016-06-30 council.md": "# Council meets\n\n" + "\n\n".join(_tell(1)),
        "latin.txt": "\n\n".join(_tell(0)).replace("“", '"').replace("”", '"').replace("Roe", "Roë").encode("cp1252"),
        "empty.txt": "",
        "talk.srt": _write_subtitles(),
        "packed/all.zip": write_zip(
            {"a.txt": "\n\n".join(_tell(2)), "b/c.eml": release_mail, "b/photo.jpg": _JPEG, "__MACOSX/._a.txt": "x"}
        ),
        "packed/secret.7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "packed/report.txt.bz2": bz2.compress("\n\n".join(_tell(3)).encode()),
        "packed/report2.txt.xz": lzma.compress("\n\n".join(_tell(4)).encode()),
        "Thumbs.db": b"\xd0\xcf\x11\xe0" + bytes(100),
        ".DS_Store": bytes(100),
        "desktop.ini": "[.ShellClassInfo]\n",
        "README.txt": "Articles of June 2016, collected by the press office.\n",
    }


def _tell(number: int) -> tuple[str, ...]:
    """Return the paragraphs of a text with one quotation."""
    name, role, words = _SPEAKERS[number % len(_SPEAKERS)]
    return (
        "The council of Easton met on Thursday evening in the old hall by the harbour, and the room was full.",
        f"“{words},” {name}, {role}, told the meeting.",
        "Members will vote on the proposals next week, after a second reading of the report on the costs.",
    )


def _write_lines(number: int) -> str:
    return "\n\n".join(text.replace("“", '"').replace("”", '"') for text in _tell(number))


def _to_rtf(text: str) -> str:
    return "".join(character if ord(character) < 128 else f"\\u{ord(character)}?" for character in text)


def _write_mail(subject: str, number: int, ending: str = "") -> str:
    return (
        "From: Press Office, Easton Council <press@easton.example>\nTo: desk@tribune.example\n"
        f"Subject: {subject}\nDate: Thu, 30 Jun 2016 10:00:00 +0100\n"
        f"Message-ID: <{subject.split()[-1]}.{number}@easton.example>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" + "\n\n".join(_tell(number)) + ending
    )


def _write_nexis() -> str:
    documents = (
        f"{number + 1} of 3 DOCUMENTS\n\n\nThe Easton Tribune\n\nJune {28 + number}, 2016 Tuesday\n\n"
        f"Report {number + 1} from the hall\n\nBYLINE: Ada Kerr\n\nSECTION: NEWS; Pg. 3\n\nLENGTH: 60 words\n\n\n"
        + "\n\n".join(_tell(number))
        + "\n\nLOAD-DATE: July 1, 2016\n\nLANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n\n\n"
        for number in range(3)
    )
    return "\n".join(documents)


def _write_table() -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["nr", "headline", "date_publish", "source", "body"])
    for number in range(6):
        writer.writerow([number, f"Report {number}", "2016-06-30", "The Easton Tribune", "\n\n".join(_tell(number))])
    writer.writerow([6, "Without a text", "2016-06-30", "The Easton Tribune", ""])
    return buffer.getvalue()


def _write_page(title: str, number: int) -> str:
    metadata = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": "2016-06-30",
            "publisher": {"name": "The Easton Tribune"},
        }
    )
    paragraphs = "".join(f"<p>{text}</p>" for _ in range(3) for text in _tell(number))
    return (
        f"<!doctype html><html><head><title>{title}</title>"
        f'<script type="application/ld+json">{metadata}</script></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def _write_saved_page(title: str, number: int) -> str:
    return (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://paper.example/ferry\n"
        f"Subject: {title}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b"\n\n'
        "----b\nContent-Type: text/html; charset=utf-8\nContent-Location: https://paper.example/ferry\n\n"
        f"{_write_page(title, number)}\n----b--\n"
    )


def _write_subtitles() -> str:
    return (
        "1\n00:00:01,000 --> 00:00:03,000\nGood evening, everybody,\n\n"
        "2\n00:00:03,000 --> 00:00:06,000\nand welcome to the hall.\n\n"
        "3\n00:00:06,000 --> 00:00:09,000\nPETER ASKEW: We have heard every\n\n"
        "4\n00:00:09,000 --> 00:00:12,000\nobjection, and we will answer them all.\n"
    )
