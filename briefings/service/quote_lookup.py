"""Find the articles that may contain some words: what must be read before it is known who said them.

Rule: every search is bounded and uses an index: whole words in order, a speaker, an outlet, dates. Results are only
candidates. `compose` decides on the words themselves.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from briefings.article.metadata import Language, detect_language
from briefings.attribution.features.person_names import Person
from briefings.attribution.name_clustering import is_speaker_meant
from briefings.compose.draft_check.draft_parser import Quotation
from briefings.compose.draft_check.word_alignment import Words
from briefings.compose.people.subject import Subject
from briefings.errors import BadQuestion
from briefings.model import Article, Quote, Span, Speaker, Topic
from briefings.storage.db.types import ANYWHERE, ArticleFilter, QuoteScope
from briefings.storage.repository import Repository
from briefings.stories import find_topic
from briefings.text.dates import format_day
from briefings.text.folding import contains_phrase, make_search_key

#: longest question, in characters
MAX_QUESTION_CHARACTERS = 1_000
#: newest quotes that one answer, or one window of a longer one, is read from
MAX_QUOTES = 100
#: newest articles searched for the words outside quotes
MAX_NARRATION_ARTICLES = 40
#: articles per search for a quotation of a draft, and words per search
_MAX_SEARCH_ARTICLES, _MAX_PHRASE_WORDS = 6, 40
#: maximum number of utterances whose other reports are searched
MAX_REPORTED_HITS = 5
#: numbers of parts that a quotation is split into, because one part may match although the whole does not
_PART_COUNTS = (2, 4)

#: the words of a quote, and its speaker
Utterance = tuple[str, Speaker | None]


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Filters of a question: a speaker's name, a topic slug or a phrase, an outlet, and dates, both inclusive.

    Raises BadQuestion for a filter without words, and if `since` is after `until`.
    """

    by: str | None = None
    about: str | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for name, value in (("speaker", self.by), ("subject", self.about), ("outlet", self.outlet)):
            if value is not None and not make_search_key(value):
                raise BadQuestion(f"The {name} filter has no words. Add some, or remove the filter.")
        if self.since and self.until and self.since > self.until:
            raise BadQuestion("The start date is after the end date. Swap them, or remove one.")

    @property
    def descriptions(self) -> tuple[str, ...]:
        """The filters in words."""
        return tuple(
            f"{word} {value if isinstance(value, str) else format_day(value)}"
            for word, value in (
                ("by", self.by),
                ("about", self.about),
                ("in", self.outlet),
                ("since", self.since),
                ("until", self.until),
            )
            if value
        )

    def to_quote_scope(self, topics: Sequence[Topic]) -> QuoteScope:
        """Return the filters for the repository, with the surname only, because some articles print nothing else."""
        surname = make_search_key(Person(self.by).surname) if self.by else None
        return QuoteScope(surname, self.outlet, self.get_phrases(topics), self.since, self.until)

    def get_phrases(self, topics: Sequence[Topic]) -> tuple[str, ...] | None:
        """Return phrases, one of them in every article on the subject: a topic's, or a word of `about`."""
        if self.about is None:
            return None
        topic = self.find_topic(topics)
        return topic.words if topic else Subject(self.about).search_phrases

    def find_topic(self, topics: Sequence[Topic]) -> Topic | None:
        """Return the topic that `about` names, or None if it is words."""
        return find_topic(topics, self.about or "")

    def get_subject(self, topics: Sequence[Topic]) -> Subject | None:
        """Return the subject in words that each quotation must be about; None for a topic, which selects articles."""
        return Subject(self.about) if self.about and self.find_topic(topics) is None else None

    def matches_outlet(self, publisher: str | None) -> bool:
        """Return whether the filters allow an outlet with this name."""
        return self.outlet is None or contains_phrase(publisher or "", self.outlet)

    def matches_speaker(self, quote: Quote) -> bool:
        """Return whether a quote with a completed name is by the speaker; the repository applies the other filters."""
        return self.by is None or is_spoken_by(quote, self.by)


NO_FILTERS = SearchFilters()


def build_filters(
    text: str, by: str | None, about: str | None, outlet: str | None, since: date | None, until: date | None
) -> SearchFilters:
    """Return the filters of a question. Raises BadQuestion, also if there is neither a word nor a speaker."""
    for value in (text, by, about, outlet):
        check_length(value or "")
    filters = SearchFilters(by, about, outlet, since, until)
    if not make_search_key(text) and not by:
        raise BadQuestion('Enter the words to look for, for example: whosaid "lynch-mob"')
    return filters


def check_length(text: str) -> None:
    """Raise BadQuestion if the text is too long for a question."""
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise BadQuestion(
            f"Your question is over {MAX_QUESTION_CHARACTERS} characters. Use only the most important words."
        )


def check_name(name: str) -> None:
    """Raise BadQuestion if the text is too long for a question, or no name at all."""
    check_length(name)
    if not make_search_key(name):
        raise BadQuestion("Enter a person's name, for example: Jeremy Corbyn.")


def find_articles_quoting(
    repository: Repository, text: str, scope: QuoteScope = ANYWHERE, limit: int = MAX_QUOTES
) -> list[Article]:
    """Return the articles of the newest quotes that contain the words, or are by the speaker in `scope`."""
    return _get_distinct_articles(match.article for match in repository.find_quotes(text, scope, limit))


