"""What was asked, in the words of an index.

Rule: nothing a person wrote becomes part of a query but its lexemes, and every question is bounded.
"""

from collections.abc import Iterable, Sequence

from briefings.errors import BadQuestion
from briefings.record.index import AnyOf, ArticlesSought, QuotesSought
from briefings.record.lexemes import RUN, lexemes
from briefings.record.numbers import ids_within, numbers_within
from briefings.record.spelling import halves, joined
from briefings.record.values import Wanted, Within

#: characters of the search key of one phrase
MAX_PHRASE = 10_000
#: phrases in one question
MAX_PHRASES = 200
#: no phrase of any kind
_NONE: AnyOf = ()


def words_of(text: str) -> list[str]:
    """The lexemes of what was asked. Raises BadQuestion when they are too many."""
    words = lexemes(text)
    if len(words) > MAX_PHRASE:
        raise BadQuestion(f"That is over {MAX_PHRASE:,} characters at once. Ask with fewer words.")
    return words.split()


def with_compounds(words: Sequence[str]) -> list[Sequence[str]]:
    """The phrase as it is, with two words joined, and with one word in two halves; of over 64 words, the first 64."""
    if not words:
        return []
    if len(words) > RUN:
        return [words[:RUN]]
    apart = [(*words[:at], *two, *words[at + 1 :]) for at, word in enumerate(words) for two in halves(word)]
    return [words, *joined(words), *(phrase for phrase in apart if len(phrase) <= RUN)]


def quotes_sought(content: AnyOf, within: Within, words: Sequence[str] = ()) -> QuotesSought | None:
    """Quotes within bounds that hold one of `content`, or one of `words`; None when no quote can be meant."""
    fields = {
        "speaker": _NONE if within.by is None else _phrases([within.by]),
        "outlet": _NONE if within.outlet is None else _phrases([within.outlet]),
        "about": _NONE if within.about is None else _phrases(within.about),
    }
    asked = {"speaker": within.by, "outlet": within.outlet, "about": within.about}
    if any(asked[name] is not None and not phrases for name, phrases in fields.items()):
        return None
    if not (content or words or fields["speaker"]):
        return None
    return QuotesSought(ids_within(within.since, within.until), content, words=words, **fields)


def articles_sought(wanted: Wanted) -> ArticlesSought | None:
    """Articles that hold the phrases; None when no article can be meant. `each` may be empty."""
    each = [] if wanted.any_of is None else [_phrases(wanted.any_of)]
    each += [_phrases([phrase]) for phrase in _few(wanted.all_of)]
    if not all(each):
        return None
    return ArticlesSought(numbers_within(wanted.since, wanted.until), each)


def _phrases(texts: Iterable[str]) -> list[list[str]]:
    """The phrases that have a word."""
    found = [words for text in _few(texts) if (words := words_of(text))]
    if any(len(words) > RUN for words in found):
        raise BadQuestion(f"That is over {RUN} words in one phrase. Ask with fewer words.")
    return found


def _few(texts: Iterable[str]) -> list[str]:
    wanted = list(texts)
    if len(wanted) > MAX_PHRASES:
        raise BadQuestion(f"That is over {MAX_PHRASES} phrases at once. Ask with fewer.")
    return wanted
