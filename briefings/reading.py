"""What was asked for, found in the record: its topic, its articles, their quotes with the speakers' names.

Rule: names are completed over the articles of one story, and taken as they were found when an article was added.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

from briefings import stories
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Quote, Speaker, Topic
from briefings.quotes import resolve
from briefings.quotes.names import ends
from briefings.quotes.story import Known, Naming, bearing_on, named_in_full, surname_of
from briefings.ranking import terms
from briefings.record.store import Record
from briefings.record.values import ALL, Wanted
from briefings.said import EVERYWHERE, Bounds
from briefings.selection import LOOKED_AT, Selection, largest_story, select
from briefings.text.search_key import search_key

#: characters of a question; longer ones are no question
LONGEST_QUESTION = 1_000
#: asks for every article of the record
EVERYTHING = "*"
#: articles that are taken from the record at a time
_PAGE = 100
#: articles found that are parted into stories, the newest
_PARTED = 300
#: words of a question that the record is asked for
_TERMS = 20
#: outlets named when none is the one asked for
_OUTLETS_NAMED = 5

Read = list[tuple[Article, tuple[Quote, ...]]]
#: tells which quotes a question is about
Heard = Callable[[Article, Quote], bool]


def everybody(_: Article, __: Quote) -> bool:
    """Every quote there is."""
    return True


class Reading:
    """Reads from one record, with the team's topics."""

    def __init__(self, record: Record, topics: Sequence[Topic]) -> None:
        self._record = record
        self._topics = topics

    def about(self, ask: str) -> tuple[Topic | None, str, str]:
        """The topic asked for, if it is one, and the slug and the title of what is. Raises BadQuestion."""
        check(ask)
        if ask.strip() != EVERYTHING and not search_key(ask):
            raise BadQuestion("Say what the briefing is to be about, for example: briefing labour-crisis")
        topic = self._topic(ask)
        return (topic, topic.slug, topic.title) if topic else (None, ask.strip(), ask.strip())

    def select(self, ask: str, topic: Topic | None, bounds: Bounds = EVERYWHERE) -> Selection:
        """The newest articles on `topic`, or of the largest story on what was asked, within `bounds`."""
        wanted = replace(_wanted(ask, topic), since=bounds.since, until=bounds.until)
        ids = self._record.ids(wanted, LOOKED_AT)
        total = len(ids) if len(ids) < LOOKED_AT else self._record.number_of(wanted)
        found = self._in_pages(ask, topic, ids)
        selected = select(((place, a) for place, a in found if bounds.is_outlet(a.publisher)), total)
        return selected if topic or ask.strip() == EVERYTHING else largest_story(selected)

    def nothing_on(self, ask: str, topic: Topic | None, bounds: Bounds, left_out: Sequence[str]) -> NothingFound:
        """Why nothing was found, to be raised: what there is instead, or what may have been meant."""
        if left_out:
            return NothingFound(" ".join(["No article on this can be summarised.", *left_out]))
        held = self._record.counts().articles
        if not held:
            return NothingFound("The record is empty: add articles first, with: ontherecord add FOLDER")
        any_day = self._record.ids(_wanted(ask, topic), LOOKED_AT)
        if outside := [article for _, article in self._in_pages(ask, topic, any_day)]:
            return NothingFound(_outside(outside, bounds))
        name = f"the topic {topic.slug}" if topic else f"“{ask.strip()}”"
        near = () if topic else stories.nearest(ask, self._topics)
        known = ", ".join(near or [topic.slug for topic in self._topics][:10]) or "none yet"
        meant = "Did you mean" if near else "Topics to ask for"
        end = f"{known}?" if near else f"{known}."
        return NothingFound(f"None of the {held} articles in the record is about {name}. {meant}: {end}", near)

    def read(self, articles: Sequence[Article], naming: Naming) -> Read:
        """Articles of one story with their quotes, the speakers' names completed over it; `naming` is theirs."""
        return resolve(self._with_quotes(articles), naming)

    def copies(self, articles: Sequence[Article]) -> list[tuple[str, str]]:
        """The pairs of ids among which the record knows one text."""
        return [(copy.article, copy.of) for copy in self._record.copies_of([article.id for article in articles])]

    def naming(self, articles: Sequence[Article]) -> Naming:
        """Whom each of these articles names in full, as it was found when they were added."""
        held = self._record.names_of([article.id for article in articles])
        return lambda article: held[article.id] if article.id in held else named_in_full(article)

    def with_stories(self, articles: Sequence[Article], heard: Heard = everybody) -> Read:
        """`articles` with their quotes, names completed over the topic each belongs to.

        What is under no topic takes its names from its own story, among those of `articles` that bear on them. Only
        speakers of quotes that are `heard`, and their namesakes, need be known in full.
        """
        quoted = {pair[0].id: pair for pair in self._with_quotes(articles)}
        asked = {surname_of(quote) for pair in quoted.values() for quote in pair[1] if heard(pair[0], quote)} - {None}
        naming = self._naming_of(asked, articles)
        read = {article.id: pair for article in articles for pair in resolve([quoted[article.id]], naming, asked)}
        free = dict(read)
        for topic in self._topics if asked else ():
            if under := {article.id for article in stories.under(topic, articles)}:
                whole = self.select(topic.slug, topic).articles
                told = resolve(self._with_quotes(whole), self._naming_of(asked, whole), asked)
                read.update((pair[0].id, pair) for pair in told if pair[0].id in quoted)
                free = {key: pair for key, pair in free.items() if key not in under}
        for story in _stories(_bearing(list(free.values()), naming, asked)[:_PARTED]):
            told = resolve([quoted[article.id] for article in story], naming, asked)
            read.update((pair[0].id, pair) for pair in told)
        return list(read.values())

    def _naming_of(self, surnames: Set[str | None], articles: Sequence[Article]) -> Naming:
        """`naming` with the people alone who may bear one of these surnames."""
        naming = self.naming(articles)
        bearing = bearing_on({article.id: naming(article) for article in articles} if surnames else {}, surnames)
        return lambda article: bearing.get(article.id, ())

    def _topic(self, ask: str) -> Topic | None:
        """The topic whose slug or title was typed, hyphens and case aside."""
        key = search_key(ask)
        return next((t for t in self._topics if key in (search_key(t.slug), search_key(t.title))), None)

    def _in_pages(self, ask: str, topic: Topic | None, ids: Sequence[str]) -> Iterator[tuple[int, Article]]:
        """Each article of `ids` that belongs there, read only when it is asked for, with its place in `ids`."""
        for start in range(0, len(ids), _PAGE):
            place = {article_id: start + at for at, article_id in enumerate(ids[start : start + _PAGE])}
            page = sorted(self._record.articles(place), key=lambda article: place[article.id])
            for article in _belonging(ask, topic, page):
                yield place[article.id], article

    def _with_quotes(self, articles: Sequence[Article]) -> Read:
        """Articles with their quotes, the speakers named as each article does."""
        quotes = self._record.quotes_of([article.id for article in articles])
        return [(article, quotes[article.id]) for article in articles]


