"""Measure how big a part each speaker has in the story: in titles and openings, and in how many outlets.

Rule: a person in the headlines outranks a bystander that one outlet asked. Counts are shares of independent
outlets, so that one outlet with many articles does not decide who matters.
"""

from briefings.compose.candidates import Candidates
from briefings.compose.story.article_reading import ArticleReading
from briefings.compose.story.mention_index import MentionIndex
from briefings.compose.voices.names import make_voice_key
from briefings.model import Speaker
from briefings.text import lexicon
from briefings.text.folding import make_search_key, make_text_key

#: sentences at the top of an article that count as its opening
_OPENING_SENTENCES = 3
#: weights of a share of openings and of quoting outlets, relative to a share of headlines
_OPENING_WEIGHT, _QUOTING_WEIGHT = 0.7, 0.5


class Prominence:
    """Shares of outlets that name a speaker in their headlines and openings, and that quote them."""

    def __init__(self, candidates: Candidates) -> None:
        self._outlets = candidates.outlets
        self._outlet_count = max(1, self._outlets.count({article.id for article in candidates.articles}))
        recall = candidates.memory.recall
        words = {reading.article.id: reading.derive(_list_words) for reading in candidates.readings}
        self._titles, self._openings = recall("titles", MentionIndex), recall("openings", MentionIndex)
        self._titles.set_texts({article_id: title for article_id, (title, _) in words.items()})
        self._openings.set_texts({article_id: opening for article_id, (_, opening) in words.items()})
        self._shares: dict[tuple[str, MentionIndex], float] = {}
        self._quoting_ids: dict[str, set[str]] = {}
        self._quoting_counts: dict[str, int] = {}
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
        is_bystander = not is_named and self._count_quoting(key) <= 1
        words = set(make_search_key(speaker.role or (speaker.name if speaker.anonymous else "")).split())
        return is_bystander + (not is_named and not words.isdisjoint(lexicon.load_words("commentators")))

    def measure_quoting(self, speaker: Speaker) -> float:
        """Return the share of outlets that quote a speaker."""
        return self._count_quoting(make_voice_key(speaker)) / self._outlet_count

    def _count_quoting(self, key: str) -> int:
        """Return the number of outlets that quote the speaker with this voice key."""
        if key not in self._quoting_counts:
            self._quoting_counts[key] = self._outlets.count(self._quoting_ids.get(key, set()))
        return self._quoting_counts[key]

    def _compute_share(self, key: str, index: MentionIndex) -> float:
        if (key, index) not in self._shares:
            carriers = [article_id for article_id, _ in index.find_texts(f" {key} ")]
            self._shares[key, index] = self._outlets.count(carriers) / self._outlet_count if carriers else 0.0
        return self._shares[key, index]


def _list_words(reading: ArticleReading) -> tuple[str, str]:
    """Return the words of an article's title and opening as text keys."""
    text = reading.article.text
    opening = " ".join(span.of(text) for span in reading.spans[:_OPENING_SENTENCES])
    return make_text_key(reading.article.title or ""), make_text_key(opening)
