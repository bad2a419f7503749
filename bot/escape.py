"""Makes strangers' text safe to show in Slack: it can never ping, link, restyle or turn into a picture. Pure.

Rule: what a person reads stays what the source wrote. `& < >` are escaped, as Slack asks; the marks it would style get
invisible neighbours, because its markup knows no escape for them (checked against no live workspace).
"""

import re
from urllib.parse import quote, urlsplit

#: characters of an address that is linked; a longer one first loses its fragment, then its link
MOST_ADDRESS = 700

_JOINER, _SPACE = "\u2060", "\u200b"  # both of no width: a mark between them neither opens nor closes a style
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_STYLES = re.compile(r"[*_~`]")
_EMOJI = re.compile(r":(?=[\w+'-]{1,100}:)")  # ":smile:" would become a picture
_ADDRESS = re.compile(r":(?=//)")  # "https://" in a text would become a link
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def readable(text: str) -> str:
    """`text` as one line: NUL, controls, bidirectional overrides and lone surrogates go, blanks become one."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def mrkdwn(text: str) -> str:
    """`text` for a place where Slack reads its markup: shown as it is, doing nothing."""
    escaped = re.sub("[&<>]", lambda found: _ENTITIES[found[0]], readable(text))
    escaped = _ADDRESS.sub(":" + _JOINER, _EMOJI.sub(":" + _JOINER, escaped))
    return _STYLES.sub(lambda mark: _JOINER + mark[0] + _SPACE, escaped)


def clipped(text: str, most: int) -> tuple[str, int]:
    """`mrkdwn(text)` in at most `most` characters, and how many characters of the readable text are left out.

    What is cut ends in "…"; an escape is never cut in two.
    """
    shown = readable(text)
    escaped = mrkdwn(shown)
    if len(escaped) <= most:
        return escaped, 0
    kept = len(shown)
    while len(escaped) > most - 1:
        kept = min(kept - 1, kept * (most - 1) // len(escaped))
        escaped = mrkdwn(shown[:kept])
    return escaped + "…", len(shown) - kept


def short(text: str, most: int) -> str:
    """`clipped` for names and labels, where "…" says enough."""
    return clipped(text, most)[0]


def plain(text: str, most: int) -> str:
    """`text` for a plain-text place (header, button), where no markup is read; cut with "…"."""
    shown = readable(text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def address(url: str | None) -> str | None:
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
        safe = quote(candidate, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace").replace("&", "&amp;")
        if len(safe) <= MOST_ADDRESS:
            return safe
    return None


def link(url: str | None, text: str, most: int = 80) -> str:
    """`<url|text>`, or the text alone when the address cannot be linked."""
    safe, shown = address(url), short(text, most)
    # "|" in a link's text ends nothing in Slack, but some clients of its markup split there
    return f"<{safe}|{shown.replace('|', '/')}>" if safe and shown else shown
