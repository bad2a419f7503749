"""Pages of quotations: what one person said, and what holds some words, newest first, a page at a time.

Rule: a page is read from the record as a page; nothing is read to be thrown away. Which names are one person is told by
`quotes.namesakes`; whoever shares a surname is a choice, never a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings import compose, stories
from briefings.errors import BadQuestion, NothingFound
from briefings.model import Article, Hit, Narration, Topic, WhoSaid
from briefings.quotes.namesakes import Namesake, meant, parted
from briefings.reading import Reading, check
from briefings.record import persons
from briefings.record.closeness import corrected
from briefings.record.store import Record
from briefings.record.values import Called, Found, OnPhrases
from briefings.said import Bounds, closest, saying
from briefings.text.search_key import search_key

#: quotations on a page, and the last page that is turned to
SIZE, LAST = 20, 200
#: quotes of which the nearest are chosen
_NEAREST = 10
#: words that may be a misspelt name
_NAME = 2
#: articles in whose own sentences words are looked for, and topics offered for words
_SAYING, _TOPICS = 10, 3


@dataclass(frozen=True, slots=True)
class Page:
    """Which page it is, counted from 1, and whether another follows."""

    number: int
    more: bool

    @property
    def first(self) -> int:
        """The number of its first quotation, counted from 1."""
        return (self.number - 1) * SIZE + 1


@dataclass(frozen=True, slots=True)
class Nobody:
    """No speaker is called so; `near` are names that may have been meant, the likest first."""

    name: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """More than one speaker may be meant."""

    name: str
    people: tuple[Namesake, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One speaker: names and roles as the articles give them, quotations by topic, and a page of what they said."""

    who: Namesake
    called: tuple[Called, ...]
    topics: tuple[tuple[Topic, OnPhrases], ...]
    hits: tuple[Hit, ...]
    page: Page
    #: the topics under which the page's articles are, by article
    under: dict[str, tuple[Topic, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what holds some words; `people` and `topics` may be what was meant, `corrected` how it is spelt."""

    said: WhoSaid
    page: Page
    people: tuple[Namesake, ...] = ()
    topics: tuple[Topic, ...] = ()
    corrected: str | None = None
    #: speakers whose names are like the one asked for, when nobody bears it
    near: tuple[str, ...] = ()


class Lookup:
    """Looks up in one record, with the team's topics."""

    def __init__(self, record: Record, reading: Reading, topics: Sequence[Topic]) -> None:
        self._record = record
        self._reading = reading
        self._topics = topics

    def person(self, name: str, number: int) -> Profile | Several | Nobody:
        """Who is called `name`, and the page of that number. Raises NothingFound for a page there is not."""
        people = self._people(name)
        if not people:
            return Nobody(name, tuple(self._record.ask(lambda db, index: persons.near(db, index, name))))
        if len(people) > 1:
            return Several(name, people)
        (who,) = people
        if number > 1 and (number - 1) * SIZE >= who.quotes:
            raise NothingFound(f"{who.name} is quoted {who.quotes:,} times in the record: there is no page {number:,}.")
        phrases = [topic.words for topic in self._topics]
        called = self._record.ask(lambda db, _: persons.called(db, who.spellings))
        on = self._record.ask(lambda db, index: persons.on_phrases(db, index, who.spellings, phrases))
        found = self._record.ask(lambda db, _: persons.said(db, who.spellings, SIZE, (number - 1) * SIZE))
        articles = _articles(found)
        under: dict[str, tuple[Topic, ...]] = {}
        for topic in self._topics:
            for article in stories.under(topic, articles):
                under[article.id] = (*under.get(article.id, ()), topic)
        return Profile(
            who,
            tuple(called),
            tuple((topic, held) for topic, held in zip(self._topics, on, strict=True) if held.quotes),
            compose.listed([(hit.article, hit.quote) for hit in found]),
            Page(number, number * SIZE < who.quotes),
            under,
        )

    def search(self, words: str, bounds: Bounds, number: int) -> Results:
        """The page of that number. Raises NothingFound for a page there is not."""
        name = bounds.by or words
        people = self._people(name, sure=bounds.by is None)
        by_name = not search_key(words) or (bounds.by is None and bool(people))
        if number > LAST:
            raise NothingFound(f"Pages end at {LAST}: ask with days, an outlet or a name to see what comes later.")
        found = self._found(words, bounds, people, number, by_name=by_name)
        if number > 1 and not found:
            raise NothingFound(f"There is no page {number:,} of this: the quotations end before it.")
        page, found = Page(number, len(found) > SIZE), found[:SIZE]
        answer = self._page(words, bounds, found, narrated=number == 1 and not by_name)
        nothing = not (answer.hits or answer.narration)
        spelt = None
        if nothing and search_key(words):
            spelt = self._record.ask(lambda db, index: corrected(db, index, words))
            answer = self._nearest(words, spelt, bounds)
        near: Sequence[str] = ()
        if nothing and not people and (bounds.by or len(search_key(words).split()) <= _NAME):
            near = self._record.ask(lambda db, index: persons.near(db, index, name))
        return Results(answer, page, people, self._offered(words, nothing=nothing), spelt, tuple(near))

    def _people(self, name: str, *, sure: bool = False) -> tuple[Namesake, ...]:
        return meant(name, parted(self._record.ask(lambda db, index: persons.bearers(db, index, name, sure=sure))))

    def _found(
        self, words: str, bounds: Bounds, people: Sequence[Namesake], number: int, *, by_name: bool
    ) -> list[Found]:
        """The quotes of the page, and one more when there is one."""
        skip = (number - 1) * SIZE
        elsewhere = bounds.about or bounds.outlet or bounds.since or bounds.until
        if by_name and not elsewhere:
            names = [spelling for who in people for spelling in who.spellings]
            return self._record.ask(lambda db, _: persons.said(db, names, SIZE + 1, skip))
        within = bounds.within(self._topics)
        if by_name:
            words, within = "", replace(bounds, by=bounds.by or words).within(self._topics)
        return list(self._record.find_quotes(words, within, SIZE + 1, skip))

    def _page(self, words: str, bounds: Bounds, found: Sequence[Found], *, narrated: bool) -> WhoSaid:
        """These quotes, names completed over the articles they stand in, and on request what nobody says."""
        searched = self._record.counts()
        places = {(hit.article.id, hit.quote.span) for hit in found}
        read = self._reading.with_stories(_articles(found), lambda article, quote: (article.id, quote.span) in places)
        said = [(a, q) for a, quotes in read for q in quotes if (a.id, q.span) in places and bounds.fits(q)]
        told = self._narration(words, bounds) if narrated else ()
        return WhoSaid(words, searched, compose.listed(said), told, bounds=bounds.told)

    def _nearest(self, words: str, spelt: str | None, bounds: Bounds) -> WhoSaid:
        """That nothing holds the words, and the closest real quotes: those of what they may be spelt like, if any."""
        within = bounds.within(self._topics)
        found = self._record.find_quotes(spelt, within, _NEAREST) if spelt else ()
        near = self._reading.with_stories(_articles(found) or closest(self._record, words, within, _NEAREST))
        answer = compose.who_said(words, near, self._record.counts(), nearest=near, wanted=bounds.fits)
        return replace(answer, bounds=bounds.told)

    def _narration(self, words: str, bounds: Bounds) -> tuple[Narration, ...]:
        articles = saying(self._record, words, bounds.within(self._topics), _SAYING)
        quotes = self._record.quotes_of([article.id for article in articles])
        return compose.narrated(words, [(article, quotes[article.id]) for article in articles])

    def _offered(self, words: str, *, nothing: bool) -> tuple[Topic, ...]:
        """The topics that the words name; when nothing else is found, those that they may have meant."""
        key = search_key(words)
        named = [topic for topic in self._topics if key and _names(topic, key)]
        near = stories.nearest(words, self._topics) if nothing and key and not named else ()
        return (*named, *(topic for slug in near for topic in self._topics if topic.slug == slug))[:_TOPICS]


def bounds_of(
    words: str, by: str | None, about: str | None, outlet: str | None, since: date | None, until: date | None
) -> Bounds:
    """Where to look. Raises BadQuestion, also when there is nothing to look for."""
    for typed in (words, by, about, outlet):
        check(typed or "")
    bounds = Bounds(by, about, outlet, since, until)
    if not search_key(words) and not by:
        raise BadQuestion('Say the words to look for, for example: whosaid "lynch-mob"')
    return bounds


def _names(topic: Topic, key: str) -> bool:
    """Whether words (their search key) stand in what a topic is called, or hold one of its phrases."""
    called = f" {search_key(topic.slug)} {search_key(topic.title)} {' '.join(map(search_key, topic.words))} "
    return f" {key} " in called or any(f" {search_key(phrase)} " in f" {key} " for phrase in topic.words)


def _articles(found: Sequence[Found]) -> list[Article]:
    return list({hit.article.id: hit.article for hit in found}.values())
