"""Renders a digest as an e-mail: its subject, a plain-text part and an HTML part.

Rule: the mail has the lines that the channel gets, in their order, each exactly as its source printed it and with its
link. Our own words are outside the quotation. All text is escaped, and a link is only ever http or https.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.digests.model import MailContent
from bot.slack.blocks.formatting import format_count
from bot.slack.blocks.mrkdwn import make_readable
from briefings import Line, NewsBriefing, NewsStory, Slot, Source, Speaker, get_source_name
from briefings.text import format_day
from briefings.updates import Correction, SentLine, Update, UpdateItem, UpdateKind

_MAX_SUBJECT = 150
_KIND_LABELS = {UpdateKind.STATE: "Development", UpdateKind.FIGURE: "Changed figure"}
_MAX_URL = 2_000
_UNKNOWN_OUTLET = "unknown outlet"


@dataclass(frozen=True, slots=True)
class MailLine:
    """One line as the templates show it: our heading and label, the speaker, the verbatim words and their source.

    A story of the news without a line has no words. `earlier` is what was sent before, for a changed line.
    """

    words: str
    outlet: str = ""
    url: str = ""
    speaker: str = ""
    detail: str = ""
    label: str = ""
    heading: str = ""
    earlier: "MailLine | None" = None


#: placeholder in a rendered mail for the recipient's own link; it has only letters, so no escaping changes it
UNSUBSCRIBE_PLACE = "UNSUBSCRIBEPLACEOFTHISRECIPIENT"


def build_digest_mail(update: Update, summary: str, note: str = "") -> MailContent:
    """Return the mail of a digest. `summary` counts what is new, and `note` is one more sentence; both plain text."""
    sources = {source.id: source for source in update.sources}
    corrections = [_build_correction(correction) for correction in update.corrections]
    lines = [_build_item(item, sources) for item in update.items]
    return _render_digest(update.title, summary, [*corrections, *lines], note)


def build_news_mail(briefing: NewsBriefing, title: str, note: str = "") -> MailContent:
    """Return the mail of a digest of the news: its stories, each with one line. `note` is one more sentence."""
    sources = {source.id: source for source in briefing.sources}
    count = format_count(briefing.story_count, "story").replace("storys", "stories")
    is_cut = briefing.story_count > len(briefing.stories)
    summary = f"The top {len(briefing.stories)} of {count}" if is_cut else count
    return _render_digest(title, summary, [_build_story(story, sources) for story in briefing.stories], note)


def build_confirmation_mail(title: str, schedule: str, sender: str, confirm_url: str) -> MailContent:
    """Return the mail that asks an address to confirm. `sender` names the workspace's user who asked for it."""
    values = {"title": make_readable(title), "schedule": schedule, "sender": sender, "confirm_url": confirm_url}
    subject = shorten_subject(f"Confirm the digest “{make_readable(title)}”")
    return MailContent(subject, render("confirmation.txt", **values), render("confirmation.html", **values))


def shorten_subject(text: str) -> str:
    """Return a subject: one line, at most 150 characters."""
    subject = make_readable(text)
    return subject if len(subject) <= _MAX_SUBJECT else f"{subject[: _MAX_SUBJECT - 1]}…"


def render(template: str, **values: object) -> str:
    """Render a template; HTML is escaped, text is not."""
    return _TEMPLATES.get_template(template).render(**values)


def _render_digest(title: str, summary: str, lines: Sequence[MailLine], note: str) -> MailContent:
    title = make_readable(title) or "Digest"
    values = {"title": title, "summary": summary, "lines": lines, "note": note, "unsubscribe": UNSUBSCRIBE_PLACE}
    subject = shorten_subject(f"{title}: {summary.removeprefix('Latest: ')}")
    return MailContent(subject, render("digest.txt", **values), render("digest.html", **values))


def _build_item(item: UpdateItem, sources: Mapping[str, Source]) -> MailLine:
    earlier = _build_sent_line(item.previous) if item.previous else None
    return _build_line(item.line, sources, label=_KIND_LABELS.get(item.kind, ""), earlier=earlier)


def _build_story(story: NewsStory, sources: Mapping[str, Source]) -> MailLine:
    heading = make_readable(story.name)
    outlets = format_count(story.outlets, "independent outlet") if story.outlets > 1 else "1 outlet"
    counts = f"{outlets} · {format_count(story.articles, 'article')}"
    if story.line is None:
        return MailLine("", heading=heading, label=counts)
    return _build_line(story.line, sources, heading=heading, label=counts, with_outlet_count=False)


def _build_line(
    line: Line,
    sources: Mapping[str, Source],
    *,
    heading: str = "",
    label: str = "",
    earlier: MailLine | None = None,
    with_outlet_count: bool = True,
) -> MailLine:
    evidence = line.evidence[0] if line.evidence else None
    source = sources.get(evidence.article) if evidence else None
    details = (
        f"in {line.outlets} independent outlets" if line.outlets > 1 and with_outlet_count else "",
        make_readable(line.note or ""),
        "expected, not confirmed yet" if line.expected else "",
        _format_day(line.day or (source.published if source else None)),
    )
    return MailLine(
        _format_words(line.text, line.slot),
        (make_readable(get_source_name(source)) if source else "") or (_UNKNOWN_OUTLET if evidence else ""),
        _choose_url(evidence.link if evidence else None, source),
        _format_speaker(line.speaker),
        " · ".join(filter(None, details)),
        label,
        heading,
        earlier,
    )


def _build_sent_line(sent_line: SentLine, detail: str = "", label: str = "", *, has_article: bool = True) -> MailLine:
    link = sent_line.evidence[0].link if sent_line.evidence and has_article else None
    return MailLine(
        _format_words(sent_line.text, sent_line.slot),
        make_readable(sent_line.outlet or "") or _UNKNOWN_OUTLET,
        _check_url(link or ""),
        _format_speaker(sent_line.speaker),
        " · ".join(filter(None, (detail, f"sent on {_format_day(sent_line.sent_on)}"))),
        label,
    )


def _build_correction(correction: Correction) -> MailLine:
    """Return an earlier line with the reason for its correction. Its link is to the article only."""
    if correction.is_article_removed:
        return _build_sent_line(correction.line, "the article was removed", "Withdrawn", has_article=False)
    line = _build_sent_line(correction.line, "has since changed this", "Corrected")
    return MailLine(line.words, line.outlet, line.url.partition("#")[0], line.speaker, line.detail, line.label)


def _format_day(day: date | None) -> str:
    return format_day(day) if day else ""


def _format_speaker(speaker: Speaker | None) -> str:
    if speaker is None:
        return ""
    role = f", {make_readable(speaker.role)}" if speaker.role else ""
    return f"{'Unnamed: ' if speaker.anonymous else ''}{make_readable(speaker.name)}{role}"


def _choose_url(link: str | None, source: Source | None) -> str:
    return _check_url(link or "") or _check_url((source.url if source else "") or "")


def _check_url(url: str) -> str:
    """Return an http(s) URL without white space, or ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_usable = parts.scheme in ("http", "https") and parts.hostname and len(url) <= _MAX_URL
    return url if is_usable and url.isprintable() and " " not in url else ""


def _format_words(text: str, slot: Slot) -> str:
    """Return the words of a line. A quotation gets quotation marks, and loses a comma before the closing one."""
    words = make_readable(text)
    return f"“{words.removesuffix(',')}”" if slot is Slot.QUOTES else words


_TEMPLATES = Environment(
    loader=PackageLoader("bot.digests.mail"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
