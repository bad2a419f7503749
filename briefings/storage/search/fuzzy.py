"""Find quotes that nearly match: with one typo corrected, or the closest ones.

Rule: corrections come from the vocabulary of the index, and rapidfuzz only ranks quotes that the index returned; no
search scans the table.
"""

from collections.abc import Iterable, Sequence
from itertools import islice, product

from rapidfuzz import fuzz
from sqlalchemy import Connection

from briefings.storage.db.full_text import MAX_PHRASE_WORDS, AnyOf, FullTextIndex
from briefings.storage.db.types import QuoteScope, SearchHit
from briefings.storage.search.near_searches import MAX_COMPARED_QUOTES, MAX_HITS, plan_near_searches
from briefings.storage.search.query_terms import build_quote_query, find_neighbours, parse_words
from briefings.storage.search.results import read_contents, read_quotes
from briefings.text.folding import make_search_key

#: near quotes that are found, and then ranked
_MAX_FOUND_QUOTES = 400
#: phrases in one query
_MAX_PHRASES = 400
#: words of a query that are corrected
_MAX_WORDS = 20
#: words of the longest query whose spelling is corrected
_MAX_CORRECTED_WORDS = 8
#: up to this count, all quotes of a speaker are compared: that is faster than a search
_MAX_QUOTES_TO_COMPARE = 40


def find_misspelt_quotes(
    db: Connection, index: FullTextIndex, words: str, scope: QuoteScope, limit: int
) -> list[SearchHit]:
    """Return quotes that match `words` after one typo is corrected in each unknown word, or else in any one word."""
    query_words = parse_words(words)
    if not 0 < len(query_words) <= MAX_PHRASE_WORDS:
        return []
    known_words = index.find_known_words(db, query_words)
    unknown_positions = [position for position, word in enumerate(query_words) if word not in known_words][:_MAX_WORDS]
    ids = (
        _search_newest(db, index, _correct_unknown_words(db, index, query_words, unknown_positions), scope)
        if unknown_positions
        else []
    )
    if not ids and len(unknown_positions) < 2:
        positions = range(min(len(query_words), _MAX_WORDS))
        ids = _search_newest(db, index, _replace_one_word(db, index, query_words, positions), scope)
    return _read_most_similar(db, ids, words, limit)


def find_nearest_quotes(
    db: Connection, index: FullTextIndex, words: str, scope: QuoteScope, limit: int
) -> list[SearchHit]:
    """Return the closest quotes that share two adjacent words, or one of the rarest words, with `words`.

    For a speaker with few quotes, all of them are compared. Otherwise the searches of `plan_near_searches` find them,
    in its order, until 400 are found.
    """
    query = build_quote_query((), scope) if scope.by else None
    if query and len(ids := index.search_quotes(db, query, _MAX_QUOTES_TO_COMPARE + 1)) <= _MAX_QUOTES_TO_COMPARE:
        return _read_most_similar(db, ids, words, limit)
    query_words = parse_words(words)[:MAX_PHRASE_WORDS]
    found_ids: dict[int, None] = {}
    for search in plan_near_searches(query_words, index.count_words(db, query_words)):
        query = build_quote_query(search.content, scope, search.word_sets, search.max_compared)
        count = min(MAX_HITS, _MAX_FOUND_QUOTES - len(found_ids))
        if query and count > 0:
            found_ids.update(dict.fromkeys(index.search_quotes(db, query, count)))
    return _read_most_similar(db, list(found_ids), words, limit)


def correct_spelling(db: Connection, index: FullTextIndex, words: str) -> str | None:
    """Replace each unknown word by its most frequent neighbour; None if no word is unknown or one has no neighbour."""
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


def _search_newest(db: Connection, index: FullTextIndex, phrases: AnyOf, scope: QuoteScope) -> list[int]:
    """Return the ids of the newest quotes with one of the corrected phrases, among the quotes that are compared."""
    query = build_quote_query(phrases, scope, max_compared=MAX_COMPARED_QUOTES)
    return [] if query is None else index.search_quotes(db, query, MAX_HITS)


def _correct_unknown_words(
    db: Connection, index: FullTextIndex, query_words: Sequence[str], unknown_positions: Sequence[int]
) -> list[tuple[str, ...]]:
    """Return the query with every combination of known neighbours for its unknown words."""
    choices = [[word] for word in query_words]
    neighbours_by_position = {position: find_neighbours(query_words[position]) for position in unknown_positions}
    known_words = index.find_known_words(db, set().union(*neighbours_by_position.values()))
    for position, words in neighbours_by_position.items():
        choices[position] = sorted(words & known_words)
    return list(islice(product(*choices), _MAX_PHRASES))


def _replace_one_word(
    db: Connection, index: FullTextIndex, query_words: Sequence[str], positions: Iterable[int]
) -> list[tuple[str, ...]]:
    """Return the query with each known neighbour for one of its words at a time."""
    neighbours_by_position = {position: find_neighbours(query_words[position]) for position in positions}
    known_words = index.find_known_words(db, set().union(*neighbours_by_position.values()))
    phrases = (
        (*query_words[:position], word, *query_words[position + 1 :])
        for position, words in neighbours_by_position.items()
        for word in sorted(words & known_words)
    )
    return list(islice(phrases, _MAX_PHRASES))


def _read_most_similar(db: Connection, ids: Sequence[int], words: str, limit: int) -> list[SearchHit]:
    """Read the `limit` quotes that are most similar to `words`. Only their rows are read in full, and checked."""
    key = make_search_key(words)
    contents = read_contents(db, ids)
    stored_ids = [quote_id for quote_id in ids if quote_id in contents]
    scores = {quote_id: fuzz.partial_ratio(key, make_search_key(contents[quote_id])) for quote_id in stored_ids}
    ranked_ids = sorted(stored_ids, key=lambda quote_id: -scores[quote_id])
    hits: list[SearchHit] = []
    for start in range(0, len(ranked_ids), max(1, limit)):  # a second time only if rows are damaged
        hits += read_quotes(db, ranked_ids[start : start + limit])
        if len(hits) >= limit:
            break
    return hits[:limit]
