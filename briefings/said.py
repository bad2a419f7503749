"""What the record may hold of some words: the articles to read before it can be told who said them.

Rule: everything is bounded, and looked up by what indexes hold: whole words in order, a speaker, an outlet, days. What
is found is only a candidate; the judging is done by `compose`, on the words themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefings.article.language import Language, language
from briefings.compose.check_words import Words
from briefings.compose.quotations import Quotation
from briefings.errors import BadQuestion
from briefings.model import Article, Quote, Speaker, Topic
from briefings.quotes.names import Person
from briefings.record.store import Record
from briefings.record.values import ANYWHERE, Wanted, Within
from briefings.text.days import spelt
from briefings.text.search_key import holds, search_key

#: quotes that are looked at, the newest
MOST_QUOTES = 100
#: articles looked at for words that are nobody's
_MOST_ARTICLES = 40
#: articles taken of one search for one quotation of a draft, and words of it that are searched at once
_FEW, _PHRASE = 6, 40
#: utterances whose other reports are looked for
FEW_HITS = 5
#: parts in which a quotation is searched, for one of them may stand as it was said
_PARTS = (2, 4)

#: words that were said, and who is said to have said them
Utterance = tuple[str, Speaker | None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a question looks: a speaker's name, a topic's slug or a phrase, an outlet, days (both included)."""

    by: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for name, told in (("speaker", self.by), ("subject", self.about), ("outlet", self.outlet)):
            if told is not None and not search_key(told):
                raise BadQuestion(f"The {name} to look for holds no word: leave it out, or name one.")
        if self.since and self.until and self.since > self.until:
            raise BadQuestion("The first day is after the last one.")

    @property
    def told(self) -> tuple[str, ...]:
        """The bounds in words."""
        return tuple(
            f"{word} {value if isinstance(value, str) else spelt(value)}"
            for word, value in (
                ("by", self.by),
                ("about", self.about),
                ("in", self.outlet),
                ("since", self.since),
                ("until", self.until),
            )
            if value
        )

    def within(self, topics: Sequence[Topic]) -> Within:
        """The same for the record, which knows a speaker by the name that an article prints: the surname finds all."""
        by = search_key(Person(self.by).surname) if self.by else None
        return Within(by, self.outlet, self.phrases(topics), self.since, self.until)

    def phrases(self, topics: Sequence[Topic]) -> tuple[str, ...] | None:
        """What articles must be about: a topic's words, or the phrase itself."""
        if self.about is None:
            return None
        key = search_key(self.about)
        return next((t.words for t in topics if key in (search_key(t.slug), search_key(t.title))), (self.about,))

    def is_outlet(self, publisher: str | None) -> bool:
        """Whether an outlet of this name is asked for."""
        return self.outlet is None or holds(publisher or "", self.outlet)

    def fits(self, quote: Quote) -> bool:
        """Whether a quote, its speaker's name completed, is the speaker's; the article is the record's to choose."""
        return self.by is None or is_of(quote, self.by)


EVERYWHERE = Bounds()


def quoting(record: Record, words: str, within: Within = ANYWHERE, limit: int = MOST_QUOTES) -> list[Article]:
    """The articles of the newest quotes that hold `words`, or are of the speaker in `within`; newest first."""
    return _once(found.article for found in record.find_quotes(words, within, limit))


def saying(record: Record, words: str, within: Within = ANYWHERE, limit: int = _MOST_ARTICLES) -> list[Article]:
    """The newest articles in which `words` stand, quoted or not; in another language nobody here can tell which."""
    if within == ANYWHERE:
        found = record.find_articles_with(words, limit)
    else:
        wanted = Wanted(any_of=within.about, all_of=(words,), since=within.since, until=within.until)
        found = record.articles(record.ids(wanted, limit))
    outlet = within.outlet
    fitting = (a for a in found if outlet is None or outlet.casefold() in (a.publisher or "").casefold())
    return [article for article in fitting if language(article) is not Language.OTHER]


def closest(record: Record, words: str, within: Within = ANYWHERE, limit: int = 10) -> list[Article]:
    """The articles of the quotes that are likest to `words`: those with one slip of the pen before the others."""
    near = [*record.find_close(words, within, limit), *record.find_nearest(words, within, limit)]
    return _once(found.article for found in near)


def reports(record: Record, quoted: Sequence[Utterance], within: Within) -> dict[str, Article]:
    """The articles that may report, in other words, what was said a few times; none for more."""
    if len(quoted) > FEW_HITS:
        return {}
    named = [(words, who) for words, who in quoted if who and not who.anonymous]
    return {
        found.article.id: found.article
        for words, who in named
        for found in record.find_nearest(_first_words(words), replace(within, by=Person(who.name).surname), _FEW)
    }


def may_hold(record: Record, draft: str, quotation: Quotation) -> list[Article]:
    """The articles by which a quotation of a draft can be judged, few enough to read them all."""
    whole = _phrase(draft, max(quotation.pieces, key=lambda piece: len(piece.keys)))
    claimed = quotation.claimed
    by = Within(by=Person(claimed.name).surname) if claimed and not claimed.anonymous else None
    found = quoting(record, whole, by, _FEW) if by else []
    if not found:
        found += quoting(record, whole, ANYWHERE, _FEW)
        found += saying(record, whole, ANYWHERE, _FEW)
        found += closest(record, _first_words(" ".join(_phrase(draft, piece) for piece in quotation.pieces)))
        for phrase in _parts(draft, quotation.pieces):
            found += quoting(record, phrase, ANYWHERE, _FEW)
            found += quoting(record, phrase, by, _FEW) if by else []
        found += quoting(record, "", by, _FEW) if by else []
    return _once(found)


def is_of(quote: Quote, name: str) -> bool:
    """Whether the speaker is somebody whose name, as far as the quote has it, holds `name`."""
    return quote.speaker is not None and holds(quote.speaker.name, name)


def _parts(draft: str, pieces: Sequence[Words]) -> Iterable[str]:
    """The longest piece in halves and quarters, and every other piece: what may stand although the whole does not."""
    longest = max(pieces, key=lambda piece: len(piece.keys))
    yield from (_phrase(draft, piece) for piece in pieces[:4] if piece is not longest and len(piece.keys) > 1)
    for number in _PARTS:
        size = -(-len(longest.keys) // number)
        for start in range(0, len(longest.keys), size):
            keys, spans = longest.keys[start : start + size], longest.spans[start : start + size]
            if len(keys) > 1:
                yield _phrase(draft, replace(longest, keys=keys, spans=spans))


def _phrase(draft: str, piece: Words) -> str:
    """The first words of a piece as they stand in the draft."""
    last = min(len(piece.spans), _PHRASE)
    return _first_words(draft[piece.spans[0].start : piece.spans[last - 1].end])


def _first_words(text: str) -> str:
    return " ".join(search_key(text).split()[:_PHRASE])


def _once(articles: Iterable[Article]) -> list[Article]:
    return list({article.id: article for article in articles}.values())
