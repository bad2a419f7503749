"""Finds the watches that an article matches: the words of the article look up the watches, not the other way round.

Rule: watches with equal queries are one entry, which is verified once for an article, however many watches it has.
Rule: an entry is filed under one lexeme that every matching article has. Of several, it is the one that fewest articles
and fewest entries have, so that the candidates of an article stay few.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from briefings.model import Topic
from briefings.text.lexicon import load_words
from briefings.watches.article_words import ArticleWords
from briefings.watches.model import ArticleWithQuotes, Watch, WatchMatch, WatchQuery
from briefings.watches.requirements import CompiledQuery, Lexemes, compile_query
from briefings.watches.verification import find_best

#: a query with the phrases of the topics that it names
_Key = tuple[WatchQuery, tuple[str, ...], tuple[str, ...]]


_get_watch_id = itemgetter(0)


class _Entry:
    """The watches with one query: what an article must have, and their ids."""

    __slots__ = ("alternatives", "filed_under", "ids", "key", "required", "watch")

    def __init__(self, key: _Key, watch: CompiledQuery) -> None:
        self.key, self.watch = key, watch
        self.ids: set[int] = set()
        self.filed_under: tuple[str, ...] = ()
        #: lexemes that an article must have all of, and alternatives: one of each must be complete
        self.required: Lexemes = frozenset().union(
            *(requirement[0] for requirement in watch.requirements if len(requirement) == 1)
        )
        self.alternatives = tuple(requirement for requirement in watch.requirements if len(requirement) > 1)

    def may_match(self, lexemes: Lexemes) -> bool:
        """Whether an article with these lexemes may match."""
        return self.required <= lexemes and all(
            any(alternative <= lexemes for alternative in requirement) for requirement in self.alternatives
        )


class WatchIndex:
    """Watches that articles are matched with. Not thread-safe: change it and match in one thread at a time."""

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}
        self._entry_by_watch: dict[int, _Entry] = {}
        self._entries_by_lexeme: dict[str, dict[_Key, _Entry]] = {}

    def __len__(self) -> int:
        return len(self._entry_by_watch)

    def add(self, watch: Watch, topics: Sequence[Topic] = ()) -> None:
        """Add a watch, or replace the one with this id. `topics` are those that its words and subject can name."""
        compiled = compile_query(watch.query, topics)
        key = watch.query, compiled.topic_keys, compiled.about_keys
        self.remove(watch.id)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(key, compiled)
            self._file(entry)
        entry.ids.add(watch.id)
        self._entry_by_watch[watch.id] = entry

    def remove(self, watch_id: int) -> None:
        """Remove a watch; an unknown id changes nothing."""
        entry = self._entry_by_watch.pop(watch_id, None)
        if entry is None:
            return
        entry.ids.discard(watch_id)
        if not entry.ids:
            del self._entries[entry.key]
            for lexeme in entry.filed_under:
                filed_entries = self._entries_by_lexeme[lexeme]
                del filed_entries[entry.key]
                if not filed_entries:
                    del self._entries_by_lexeme[lexeme]

    def match(self, article_with_quotes: ArticleWithQuotes) -> tuple[WatchMatch, ...]:
        """Return the watches that an article with its quotes matches, sorted by id, each with its best finding.

        The names of the quotes' speakers should be completed as for an answer. Watches with equal queries share a
        finding.
        """
        if not self._entries:
            return ()
        words = ArticleWords(article_with_quotes)
        matches: list[WatchMatch] = []
        for entry in self._find_candidates(words.lexemes):
            if finding := find_best(entry.watch, words):
                # one query can have thousands of watches, and a named tuple's own constructor is slow
                matches += [tuple.__new__(WatchMatch, (watch_id, finding)) for watch_id in sorted(entry.ids)]
        matches.sort(key=_get_watch_id)
        return tuple(matches)

    def _find_candidates(self, lexemes: Lexemes) -> Iterator[_Entry]:
        """Yield the entries that an article with these lexemes may match, each once."""
        yielded_keys: set[_Key] = set()
        for lexeme in lexemes & self._entries_by_lexeme.keys():
            for key, entry in self._entries_by_lexeme[lexeme].items():
                if entry.may_match(lexemes):
                    if len(entry.filed_under) > 1:
                        if key in yielded_keys:
                            continue
                        yielded_keys.add(key)
                    yield entry

    def _file(self, entry: _Entry) -> None:
        """File an entry under the rarest lexeme of each alternative of the requirement that is rarest."""
        choices = [
            [min(alternative, key=self._rate) for alternative in requirement]
            for requirement in entry.watch.requirements
        ]
        lexemes = min(choices, key=lambda lexemes: sorted(map(self._rate, lexemes), reverse=True))
        entry.filed_under = tuple(sorted(set(lexemes)))
        for lexeme in entry.filed_under:
            self._entries_by_lexeme.setdefault(lexeme, {})[entry.key] = entry

    def _rate(self, lexeme: str) -> tuple[float, str]:
        """Return a key that puts the lexeme first that fewest articles and entries have."""
        filed_count = len(self._entries_by_lexeme.get(lexeme, ()))
        return (1 + filed_count) * _estimate_share(lexeme), lexeme


@lru_cache(maxsize=65_536)
def _estimate_share(lexeme: str) -> float:
    """Return a rough share of the articles that have a lexeme: a word, or the letters of two adjacent ones."""
    if lexeme in load_words("commonest_words"):
        return 0.5
    if lexeme in load_words("stop_words"):
        return 0.3
    return 0.05 / max(1, len(lexeme) - 4)
