"""The façade: what the outside may ask. Everything else in this package is reached through here.

Rule: an answer rests on what the record holds at that moment, with names completed over the articles of one story;
free words are answered with the one story that most of the articles which hold them tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from threading import Lock

from briefings import compose, said
from briefings.analysis import analyse
from briefings.article import parse
from briefings.article.context import context
from briefings.errors import BadQuestion, NothingFound
from briefings.held import Held, Holdings
from briefings.intake import Outcome, take_in
from briefings.lookup import Lookup, Nobody, Profile, Results, Several, bounds_of
from briefings.model import Article, Checked, Context, Searched, Span, Topic, WhoSaid
from briefings.news import Had, News, whats_new
from briefings.quotes.names import Person
from briefings.reading import Reading, check
from briefings.record.store import Record
from briefings.record.values import Overview, Standing, Within
from briefings.record.values import Person as Quoted
from briefings.report import Report
from briefings.said import EVERYWHERE, Bounds
from briefings.text.search_key import search_key
from briefings.utterances import words_of

#: words of a whole briefing, unless told otherwise
WORDS = 400
#: words of what is new, unless told otherwise
NEWS_WORDS = 200
#: quotes looked at to tell whether a word is somebody's name
_NAMES_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic and how much the record holds on it: counts of articles, and the newest article's day."""

    topic: Topic
    articles: int
    newest: date | None


