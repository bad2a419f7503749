"""Makes strangers' text safe to show in Slack: it can never ping, link, restyle or turn into a picture. Pure.

Rule: what a person reads stays what the source wrote. `& < >` are escaped, as Slack asks; the marks it would style get
invisible neighbours, because its markup knows no escape for them (checked against no live workspace).
"""

import re
from urllib.parse import quote, urlsplit

#: characters of an address that is linked; a longer one first loses its fragment, then its link
MAX_URL_LENGTH = 700

_JOINER, _SPACE = "\u2060", "\u200b"  # both of no width: a mark between them neither opens nor closes a style
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_STYLE_MARKS = re.compile(r"[*_~`]")
_EMOJI_COLON = re.compile(r":(?=[\w+'-]{1,100}:)")  # ":smile:" would become a picture
_URL_COLON = re.compile(r":(?=//)")  # "https://" in a text would become a link
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def make_readable(text: str) -> str:
    """`text` as one line: NUL, controls, bidirectional overrides and lone surrogates go, blanks become one."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def escape_mrkdwn(text: str) -> str:
    """`text` for a place where Slack reads its markup: shown as it is, doing nothing."""
    escaped_text = re.sub("[&<>]", lambda match: _ENTITIES[match[0]], make_readable(text))
    escaped_text = _URL_COLON.sub(":" + _JOINER, _EMOJI_COLON.sub(":" + _JOINER, escaped_text))
    return _STYLE_MARKS.sub(lambda mark: _JOINER + mark[0] + _SPACE, escaped_text)


def clip(text: str, max_length: int) -> tuple[str, int]:
    """`mrkdwn(text)` in at most `most` characters, and how many characters of the readable text are left out.

    What is cut ends in "…"; an escape is never cut in two.
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
    """`clipped` for names and labels, where "…" says enough."""
    return clip(text, max_length)[0]


def to_plain_text(text: str, max_length: int) -> str:
    """`text` for a plain-text place (header, button), where no markup is read; cut with "…"."""
    readable_text = make_readable(text)
    return readable_text if len(readable_text) <= max_length else readable_text[: max_length - 1] + "…"


def escape_url(url: str | None) -> str | None:
    """`url` as it may stand in `<url|text>`, or None when it is no http(s) address or far too long."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    for candidate in (url, url.partition("#")[0]):
        # quote() keeps what an address may hold and percent-encodes the rest: < > | " blanks, controls, any script
        escaped_url = quote(candidate, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace").replace("&", "&amp;")
        if len(escaped_url) <= MAX_URL_LENGTH:
            return escaped_url
    return None


def format_link(url: str | None, text: str, max_length: int = 80) -> str:
    """`<url|text>`, or the text alone when the address cannot be linked."""
    escaped_url, label = escape_url(url), shorten(text, max_length)
    # "|" in a link's text ends nothing in Slack, but some clients of its markup split there
    return f"<{escaped_url}|{label.replace('|', '/')}>" if escaped_url and label else label
