"""Builds the document of an answer for exports: the same question as in Slack, on a page and in the terminal.

Rule: an export has the whole answer, not one page of it, up to a limit that its notes name. Functions block.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.answers.answer_cache import run_query
from bot.queries.queries import BriefingQuery, Query, WhoSaidQuery
from bot.slack.blocks.citations import AnswerResult
from briefings import (
    MAX_PAGE,
    MAX_WORDS,
    PAGE_SIZE,
    AmbiguousName,
    Article,
    Briefing,
    BriefingService,
    Hit,
    NewsBriefing,
    NothingFound,
    PersonComparison,
    PersonProfile,
    PersonTimeline,
    Quote,
    SearchResultsPage,
    UnknownPerson,
    WhoSaid,
)
from briefings.exports import (
    Document,
    build_article,
    build_briefing,
    build_comparison,
    build_news,
    build_person,
    build_timeline,
    build_who_said,
    describe_namesakes,
    describe_side,
    describe_silence,
)
from briefings.text import format_day

#: most pages of a search or a person that are exported, and parts of one article
_MAX_PAGES, _MAX_PARTS = min(50, MAX_PAGE), 200
MAX_QUOTATIONS = _MAX_PAGES * PAGE_SIZE
#: most people that an ambiguous name lists
_MAX_NAMES = 10


@dataclass(frozen=True, slots=True)
class ExportBuilder:
    """Builds documents with one service. `today` is the day of the export."""

    service: BriefingService
    today: date

    def build_result(self, result: AnswerResult) -> Document:
        """Return the document of a briefing, of the news, of who said something, or of people over time.

        Raises NothingFound for an answer without quotes, and for a name that does not mean exactly one person.
        """
        match result:
            case NewsBriefing():
                return self._build_news(result)
            case Briefing():
                return build_briefing(result, self._load_articles(source.id for source in result.sources), self.today)
            case PersonTimeline():
                return self._build_timeline(result)
            case PersonComparison():
                return self._build_comparison(result)
            case AmbiguousName() | UnknownPerson():
                raise explain_name(result)
        return build_who_said(result, self._load_hit_articles(result), self.today)

    def _build_news(self, news: NewsBriefing) -> Document:
        if not news.stories:
            newest = f" The newest are from {format_day(news.newest_day)}." if news.newest_day else ""
            raise NothingFound(f"{news.title}: no articles.{newest}")
        leads = [story.lead.id for story in news.stories if story.lead]
        return build_news(news, self._load_articles([*leads, *(source.id for source in news.sources)]), self.today)

    def _build_timeline(self, timeline: PersonTimeline) -> Document:
        if not timeline.statements:
            raise NothingFound(describe_silence(timeline))
        return build_timeline(timeline, self._load_articles(_list_report_ids(timeline)), self.today)

    def _build_comparison(self, comparison: PersonComparison) -> Document:
        timelines = [side.timeline for side in comparison.sides if side.timeline]
        if not any(timeline.statements for timeline in timelines):
            raise NothingFound(" ".join(dict.fromkeys(map(describe_side, comparison.sides))))
        ids = [article_id for timeline in timelines for article_id in _list_report_ids(timeline)]
        return build_comparison(comparison, self._load_articles(ids), self.today)

    def build_answer(self, query: Query, words: int = MAX_WORDS) -> Document:
        """Return the document of the answer to a query. Raises BriefingsError."""
        if isinstance(query, BriefingQuery):
            return self.build_result(
                self.service.brief(
                    query.words, words=words, outlet=query.outlet, since=query.since, until=query.until, relax=True
                )
            )
        return self.build_result(run_query(self.service, query))

    def build_search(self, query: WhoSaidQuery) -> Document:
        """Return the document of all pages of a search. Raises BriefingsError."""
        hits: list[Hit] = []
        first_answer: WhoSaid | None = None
        has_next_page, has_older_quotes, page_number = True, False, 0
        while has_next_page and page_number < _MAX_PAGES:
            page_number += 1
            try:
                results = self._search_page(query, page_number)
            except NothingFound:
                if first_answer is None:
                    raise
                break  # articles were removed since the first page
            first_answer = first_answer or results.answer
            hits += results.answer.hits
            has_next_page, has_older_quotes = results.page.has_more, results.answer.more
        if first_answer is None:
            raise NothingFound("This search has no results. Try fewer words.")
        question = " ".join(filter(None, (f"with “{query.words}”" if query.words else "", *first_answer.bounds)))
        answer = replace(first_answer, hits=_list_once(hits), more=has_older_quotes, description=question)
        return build_who_said(answer, self._load_hit_articles(answer), self.today)

    def _search_page(self, query: WhoSaidQuery, page_number: int) -> SearchResultsPage:
        return self.service.search_quotes(
            query.words,
            by=query.by,
            about=query.about,
            outlet=query.outlet,
            since=query.since,
            until=query.until,
            page=page_number,
        )

    def build_person(self, name: str) -> Document:
        """Return the document of a person. Raises NothingFound for an unknown or ambiguous name."""
        profile = self.service.find_person(name)
        if not isinstance(profile, PersonProfile):
            raise explain_name(profile)
        hits, last_page = list(profile.hits), profile.page
        while last_page.has_more and last_page.number < _MAX_PAGES:
            try:
                next_profile = self.service.find_person(name, page=last_page.number + 1)
            except NothingFound:
                break  # articles were removed since the first page
            if not isinstance(next_profile, PersonProfile):  # the name has become ambiguous meanwhile
                break
            hits, last_page = hits + list(next_profile.hits), next_profile.page
        roles = [usage.role for usage in profile.roles if usage.role]
        person = profile.person
        notes = [describe_namesakes(profile.namesakes)] if profile.namesakes else []
        notes += [f"Only the newest {MAX_QUOTATIONS:,} of {person.quotes:,} quotes."] if last_page.has_more else []
        articles = self._load_articles(_list_article_ids(hits))
        hits = list(_list_once(hits))
        return build_person(person.name, roles, hits, articles, self.today, quotes=person.quotes, notes=notes)

    def build_article(self, article_id: str) -> Document:
        """Return the document of a stored article with everyone who is quoted in it. Raises NothingFound."""
        view = self.service.view_article(article_id)
        quotes: dict[int, Quote] = {numbered.number: numbered.quote for numbered in view.quotes}
        for part in view.parts[1:_MAX_PARTS]:
            part_view = self.service.view_article(article_id, offset=part.start)
            quotes.update((numbered.number, numbered.quote) for numbered in part_view.quotes)
        return build_article(view.article, [quotes[number] for number in sorted(quotes)], self.today)

    def _load_hit_articles(self, answer: WhoSaid) -> dict[str, Article]:
        hits = (*answer.hits, *answer.nearest)
        narration_ids = [narration.article for narration in answer.narration]
        return self._load_articles([*_list_article_ids(hits), *narration_ids])

    def _load_articles(self, ids: Iterable[str]) -> dict[str, Article]:
        return {article.id: article for article in self.service.get_articles(dict.fromkeys(ids))}


def explain_name(result: AmbiguousName | UnknownPerson) -> NothingFound:
    """Return the error for a name of several people, or of no speaker, with the names to use instead."""
    if isinstance(result, AmbiguousName):
        names = ", ".join(person.name for person in result.people[:_MAX_NAMES])
        return NothingFound(f"Several people are called {result.name}: {names}. Use the full name.")
    similar_names = " or ".join(result.similar_names[:3])
    hint = f"Try {similar_names}." if similar_names else "Check the spelling."
    return NothingFound(f"No quote is by {result.name}. {hint}", result.similar_names)


def _list_report_ids(timeline: PersonTimeline) -> list[str]:
    return [report.source.id for statement in timeline.statements for report in statement.reports]


def _list_once(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return each hit once: an article that arrives between two pages moves hits to the next page."""
    return tuple({(hit.article, hit.start, hit.end): hit for hit in hits}.values())


def _list_article_ids(hits: Iterable[Hit]) -> list[str]:
    return [article_id for hit in hits for article_id in (hit.article, *(variant.article for variant in hit.variants))]
