"""Measure how big a part each speaker has in the story: in titles and openings, and in how many outlets.

Rule: a person in the headlines outranks a bystander that one outlet asked. Counts are shares of independent
outlets, so that one outlet with many articles does not decide who matters.
"""

from collections.abc import Iterable

from briefings.compose.candidates import Candidates
from briefings.compose.voices.names import make_voice_key
from briefings.model import Speaker
from briefings.text import lexicon
from briefings.text.folding import make_search_key

#: sentences at the top of an article that count as its opening
_OPENING_SENTENCES = 3
#: weights of a share of openings and of quoting outlets, relative to a share of headlines
_OPENING_WEIGHT, _QUOTING_WEIGHT = 0.7, 0.5


class Prominence:
    """Shares of outlets that name a speaker in their headlines and openings, and that quote them."""

    def __init__(self, candidates: Candidates) -> None:
        self._outlets = candidates.outlets
        self._outlet_count = max(1, self._outlets.count({article.id for article in candidates.articles}))
        self._titles = {article.id: _list_words([article.title or ""]) for article in candidates.articles}
        self._openings = {
            article.id: _list_words(
                span.of(article.text) for span in candidates.get_sentence_spans(article)[:_OPENING_SENTENCES]
            )
            for article in candidates.articles
        }
        self._quoting_ids: dict[str, set[str]] = {}
        for article, quotes in candidates.articles_with_quotes:
            for quote in quotes:
                if quote.speaker:
                    self._quoting_ids.setdefault(make_voice_key(quote.speaker), set()).add(article.id)

    def measure(self, speaker: Speaker) -> float:
        """Return the weighted sum of the shares of headlines, openings and quoting outlets."""
        key = make_voice_key(speaker)
        return (
            self._compute_share(key, self._titles)
            + _OPENING_WEIGHT * self._compute_share(key, self._openings)
            + _QUOTING_WEIGHT * self.measure_quoting(speaker)
        )

    def measure_distance(self, speaker: Speaker) -> int:
        """Return 0 to 2: how far a speaker is from the story, as a bystander and as a commentator.

        A bystander is quoted by at most one outlet, and is not in any headline or opening.
        """
        key = make_voice_key(speaker)
        is_named = self._compute_share(key, self._titles) > 0 or self._compute_share(key, self._openings) > 0
        is_bystander = not is_named and self._outlets.count(self._quoting_ids.get(key, set())) <= 1
        words = set(make_search_key(speaker.role or (speaker.name if speaker.anonymous else "")).split())
        return is_bystander + (not is_named and not words.isdisjoint(lexicon.load_words("commentators")))

    def measure_quoting(self, speaker: Speaker) -> float:
        """Return the share of outlets that quote a speaker."""
        return self._outlets.count(self._quoting_ids.get(make_voice_key(speaker), set())) / self._outlet_count

    def _compute_share(self, key: str, words_by_article: dict[str, str]) -> float:
        carriers = {article for article, words in words_by_article.items() if f" {key} " in words}
        return self._outlets.count(carriers) / self._outlet_count if carriers else 0.0


def _list_words(texts: Iterable[str]) -> str:
    """Return the folded words of texts, with a space before and after each, so that "roe" is not in "heroes"."""
    return f" {make_search_key(' '.join(texts))} "