class Desk:
    """Answers questions from one record. Blocking: call it off the event loop. Safe to call from several threads."""

    #: lines of briefings that were dropped so far because they did not equal their source; anything but 0 is a bug
    dropped = 0

    def __init__(self, record: Record, topics: Sequence[Topic] = ()) -> None:
        self._record = record
        self._topics = tuple(topics)
        self._reading = Reading(record, self._topics)
        self._holdings = Holdings(record, self._reading, self._topics)
        self._lookup = Lookup(record, self._reading, self._topics)
        self._counting = Lock()

    def brief(
        self,
        ask: str,
        *,
        words: int = WORDS,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Report:
        """The briefing on a topic slug or on free words, of at most `words` words in lines with evidence.

        On free words it tells the largest story of the articles that hold them, and says which it leaves out.

        `outlet` keeps articles of outlets of that name, `since` and `until` (both included) those published then;
        undated ones are left out when either is given. Raises BadQuestion, NothingFound (with `.nearest`).
        """
        check(outlet or "")
        bounds = Bounds(outlet=outlet, since=since, until=until)
        topic, slug, title = self._reading.about(ask)
        selected = self._reading.select(ask, topic, bounds)
        if not selected.articles:
            raise self._reading.nothing_on(ask, topic, bounds, selected.left_out)
        ids = [article.id for article in selected.articles]
        naming = self._reading.naming(selected.articles)
        briefing = compose.compose(
            slug,
            title,
            self._reading.read(selected.articles, naming),
            words=words,
            left_out=selected.left_out,
            naming=naming,
            copies=self._reading.copies(selected.articles),
            changed={key: moment.date() for key, moment in self._record.changes_of(ids).items()},
        )
        with self._counting:
            self.dropped += briefing.dropped
        return briefing

    def news(self, ask: str, had: Had, *, today: date, words: int = NEWS_WORDS) -> News | None:
        """What is new on `ask`, as `brief` takes it, for readers who have had `had`; None for nothing.

        `today` is the readers' day; lines have at most `words` words. What the record holds nothing on has no news.
        Raises BadQuestion.
        """
        topic, slug, title = self._reading.about(ask)
        articles = self._reading.select(ask, topic).articles
        naming = self._reading.naming(articles)
        held = self._record.articles({piece.article for line in had.told for piece in line.evidence})
        return whats_new(
            slug,
            title,
            self._reading.read(articles, naming),
            had,
            held={article.id: article for article in held},
            earlier=lambda article_id: [version.article.text for version in self._record.versions(article_id)],
            today=today,
            words=words,
            naming=naming,
            copies=self._reading.copies(articles),
        )

    def title(self, ask: str) -> str:
        """What the answer to `brief` is called: a topic's title, or the words themselves. Raises BadQuestion."""
        return self._reading.about(ask)[2]

    def expect(self, ask: str) -> str:
        """`title` of a topic, or of words that stand in some article: raises NothingFound for other words."""
        topic, _, title = self._reading.about(ask)
        if topic is None and not (selected := self._reading.select(ask, None)).articles:
            raise self._reading.nothing_on(ask, None, EVERYWHERE, selected.left_out)
        return title

    def who_said(
        self,
        words: str,
        *,
        by: str | None = None,
        about: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> WhoSaid:
        """Who said `words`; a speaker's name alone, here or in `by`, lists what they said, newest first.

        `by` keeps speakers of that name, `about` articles on a topic's slug or a phrase, `outlet` those of outlets of
        that name, `since` and `until` (both included) those published then, undated ones left out. The newest 100
        quotes are looked at, and `.more` says when there are others. Raises BadQuestion for no words.
        """
        bounds = bounds_of(words, by, about, outlet, since, until)
        return replace(self._who_said(words, bounds), bounds=bounds.told)

    def search(
        self,
        words: str,
        *,
        by: str | None = None,
        about: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        page: int = 1,
    ) -> Results:
        """One page of what `who_said` answers, however much there is, with the people and topics that may be meant.

        Raises BadQuestion, NothingFound for a page there is not.
        """
        bounds = bounds_of(words, by, about, outlet, since, until)
        return self._lookup.search(words, bounds, page)

    def person(self, name: str, *, page: int = 1) -> Profile | Several | Nobody:
        """Whom the record quotes by that name: roles, topics, and a page of what they said, newest first.

        Raises BadQuestion, NothingFound for a page there is not.
        """
        check(name)
        if not search_key(name):
            raise BadQuestion("This name holds no word: name somebody who is quoted.")
        return self._lookup.person(name, page)

    def context(self, article_id: str, start: int, end: int) -> Context:
        """What stands around the characters from `start` to `end` of an article.

        Raises NothingFound when the article is not held, or is shorter by now.
        """
        (article,) = self._record.articles([article_id]) or (None,)
        if article is None or not 0 <= start < end <= len(article.text):
            raise NothingFound("This article has changed or is gone since: ask again to see what stands there now.")
        return context(article, Span(start, end))

    def article(self, article_id: str, at: Span | None = None, begin: int = 0) -> Held:
        """The article of an id as it stands: its text, or the part of a long one that holds the start of `at`, or else
        the character `begin`; who is quoted there, in whose other wordings; its copies and older versions.

        Raises NothingFound when the article is not held.
        """
        return self._holdings.article(article_id, at, begin)

    def changed(self) -> str:
        """Something that is another whenever articles were added, changed or removed: what was answered may be old."""
        return self._record.changed()

    def check(self, draft: str) -> Checked:
        """Every quotation of a draft, and whether the record has it so.

        Raises BadInput for a draft that is empty, holds no quotation, or is longer than 200,000 characters.
        """
        quotations = compose.quotations(draft)
        held = {quotation.span: said.may_hold(self._record, draft, quotation) for quotation in quotations}
        articles = {article.id: article for found in held.values() for article in found}
        read = {pair[0].id: pair for pair in self._reading.with_stories(list(articles.values()))}
        return compose.check(
            draft, quotations, lambda quotation: [read[a.id] for a in held[quotation.span]], self._record.counts()
        )

    def topics(self) -> tuple[TopicSummary, ...]:
        """Every topic, newest article first."""
        found = [(topic, self._record.counts(topic.words)) for topic in self._topics]
        summaries = [TopicSummary(topic, held.articles, held.until) for topic, held in found]
        return tuple(sorted(summaries, key=lambda s: (-(s.newest or date.min).toordinal(), s.topic.slug)))

    def people(self) -> tuple[Quoted, ...]:
        """Everybody quoted by name, as the articles name them."""
        return self._record.people()

    def searched(self) -> Searched:
        """How much the record holds."""
        return self._record.counts()

    def overview(self) -> Overview:
        """How much the record holds, of which outlets, and the articles that came last."""
        return self._record.overview()

    def add(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Adds raw articles, one at a time as they come; gives the ids of those that were new or changed."""
        return tuple(raw.id for raw in articles if self.take(raw) in (Standing.NEW, Standing.CHANGED))

    def holds(self, article_id: str) -> bool:
        """Whether the record holds an article of this id."""
        return self._record.has(article_id)

    def take_in(self, articles: Iterable[Article], *, jobs: int = 1) -> Iterator[Outcome]:
        """Adds many raw articles, some dozen in a transaction; tells of each, in their order (`intake.take_in`)."""
        return take_in(self._record, articles, jobs=jobs)

    def take(self, raw: Article) -> Standing:
        """Adds one raw article; gives how it stood to what was held. Raises BadInput when it cannot be stored."""
        article = parse(raw)
        stood = self._record.standing(article)
        if stood in (Standing.HELD, Standing.OLDER):
            return stood  # before its quotes are looked for, which takes far longer
        found = analyse(article)
        return self._record.add(article, found.quotes, names=found.names, engine=found.engine)

    def _who_said(self, words: str, bounds: Bounds) -> WhoSaid:
        searched = self._record.counts()
        within = bounds.within(self._topics)
        if not search_key(words) or (bounds.by is None and self._is_somebody(words, within)):
            return self._spoken_by(bounds.by or words, words, within, searched)
        found = self._record.find_quotes(words, within, said.MOST_QUOTES)
        articles = {f.article.id: f.article for f in found}
        articles |= {article.id: article for article in said.saying(self._record, words, within)}
        # before anything is read where there are few; what is read twice takes twice as long
        articles |= said.reports(self._record, [(words_of(f.article, f.quote), f.quote.speaker) for f in found], within)
        answer = self._answer(words, articles, searched, bounds)
        if answer.hits or answer.narration or answer.nearest:
            told = [(hit.quote, hit.speaker) for hit in answer.hits] if len(found) > said.FEW_HITS else []
            reports = said.reports(self._record, told, within)
            if not reports.keys() <= articles.keys():
                answer = self._answer(words, articles | reports, searched, bounds)
            return replace(answer, more=len(found) == said.MOST_QUOTES)
        if bounds.by is None and (spoken := self._spoken_by(words, words, within, searched)).hits:
            return spoken
        near = self._reading.with_stories(said.closest(self._record, words, within))
        return compose.who_said(words, near, searched, nearest=near, wanted=bounds.fits)

    def _answer(self, words: str, articles: dict[str, Article], searched: Searched, bounds: Bounds) -> WhoSaid:
        stands = cache(compose.holding(words))  # asked of each quote again when it is answered
        read = self._reading.with_stories(
            list(articles.values()), lambda article, quote: stands(words_of(article, quote))
        )
        return compose.who_said(words, read, searched, wanted=bounds.fits, stands=stands)

    def _is_somebody(self, words: str, within: Within) -> bool:
        """Whether `words` are the name or the surname of a person who is quoted."""
        found = self._record.find_quotes("", replace(within, by=Person(words).surname), limit=_NAMES_LOOKED_AT)
        named = {search_key(f.quote.speaker.name) for f in found if f.quote.speaker and not f.quote.speaker.anonymous}
        key = search_key(words)
        return any(name == key or name.endswith(f" {key}") for name in named)

    def _spoken_by(self, name: str, query: str, within: Within, searched: Searched) -> WhoSaid:
        surname = Person(name).surname
        found = self._record.find_quotes("", replace(within, by=surname), said.MOST_QUOTES)
        articles = list({f.article.id: f.article for f in found}.values())
        read = self._reading.with_stories(articles, lambda _, quote: said.is_of(quote, surname))
        return replace(compose.spoken_by(name, query, read, searched), more=len(found) == said.MOST_QUOTES)
