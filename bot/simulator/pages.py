"""Content of the local workspace's page: the agenda of digests, and Slack's mrkdwn as HTML.

Rule: the agenda only reads the bot's tables. It shows which day to set the clock to.
Rule: text is unescaped like in Slack (& < > only) and escaped again for HTML. Only http and https links are rendered.
A mark applies only at the edge of a word. There, a word joiner (U+2060) counts as a letter and a zero-width space
(U+200B) as a blank; `bot.slack.blocks.mrkdwn` uses both to escape marks. Rendering takes linear time, because no
pattern looks past the next mark of its kind.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.model import Digest, Run, RunState
from bot.simulator.state.model import TEAM_ID

#: number of runs shown per digest
_MAX_RUNS = 8


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A digest with its last runs, newest first."""

    digest: Digest
    runs: tuple[Run, ...]


Agenda = Callable[[], Awaitable[tuple[AgendaEntry, ...]]]


def create_agenda(repository: DigestRepository) -> Agenda:
    """Create the agenda of this workspace's digests."""

    async def list_entries() -> tuple[AgendaEntry, ...]:
        return tuple(
            [
                AgendaEntry(digest, await repository.list_runs(digest, _MAX_RUNS))
                for digest in await repository.list_digests(TEAM_ID)
            ]
        )

    return list_entries


async def empty_agenda() -> tuple[AgendaEntry, ...]:
    """Return the empty agenda of a bot without a database."""
    return ()


def find_next_digest(entries: tuple[AgendaEntry, ...], now: datetime) -> Digest | None:
    """Return the digest that runs first after `now`, or None."""
    upcoming = [entry.digest for entry in entries if entry.digest.next_due and entry.digest.next_due > now]
    return min(upcoming, key=lambda digest: (digest.next_due, digest.id), default=None)


def describe_run(run: Run) -> str:
    """Describe the state of a run in a few words."""
    description = {
        RunState.DELIVERED: "sent late" if run.late else "sent",
        RunState.SILENT: "nothing new, not posted",
        RunState.WAITING: "due",
        RunState.CLAIMED: "in progress",
        RunState.CONTENT_READY: "in progress",
        RunState.UNKNOWN: "delivery not confirmed",
    }.get(run.state, run.state.value)
    return f"{description}: {run.reason}" if run.reason else description


#: display name by user or channel id
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
_STYLE_TAGS = {
    "strong": Markup("<strong>{}</strong>"),
    "em": Markup("<em>{}</em>"),
    "s": Markup("<s>{}</s>"),
}
_BREAK = Markup("<br>")
_QUOTE_MARK = re.compile(r"(?:&gt;|>)[ ]?")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f]")


def to_html(text: str, names: Names) -> Markup:
    """Render mrkdwn as HTML, with `names` for <@U1> and <#C1>. Accepts any string."""
    parts = _FENCE.split(text)
    return Markup("").join(
        Markup("<pre>{}</pre>").format(_unescape(part).strip("\n")) if number % 2 else _render_lines(part, names)
        for number, part in enumerate(parts)
    )


def plain_to_html(text: str) -> Markup:
    """Render plain text as HTML; only line breaks have a meaning."""
    return _BREAK.join(escape(line) for line in text.split("\n"))


def safe_link(url: str) -> str | None:
    """Return `url` if it is safe to link (absolute http or https, no spaces or control characters), else None."""
    if _SPACE_OR_CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def render_link(url: str, label: Markup) -> Markup:
    """Render a link that opens a new tab and sends no referrer, or only the label if `url` is not safe."""
    href = safe_link(url)
    if href is None:
        return label
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(href, label)


def _render_lines(text: str, names: Names) -> Markup:
    out: list[Markup] = []
    blank_before_quote = False
    for is_quote, lines in groupby(text.split("\n"), key=lambda line: bool(_QUOTE_MARK.match(line))):
        html_lines = [_render_inline(_QUOTE_MARK.sub("", line, count=1) if is_quote else line, names) for line in lines]
        html = _BREAK.join(html_lines)
        if is_quote:
            # browsers ignore one line break before a block, so a blank line needs a second one
            out += [_BREAK] if blank_before_quote else []
            html = Markup("<blockquote>{}</blockquote>").format(html)
        out.append(html)
        blank_before_quote = not is_quote and not html_lines[-1]
    return Markup("").join(out)


def _render_inline(text: str, names: Names) -> Markup:
    return Markup("").join(_render_pieces(text, names))


def _render_pieces(text: str, names: Names) -> Iterator[Markup]:
    end = 0
    for match in _INLINE.finditer(text):
        yield escape(_unescape(text[end : match.start()]))
        yield _render_match(str(match.lastgroup), str(match[str(match.lastgroup)]), names)
        end = match.end()
    yield escape(_unescape(text[end:]))


def _render_match(kind: str, inside: str, names: Names) -> Markup:
    if kind == "code":
        return Markup("<code>{}</code>").format(_unescape(inside))
    if kind == "angle":
        return _render_angle(inside, names)
    # the text inside a pair has no mark of the same kind, so the recursion is at most three levels deep
    return _STYLE_TAGS[kind].format(_render_inline(inside, names))


def _render_angle(inside: str, names: Names) -> Markup:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return _render_mention("@" + (names.get(target[1:]) or label or target[1:]))
        case "#":
            return _render_mention("#" + (names.get(target[1:]) or label or target[1:]))
        case "!":
            return _render_mention(label or "@" + target[1:].partition("^")[0])
    return render_link(_unescape(target), escape(_unescape(label or target)))


def _render_mention(label: str) -> Markup:
    return Markup('<span class="mention">{}</span>').format(_unescape(label))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda entity: _CHARACTERS[entity[1]], text)
