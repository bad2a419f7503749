"""A message becomes its own words, with its subject, day and sender; nothing that mail adds is taken for news."""

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
from briefings.ingest.documents.mail.senders import find_publisher_and_author
from briefings.model import Article

DAY = "Thu, 30 Jun 2016 22:30:00 -0400"
WORDS = "The library in Easton stays open.\n\n“We listened,” said Ann Poe, the librarian."


def build(
    body: str = WORDS, subject: str = "Library stays open", sender: str = "Easton Council <a@easton.example>"
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Date"] = sender, "desk@paper.example", subject, DAY
    message.set_content(body)
    return message.as_bytes()


def build_html(markup: str, plain: str | None = None, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "Easton Council <a@easton.example>", "Library", DAY
    for name, value in headers.items():
        del message[name]
        message[name] = value
    if plain is None:
        message.set_content(markup, subtype="html")
    else:
        message.set_content(plain)
        message.add_alternative(markup, subtype="html")
    return message.as_bytes()


def read(data: bytes) -> tuple[Article, list[str]]:
    """Return the article of a message and the errors of its other parts."""
    article, *errors = message_reader.read(data, "release.eml", "release", ReadOptions())
    assert isinstance(article, Article)
    return article, [str(error) for error in errors]


def read_text(body: str, subject: str = "Library stays open") -> str:
    return read(build(body, subject))[0].text


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


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("Press Office <press@easton.example>", ("Press Office", None)),
        ('"Press Office, Easton Council" <press@easton.example>', ("Press Office, Easton Council", None)),
        ("The Tribune <news@tribune.example>", ("The Tribune", None)),
        ("Friends of Easton <hello@friends.example>", ("Friends of Easton", None)),
        ("JANE <jane@easton.example>", (None, None)),
        ("Easton Fire and Rescue <a@easton.example>", (None, None)),
        ("Jane van der Roe <jane@easton.example>", (None, "Jane van der Roe")),
        ("Jane Roe <jane@easton.example>", (None, "Jane Roe")),
        ('"Roe, Jane" <jane@easton.example>', (None, "Roe, Jane")),
        ('"Jane Roe (Easton Council)" <jane@easton.example>', ("Easton Council", "Jane Roe")),
        ('"Jane Roe, Easton Council" <jane@easton.example>', ("Easton Council", "Jane Roe")),
        ("Jane Roe - Easton Press Office <jane@easton.example>", ("Easton Press Office", "Jane Roe")),
        ("Jane Roe from the Easton Council <jane@easton.example>", ("the Easton Council", "Jane Roe")),
        ("'Jane Roe' via Press List <list@groups.example>", (None, "Jane Roe")),
        ("Councillor Jane Roe <jane@easton.example>", (None, "Councillor Jane Roe")),
        ("Jane Newsome <jane@easton.example>", (None, "Jane Newsome")),
        ("Jane Post <jane@easton.example>", (None, None)),
        ("The Easton Post <news@post.example>", ("The Easton Post", None)),
        ("press@easton.example", (None, None)),
        ("<press@easton.example>", (None, None)),
        ("press@easton.example <press@easton.example>", (None, None)),
        ("noreply <noreply@easton.example>", (None, None)),
        ("Mail Delivery Subsystem <mailer-daemon@easton.example>", (None, None)),
        ("jane <jane@easton.example>", (None, None)),
        ("", (None, None)),
        ("<<>>\x00" * 100, (None, None)),
    ],
)
def test_an_organisation_is_the_publisher_and_a_person_the_author(
    sender: str, expected: tuple[str | None, str | None]
) -> None:
    assert find_publisher_and_author(sender) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Quill, Marta (Press Secretary)", (None, "Quill, Marta")),
        ("Roe, Jane (Easton Council)", ("Easton Council", "Roe, Jane")),
        ("Roe, Jane - Ministry of Health", ("Ministry of Health", "Roe, Jane")),
        ("Jane Roe, Press Officer", (None, "Jane Roe")),
        ("Jane Roe, Press Officer, Easton Council", ("Easton Council", "Jane Roe")),
        ("Jane Roe (Head of News at Easton Council)", ("Easton Council", "Jane Roe")),
        ("Jane Roe (press)", (None, "Jane Roe")),
        ("Jane Roe | PR", (None, "Jane Roe")),
        ("Jane Roe (she/her)", (None, "Jane Roe")),
        ("Jane Roe, London", (None, "Jane Roe")),
        ("Jane from Easton Council", ("Easton Council", None)),
        ("Jane @ Harbour Media", ("Harbour Media", None)),
        ("Tom Echo (Easton Council)", ("Easton Council", None)),
        ("jane roe, press office", ("press office", None)),
        ("Easton Council - Jane Roe", ("Easton Council", None)),
        ("Ana de la Roe", (None, "Ana de la Roe")),
        ("Communications Manager", (None, None)),
        ("Director of Communications", (None, None)),
        ("Pressesprecher Stadt Easton", (None, None)),
        ("Mayor's Office", ("Mayor's Office", None)),
        ("Office of the Mayor", ("Office of the Mayor", None)),
    ],
)
def test_the_post_of_a_person_is_no_outlet(name: str, expected: tuple[str | None, str | None]) -> None:
    assert find_publisher_and_author(f'"{name}" <a@easton.example>') == expected


