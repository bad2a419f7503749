"""Read a mail message (.eml) as an article: its own words, subject, day and sender.

Rule: the title is the subject without "Fwd:" and the like, and the day is the one in `Date`, in the sender's own zone.
The sender's name is the publisher or the byline, as `senders` says. A forwarded message is read as the message that it
forwards; what its header block does not state stays empty, because the outer headers belong to someone else.
Rule: attachments are not read; each one is named as a part that was not taken.
"""

from collections.abc import Sequence
from email.message import Message

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.article_fields import build_document_article
from briefings.ingest.documents.mail.body import MailBody, find_body
from briefings.ingest.documents.mail.conversation import OwnText, extract_own_text, strip_title
from briefings.ingest.documents.mail.message import get_header, parse_message
from briefings.ingest.documents.mail.senders import find_publisher_and_author
from briefings.ingest.documents.markup import drop_signs
from briefings.ingest.publication_days import parse_day
from briefings.model import Article

#: number of messages inside messages that are opened, if the outer ones have no text
_MAX_DEPTH = 5
#: maximum size of one message in bytes, attachments included
MAX_MESSAGE_BYTES = 100_000_000


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the article of a message, and an error for each attachment.

    Raises BadInput if the message is damaged, encrypted or without own words.
    """
    return read_message(data, name, article_id)


def read_message(data: bytes, name: str, article_id: str) -> list[Article | BadInput]:
    """Return the article of a message, and an error for each attachment; like `read`."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise BadInput(f"{name} is longer than {MAX_MESSAGE_BYTES:,} bytes, the limit for one message.")
    message = parse_message(data, name)
    attachments: list[str] = []
    for _ in range(_MAX_DEPTH):
        body = find_body(message, name)
        attachments += body.attachments
        subject = get_header(message, "Subject")
        own = extract_own_text(body.text, subject, is_answer=_is_answer(message))
        if own.text.strip() or not body.messages:
            attachments += [get_header(inner, "Subject") or "message.eml" for inner in body.messages]
            break
        message = body.messages[0]  # a message that only carries another one
    if not own.text.strip():
        raise BadInput(_describe_emptiness(body, attachments, name))
    date_text = get_header(message, "Date") or get_header(message, "Sent")  # "Sent" in a message saved as text
    article = _build_article(own, body, (subject, get_header(message, "From"), date_text), name, article_id)
    return [article, *(_build_attachment_error(attachment, name) for attachment in dict.fromkeys(attachments))]


def _build_article(own: OwnText, body: MailBody, headers: tuple[str, str, str], name: str, article_id: str) -> Article:
    subject, sender, date_text = headers
    title = strip_title(own.subject or subject)
    if own.is_forwarded:
        sender, date_text = own.sender, own.date
    publisher, author = find_publisher_and_author(sender)
    text, quotation_elements = drop_signs(own.text, body.signs)
    return build_document_article(
        article_id,
        text,
        name,
        title=title,
        byline=author,
        publisher=publisher,
        published=parse_day(date_text) if date_text else None,
        quotation_elements=quotation_elements,
    )


def _is_answer(message: Message) -> bool:
    return bool(get_header(message, "In-Reply-To") or get_header(message, "References"))


def _describe_emptiness(body: MailBody, attachments: Sequence[str], name: str) -> str:
    if attachments:
        return f'{name} contains only an attachment, "{attachments[0]}". Save the attachment and add it.'
    if body.text.strip():
        return f"{name} contains only quoted messages and no new words. Add the original message."
    return f"{name} is a message without text. Add its text."


def _build_attachment_error(attachment: str, name: str) -> BadInput:
    return BadInput(f'{name} has an attachment, "{attachment[:100]}", which was not read. Save it and add it.')
