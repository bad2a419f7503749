"""A story's page: its briefing slot by slot, its days drawn, who is quoted how much, where values differ; or as JSON.

Rule: the briefing is the one that Slack shows, out of the same answers of a moment ago; what is drawn is counted from
its very articles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.ask import BriefingAsk, one_line
from bot.web import addresses, asked
from bot.web.charts import timeline, values
from bot.web.errors import status_of
from bot.web.site import Site, answer
from briefings.desk import WORDS
from briefings.errors import BadQuestion, BriefingsError, NothingFound
from briefings.model import Briefing, Slot, Source
from briefings.render import as_json
from briefings.report import Report, Series

#: words of a briefing that may be asked for
_LEAST, _MOST = 50, 1_000
#: people whose shares are drawn
_HEARD = 12
#: sources shown before the others are unfolded
_SOURCES = 12
#: values of a series that head it
_WORDS_SHOWN = 3
#: what each slot of lines is called, in the order they are read
SLOTS = (
    (Slot.STATUS, "stands", "Where it stands"),
    (Slot.TIMELINE, "days", "Day by day"),
    (Slot.QUOTES, "said", "Who said what"),
    (Slot.DIFFERENCES, "differ", "Where the sources differ"),
    (Slot.MISSING, "missing", "Not in these articles"),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series of values and its drawings, for a wide page and for a narrow one."""

    series: Series
    #: the values as printed, each once
    words: tuple[str, ...]
    wide: values.Chart
    narrow: values.Chart


async def page(site: Site, request: web.Request) -> web.StreamResponse:
    """Shows it, or gives it as JSON; errors too are JSON to whoever asks for that."""
    if asked.text(request.query, "format").casefold() == "json":
        try:
            report = await _report(site, request)
        except BriefingsError as error:
            near = list(error.nearest) if isinstance(error, NothingFound) else []
            return web.json_response({"error": str(error), "nearest": near}, status=status_of(error))
        return web.json_response(as_json.briefing(report) | {"figures": as_json.figures(report)})
    report = await _report(site, request)
    question = _question(site, request.match_info["ask"], request.query)
    length = _length(request.query)
    return answer(await site.ask(lambda _: _drawn(site, report, question, length)))


async def _report(site: Site, request: web.Request) -> Report:
    question, length = _question(site, request.match_info["ask"], request.query), _length(request.query)
    if length == WORDS:
        found = (await site.composed.answer(question)).found
    else:
        found = await site.ask(
            lambda desk: desk.brief(
                question.words, words=length, outlet=question.outlet, since=question.since, until=question.until
            )
        )
    if not isinstance(found, Briefing):
        raise BadQuestion("Ask for a topic, or for the words of a story.")
    return found if isinstance(found, Report) else as_report(found)


def _question(site: Site, ask: str, query: Mapping[str, str]) -> BriefingAsk:
    """What the address asks. Raises BadQuestion."""
    today = site.today()
    since, until = asked.since(query, today), asked.until(query, today)
    return BriefingAsk(one_line(ask), asked.text(query, "outlet") or None, since, until)


def _length(query: Mapping[str, str]) -> int:
    return asked.number(query, "words", WORDS, _LEAST, _MOST)


def as_report(briefing: Briefing) -> Report:
    """A briefing of which nothing can be drawn."""
    return Report(briefing.topic, briefing.title, briefing.sources, briefing.lines, briefing.words, briefing.dropped)


def _drawn(site: Site, report: Report, question: BriefingAsk, length: int) -> str:
    parameters = _parameters(question, length)
    dated = [source.published for source in report.sources if source.published]
    return site.drawn(
        "story.html",
        story=report,
        question=question,
        length=length,
        usual=WORDS,
        parameters=parameters,
        here=lambda **changes: addresses.story(question.words, **(parameters | changes)),
        slots=[(name, heading, report.slot(slot)) for slot, name, heading in SLOTS],
        known={source.id: source for source in report.sources},
        first=min(dated, default=None),
        last=max(dated, default=None),
        outlets=sorted({source.publisher for source in report.sources if source.publisher}),
        quotes=sum(count.quotes for count in report.days),
        undated=sum(count.articles for count in report.days if count.day is None),
        legend=timeline.legend(report.days),
        wide=timeline.drawn(report.days, timeline.WIDE),
        narrow=timeline.drawn(report.days, timeline.NARROW),
        table=timeline.table(report.days),
        heard=report.heard[:_HEARD],
        unheard=report.heard[_HEARD:],
        series=[_charted(series) for series in report.series],
        changed=_changed(report),
        sources=_by_day(report),
        few=_SOURCES,
    )


def _charted(series: Series) -> Drawn:
    words = {value.value: value.text for value in reversed(series.values)}
    few = tuple(words[value] for value in sorted(words))[:_WORDS_SHOWN]
    return Drawn(series, few, values.drawn(series, values.WIDE), values.drawn(series, values.NARROW))


def _parameters(question: BriefingAsk, length: int) -> dict[str, str]:
    """The address's own parameters, as it would be written again."""
    told: list[tuple[str, str | date | None]] = [
        ("outlet", question.outlet),
        ("since", question.since),
        ("until", question.until),
        ("words", str(length) if length != WORDS else None),
    ]
    return {name: str(value) for name, value in told if value}


def _changed(report: Report) -> list[Source]:
    """The articles that took another text, the last first."""
    changed = [source for source in report.sources if source.changed]
    return sorted(changed, key=lambda source: (source.changed or date.min, source.id), reverse=True)


def _by_day(report: Report) -> list[Source]:
    """The sources, newest first, the undated last."""
    return sorted(report.sources, key=lambda s: (s.published is None, -(s.published or date.min).toordinal(), s.id))