@pytest.mark.parametrize(
    ("sender", "byline"),
    [
        ("Jane Roe <press@easton.example>", "Jane Roe"),
        ("Xilka Roe <xilka.roe@easton.example>", "Xilka Roe"),
        ("Xilka Roe <xroe@easton.example>", "Xilka Roe"),
        ('"Roe, Xilka" <xilka.roe@easton.example>', "Roe, Xilka"),
        ("X. Roe <press@easton.example>", "X. Roe"),
        ('"Xilka Roe, Press Officer" <press@easton.example>', "Xilka Roe"),
        ("Dr Xilka Roe <press@easton.example>", "Dr Xilka Roe"),
        ("Councillor Jane Roe <press@easton.example>", "Councillor Jane Roe"),
        ("Harbour Lights <hello@harbour.example>", None),
        ("Landratsamt Easton <post@easton.example>", None),
        ("Lower Easton <easton@easton.example>", None),
    ],
)
def test_a_byline_needs_a_forename_or_an_address_made_from_the_name(sender: str, byline: str | None) -> None:
    assert find_publisher_and_author(sender) == (None, byline)


@pytest.mark.parametrize(
    "name",
    [
        *("Anna Stadt", "Tom Echo", "Kate Weekly", "Lee Region", "Mary Media", "Dr Tom Echo", "Mary Ann Times"),
        *("News", "Desk", "Office", "Newsletter", "The Desk", "Daily Digest", "Media", "Press", "Our Team"),
        *("IT Service Desk", "Microsoft Outlook", "Scan Copier", "Apple Support", "Xerox Scanner", "Easton Helpdesk"),
        *("Father of Tom Roe", "Mayor of Easton", "Head of Press Office", "Tom Echo, Press Officer"),
    ],
)
def test_an_unclear_sender_is_neither_an_outlet_nor_an_author(name: str) -> None:
    assert find_publisher_and_author(f'"{name}" <a@easton.example>') == (None, None)


@pytest.mark.parametrize(
    "name",
    [
        *("Press Office", "Easton Council Press Office", "Press Office, Easton Council", "Ministry of Health"),
        *("Harbour International", "Easton Courier", "River Trust", "Service de presse", "University of Easton"),
        *("Department for Harbours Press Office", "Save the Harbour", "Austin Police"),
        *("Office for Harbour Statistics", "Royal College of Harbour Pilots", "Friends of the Harbour"),
    ],
)
def test_the_name_of_an_organisation_is_the_outlet(name: str) -> None:
    assert find_publisher_and_author(f'"{name}" <a@easton.example>') == (name, None)


