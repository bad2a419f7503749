"""The utterances of a database by their definition: every two quotes are compared, without any table or order."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from sqlalchemy import Connection, select

from briefings.attribution.features.person_names import Person
from briefings.similarity.quote_matching import is_same_utterance
from briefings.similarity.wording_sketches import build_sketches, get_opening
from briefings.storage.db.schema import articles, quotes, utterance_sketches, utterances
from briefings.text.folding import make_search_key

#: a surname and the words of a quote, both folded
Words = tuple[str, str]


def group_by_definition(db: Connection, max_holders: int) -> dict[int, int | None]:
    """Return the utterance of each quote of a named speaker, by quote."""
    words = dict(_iterate_words(db))
    distinct = sorted(set(words.values()))
    sketches = {pair: _build_sketch(*pair) for pair in distinct}
    counts = Counter(key for sketch in sketches.values() for key in sketch)
    parents = {pair: pair for pair in distinct}

    def find_root(pair: Words) -> Words:
        return pair if parents[pair] == pair else find_root(parents[pair])

    for first, second in combinations(distinct, 2):
        shared = sketches[first] & sketches[second]
        smaller = min(len(sketches[first]), len(sketches[second]))
        if (
            any(counts[key] <= max_holders for key in shared)
            and 2 * len(shared) >= smaller
            and is_same_utterance(first[1], second[1])
        ):
            parents[find_root(first)] = find_root(second)
    members: dict[Words, list[int]] = {}
    for quote, pair in words.items():
        members.setdefault(find_root(pair), []).append(quote)
    return {quote: max(group) if len(group) > 1 else None for group in members.values() for quote in group}


def read_utterances(db: Connection) -> dict[int, int | None]:
    """Return the stored utterance of each quote."""
    return {row.quote: row.utterance for row in db.execute(select(utterances.c.quote, utterances.c.utterance))}


def dump_rows(db: Connection) -> list[list[tuple[object, ...]]]:
    """Return all rows of both tables, sorted."""
    return [sorted(map(tuple, db.execute(select(table)).all()), key=repr) for table in (utterances, utterance_sketches)]


def _iterate_words(db: Connection) -> Iterator[tuple[int, Words]]:
    columns = quotes.c.id, quotes.c.content, quotes.c.speaker, quotes.c.anonymous, articles.c.text
    for row in db.execute(select(*columns).join(articles, articles.c.id == quotes.c.article)):
        if row.speaker is not None and not row.anonymous:
            text = " ".join(span.of(row.text) for span in row.content)
            yield row.id, (make_search_key(Person(row.speaker).surname), make_search_key(text))


def _build_sketch(surname: str, key: str) -> frozenset[int]:
    return frozenset(build_sketches([surname], [get_opening(key)]).hashes.tolist())
