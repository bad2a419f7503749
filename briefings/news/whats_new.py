"""What is new in a story since its readers were told of it last: lines, word for word, out of one budget of words.

Rule: only articles that were not read for them before, or have another text by now, are looked at, and a line of these
is news when its words stand in none read before and it tells what no line told before did. The order of the articles
makes no difference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256

from briefings.compose.budget import Budget
from briefings.compose.material import Material
from briefings.compose.narrative import Narrative
from briefings.compose.verify import is_verbatim
from briefings.compose.voices import Voices
from briefings.compose.worth import Concept
from briefings.facts import State
from briefings.model import Article, Line, Quote, Slot, Source
from briefings.news.corrections import corrections
from briefings.news.sifting import Sifting, joined, unheard
from briefings.news.told import Correction, Had, Item, Kind, News, Told
from briefings.quotes.story import Naming, named_in_full
from briefings.text.words import count

#: words of lines, unless told otherwise
WORDS = 200
#: lines that are remembered, the newest
REMEMBERED = 400
#: the share of the words kept for what people say
_VOICES = 0.3


def whats_new(
    topic: str,
    title: str,
    read: Sequence[tuple[Article, tuple[Quote, ...]]],
    had: Had,
    *,
    held: Mapping[str, Article],
    earlier: Callable[[str], Iterable[str]],
    today: date,
    words: int = WORDS,
    naming: Naming = named_in_full,
    copies: Sequence[tuple[str, str]] = (),
) -> News | None:
    """What the articles and quotes in `read` tell beyond `had`, in at most `words` words of lines; None for nothing.

    `held` are the articles of the lines in `had`, by id, as they are now, whether or not they are in `read`; `earlier`
    gives the texts that an article of that id had before; `today` is the readers' day. `naming` and `copies`
    are as `compose` takes them.
    """
    taken_back = corrections(had.told, held)
    stands = _without(had.told, taken_back)
    unread = [(article, quotes) for article, quotes in read if had.read.get(article.id) != mark_of(article)]
    before = [text for article, _ in read for text in _read_before(article, had, earlier)]
    old = joined(sorted(before))
    items, told = (
        _items(Material(unread, naming, copies), (*stands, *had.elsewhere), old, today, words) if unread else ((), ())
    )
    if not items and not taken_back:
        return None
    articles = {article.id: article for article, _ in unread}
    named = {piece.article for item in items for piece in item.line.evidence}
    marks = {article.id: mark_of(article) for article, _ in unread}
    return News(
        topic=topic,
        title=title,
        items=items,
        corrections=taken_back,
        sources=tuple(_source(articles[article_id]) for article_id in sorted(named)),
        words=sum(count(item.line.text) for item in items),
        told=told,
        read=marks,
        had=Had((*stands, *told)[-REMEMBERED:], had.elsewhere, {**had.read, **marks}),
        first=not had.read,
    )


def mark_of(article: Article) -> str:
    """Tells a text of an article from another."""
    return _mark(article.text)


def _mark(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read_before(article: Article, had: Had, earlier: Callable[[str], Iterable[str]]) -> list[str]:
    """The text of `article` that was read before, if one was: its own, or one it had."""
    mark = had.read.get(article.id)
    if mark is None or mark == mark_of(article):
        return [] if mark is None else [article.text]
    return [text for text in earlier(article.id) if _mark(text) == mark]


def _items(
    material: Material, told: Sequence[Told], old: str, today: date, words: int
) -> tuple[tuple[Item, ...], tuple[Told, ...]]:
    """The lines that are news, the papers' own before what people say, and the same as they will be remembered."""
    budget = Budget(words)
    # empty: to the chooser "five people were hurt" would tell too little beyond "three people were hurt"
    concepts: set[Concept] = set()
    sifting = Sifting(material, told, old)
    narrative = Narrative(material, budget, concepts, sifting.is_news)
    said = [line.text for line in told if line.slot is Slot.QUOTES]
    voices = Voices(material, budget, concepts, [], lambda found: unheard(found, said, old))
    budget.open(round(words * _VOICES))
    voices.hear(1)
    budget.open(words)
    narrative.tell()
    voices.hear(2)
    articles = {article.id: article for article in material.articles}
    found: list[tuple[Item, Told]] = []
    for telling in narrative.taken():
        line, verdict = narrative.line(telling), sifting.verdict(telling)
        if verdict and is_verbatim(line, articles):
            remembered = _told(line, articles, narrative.state(telling), tuple(sorted(telling.days)), today)
            found.append((Item(line, verdict.kind, verdict.before), remembered))
    found += [
        (Item(line, Kind.QUOTE), _told(line, articles, State.HAPPENED, (), today))
        for line in voices.lines()
        if is_verbatim(line, articles)
    ]
    return tuple(item for item, _ in found), tuple(remembered for _, remembered in found)


def _told(line: Line, articles: Mapping[str, Article], state: State, days: tuple[date, ...], today: date) -> Told:
    first = articles[line.evidence[0].article]
    return Told(
        text=line.text,
        evidence=line.evidence,
        slot=line.slot,
        state=state,
        days=days,
        outlet=first.publisher,
        published=first.published,
        on=today,
        speaker=line.speaker,
    )


def _without(told: Sequence[Told], taken_back: Sequence[Correction]) -> tuple[Told, ...]:
    gone = {correction.told.fingerprint for correction in taken_back}
    return tuple(line for line in told if line.fingerprint not in gone)


def _source(article: Article) -> Source:
    return Source(article.id, article.publisher, article.published, article.url, article.title)
