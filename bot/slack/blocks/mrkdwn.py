"""Escapes untrusted text for Slack: it cannot ping, link, change style or turn into an emoji. Pure.

Rule: the visible text does not change. `& < >` are escaped, as Slack asks. Slack has no escape for style marks, so
each gets invisible neighbours (not verified in a live workspace).
"""

import re
from urllib.parse import quote, urlsplit

#: longest URL that is linked, in characters; a longer one is linked without the second half of its fragment, without
#: the fragment, or not at all
MAX_URL_LENGTH = 700

_JOINER, _SPACE = "\u2060", "\u200b"  # both have no width; a mark between them neither opens nor closes a style
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_STYLE_MARKS = re.compile(r"[*_~`]")
_EMOJI_COLON = re.compile(r":(?=[\w+'-]{1,100}:)")  # ":smile:" would become an emoji
_URL_COLON = re.compile(r":(?=//)")  # "https://" in a text would become a link
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ENTITY = re.compile("[&<>]")
#: every character that escaping may change, or that may end a text with a space without width
_ESCAPED = re.compile(f"[&<>:*_~`{_SPACE}]")
#: a usual URL, which needs no closer look: a host of letters and digits, and characters that quote() keeps
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:[/?#][A-Za-z0-9%/:?#\[\]@!$&'()*+,;=~._-]*)?")


def make_readable(text: str) -> str:
    """Return `text` as one line, without control characters, bidirectional overrides and lone surrogates.

    Runs of white space become one space.
    """
    if text.isprintable():  # the only white space is " ", and nothing is invisible
        return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
    return " ".join(_INVISIBLE.sub(" ", text).split())


def escape_mrkdwn(text: str) -> str:
    """Escape `text` for a field in which Slack reads markup: it is shown literally."""
    readable_text = make_readable(text)
    if not _ESCAPED.search(readable_text):
        return readable_text
    escaped_text = _ENTITY.sub(lambda match: _ENTITIES[match[0]], readable_text)
    escaped_text = _URL_COLON.sub(":" + _JOINER, _EMOJI_COLON.sub(":" + _JOINER, escaped_text))
    markup = _STYLE_MARKS.sub(lambda mark: _JOINER + mark[0] + _SPACE, escaped_text)
    # a style of ours around the text could not end next to a space
    return f"{markup}{_JOINER}" if markup.endswith(_SPACE) else markup


def clip(text: str, max_length: int) -> tuple[str, int]:
    """Return escaped `text` in at most `max_length` characters, and how many readable characters are left out.

    Shortened text ends in "…". An escape is never split.
    """
    readable_text = make_readable(text)
    escaped_text = escape_mrkdwn(readable_text)
    if len(escaped_text) <= max_length:
        return escaped_text, 0
    length = len(readable_text)
    while len(escaped_text) > max_length - 1:
        length = min(length - 1, length * (max_length - 1) // len(escaped_text))
        escaped_text = escape_mrkdwn(readable_text[:length])
    return escaped_text + "…", len(readable_text) - length


def shorten(text: str, max_length: int) -> str:
    """Return only the text of `clip`, for names and labels where "…" is enough."""
    return clip(text, max_length)[0]


def to_plain_text(text: str, max_length: int) -> str:
    """Return `text` for a plain-text field (header, button), shortened with "…". Slack reads no markup there."""
    readable_text = make_readable(text)
    return readable_text if len(readable_text) <= max_length else readable_text[: max_length - 1] + "…"


def escape_url(url: str | None) -> str | None:
    """Return `url` escaped for `<url|text>`, or None if it is not an http(s) URL or is too long."""
    if url is None:
        return None
    is_plain = bool(_PLAIN_URL.fullmatch(url))
    if not is_plain and not _is_web_url(url):
        return None
    page, mark, fragment = url.partition("#")
    for candidate in (url, page + mark + fragment.partition("&text=")[0], page):
        # quote() keeps URL characters and encodes the rest: < > | " spaces, control and non-ASCII characters
        encoded_url = candidate if is_plain else quote(candidate, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace")
        escaped_url = encoded_url.replace("&", "&amp;")
        if len(escaped_url) <= MAX_URL_LENGTH:
            return escaped_url
    return None


def format_link(url: str | None, text: str, max_length: int = 80) -> str:
    """Return `<url|text>`, or only the text if the URL cannot be linked."""
    return link_markup(url, shorten(text, max_length))


def link_markup(url: str | None, label: str) -> str:
    """Return `<url|label>` for escaped text, or only the label if the URL cannot be linked."""
    escaped_url = escape_url(url)
    # Slack accepts "|" in a link's text, but some other parsers of its markup split there
    return f"<{escaped_url}|{label.replace('|', '/')}>" if escaped_url and label else label


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
