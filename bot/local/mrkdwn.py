"""Slack's mrkdwn as HTML: bold, italic, strike, code, quotes, links and mentions, and nothing else.

Rule: every piece of text is unescaped as Slack does (& < > only) and escaped again for HTML on its way out; a link is
made only for http and https. A mark styles only at the edge of a word; to that end a word joiner (U+2060) counts as a
letter and a zero-width space (U+200B) as a blank, which is how `bot.escape` keeps a source's own marks from styling.
Runs in time linear in the text: no pattern may look past the next marker of its own kind.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup, escape

#: user and channel ids to the names shown for them
Names = Mapping[str, str]

_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_LETTER, _BLANK = r"\w\u2060", r"\s\u200b"
_INLINE = re.compile(
    rf"(?<!\u2060)`(?!\u200b)(?P<code>[^`\n]+)`"
    rf"|<(?P<angle>[^<>\n]+)>"
    rf"|(?<![{_LETTER}*])\*(?=[^{_BLANK}])(?P<strong>(?:<[^<>\n]*>|[^*<\n])+?)(?<=[^{_BLANK}])\*(?![{_LETTER}*])"
    rf"|(?<![{_LETTER}])_(?=[^{_BLANK}])(?P<em>(?:<[^<>\n]*>|[^_<\n])+?)(?<=[^{_BLANK}])_(?![{_LETTER}])"
    rf"|(?<![{_LETTER}~])~(?=[^{_BLANK}])(?P<s>(?:<[^<>\n]*>|[^~<\n])+?)(?<=[^{_BLANK}])~(?![{_LETTER}~])"
)
_STYLED = {
    "strong": Markup("<strong>{}</strong>"),
    "em": Markup("<em>{}</em>"),
    "s": Markup("<s>{}</s>"),
}
_BREAK = Markup("<br>")
_QUOTED = re.compile(r"(?:&gt;|>)[ ]?")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f]")


def to_html(text: str, names: Names) -> Markup:
    """The HTML of mrkdwn `text`; `names` tells what <@U1> and <#C1> are called. Any string is accepted."""
    parts = _FENCE.split(text)
    return Markup("").join(
        Markup("<pre>{}</pre>").format(_unescaped(part).strip("\n")) if number % 2 else _lines(part, names)
        for number, part in enumerate(parts)
    )


def plain_to_html(text: str) -> Markup:
    """The HTML of a plain_text object: its line breaks are kept and nothing in it means anything."""
    return _BREAK.join(escape(line) for line in text.split("\n"))


def safe_link(url: str) -> str | None:
    """`url` if a page may link to it: absolute, http or https, without spaces or control characters; else None."""
    if _SPACE_OR_CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def link_html(url: str, label: Markup) -> Markup:
    """A link that opens in a tab of its own and tells the other side nothing; the bare label when `url` is not safe."""
    href = safe_link(url)
    if href is None:
        return label
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(href, label)


def _lines(text: str, names: Names) -> Markup:
    out: list[Markup] = []
    blank_before_quote = False
    for quoted, lines in groupby(text.split("\n"), key=lambda line: bool(_QUOTED.match(line))):
        drawn = [_inline(_QUOTED.sub("", line, count=1) if quoted else line, names) for line in lines]
        joined = _BREAK.join(drawn)
        if quoted:
            # a break right before a block ends its line and no more: a blank line wants a second one
            out += [_BREAK] if blank_before_quote else []
            joined = Markup("<blockquote>{}</blockquote>").format(joined)
        out.append(joined)
        blank_before_quote = not quoted and not drawn[-1]
    return Markup("").join(out)


def _inline(text: str, names: Names) -> Markup:
    return Markup("").join(_pieces(text, names))


def _pieces(text: str, names: Names) -> Iterator[Markup]:
    done = 0
    for match in _INLINE.finditer(text):
        yield escape(_unescaped(text[done : match.start()]))
        yield _marked(str(match.lastgroup), str(match[str(match.lastgroup)]), names)
        done = match.end()
    yield escape(_unescaped(text[done:]))


def _marked(kind: str, inside: str, names: Names) -> Markup:
    if kind == "code":
        return Markup("<code>{}</code>").format(_unescaped(inside))
    if kind == "angle":
        return _angle(inside, names)
    # the inside of a pair holds no marker of its own kind, so this goes at most three deep
    return _STYLED[kind].format(_inline(inside, names))


def _angle(inside: str, names: Names) -> Markup:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return _mention("@" + (names.get(target[1:]) or label or target[1:]))
        case "#":
            return _mention("#" + (names.get(target[1:]) or label or target[1:]))
        case "!":
            return _mention(label or "@" + target[1:].partition("^")[0])
    return link_html(_unescaped(target), escape(_unescaped(label or target)))


def _mention(shown: str) -> Markup:
    return Markup('<span class="mention">{}</span>').format(_unescaped(shown))


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda entity: _CHARACTERS[entity[1]], text)
