"""The façade: what the outside may ask. Everything else in this package is reached through here.

Rule: an answer rests on what the record holds at that moment, with names completed over the articles of one story;
free words are answered with the one story that most of the articles which hold them tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings import compose, stories
from briefings.analysis import analyse
from briefings.article import parse
from briefings.article.language import Language, language
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Briefing, Quote, Searched, Topic, WhoSaid
from briefings.quotes import resolve
from briefings.ranking import terms
from briefings.record.store import Record
from briefings.record.values import ALL, Person, Standing, Wanted, Within
from briefings.selection import LOOKED_AT, Selection, largest_story, select
from briefings.text.search_key import holds, search_key

#: words of a whole briefing, unless told otherwise
WORDS = 400
#: characters of a question; longer ones are no question
LONGEST_QUESTION = 1_000
#: asks for every article of the record
EVERYTHING = "*"
#: articles looked through for the closest quotes, when nothing matches
_LOOKED_THROUGH = 200
#: quotes looked at to tell whether a word is somebody's name
_NAMES_LOOKED_AT = 50
#: articles that are taken from the record at a time
_PAGE = 100
#: articles found that are parted into stories, the newest
_PARTED = 300
#: words of a question that the record is asked for
_TERMS = 20

_Read = list[tuple[Article, tuple[Quote, ...]]]


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic and how much the record holds on it: counts of articles, and the newest article's day."""

    topic: Topic
    articles: int
    newest: date | None


