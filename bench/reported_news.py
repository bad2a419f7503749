"""Generate news whose articles report earlier utterances again, in other words and with surnames only.

Rule: the same seed gives the same articles. Each article comes with the people it names in full, as an analysis finds
them. See `generated` for the words.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from bench.generated import generate_articles
from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.writes.upsert import Arrival

#: share of articles that report an utterance of one of the last articles, and the number of these
_REPORTING_SHARE, _RECENT_COUNT = 0.2, 20
#: fewest words of an utterance that is reported again, and words that a report leaves out at its beginning
_MIN_WORDS, _DROPPED_WORDS = 12, 2
ENGINE = "generated"


def generate_arrivals(quotes: int, *, seed: int = 2014) -> Iterator[Arrival]:
    """Yield about `quotes` quotes in articles with the people they name; every fifth one reports an earlier quote."""
    random, recent_utterances = Random(seed), deque[tuple[str, Speaker]](maxlen=_RECENT_COUNT)  # noqa: S311 - no secrets
    for article, article_quotes in generate_articles(quotes, seed=seed):
        own_utterances = [
            (quote.content[0].of(article.text), quote.speaker)
            for quote in article_quotes
            if quote.speaker and not quote.speaker.anonymous
        ]
        people = {speaker.name: speaker for _, speaker in own_utterances}
        all_quotes: Sequence[Quote] = article_quotes
        if recent_utterances and random.random() < _REPORTING_SHARE:
            article, report = _add_report(article, *random.choice(recent_utterances))
            all_quotes = [*article_quotes, report]
        recent_utterances += [pair for pair in own_utterances if len(pair[0].split()) >= _MIN_WORDS][:1]
        names = tuple(KnownPerson(name, (person.role,) if person.role else ()) for name, person in people.items())
        yield Arrival(article, all_quotes, names, ENGINE)


def _add_report(article: Article, words: str, speaker: Speaker) -> tuple[Article, Quote]:
    """Return the article with a paragraph that quotes the end of an utterance, by the speaker's surname."""
    surname, rest = speaker.name.split()[-1], " ".join(words.split()[_DROPPED_WORDS:])
    start = len(article.text) + 2
    text = f"{article.text}\n“{rest},” said {surname}."
    cue = start + len(rest) + 3
    quote = Quote(
        content=(Span(start, start + len(rest)),),
        source=Span(cue + 5, cue + 5 + len(surname)),
        cue=Span(cue, cue + 4),
        speaker=Speaker(surname),
        kind=Kind.DIRECT,
        confidence=0.9,
        reason="named beside the cue",
    )
    return replace(article, text=text), quote
