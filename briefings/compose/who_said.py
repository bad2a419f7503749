"""Who said it: the quotes that hold the words, one hit an utterance, and the sentences where only the paper speaks.

Rule: an utterance reported twice is one hit with its other wordings, the exact one first; words that nobody is quoted
with are narration.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from briefings.compose.hits import Read, Said, hits, narration, newest, utterances, with_reports
from briefings.model import Article, Hit, Narration, Quote, Searched, Span, WhoSaid
from briefings.text.blank import blanked
from briefings.text.search_key import holds, search_key
from briefings.text.sentences import sentences
from briefings.text.spans import merged, touching
from briefings.utterances import words_of

#: hits, sentences of narration and nearest quotes that are shown at most
MOST_HITS = 100
_MOST_NARRATION = 5
_MOST_NEAREST = 3
#: likeness, 0 to 100, from which a quote is worth offering when nothing matches
_NEAR = 70
#: utterances, up to which their reports in other words are looked for
_FEW = 20
#: letters of words that may be one compound
_LONGEST_COMPOUND = 200

Wanted = Callable[[Quote], bool]


def who_said(
    query: str,
    read: Read,
    searched: Searched,
    *,
    nearest: Read = (),
    wanted: Wanted | None = None,
    stands: Callable[[str], bool] | None = None,
) -> WhoSaid:
    """The answer to `query` from the articles in `read` that hold its words; `nearest` is looked at when none does.

    `wanted` tells which quotes may answer; whoever else is quoted with the words is among the nearest. `stands` is what
    `holding` gives, from somebody who has it already.
    """
    stands = stands or holding(query)
    matching = [(a, q) for a, quotes in read for q in quotes if stands(words_of(a, q))]
    fitting = [said for said in matching if wanted is None or wanted(said[1])]
    groups = utterances(fitting)[:MOST_HITS]
    found = hits([_reported(group, read) for group in groups] if len(groups) <= _FEW else groups)
    told = tuple(_narration(stands, read))
    closest: tuple[Said, ...] = ()
    if not found and not told:
        closest = tuple(_closest(query, [(a, q) for a, quotes in nearest for q in quotes if q.speaker]))
    others = [said for said in matching if not found and said not in fitting]
    return WhoSaid(query, searched, found, told, hits([[said] for said in [*others, *closest][:_MOST_NEAREST]]))


def spoken_by(name: str, query: str, read: Read, searched: Searched) -> WhoSaid:
    """Everything that somebody of that name is quoted with, newest first."""
    said = [(a, q) for a, quotes in read for q in quotes if q.speaker and holds(q.speaker.name, name)]
    return WhoSaid(query, searched, hits(utterances(said)[:MOST_HITS]))


def listed(said: Sequence[Said]) -> tuple[Hit, ...]:
    """These quotes and no other as hits, newest first; what is one utterance is one hit."""
    return hits(utterances(said))


def narrated(query: str, read: Read) -> tuple[Narration, ...]:
    """The sentences of the articles' own that hold the words of `query`, newest first, a few of them."""
    return tuple(_narration(holding(query), read))


def holding(query: str) -> Callable[[str], bool]:
    """Tells of a text whether the words of `query` stand in it, whole and in order.

    Compounds are the same in one word, with a hyphen or in two: "lynchmob" stands in "a lynch-mob".
    """
    letters = search_key(query).replace(" ", "")
    if not letters.isalpha() or len(letters) > _LONGEST_COMPOUND:
        return lambda text: holds(text, query)  # "1 5" is not "15"
    pattern = re.compile(rf"(?<!\S){' ?'.join(letters)}(?!\S)")
    return lambda text: bool(pattern.search(search_key(text)))


def _reported(group: Sequence[Said], read: Read) -> list[Said]:
    """A group of quotes that hold the words, and behind them the reports of the same utterance in other words."""
    known = {(article.id, quote.span) for article, quote in group}
    drifted = [said for said in with_reports(group[0], read)[1:] if (said[0].id, said[1].span) not in known]
    return [*group, *drifted]


def _narration(stands: Callable[[str], bool], read: Read) -> Iterable[Narration]:
    found = (
        narration(a, span)
        for a, quotes in sorted(read, key=lambda pair: (newest(pair[0]), pair[0].id))
        for span in _own_sentences(a, quotes, stands)
    )
    return [told for told, _ in zip(found, range(_MOST_NARRATION), strict=False)]


def _own_sentences(article: Article, quotes: Sequence[Quote], stands: Callable[[str], bool]) -> Iterable[Span]:
    """The sentences in which nobody is quoted, boilerplate aside, and the words stand."""
    taken = merged([*article.boilerplate, *(fragment for quote in quotes for fragment in quote.content)])
    if not stands(blanked(article.text, taken)):  # told far sooner than what its sentences are
        return ()
    own = (span for span in sentences(article.text) if not touching(taken, span))
    return (span for span in own if stands(span.of(article.text)))


def _closest(query: str, said: Sequence[Said]) -> list[Said]:
    key = search_key(query)
    rated = [(fuzz.partial_ratio(key, search_key(words_of(*each))), each) for each in said]
    near = [item for item in rated if item[0] >= _NEAR]
    near.sort(key=lambda item: (-item[0], item[1][0].id, item[1][1].span))
    return [each for _, each in near[:_MOST_NEAREST]]