@pytest.mark.parametrize(
    "addition",
    [
        "On Wed, 29 Jun 2016 at 10:00, Bob Coe <bob@paper.example> wrote:\n> Will it close?\n> Bob",
        "On 29 Jun 2016, at 10:00, Bob Coe\n<bob@paper.example> wrote:\n\n> Will it close?",
        "Am 29.06.2016 um 10:00 schrieb Bob Coe:\n> Will it close?",
        "Le 29 juin 2016 à 10:00, Bob Coe <bob@paper.example> a écrit :\n\n> Will it close?",
        "-----Original Message-----\nFrom: Bob Coe\nSent: 29 June 2016 10:00\nTo: Jane\nSubject: Library\n\nWill it?",
        "________________________________\nFrom: Bob Coe <bob@paper.example>\nSent: 29 June 2016 10:00\n"
        "To: Jane Roe\nSubject: Library\n\nWill it close?",
        "Von: Bob Coe\nGesendet: Mittwoch, 29. Juni 2016 10:00\nAn: Jane Roe\nBetreff: Library\n\nWill it close?",
        "De : Bob Coe\nEnvoyé : mercredi 29 juin 2016\nÀ : Jane\nObjet : Library\n\nWill it close?",
        "> Will it close?",
        "-- \nJane Roe\nEaston Council\n01632 960001",
        "--\nJane Roe\nEaston Council",
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Yahoo Mail for iPhone",
        "Sent from my phone, please excuse any typos.",
        "Get Outlook for Android<https://aka.example/g>",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "_______________________________________________\neaston-news mailing list\neaston-news@lists.example\n"
        "https://lists.example/mailman/listinfo/easton-news",
        "_____\neaston-news mailing list",
        "_______________________________________________\nEaston-news mailing list -- easton-news@lists.example\n"
        "To unsubscribe send an email to easton-news-leave@lists.example",
        "This email and any attachments are confidential and intended solely for the addressee.\nIf you are not the"
        " intended recipient, please delete it.\n\nEaston Council, Main Street.",
        "CONFIDENTIALITY NOTICE: The information contained in this email is privileged and intended only for the "
        "recipient.",
        "________\nTo unsubscribe, click https://easton.example/u",
        "Please consider the environment before printing this email.",
        "You are receiving this email because you asked for it.\nUnsubscribe",
    ],
)
def test_the_text_has_no_history_signature_or_disclaimer(addition: str) -> None:
    assert read_text(f"{WORDS}\n\n{addition}\n", "Re: Library stays open") == WORDS


@pytest.mark.parametrize(
    "body",
    [
        "From: the sea to the hills, all of Easton was out.\n\nTo: nobody in particular, said Ann Poe.",
        "Letters to the editor\n\nFrom: Jane Roe\n\nThe library must stay open.",
        "On Monday Ann Poe wrote:\n“The library stays open.” She sent it to all readers.",
        "The council read every message, and this e-mail from Jane Roe is confidential no more.\n\nShe read it out.",
        "Original message lost\n\nThe council cannot find the original message.",
        "The letter\n\n“This message is confidential and intended for the addressee,” it says.\n\nAnn Poe read it.",
        "The prize\n\nShe won.\n\nYou are receiving this prize for courage, said Ann Poe.\n\nAll rose.",
        "Unsubscribing is easy\n\nThe council made it easy to unsubscribe from its list.",
        "The council published this:\n\nFrom: Jane Roe\nTo: Ann Poe\nDate: 2 May 2016\nSubject: Library\n\nDear Ann.",
        "On 3 May 2016 at 10:00, Jane Roe wrote:\n\n“The library stays open.”\n\nShe sent it to all readers.",
        "First half -- and second half.\n\nSubject: to change, said Ann Poe.",
        "Sent from my iPhone the text of my speech follows.\n\nThe library stays open.",
        "Sent from the front line, the letter reached Easton.\n\nThe library stays open.",
        "The council has a list.\n\nIts mailing list has 300 readers, said Ann Poe.\n\nAll rose.",
    ],
)
def test_a_release_about_mail_loses_no_word(body: str) -> None:
    assert read_text(body) == body


FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Easton Council <a@easton.example>\nDate: Wed, 29 Jun 2016 at 10:00\n"
    "Subject: Library stays open\nTo: <desk@paper.example>\n\n\n{words}",
    "Begin forwarded message:\n\n> From: Easton Council <a@easton.example>\n> Subject: Library stays open\n"
    "> Date: 29 June 2016 at 10:00:00 BST\n> To: desk@paper.example\n>\n{quoted}",
    "-------- Forwarded Message --------\nSubject: \tLibrary stays open\nDate: \tWed, 29 Jun 2016 10:00:00 +0100\n"
    "From: \tEaston Council <a@easton.example>\nTo: \tdesk@paper.example\n\n{words}",
    "FYI\n\nBob\n\nFrom: Easton Council [mailto:a@easton.example]\nSent: Wednesday, June 29, 2016 10:00 AM\n"
    "To: Desk\nSubject: Library stays open\n\n{words}",
    "-----Original Message-----\nFrom: Easton Council\nSent: 29 June 2016 10:00\nTo: Desk\nSubject: Library stays open"
    "\n\n{words}",
    "-- \nBob Coe\nThe Tribune\n\n---------- Forwarded message ----------\nFrom: Easton Council <a@easton.example>\n"
    "Date: 2016-06-29 10:00 GMT+01:00\nSubject: Library stays open\nTo: Desk\n\n{words}\n\n-- \nEaston Council",
]


