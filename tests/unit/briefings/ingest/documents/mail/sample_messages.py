"""Small messages of invented senders, and what is read from them."""

from email.message import EmailMessage

from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.mail import message_reader
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