class Desk:
    """Answers questions from one record. Blocking: call it off the event loop. Safe to call from several threads."""

    def __init__(self, record: Record, topics: Sequence[Topic] = ()) -> None:
        self._record = record
        self._topics = tuple(topics)

    def brief(self, ask: str, *, words: int = WORDS, since: date | None = None, until: date | None = None) -> Briefing:
        """The briefing on a topic slug or on free words, of at most `words` words in lines with evidence.

        On free words it tells the largest story of the articles that hold them, and says which it leaves out.

        `since` and `until` (both included) keep articles published then; undated ones are left out when either is
        given. Raises BadQuestion, NothingFound (with `.nearest`).
        """
        _check(ask)
        if ask.strip() != EVERYTHING and not search_key(ask):
            raise BadQuestion("Say what the briefing is to be about, for example: briefing labour-crisis")
        topic = self._topic(ask)
        selected = self._select(ask, topic, since, until)
        if not selected.articles:
            raise self._nothing_on(ask, topic, selected.left_out)
        slug, title = (topic.slug, topic.title) if topic else (ask.strip(), ask.strip())
        return compose.compose(slug, title, self._read(selected.articles), words=words, left_out=selected.left_out)

    def who_said(self, words: str, *, by: str | None = None) -> WhoSaid:
        """Who said `words`; with `by`, only speakers of that name; a speaker's name alone lists what they said.

        Raises BadQuestion when nothing is left to look for.
        """
        _check(words)
        _check(by or "")
        if not search_key(words) and not search_key(by or ""):
            raise BadQuestion('Say the words to look for, for example: whosaid "lynch-mob"')
        searched = self._record.counts()
        if not search_key(words):
            return self._spoken_by(by or "", words, searched)
        if not by and self._is_somebody(words):
            return self._spoken_by(words, words, searched)
        read = self._read_with_stories(self._matching(words))
        if by:
            read = [(a, tuple(q for q in quotes if q.speaker and holds(q.speaker.name, by))) for a, quotes in read]
            return compose.who_said(words, read, searched)
        answer = compose.who_said(words, read, searched)
        if answer.hits:
            return answer
        spoken = self._spoken_by(words, words, searched)
        if spoken.hits or answer.narration:
            return spoken if spoken.hits else answer
        return compose.who_said(words, [], searched, nearest=self._newest())

    def topics(self) -> tuple[TopicSummary, ...]:
        """Every topic, newest article first."""
        found = [(topic, self._record.counts(topic.words)) for topic in self._topics]
        summaries = [TopicSummary(topic, held.articles, held.until) for topic, held in found]
        return tuple(sorted(summaries, key=lambda s: (-(s.newest or date.min).toordinal(), s.topic.slug)))

    def people(self) -> tuple[Person, ...]:
        """Everybody quoted by name, as the articles name them."""
        return self._record.people()

    def searched(self) -> Searched:
        """How much the record holds."""
        return self._record.counts()

    def add(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Adds raw articles, one at a time as they come; gives the ids of those that were new or changed."""
        return tuple(raw.id for raw in articles if self.take(raw) in (Standing.NEW, Standing.CHANGED))

    def take(self, raw: Article) -> Standing:
        """Adds one raw article; gives how it stood to what was held. Raises BadInput when it cannot be stored."""
        article = parse(raw)
        stood = self._record.standing(article)
        if stood in (Standing.HELD, Standing.OLDER):
            return stood  # before its quotes are looked for, which takes far longer
        found = analyse(article)
        return self._record.add(article, found.quotes, names=found.names, engine=found.engine)

    def _topic(self, ask: str) -> Topic | None:
        """The topic whose slug or title was typed, hyphens and case aside."""
        key = search_key(ask)
        return next((t for t in self._topics if key in (search_key(t.slug), search_key(t.title))), None)

    def _select(self, ask: str, topic: Topic | None, since: date | None = None, until: date | None = None) -> Selection:
        """The newest articles on `topic`, or of the largest story on what was asked, published in those days."""
        wanted = replace(_wanted(ask, topic), since=since, until=until)
        ids = self._record.ids(wanted, LOOKED_AT)
        total = len(ids) if len(ids) < LOOKED_AT else self._record.number_of(wanted)
        selected = select(self._in_pages(ask, topic, ids), total)
        return selected if topic or ask.strip() == EVERYTHING else largest_story(selected)

    def _in_pages(self, ask: str, topic: Topic | None, ids: Sequence[str]) -> Iterator[tuple[int, Article]]:
        """Each article of `ids` that belongs there, read only when it is asked for, with its place in `ids`."""
        for start in range(0, len(ids), _PAGE):
            place = {article_id: start + at for at, article_id in enumerate(ids[start : start + _PAGE])}
            page = sorted(self._record.articles(place), key=lambda article: place[article.id])
            for article in _belonging(ask, topic, page):
                yield place[article.id], article

    def _nothing_on(self, ask: str, topic: Topic | None, left_out: Sequence[str]) -> NothingFound:
        if left_out:
            return NothingFound(" ".join(["No article on this can be summarised.", *left_out]))
        held = self._record.counts().articles
        if not held:
            return NothingFound("The record is empty: add articles first, with: ontherecord add FOLDER")
        any_day = self._record.ids(_wanted(ask, topic), LOOKED_AT)
        if outside := sum(1 for _ in self._in_pages(ask, topic, any_day)):
            return NothingFound(f"None of the {outside} articles on this was published in those days.")
        name = f"the topic {topic.slug}" if topic else f"“{ask.strip()}”"
        near = () if topic else stories.nearest(ask, self._topics)
        known = ", ".join(near or [topic.slug for topic in self._topics][:10]) or "none yet"
        meant = "Did you mean" if near else "Topics to ask for"
        end = f"{known}?" if near else f"{known}."
        return NothingFound(f"None of the {held} articles in the record is about {name}. {meant}: {end}", near)

    def _matching(self, words: str) -> list[Article]:
        """The articles in which `words` stand, quoted or not; in another language nobody here can tell which."""
        said = [found.article for found in self._record.find_quotes(words)]
        elsewhere = [a for a in self._record.find_articles_with(words) if language(a) is not Language.OTHER]
        return list({article.id: article for article in [*said, *elsewhere]}.values())

    def _is_somebody(self, words: str) -> bool:
        """Whether `words` are the name or the surname of a person who is quoted."""
        said = self._record.find_quotes("", Within(by=words), limit=_NAMES_LOOKED_AT)
        named = {search_key(f.quote.speaker.name) for f in said if f.quote.speaker and not f.quote.speaker.anonymous}
        key = search_key(words)
        return any(name == key or name.endswith(f" {key}") for name in named)

    def _spoken_by(self, name: str, query: str, searched: Searched) -> WhoSaid:
        said = [found.article for found in self._record.find_quotes("", Within(by=name))]
        story = self._read_with_stories(list({article.id: article for article in said}.values()), whole_stories=True)
        return compose.spoken_by(name, query, story, searched)

    def _newest(self) -> _Read:
        return self._read(self._record.articles(limit=_LOOKED_THROUGH))

    def _read(self, articles: Sequence[Article]) -> _Read:
        """Articles of one story with their quotes, the speakers' names completed over the story."""
        quotes = self._record.quotes_of([article.id for article in articles])
        return resolve([(article, quotes[article.id]) for article in articles])

    def _read_with_stories(self, articles: Sequence[Article], *, whole_stories: bool = False) -> _Read:
        """`articles` with their quotes, names completed over the topic each belongs to; or all of those topics.

        What is under no topic takes its names from its own story among `articles`.
        """
        read = {article.id: pair for article in articles for pair in self._read([article])}
        placed: set[str] = set()
        for topic in self._topics:
            if under := stories.under(topic, articles):
                placed.update(article.id for article in under)
                for pair in self._read(self._select(topic.slug, topic).articles):
                    if whole_stories or pair[0].id in read:
                        read[pair[0].id] = pair
        if any(article.id not in placed for article in articles):
            for story in _stories(articles[:_PARTED]):
                read.update((pair[0].id, pair) for pair in self._read(story) if pair[0].id not in placed)
        return list(read.values())


def _stories(articles: Sequence[Article]) -> list[list[Article]]:
    """The stories that more than one of `articles` tells."""
    told: dict[str, list[Article]] = {}
    for label, article in zip(stories.grouped(articles), articles, strict=True):
        told.setdefault(label, []).append(article)
    return [story for story in told.values() if len(story) > 1]


def _check(question: str) -> None:
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(f"That is over {LONGEST_QUESTION} characters: ask with the few words that matter.")


def _wanted(ask: str, topic: Topic | None) -> Wanted:
    """What the record can know of what belongs there; `_belonging` looks closer."""
    if topic is not None:
        return Wanted(any_of=topic.words)
    return ALL if ask.strip() == EVERYTHING else Wanted(all_of=tuple(dict.fromkeys(terms(ask) or [ask]))[:_TERMS])


def _belonging(ask: str, topic: Topic | None, articles: Sequence[Article]) -> Sequence[Article]:
    if topic is not None:
        return stories.under(topic, articles)
    return articles if ask.strip() == EVERYTHING else stories.about(ask, articles)
