"""Names a story with words of its headlines.

Rule: a name is verbatim: two to six words of one headline, a whole noun phrase. It is chosen by how many of the story's
articles use its words, and by how rare these words are in other articles. An outlet's name, or one first name, is no
name of a story.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from briefings.compose.news.headlines import Phrase, find_phrases
from briefings.model import Article
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.spans import mask_spans

#: characters of an article that show its subject
_MAX_OPENING = 1_500
#: imaginary articles about other stories, so that rarity means something in a small collection
_BACKGROUND = 30
#: least share of a story's articles that have each word of its name
_MIN_SHARE = 0.5
#: weights of the headlines and of the openings that have a word
_TITLE_WEIGHT, _OPENING_WEIGHT = 0.6, 0.4
#: a phrase that is mostly part of a longer one is not used without the rest
_MAX_LONGER_SHARE = 0.6
#: least score of a name by which readers know the story
_MIN_SCORE = 0.6
#: weight of a phrase that only one article has, and of one that is only a role ("Easton mayor")
_SINGLE_WEIGHT, _ROLE_WEIGHT = 0.8, 0.35
#: weights of phrases with a preposition, and of phrases with only common nouns, a person's name or another name
_JOINED_WEIGHT, _COMMON_WEIGHT, _PERSON_WEIGHT, _NAME_WEIGHT = 0.85, 0.55, 0.75, 0.5


class Rarity:
    """How rare each word is in some articles, from 0 if all have it to 1 if none has it."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._counts: Counter[str] = Counter()
        self._total = _BACKGROUND
        for article in articles:
            self._counts.update(set(extract_terms(read_opening(article))))
            self._total += 1

    def get(self, term: str) -> float:
        """Return the logarithm of the inverse share of articles with this word, as a share of the highest one."""
        return log(self._total / (self._counts[term] + 0.5)) / log(self._total / 0.5)


@dataclass(frozen=True, slots=True)
class _Story:
    """Keys of the headlines and openings of a story's articles, padded with spaces."""

    titles: tuple[str, ...]
    openings: tuple[str, ...]

    def measure_title_share(self, key: str) -> float:
        return sum(f" {key} " in title for title in self.titles) / len(self.titles)

    def measure_share(self, key: str) -> float:
        return sum(f" {key} " in opening for opening in self.openings) / len(self.openings)

    def count_articles(self, key: str) -> int:
        return sum(f" {key} " in opening for opening in self.openings)

    def count(self, key: str) -> int:
        return sum(opening.count(f" {key} ") for opening in self.openings)


@dataclass(frozen=True, slots=True)
class StoryNames:
    """What can name a story, best first: whole phrases, and the single names in them ("Easton")."""

    #: how well the first phrase names the story
    score: float
    phrases: tuple[str, ...]
    single_names: tuple[str, ...]

    @property
    def is_recognisable(self) -> bool:
        """Whether readers will know from the first phrase which story it is."""
        return self.score >= _MIN_SCORE


def propose_names(articles: Sequence[Article], rarity: Rarity, outlets: Iterable[str] = ()) -> StoryNames:
    """Return the phrases of headlines that can name a story. `outlets` are names of outlets, which are left out."""
    story = _Story(
        tuple(f" {make_search_key(article.title or '')} " for article in articles),
        tuple(f" {make_search_key(read_opening(article))} " for article in articles),
    )
    outlet_keys = {f" {make_search_key(outlet)} " for outlet in outlets} - {"  "}
    scores: dict[str, float] = {}
    names: dict[str, None] = {}
    for phrase in find_phrases(articles):
        key = make_search_key(phrase.text)
        score = 0.0 if any(outlet in f" {key} " for outlet in outlet_keys) else _score(phrase, key, story, rarity)
        if score > 0:
            scores[phrase.text] = max(score, scores.get(phrase.text, 0.0))
            names.update(dict.fromkeys(phrase.names))
    shares = {name: story.measure_share(make_search_key(name)) for name in names}
    return StoryNames(
        max(scores.values(), default=0.0),
        _list_distinct(sorted(scores, key=lambda text: (-round(scores[text], 6), text))),
        tuple(sorted((name for name in shares if shares[name] >= _MIN_SHARE), key=lambda name: (-shares[name], name))),
    )


def read_opening(article: Article) -> str:
    """Return the headline and the first words of the running text."""
    return f"{article.title or ''}\n{mask_spans(article.text, article.boilerplate)[:_MAX_OPENING]}"


def _list_distinct(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts without those that differ from an earlier one only in capitals or marks."""
    by_key: dict[str, str] = {}
    for text in texts:
        by_key.setdefault(make_search_key(text), text)
    return tuple(by_key.values())


def _score(phrase: Phrase, key: str, story: _Story, rarity: Rarity) -> float:
    terms = list(dict.fromkeys(extract_terms(key)))
    shares = [story.measure_share(term) for term in terms]
    if len(terms) < 2 or min(shares) < _MIN_SHARE or _is_part_of_longer(phrase, key, story):
        return 0.0
    values = (
        (_TITLE_WEIGHT * story.measure_title_share(term) + _OPENING_WEIGHT * share) * rarity.get(term)
        for term, share in zip(terms, shares, strict=True)
    )
    joined_weight = _JOINED_WEIGHT if phrase.is_joined else 1.0
    joined_weight *= 1.0 if story.count_articles(key) > 1 else _SINGLE_WEIGHT
    return sum(values) / sqrt(len(terms)) * (1 + story.measure_share(key)) * _weigh_kind(phrase) * joined_weight


def _is_part_of_longer(phrase: Phrase, key: str, story: _Story) -> bool:
    count = story.count(key)
    longer_key = f"{make_search_key(phrase.left_words)} {key}"
    return bool(phrase.left_words) and count > 1 and story.count(longer_key) > _MAX_LONGER_SHARE * count


def _weigh_kind(phrase: Phrase) -> float:
    """Return the weight of what a phrase consists of: "Easton flood" says more than "Easton" or "flood"."""
    if phrase.names and phrase.has_common_noun:
        return _ROLE_WEIGHT if phrase.is_role else 1.0
    if not phrase.names:
        return _COMMON_WEIGHT * (_ROLE_WEIGHT if phrase.is_role else 1.0)
    first_names = lexicon.load_words("first_names") | lexicon.load_words("given_names")
    is_person = any(f"{phrase.names[0].lower()}\t{sex}" in first_names for sex in "mfu")
    return _PERSON_WEIGHT if is_person else _NAME_WEIGHT
