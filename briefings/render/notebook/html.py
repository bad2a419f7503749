"""Renders an answer as HTML with the words, notes and links that a terminal shows.

Rule: all text is escaped, only http and https addresses become links, and nothing is active. In the text of a terminal
every escape sequence is ours, because control characters in articles are removed.
Rule: notebooks do not set "$5" and "$6" as a formula: the classes turn that off, as pandas does.
"""

import re
from html import escape
from urllib.parse import urlsplit

from briefings.answer import Answer
from briefings.render.answers import to_terminal
from briefings.render.terminal import Style

#: so wide that no line is wrapped
_STYLE = Style(width=10_000_000, rich=True)
_SEQUENCE = re.compile(r"\x1b\]8;;(?P<address>[^\x1b]*)\x1b\\(?P<label>[^\x1b]*)\x1b\]8;;\x1b\\|\x1b\[1m|\x1b\[0m")
_TAGS = {"\x1b[1m": "<b>", "\x1b[0m": "</b>"}
_ROOT = '<div class="tex2jax_ignore mathjax_ignore" style="max-width: 50em; line-height: 1.4">'


def render_html(answer: Answer) -> str:
    """Return the answer as one element."""
    lines = to_terminal(answer, _STYLE).split("\n")
    return "\n".join([_ROOT, *map(_render_line, lines), "</div>"])


def _render_line(line: str) -> str:
    words = line.lstrip(" ")
    if not words:
        return '<div style="height: 0.6em"></div>'
    return f'<div style="margin-left: {(len(line) - len(words)) / 2:g}em">{_render_words(words)}</div>'


def _render_words(words: str) -> str:
    parts, position = [], 0
    for match in _SEQUENCE.finditer(words):
        parts.append(_escape(words[position : match.start()]))
        parts.append(_TAGS.get(match[0]) or _render_link(match["label"], match["address"]))
        position = match.end()
    parts.append(_escape(words[position:]))
    return "".join(parts)


def _render_link(label: str, address: str) -> str:
    if not _is_web_address(address):
        return _escape(label)
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{_escape(label)}</a>'


def _escape(text: str) -> str:
    return escape(text.replace("\x1b", ""))


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