def check(question: str) -> None:
    """Raises BadQuestion for what is too long to be a question."""
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(f"That is over {LONGEST_QUESTION} characters: ask with the few words that matter.")


def _bearing(read: Read, naming: Naming, surnames: Set[str | None]) -> list[Article]:
    """The articles that leave a name of these open which others give, and those others: the rest need no story.

    Each is read by itself already; `surnames` are those that are asked for.
    """
    known: dict[str | None, list[tuple[str, Known]]] = {}
    for article, _ in read:
        for person in naming(article):
            known.setdefault(ends(person.name)[1], []).append((article.id, person))
    bear: set[str] = set()
    for article, quotes in read:
        for quote in quotes:
            if quote.speaker and (surname := surname_of(quote)) in surnames:
                others = [pair for pair in known.get(surname, ()) if pair[0] != article.id]
                if adding := _adding(quote.speaker, others):
                    bear.update([article.id], (other for other, _ in adding))
    return [article for article, _ in read if article.id in bear]


def _adding(speaker: Speaker, others: Sequence[tuple[str, Known]]) -> Sequence[tuple[str, Known]]:
    """Of others of that surname those who may be the speaker, if they tell a first name, an office or a spelling."""
    if first := ends(speaker.name)[0]:
        same = [(key, known) for key, known in others if ends(known.name)[0] == first]
        if any(known.name != speaker.name or (known.roles and not speaker.role) for _, known in same):
            return same
        return ()
    return others


def _stories(articles: Sequence[Article]) -> list[list[Article]]:
    """The stories that more than one of `articles` tells."""
    told: dict[str, list[Article]] = {}
    for label, article in zip(stories.grouped(articles), articles, strict=True):
        told.setdefault(label, []).append(article)
    return [story for story in told.values() if len(story) > 1]


def _outside(articles: Sequence[Article], bounds: Bounds) -> str:
    """That there are articles, and none within the bounds."""
    count = f"None of the {len(articles):,} articles on this"
    if bounds.outlet is None:
        return f"{count} was published in those days."
    outlets = Counter(article.publisher or "an outlet not known" for article in articles)
    named = [name for name, _ in outlets.most_common(_OUTLETS_NAMED)]
    more = f" and {len(outlets) - len(named)} more" if len(outlets) > len(named) else ""
    days = " in those days" if bounds.since or bounds.until else ""
    return f"{count} is from “{bounds.outlet}”{days}. They are from {', '.join(named)}{more}."


def _wanted(ask: str, topic: Topic | None) -> Wanted:
    """What the record can know of what belongs there; `_belonging` looks closer."""
    if topic is not None:
        return Wanted(any_of=topic.words)
    return ALL if ask.strip() == EVERYTHING else Wanted(all_of=tuple(dict.fromkeys(terms(ask) or [ask]))[:_TERMS])


def _belonging(ask: str, topic: Topic | None, articles: Sequence[Article]) -> Sequence[Article]:
    if topic is not None:
        return stories.under(topic, articles)
    return articles if ask.strip() == EVERYTHING else stories.about(ask, articles)
