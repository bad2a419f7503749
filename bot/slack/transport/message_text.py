"""Reads the words and links of a Slack message, wherever Slack puts them. Pure.

Words are in `text`, in blocks (sections, rich text, Markdown, tables), in attachments (forwarded messages, link
previews, posts of feed apps) and in the titles of files. Rule: any JSON gives a value, never an exception, and only a
bounded part of it is read. Words that appear in several places count once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.queries.slack_text import REFERENCE, remove_emoji_codes, remove_styles, unescape

#: most characters of each part of a message, most pieces of text, and deepest nesting that are read
_MAX_CHARACTERS, _MAX_PIECES, _MAX_DEPTH = 40_000, 2_000, 10
_QUOTED_LINE = re.compile(r"(?m)^>{1,3} ?")
_CODE_MARK = re.compile(r"```|(?<!`)`([^`\n]+)`(?!`)")
_MARKDOWN_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,1000})\]\(\s*<?(https?://[^\s()<>]{1,2000}(?:\([^\s()<>]{0,200}\))?)>?[^()\n]{0,300}\)"
)
#: marks that Markdown shows as they are, because of the backslash before; meanwhile, they are private characters
_HIDDEN = 0xE000
_HIDDEN_MARK = re.compile(f"[{chr(_HIDDEN)}-{chr(_HIDDEN + 0x7F)}]")
_ESCAPED_MARK = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKDOWN_LINE = re.compile(r"(?m)^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+)")
_LINK = re.compile(
    r"<(https?://[^\s|<>]{1,2000})(?:\|[^<>]*)?>|(?<![<|\w])(https?://[^\s|<>\"]{1,2000})", re.IGNORECASE
)
#: names of channels and groups, which rich text does not have, and what separates words
_NAME, _NO_WORDS = re.compile(r"(?<!\w)[#@][\w.-]+"), re.compile(r"[\W_]+")
#: what can follow a typed address, and is not a part of it
_AFTER_LINK = ".,:;!?'’”»*_~`"
#: what Slack puts into a text that it cannot show
_PLACEHOLDERS = (
    "no preview available",
    "this content can t be displayed",
    "this message can t be displayed",
    "attachment",
)
#: keys of a block that hold visible text
_TEXT_KEYS = (
    "title",
    "subtitle",
    "label",
    "text",
    "description",
    "body",
    "details",
    "output",
    "fields",
    "elements",
    "rows",
    "tasks",
    "blocks",
)
#: keys of a block that hold only links
_LINK_KEYS = ("accessory", "actions", "sources")
#: parts of a block that people press; their labels are no words of the message
_CONTROLS = ("actions", "input")
_TEXT_OBJECTS = ("mrkdwn", "plain_text", "raw_text")


@dataclass(frozen=True, slots=True)
class MessageText:
    """The words of a message, by where they come from."""

    #: what the sender wrote
    own: str = ""
    #: what the sender passes on: forwarded messages
    forwarded: str = ""
    #: other attachments: link previews, and posts of feed apps
    previews: str = ""
    #: titles of files, and the text of emails
    files: str = ""

    @property
    def whole(self) -> str:
        """Return all words."""
        return "\n".join(filter(None, (self.own, self.forwarded, self.previews, self.files)))


def read_message(message: object) -> MessageText:
    """Return the words of a message of any shape."""
    if not isinstance(message, Mapping):
        return MessageText()
    forwarded: list[str] = []
    previews: list[str] = []
    for attachment in _list_objects(message.get("attachments")):
        (forwarded if _is_forwarded(attachment) else previews).extend(_iterate_attachment(attachment))
    forwarded += _iterate_inner_messages(message, 0)
    own = [_clean_markup(message.get("text")), *_iterate_blocks(message.get("blocks"))]
    files = [text for file in _list_objects(message.get("files")) for text in _iterate_file(file)]
    return MessageText(*(_join_lines(texts) for texts in (own, forwarded, previews, files)))


def extract_text(text: str) -> str:
    """Return the text as people see it: links become labels; mentions, style marks and escapes are removed."""
    plain_text = unescape(REFERENCE.sub(_render_reference, text))
    plain_text = _CODE_MARK.sub(lambda mark: mark[1] or "", _QUOTED_LINE.sub("", plain_text))
    return remove_styles(remove_emoji_codes(plain_text)).strip()


def find_links(message: object) -> tuple[str, ...]:
    """Return the web addresses that a message links to, in order and without duplicates."""
    if not isinstance(message, Mapping):
        return ()
    links = [*_iterate_text_links(message.get("text")), *_iterate_block_links(message.get("blocks"))]
    for attachment in _list_objects(message.get("attachments")):
        links += _iterate_attachment_links(attachment)
    links += _iterate_inner_links(message, 0)
    return tuple(dict.fromkeys(unescape(link) for link in islice(links, _MAX_PIECES)))


def _is_forwarded(attachment: Mapping[str, Any]) -> bool:
    return any(attachment.get(name) for name in ("is_share", "is_msg_unfurl", "is_reply_unfurl", "message_blocks"))


def _iterate_attachment(attachment: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Yield the texts of an attachment; the fallback only if there are no others."""
    texts = [_clean_markup(attachment.get(name)) for name in ("pretext", "title", "text")]
    for field in _list_objects(attachment.get("fields")):
        texts += [_clean_markup(field.get(name)) for name in ("title", "value")]
    texts += [*_iterate_blocks(attachment.get("blocks")), *_iterate_inner_messages(attachment, depth)]
    texts += _iterate_attached(attachment, depth)
    shown_texts = [text for text in texts if text]
    yield from shown_texts or [_clean_markup(attachment.get("fallback"))]