def find_articles_saying(
    repository: Repository,
    text: str,
    scope: QuoteScope,
    limit: int,
    *,
    with_other_languages: bool = False,
    known_ids: Set[str] = frozenset(),
) -> list[Article]:
    """Return the newest articles that contain the words, quoted or not, without those of `known_ids`.

    Articles in another language are left out, unless `with_other_languages` is set.
    """
    if scope == ANYWHERE:
        articles = repository.find_articles_with(text, limit, known_ids)
    else:
        article_filter = ArticleFilter(any_of=scope.about, all_of=(text,), since=scope.since, until=scope.until)
        found_ids = repository.find_ids(article_filter, limit)
        articles = repository.get_articles([article_id for article_id in found_ids if article_id not in known_ids])
    outlet = scope.outlet
    matching_articles = (
        candidate
        for candidate in articles
        if outlet is None or outlet.casefold() in (candidate.publisher or "").casefold()
    )
    return [
        article
        for article in matching_articles
        if with_other_languages or detect_language(article) is not Language.OTHER
    ]


def find_similar_articles(
    repository: Repository, text: str, scope: QuoteScope = ANYWHERE, limit: int = 10
) -> list[Article]:
    """Return the articles of the quotes that are most similar to the words; those with one typo come first."""
    matches = [*repository.find_close(text, scope, limit), *repository.find_nearest(text, scope, limit)]
    return _get_distinct_articles(match.article for match in matches)


def find_reports(repository: Repository, utterances: Sequence[Utterance], scope: QuoteScope) -> dict[str, Article]:
    """Return articles that may report the same utterances in other words; none for more than five utterances."""
    if len(utterances) > MAX_REPORTED_HITS:
        return {}
    named_utterances = [(text, speaker) for text, speaker in utterances if speaker and not speaker.anonymous]
    return {
        match.article.id: match.article
        for text, speaker in named_utterances
        for match in repository.find_nearest(
            _get_first_words(text), replace(scope, by=Person(speaker.name).surname), _MAX_SEARCH_ARTICLES
        )
    }


def find_candidates(repository: Repository, draft: str, quotations: Iterable[Quotation]) -> dict[Span, list[Article]]:
    """Return the articles needed to check each quotation of a draft, by the quotation's span.

    A quotation that the draft repeats, by the same speaker, is looked up once.
    """
    articles_by_words: dict[object, list[Article]] = {}
    candidates: dict[Span, list[Article]] = {}
    for quotation in sorted(quotations, key=lambda quotation: not quotation.is_unchecked):
        if quotation.is_unchecked:
            candidates[quotation.span] = []
            continue
        key = (tuple(_get_phrase(draft, piece) for piece in quotation.pieces), quotation.claimed_speaker)
        if key not in articles_by_words:
            articles_by_words[key] = find_candidate_articles(repository, draft, quotation)
        candidates[quotation.span] = articles_by_words[key]
    return candidates


def find_candidate_articles(repository: Repository, draft: str, quotation: Quotation) -> list[Article]:
    """Return the articles needed to check a quotation of a draft, few enough to read all of them."""
    if quotation.is_unchecked:
        return []
    longest_phrase = _get_phrase(draft, max(quotation.pieces, key=lambda piece: len(piece.keys)))
    claimed_speaker = quotation.claimed_speaker
    speaker_scope = (
        QuoteScope(by=Person(claimed_speaker.name).surname)
        if claimed_speaker and not claimed_speaker.anonymous
        else None
    )
    articles = (
        find_articles_quoting(repository, longest_phrase, speaker_scope, _MAX_SEARCH_ARTICLES) if speaker_scope else []
    )
    if not articles:
        articles += find_articles_quoting(repository, longest_phrase, ANYWHERE, _MAX_SEARCH_ARTICLES)
        articles += find_articles_saying(repository, longest_phrase, ANYWHERE, _MAX_SEARCH_ARTICLES)
        articles += find_similar_articles(
            repository, _get_first_words(" ".join(_get_phrase(draft, piece) for piece in quotation.pieces))
        )
        for phrase in _split_phrases(draft, quotation.pieces):
            articles += find_articles_quoting(repository, phrase, ANYWHERE, _MAX_SEARCH_ARTICLES)
            articles += (
                find_articles_quoting(repository, phrase, speaker_scope, _MAX_SEARCH_ARTICLES) if speaker_scope else []
            )
        articles += find_articles_quoting(repository, "", speaker_scope, _MAX_SEARCH_ARTICLES) if speaker_scope else []
    return _get_distinct_articles(articles)


def is_spoken_by(quote: Quote, name: str) -> bool:
    """Return whether `name`, all or a part of a name, means the quote's speaker."""
    return quote.speaker is not None and is_speaker_meant(quote.speaker, name)


def _split_phrases(draft: str, pieces: Sequence[Words]) -> Iterable[str]:
    """Yield the other pieces, and halves and quarters of the longest piece: each may match without the whole."""
    longest = max(pieces, key=lambda piece: len(piece.keys))
    yield from (_get_phrase(draft, piece) for piece in pieces[:4] if piece is not longest and len(piece.keys) > 1)
    for part_count in _PART_COUNTS:
        size = -(-len(longest.keys) // part_count)
        for start in range(0, len(longest.keys), size):
            keys, spans = longest.keys[start : start + size], longest.spans[start : start + size]
            if len(keys) > 1:
                yield _get_phrase(draft, replace(longest, keys=keys, spans=spans))


def _get_phrase(draft: str, piece: Words) -> str:
    """Return the first words of a piece of the draft."""
    last = min(len(piece.spans), _MAX_PHRASE_WORDS)
    return _get_first_words(draft[piece.spans[0].start : piece.spans[last - 1].end])


def _get_first_words(text: str) -> str:
    return " ".join(make_search_key(text).split()[:_MAX_PHRASE_WORDS])


def _get_distinct_articles(articles: Iterable[Article]) -> list[Article]:
    return list({article.id: article for article in articles}.values())
