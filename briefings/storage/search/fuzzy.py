"""Quotes that are nearly what was asked: one slip of the pen away, or the closest there are.

Rule: the vocabulary of the record says what a slip may have meant, and rapidfuzz only orders the quotes that the index
gave; nothing is ever scanned.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise, product

from rapidfuzz import fuzz
from sqlalchemy import Connection

from briefings.storage.db.full_text import MAX_PHRASE_WORDS, FullTextIndex
from briefings.storage.db.row_mapping import get_content
from briefings.storage.db.types import QuoteScope, SearchHit
from briefings.storage.search.query_terms import build_quote_query, find_neighbours, parse_words
from briefings.storage.search.results import read_quotes
from briefings.storage.search.search import search_quotes_by_phrases
from briefings.text import lexicon
from briefings.text.folding import make_search_key

_COMMON_WORDS = lexicon.load_words("commonest_words")
#: quotes that are put in order, the newest
_MAX_RANKED_HITS = 200
#: phrases that are looked for at once
_MAX_PHRASES = 400
#: words of a question whose neighbours are looked up, and that the closest quotes may share
_MAX_WORDS = 20
#: words of a question that is told how it is spelt
_MAX_CORRECTED_WORDS = 8
#: quotes of a speaker, up to which all of them are looked at: sooner done than asking what they share
_MAX_QUOTES_TO_COMPARE = 40
#: rare words whose quotes are looked at, one after the other
_MAX_RARE_WORDS = 3


def find_misspelt_quotes(
    db: Connection, index: FullTextIndex, words: str, scope: QuoteScope, limit: int
) -> list[SearchHit]:
    """Quotes that hold `words` but for one slip: in each word that stands in no quote, or else in any one word."""
    query_words = parse_words(words)
    if not 0 < len(query_words) <= MAX_PHRASE_WORDS:
        return []
    known_words = index.find_known_words(db, query_words)
    unknown_positions = [position for position, word in enumerate(query_words) if word not in known_words][:_MAX_WORDS]
    hits = (
        search_quotes_by_phrases(
            db, index, _correct_unknown_words(db, index, query_words, unknown_positions), scope, _MAX_RANKED_HITS
        )
        if unknown_positions
        else []
    )
    if not hits and len(unknown_positions) < 2:
        positions = range(min(len(query_words), _MAX_WORDS))
        hits = search_quotes_by_phrases(
            db, index, _replace_one_word(db, index, query_words, positions), scope, _MAX_RANKED_HITS
        )
    return _rank_by_similarity(hits, words, limit)


def find_nearest_quotes(
    db: Connection, index: FullTextIndex, words: str, scope: QuoteScope, limit: int
) -> list[SearchHit]:
    """The closest of the quotes that share two words in a row, or one of the rarest words, with what was asked.

    Of a speaker who has said little, the closest of all.
    """
    query = build_quote_query((), scope) if scope.by else None
    if query and len(ids := index.search_quotes(db, query, _MAX_QUOTES_TO_COMPARE + 1)) <= _MAX_QUOTES_TO_COMPARE:
        return _rank_by_similarity(read_quotes(db, ids), words, limit)
    query_words = parse_words(words)[:MAX_PHRASE_WORDS]
    hits = {}
    for content, single_words in [
        (_select_word_pairs(query_words), ()),
        *(((), words) for words in _group_rare_words(index.count_words(db, query_words[:_MAX_WORDS]))),
    ]:
        for hit in (
            search_quotes_by_phrases(db, index, content, scope, _MAX_RANKED_HITS, single_words)
            if content or single_words
            else ()
        ):
            hits[hit.article.id, hit.quote] = hit
    return _rank_by_similarity(hits.values(), words, limit)


def _select_word_pairs(query_words: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of words in a row, without those that every other quote holds ("of the") where there are others."""
    pairs = list(pairwise(query_words))
    return [pair for pair in pairs if not _COMMON_WORDS.issuperset(pair)] or pairs


def _group_rare_words(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The rarest words, by how many quotes hold each: together those of which all quotes can be looked at at once.

    Those that every other quote holds are left out where there are others.
    """
    words = [word for word in counts if word not in _COMMON_WORDS] or counts
    combined_words: list[str] = []
    separate_words: list[tuple[str, ...]] = []
    quote_count = 0
    for word in sorted(words, key=lambda word: (counts[word], -len(word), word))[:_MAX_RARE_WORDS]:
        quote_count += counts[word]
        if quote_count <= _MAX_RANKED_HITS:
            combined_words.append(word)
        else:
            separate_words.append((word,))
    return [tuple(combined_words), *separate_words]


def correct_spelling(db: Connection, index: FullTextIndex, words: str) -> str | None:
    """What was asked, with the commonest known neighbour for each word that stands in no quote; None without any."""
    query_words = parse_words(words)
    unknown_words = (
        [word for word in query_words if word not in index.find_known_words(db, query_words)]
        if 0 < len(query_words) <= _MAX_CORRECTED_WORDS
        else []
    )
    corrections = {}
    for word in unknown_words:
        counts = index.count_words(db, index.find_known_words(db, find_neighbours(word)))
        if not counts:
            return None
        corrections[word] = min(counts, key=lambda neighbour: (-counts[neighbour], neighbour))
    return " ".join(corrections.get(word, word) for word in query_words) if corrections else None


def _correct_unknown_words(
    db: Connection, index: FullTextIndex, query_words: Sequence[str], unknown_positions: Sequence[int]
) -> list[tuple[str, ...]]:
    """What was asked with a known neighbour for each unknown word."""
    choices = [[word] for word in query_words]
    neighbours_by_position = {position: find_neighbours(query_words[position]) for position in unknown_positions}
    known_words = index.find_known_words(db, set().union(*neighbours_by_position.values()))
    for position, words in neighbours_by_position.items():
        choices[position] = sorted(words & known_words)
    return list(islice(product(*choices), _MAX_PHRASES))


def _replace_one_word(
    db: Connection, index: FullTextIndex, query_words: Sequence[str], positions: Iterable[int]
) -> list[tuple[str, ...]]:
    """What was asked with a known neighbour for one of its words."""
    neighbours_by_position = {position: find_neighbours(query_words[position]) for position in positions}
    known_words = index.find_known_words(db, set().union(*neighbours_by_position.values()))
    phrases = (
        (*query_words[:position], word, *query_words[position + 1 :])
        for position, words in neighbours_by_position.items()
        for word in sorted(words & known_words)
    )
    return list(islice(phrases, _MAX_PHRASES))


def _rank_by_similarity(hits: Iterable[SearchHit], words: str, limit: int) -> list[SearchHit]:
    key = make_search_key(words)
    scored_hits = [(fuzz.partial_ratio(key, make_search_key(get_content(hit.article, hit.quote))), hit) for hit in hits]
    return [hit for _, hit in sorted(scored_hits, key=lambda pair: -pair[0])[:limit]]
