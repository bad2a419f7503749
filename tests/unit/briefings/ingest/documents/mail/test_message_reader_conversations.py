"""Replies, forwarded messages, signatures and disclaimers: only the release's own words, day and sender stay."""

from datetime import date

import pytest

from briefings.errors import BadInput
from tests.unit.briefings.ingest.documents.mail.sample_messages import WORDS, build, read


def read_text(body: str, subject: str = "Library stays open") -> str:
    return read(build(body, subject))[0].text


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