@pytest.mark.parametrize("body", FORWARDS)
def test_a_forwarded_release_has_its_own_subject_day_and_sender(body: str) -> None:
    quoted = "\n".join(f"> {line}" if line else ">" for line in WORDS.split("\n"))
    data = build(body.format(words=WORDS, quoted=quoted), "Fwd: Have a look", "Bob Coe <bob@paper.example>")
    article, _ = read(data)
    assert (article.text, article.title, article.publisher) == (WORDS, "Library stays open", "Easton Council")
    assert (article.byline, article.published) == (None, date(2016, 6, 29))


def test_a_forwarded_message_without_day_and_sender_has_none() -> None:
    body = f"---------- Forwarded message ---------\nSubject: Library stays open\n\n{WORDS}"
    article, _ = read(build(body, "Fwd: Library", "The Tribune <desk@tribune.example>"))
    assert (article.text, article.publisher, article.byline, article.published) == (WORDS, None, None, None)


def test_long_headers_of_a_forwarded_message_are_no_text() -> None:
    block = "From: Easton Council\nDate: 2016-06-29\nSubject: Library stays\n open\nTo: Ann <a@e.example>,\n B <b@e.e>"
    article, _ = read(build(f"---------- Forwarded message ---------\n{block}\n\n{WORDS}", "Fwd: Library"))
    assert (article.text, article.title) == (WORDS, "Library stays open")


@pytest.mark.parametrize(
    "day",
    [
        "Wed, Jun 29, 2016 at 10:00 AM",
        "Wed, 29 Jun 2016 at 10:00",
        "Wednesday, 29 June 2016 at 10:00",
        "29 June 2016 10:00",
        "Wednesday, June 29, 2016 10:00:00 AM",
        "29/06/2016 10:00",
        "2016-06-29 10:00",
        "Mittwoch, 29. Juni 2016 10:00",
        "mercredi 29 juin 2016 10:00",
        "miércoles, 29 de junio de 2016 10:00",
    ],
)
def test_the_day_of_a_forwarded_message_is_read_as_mail_programs_write_it(day: str) -> None:
    block = f"From: Easton Council\nDate: {day}\nSubject: Library"
    article, _ = read(build(f"---------- Forwarded message ---------\n{block}\n\n{WORDS}", "Fwd: Library"))
    assert article.published == date(2016, 6, 29)


def test_of_a_message_forwarded_twice_the_inner_one_is_read() -> None:
    inner = (
        f"-----Original Message-----\nFrom: Easton Council\nSent: 28 June 2016\nTo: Bob\nSubject: Library\n\n{WORDS}"
    )
    outer = (
        f"---------- Forwarded message ---------\nFrom: Bob Coe\nDate: 29 June 2016\nSubject: FW: Library\n\n{inner}"
    )
    article, _ = read(build(outer, "Fwd: FW: Library"))
    assert (article.text, article.publisher, article.published) == (WORDS, "Easton Council", date(2016, 6, 28))


def test_a_label_of_the_mail_server_makes_no_forwarded_message() -> None:
    history = "From: Bob Coe\nSent: 29 June 2016 10:00\nTo: Jane Roe\nSubject: Library\n\nWill it close?"
    for subject in ("[EXTERNAL] Library", "[EXT] RE: Library", "Library"):
        article, _ = read(build(f"{WORDS}\n\n{history}", subject))
        assert (article.text, article.publisher) == (WORDS, "Easton Council")


def test_a_reply_below_the_quoted_text_is_read() -> None:
    body = f"On 29 June 2016 at 10:00, Bob <b@paper.example> wrote:\n> Will it close?\n> Bob\n\n{WORDS}"
    assert read_text(body, "Re: Library") == WORDS


