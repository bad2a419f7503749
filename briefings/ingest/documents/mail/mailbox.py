"""Read a mailbox (.mbox) as one article per message.

Rule: a message's id is its `Message-ID`, so that the same message in two mailboxes is one article. A message that
cannot be read is one error; the others are taken. Rule: a message starts at a line "From … 10:00 …" after a blank
line; lines that were escaped as ">From " are restored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import monotonic

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.mail.message import get_header, parse_message
from briefings.ingest.documents.mail.message_reader import read_message
from briefings.model import Article

#: maximum number of messages
MAX_MESSAGES = 20_000
#: seconds after which the rest is reported instead of read; the sandbox stops the process after 60
_MAX_SECONDS = 45.0
_START = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200}?\d\d:\d\d[^\r\n]{0,80}\r?\n(?=[!-9;-~]+:|>From )"
)
_ESCAPED_START = re.compile(rb"^>(>*From )", re.MULTILINE)
_SAFE_ID = re.compile(r"<?([\w.!#$%&'*+/=?^`{|}~-]{1,200}@[\w.\[\]:-]{1,200})>?", re.ASCII)


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the articles of a mailbox, and an error for each message or attachment that was not taken.

    Raises BadInput if there is no message or too many.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    starts = [match.span() for match in _START.finditer(data)]
    if not starts:
        raise BadInput(f"{name} contains no message. Export the mailbox again.")
    if len(starts) > MAX_MESSAGES:
        raise BadInput(f"{name} has more than {MAX_MESSAGES:,} messages, the limit for one mailbox. Split it.")
    return list(_read_messages(data, starts, name, article_id))


def _read_messages(
    data: bytes, starts: Sequence[tuple[int, int]], name: str, article_id: str
) -> Iterator[Article | BadInput]:
    deadline = monotonic() + _MAX_SECONDS
    texts_by_id: dict[str, str] = {}
    ends = [start for start, _ in starts[1:]] + [len(data)]
    for number, ((_, start), end) in enumerate(zip(starts, ends, strict=True), 1):
        if monotonic() > deadline:
            yield BadInput(f"{name}: only the first {number - 1:,} of {len(starts):,} messages were read. Split it.")
            return
        location = f"{name}, message {number}"
        message_data = _ESCAPED_START.sub(rb"\1", data[start:end])
        default_id = f"{article_id}/{number}"
        try:
            items = read_message(message_data, location, default_id)
            own_id = _find_id(message_data, location) or default_id
        except BadInput as error:
            yield error
            continue
        for item in items:
            if isinstance(item, BadInput):
                yield item
            elif texts_by_id.get(own_id) != item.text:  # labels put one message into a mailbox several times
                item_id = default_id if own_id in texts_by_id else own_id
                texts_by_id[item_id] = item.text
                yield replace(item, id=item_id)


def _find_id(data: bytes, name: str) -> str | None:
    header_end = data.find(b"\n\n") if b"\n\n" in data else data.find(b"\r\n\r\n")
    match = _SAFE_ID.fullmatch(get_header(parse_message(data[: max(header_end, 0)], name), "Message-ID"))
    return match[1] if match else None
