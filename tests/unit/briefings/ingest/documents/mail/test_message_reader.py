"""A message becomes its own words, with its subject and day, whatever its encoding, its parts and its damage."""

import base64
import quopri
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.mail import message_reader
from briefings.model import Article
from tests.unit.briefings.ingest.documents.mail.sample_messages import DAY, WORDS, build, build_html, read


def test_a_message_gives_its_own_text_subject_day_and_sender() -> None:
    article, errors = read(build())
    assert (article.id, article.text, article.title) == ("release", WORDS, "Library stays open")
    assert (article.publisher, article.byline, article.published) == ("Easton Council", None, date(2016, 6, 30))
    assert errors == []


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Fwd: Library stays open", "Library stays open"),
        ("FW: RE: Library stays open", "Library stays open"),
        ("[EXTERNAL] Re: Library stays open", "Library stays open"),
        ("Re[2]: Library", "Library"),
        ("AW: WG: Library", "Library"),
        ("TR : Library", "Library"),
        ("Press release: Library stays open", "Press release: Library stays open"),
        ("[Easton] Library", "[Easton] Library"),
        ("Return of the library", "Return of the library"),
    ],
)
def test_the_title_is_the_subject_without_what_mail_programs_add(subject: str, title: str) -> None:
    assert read(build(subject=subject))[0].title == title


def test_a_file_of_apple_mail_is_read() -> None:
    data = build()
    assert read(b"%d\n" % len(data) + data + b"<?xml version='1.0'?><plist/>")[0].text == WORDS


@pytest.mark.parametrize(
    ("charset", "declared"), [("cp1252", "iso-8859-1"), ("utf-8", "us-ascii"), ("cp1252", "utf-8"), ("utf-8", "x-none")]
)
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_charset_that_lies_does_not_spoil_the_text(charset: str, declared: str, encoding: str) -> None:
    body = (WORDS * 3).encode(charset)
    if encoding == "quoted-printable":
        body = quopri.encodestring(body)
    if encoding == "base64":
        body = base64.encodebytes(body)
    head = f"From: Easton Council <a@e.example>\nSubject: Library\nContent-Type: text/plain; charset={declared}\n"
    data = head.encode() + f"Content-Transfer-Encoding: {encoding}\n\n".encode() + body
    assert read(data)[0].text == WORDS * 3
    assert read(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))[0].text == WORDS * 3


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Caf=C3=A9_=E2=80=9Copen=E2=80=9D?=",
        "=?windows-1252?B?Q2Fm6SCTb3Blbj==?=\n =?cp1252?q?=94?=",
        "Café “open”",
    ],
)
def test_encoded_and_raw_headers_are_decoded(subject: str) -> None:
    article, _ = read(f"From: a@e.example\nSubject: {subject}\n\nThe library stays open.".encode())
    assert article.title == "Café “open”"


def test_flowed_lines_are_joined() -> None:
    body = "The library in \nEaston stays \nopen.\n\n>> Old \n>> words\n From here on.\n-- \nJane"
    data = f"From: a@e.example\nSubject: Re: x\nContent-Type: text/plain; format=flowed\n\n{body}".encode()
    assert read(data)[0].text == "The library in Easton stays open.\n\nFrom here on."


def test_attachments_are_named_and_pictures_are_not() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Easton Council <a@easton.example>", "Library"
    message.set_content(WORDS)
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="release.pdf")
    message.add_attachment("Notes.", filename="notes.txt")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png")
    article, errors = read(message.as_bytes())
    assert article.text == WORDS
    assert errors == [
        'release.eml has an attachment, "release.pdf", which was not read. Save it and add it.',
        'release.eml has an attachment, "notes.txt", which was not read. Save it and add it.',
    ]


def test_the_first_text_is_the_body_even_if_it_has_a_file_name() -> None:
    head = b'From: a@e.example\nSubject: x\nContent-Type: text/plain; name="body.txt"\n\n'
    assert read(head + b"The library stays open.")[0].text == "The library stays open."


def test_a_large_attachment_is_named_without_being_parsed() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Easton Council <a@easton.example>", "Library"
    message.set_content(WORDS)
    for name in ("film.pdf", "small.pdf"):
        content = b"x" * (5_000_000 if name == "film.pdf" else 5)
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    data = message.as_bytes()
    for line_end in (b"\n", b"\r\n"):
        article, errors = read(data.replace(b"\n", line_end))
        assert (article.text, [error.split('"')[1] for error in errors]) == (WORDS, ["film.pdf", "small.pdf"])


def test_a_message_inside_an_empty_message_is_read() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"], inner["Date"] = "Easton Council <a@easton.example>", "Library", DAY
    inner.set_content(WORDS)
    outer["From"], outer["Subject"] = "Bob Coe <bob@paper.example>", "Fwd: look"
    outer.add_attachment(inner)
    article, errors = read(outer.as_bytes())
    assert (article.text, article.title, article.publisher, errors) == (WORDS, "Library", "Easton Council", [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"From: a@e.example\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n", "encrypted"),
        (b"From: a@e.example\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB", "encrypted"),
        (b"From: a@e.example\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n", "encrypted"),
        (b"From: a@e.example\nContent-Type: multipart/report; boundary=b\n\n--b\n\nFailed.\n--b--\n", "mail server"),
        (b"From: a@e.example\nSubject: x\n\n", "without text"),
        (b"From: a@e.example\nSubject: x\n\n   \n\n", "without text"),
        (b"From: a@e.example\n" + b"X-Bomb: " + b"a" * 1_000_000 + b"\n\nText", "bytes of headers"),
        (b"From: a@e.example\n" + b"X-Bomb: a\n" * 100_000 + b"\nText", "bytes of headers"),
        (b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(10_000)), "parts"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000, "parts"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=f"^release.eml .*{reason}.*[.]$"):
        read(data)


def test_a_truncated_message_and_a_wrong_boundary_keep_their_text() -> None:
    head = b"From: a@e.example\nContent-Type: multipart/alternative; boundary=b\n\n"
    assert (
        read(head + b"--b\nContent-Type: text/plain\n\nThe library stays open.\n")[0].text == "The library stays open."
    )
    with pytest.raises(BadInput):
        read(b"From: a@e.example\nContent-Type: multipart/mixed; boundary=zz\n\n--b\n\nText\n--b--\n")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_gives_an_article_or_a_plain_refusal(data: st.DataObject) -> None:
    good = build_html("<p>The library stays open.</p>", "The library stays open.")
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    mutant = good[:start] + data.draw(st.binary(max_size=40)) + good[end:]
    try:
        items = message_reader.read(mutant, "release.eml", "release", ReadOptions())
    except BadInput as error:
        message = str(error)
        assert "\n" not in message
    else:
        assert isinstance(items[0], Article)