def test_a_message_of_quoted_text_alone_is_refused() -> None:
    with pytest.raises(BadInput, match="only quoted messages"):
        read(build("> Will it close?\n> Bob", "Re: Library"))


def test_html_becomes_one_line_per_block_with_tables_and_without_hidden_text() -> None:
    markup = (
        "<html><head><style>p{color:red}</style><title>no</title></head><body><div style='display:none'>Preheader</div>"
        "<table><tr><td><h1>Library stays open</h1></td></tr><tr><td><p>The library in <b>Easton</b>\n stays open.</p>"
        "First line<br>second&nbsp;line</td></tr></table><script>var x;</script></body></html>"
    )
    article, _ = read(build_html(markup))
    assert article.text == "Library stays open\nThe library in Easton stays open.\nFirst line\nsecond line"


def test_plain_text_made_from_html_gives_way_to_it() -> None:
    markup = "<p>The <a href='https://e.example'>library</a> stays <b>open</b> today.</p>"
    for plain in (
        "The library<https://e.example> stays open today.",
        "The library stays *open* today.",
        "[image: logo]\nThe library stays open today.",
    ):
        assert read(build_html(markup, plain))[0].text == "The library stays open today."


def test_an_indented_block_of_a_mail_program_is_no_quotation() -> None:
    article, _ = read(build_html("<p>All said:</p><blockquote style='margin:0 0 0 40px'>We listened.</blockquote>"))
    assert (article.text, article.quotation_elements) == ("All said:\nWe listened.", ())


def test_a_file_of_apple_mail_is_read() -> None:
    data = build()
    assert read(b"%d\n" % len(data) + data + b"<?xml version='1.0'?><plist/>")[0].text == WORDS


def test_preformatted_html_keeps_its_lines() -> None:
    for markup in (f"<pre>{WORDS}\n\n-- \nJane</pre>", f"<div style='white-space: pre-wrap'>{WORDS}</div>"):
        assert read(build_html(markup))[0].text.startswith(WORDS.replace("\n\n", "\n"))


def test_a_quotation_element_in_html_is_a_quotation() -> None:
    article, _ = read(build_html("<p>Ann Poe said:</p><blockquote>We listened.</blockquote><p>That was all.</p>"))
    assert article.text == "Ann Poe said:\nWe listened.\nThat was all."
    assert [span.of(article.text) for span in article.quotation_elements] == ["We listened."]


@pytest.mark.parametrize(
    "history",
    [
        "<div class='gmail_quote'>On 29 June 2016 at 10:00, Bob &lt;b@paper.example&gt; wrote:<br>"
        "<blockquote class='gmail_quote'>Will it close?</blockquote></div>",
        "<blockquote type='cite'><div>Will it close?</div></blockquote>",
        "<hr><div><b>From:</b> Bob Coe<br><b>Sent:</b> 29 June 2016 10:00<br><b>To:</b> Jane<br><b>Subject:</b> Library"
        "</div><p>Will it close?</p>",
    ],
)
def test_html_has_no_history(history: str) -> None:
    data = build_html(f"<p>The library stays open.</p>{history}", Subject="Re: Library")
    assert read(data)[0].text == "The library stays open."


def test_a_message_forwarded_as_html_is_read() -> None:
    markup = (
        "<p>FYI</p><div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>From: <b>"
        "Easton Council</b> <span>&lt;<a href='mailto:a@easton.example'>a@easton.example</a>&gt;</span><br>"
        "Date: Wed, 29 Jun 2016 at 10:00<br>Subject: Library stays open<br>To: Desk<br></div><br><p>It stays.</p></div>"
    )
    article, _ = read(build_html(markup, Subject="Fwd: Library", From="Bob Coe <b@paper.example>"))
    assert (article.text, article.title, article.publisher) == ("It stays.", "Library stays open", "Easton Council")


def test_a_plain_stub_gives_way_to_the_html() -> None:
    markup = f"<p>{'The library in Easton stays open. ' * 5}</p>"
    assert read(build_html(markup, "Please view this message in HTML."))[0].text.startswith("The library")
    assert read(build_html("<p>The library stays open today.</p>", "The library stays open today."))[0].text == (
        "The library stays open today."
    )


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