def _iterate_inner_messages(holder: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the texts of forwarded messages."""
    for inner in _list_inner_messages(holder):
        yield from _iterate_blocks(inner.get("blocks"))
        if not inner.get("blocks"):
            yield _clean_markup(inner.get("text"))
        yield from _iterate_attached(inner, depth)


def _iterate_attached(holder: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the texts of what is attached to a forwarded message, which Slack can put into its attachment too."""
    for attachment in _list_objects(holder.get("attachments")) if depth < _MAX_DEPTH else ():
        yield from _iterate_attachment(attachment, depth + 1)
    for file in _list_objects(holder.get("files")):
        yield from _iterate_file(file)


def _list_inner_messages(holder: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the messages in `message_blocks`, which forwarded messages have."""
    inner_messages = [entry.get("message") for entry in _list_objects(holder.get("message_blocks"))]
    return [inner for inner in inner_messages if isinstance(inner, Mapping)]


def _iterate_file(file: Mapping[str, Any]) -> Iterator[str]:
    title = file.get("title") or file.get("name")
    yield _clean_markup(title)
    # the preview of other files is HTML
    preview = file.get("preview") if file.get("mode") == "snippet" else None
    yield _clean_markup(file.get("plain_text") or file.get("preview_plain_text") or preview)


def _iterate_blocks(blocks: object) -> Iterator[str]:
    for block in _list_objects(blocks):
        yield from islice(_iterate_block(block, 0), _MAX_PIECES)


def _iterate_block(block: object, depth: int) -> Iterator[str]:
    """Yield the texts of a block, or of any part of one."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(block, list):
        for part in block[:_MAX_PIECES]:
            yield from _iterate_block(part, depth + 1)
    if not isinstance(block, Mapping) or block.get("type") in _CONTROLS:
        return
    kind, text = str(block.get("type")), block.get("text")
    if kind.startswith("rich_text"):
        yield from _iterate_rich_text(block, depth)
    elif kind == "markdown":
        yield _clean_markdown(text)
    elif kind in _TEXT_OBJECTS:
        yield _clean_markup(text) if kind == "mrkdwn" else _clean_plain(text)
    elif kind not in ("button", "overflow") and not kind.endswith("_select"):
        for key in _TEXT_KEYS:
            part = block.get(key)
            if isinstance(part, str) and key != "label":
                yield _clean_markup(part)
            yield from _iterate_block(part, depth + 1)


def _iterate_rich_text(element: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the paragraphs of a rich text: sections, list items, quotes, code."""
    inline_texts: list[str] = []
    for part in _list_objects(element.get("elements"))[:_MAX_PIECES]:
        if str(part.get("type")).startswith("rich_text"):
            yield "".join(inline_texts)
            inline_texts.clear()
            if depth < _MAX_DEPTH:
                yield from _iterate_rich_text(part, depth + 1)
        else:
            inline_texts.append(_render_inline(part))
    yield _clean_plain("".join(inline_texts))


def _render_inline(element: Mapping[str, Any]) -> str:
    match element.get("type"):
        case "text" | "link":
            return str(element.get("text") or element.get("url") or "")
        case "date":
            return str(element.get("fallback") or "")
        case "user" | "usergroup" | "broadcast" | "channel" | "team" | "emoji":
            return " "
    return ""


def _iterate_text_links(text: object) -> Iterator[str]:
    if not isinstance(text, str):
        return
    text = text[:_MAX_CHARACTERS]
    for match in _MARKDOWN_LINK.finditer(text):
        yield match[2]
    for link_target, bare_url in _LINK.findall(_MARKDOWN_LINK.sub(" ", text)):
        yield link_target or _cut_link(bare_url)


def _cut_link(typed_url: str) -> str:
    """Return a typed address without the punctuation of its sentence. Slack itself marks where other links end."""
    url = typed_url.rstrip(_AFTER_LINK)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(_AFTER_LINK)
    return url


def _iterate_block_links(part: object, depth: int = 0) -> Iterator[str]:
    """Yield the links of blocks: of texts, of link elements, and of buttons that open a page."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(part, list):
        for item in part[:_MAX_PIECES]:
            yield from _iterate_block_links(item, depth + 1)
    if not isinstance(part, Mapping):
        return
    for key in ("url", "title_url"):
        if isinstance(url := part.get(key), str) and re.match(r"https?://", url, re.IGNORECASE):
            yield url
    yield from () if part.get("type") == "link" else _iterate_text_links(part.get("text"))
    for key in (*_TEXT_KEYS, *_LINK_KEYS):
        yield from _iterate_block_links(part.get(key), depth + 1)


def _iterate_attachment_links(attachment: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Yield the page of a link preview, or else the links in the attachment."""
    is_forwarded = _is_forwarded(attachment)
    source = (
        attachment.get("title_link") if is_forwarded else attachment.get("from_url") or attachment.get("title_link")
    )
    if isinstance(source, str) and re.match(r"https?://", source, re.IGNORECASE):
        yield source
    if attachment.get("from_url") and not is_forwarded:
        return  # the other links of a preview are not the sender's
    fields = [field.get("value") for field in _list_objects(attachment.get("fields"))]
    for text in (attachment.get("pretext"), attachment.get("text"), *fields):
        yield from _iterate_text_links(text)
    yield from _iterate_block_links([attachment.get("blocks"), attachment.get("actions")])
    yield from _iterate_inner_links(attachment, depth)
    yield from _iterate_attached_links(attachment, depth)


def _iterate_inner_links(holder: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the links of forwarded messages."""
    for inner in _list_inner_messages(holder):
        yield from _iterate_text_links(inner.get("text"))
        yield from _iterate_block_links(inner.get("blocks"))
        yield from _iterate_attached_links(inner, depth)


def _iterate_attached_links(holder: Mapping[str, Any], depth: int) -> Iterator[str]:
    for attachment in _list_objects(holder.get("attachments")) if depth < _MAX_DEPTH else ():
        yield from _iterate_attachment_links(attachment, depth + 1)


def _clean_markup(text: object) -> str:
    return _clean(extract_text(text[:_MAX_CHARACTERS])) if isinstance(text, str) else ""


def _clean_plain(text: object) -> str:
    return _clean(unescape(text[:_MAX_CHARACTERS]).strip()) if isinstance(text, str) else ""


def _clean_markdown(text: object) -> str:
    if not isinstance(text, str):
        return ""
    plain_text = _MARKDOWN_LINE.sub("", _MARKDOWN_LINK.sub(r"\1", text[:_MAX_CHARACTERS]))
    hidden_marks = _ESCAPED_MARK.sub(lambda mark: chr(_HIDDEN + ord(mark[1])), plain_text)
    return _clean(_HIDDEN_MARK.sub(lambda mark: chr(ord(mark[0]) - _HIDDEN), extract_text(hidden_marks)))


def _clean(text: str) -> str:
    return "" if _fold(text).strip() in _PLACEHOLDERS else text


def _join_lines(texts: list[str]) -> str:
    """Join texts, without the lines whose words earlier texts already have."""
    kept_texts: list[str] = []
    known_words = ""
    for text in texts:
        lines = [line for line in text.split("\n") if not known_words or _fold(line) not in known_words]
        if any(line.strip() for line in lines):
            kept_texts.append("\n".join(lines).strip())
            known_words += _fold(text)
        if len(known_words) > _MAX_CHARACTERS:
            break
    return "\n".join(kept_texts)


def _fold(text: str) -> str:
    """Return the words only, with a space before and after each."""
    return f" {' '.join(_NO_WORDS.sub(' ', _NAME.sub(' ', text)).split())} ".casefold()


def _list_objects(value: object) -> list[Mapping[str, Any]]:
    items = value[:_MAX_PIECES] if isinstance(value, list) else []
    return [item for item in items if isinstance(item, Mapping)]


def _render_reference(reference: re.Match[str]) -> str:
    kind, target, label = reference.groups()
    if kind == "@":
        return " "
    if kind == "!":
        return f" {label or ''} "
    return f"#{label or target}" if kind else label or target
