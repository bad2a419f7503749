"""Keep utterances up to date when quotes come and go, with the same result as grouping all quotes from scratch.

Rule: only what changes is computed again: new wordings, the utterances that lose a report, and those that lose or gain
a link because a hash becomes frequent or is so no longer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection

from briefings.similarity.quote_matching import is_same_key
from briefings.similarity.wording_sketches import get_opening
from briefings.storage.writes.utterances import rows
from briefings.storage.writes.utterances.reports import NO_REPORTS, Report, StoredReport, read_words
from briefings.storage.writes.utterances.rows import WordingState
from briefings.storage.writes.utterances.wordings import (
    MAX_HOLDERS,
    Holders,
    Wording,
    build_wordings,
    find_candidates,
    is_wording_of,
    list_frequent_pairs,
    list_sketch_rows,
)

#: a wording, or all wordings of an utterance: whether it is an utterance, and its number
_Node = tuple[bool, int]
#: wordings whose words are read at a time
_CHUNK_SIZE = 500


@dataclass(slots=True)
class _Group:
    """Some wordings and utterances that become one utterance."""

    wordings: list[int] = field(default_factory=list)
    utterances: list[int] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)

    def choose_number(self, states: Mapping[int, WordingState]) -> int | None:
        """Return the number of the utterance, or None for a single quote."""
        stored = [states[wording] for wording in self.wordings if wording in states]
        count = 2 * len(self.utterances) + len(self.quotes) + sum(state.count for state in stored)
        return max([*self.utterances, *self.quotes, *(state.last_quote for state in stored)]) if count > 1 else None


def regroup(db: Connection, added: Sequence[Report], removed: Sequence[StoredReport] = NO_REPORTS) -> None:
    """Store reports whose quotes were added to the database, and forget those whose quotes were removed from it.

    Runs in the transaction that adds and removes, after it deleted rows of `quotes`, and with the lock of writers. A
    report that is in both is stored again. Added reports have no rows in `utterances` yet.
    """
    added_wordings, wordings = build_wordings(added)
    pairs = dict(zip((report.quote for report in added), added_wordings, strict=True))
    unchanged = [old for old in removed if pairs.get(old.report.quote) == old.wording]
    rows.insert_reports(db, [(old.report.quote, old.wording, old.utterance) for old in unchanged])
    for old in unchanged:
        del pairs[old.report.quote]
    unchanged_quotes = {old.report.quote for old in unchanged}
    losses = [old for old in removed if old.report.quote not in unchanged_quotes]
    if pairs or losses:
        _Regrouping(db, pairs, losses, wordings).run()


class _Regrouping:
    """One change: `pairs` has the wording of each new quote, `losses` the reports that left."""

    def __init__(
        self, db: Connection, pairs: Mapping[int, int], losses: Sequence[StoredReport], wordings: dict[int, Wording]
    ) -> None:
        self._db, self._pairs, self._losses, self._wordings = db, pairs, losses, wordings
        lost_wordings = {old.wording for old in losses}
        self._states = rows.load_states(db, lost_wordings.union(pairs.values()))
        self._new = set(pairs.values()) - self._states.keys() - lost_wordings
        self._gone_wordings = lost_wordings - self._states.keys() - set(pairs.values())
        #: utterances whose links are all computed again
        self._split = {old.utterance for old in losses if old.utterance is not None}
        #: utterances of wordings whose only rows left
        self._former = {old.wording: old.utterance for old in losses if old.utterance is not None}
        #: wordings with a hash that is no longer frequent
        self._reopened: set[int] = set()

    def run(self) -> None:
        """Write all changes."""
        holders = self._change_sketches()
        focus = set(self._new)
        if self._split:
            focus |= rows.load_wordings(self._db, self._split)
            focus |= self._former.keys() - self._gone_wordings
        focus |= self._reopened
        self._load_words(focus - self._wordings.keys())
        changed_wordings = focus.union(self._pairs.values())
        focus &= self._wordings.keys()
        if older := focus - self._new:
            own = list_sketch_rows(self._wordings, older)
            stored_holders = rows.load_holders(self._db, np.unique(own.hashes), MAX_HOLDERS)
            holders = Holders.build((holders.hashes, holders.wordings), (own.hashes, own.wordings), stored_holders)
        links = self._find_links(holders, focus)
        self._load_states(changed_wordings.union(*links))
        single_rows = self._take_single_reports(links)
        changed_wordings.difference_update(wording for _, wording, _ in single_rows)
        self._write(self._build_groups(changed_wordings, links), single_rows)

    def _find_links(self, holders: Holders, focus: set[int]) -> list[tuple[int, int]]:
        """Return the related pairs of wordings, at least one of them in the focus."""
        candidates = find_candidates(holders, sorted(focus))
        positions, hashes = list_frequent_pairs(candidates, self._wordings, holders.list_frequent())
        is_shared = rows.have_sketches(self._db, hashes, candidates.seconds[positions])
        pairs = candidates.select_sharing(np.bincount(positions[is_shared], minlength=len(candidates.firsts)))
        openings = {number: wording.opening for number, wording in self._wordings.items()}
        openings |= self._load_openings({wording for pair in pairs for wording in pair} - openings.keys())
        return [
            (first, second)
            for first, second in pairs
            if first in openings and second in openings and is_same_key(openings[first], openings[second])
        ]

    def _change_sketches(self) -> Holders:
        """Write the sketches of new wordings, delete those that are gone, and return the holders of their hashes.

        Notes the utterances that lose links, and the wordings that may gain some, because of how frequent a hash is.
        """
        gone_words = build_wordings([old.report for old in self._losses if old.wording in self._gone_wordings])[1]
        gone_rows = list_sketch_rows(gone_words, gone_words.keys() & self._gone_wordings)
        new_rows = list_sketch_rows(self._wordings, sorted(self._new))
        limit = MAX_HOLDERS + len(self._gone_wordings)
        before = Holders.build(
            rows.load_holders(self._db, np.unique(np.concatenate((gone_rows.hashes, new_rows.hashes))), limit)
        )
        rows.delete_sketches(self._db, gone_rows.hashes, gone_rows.wordings)
        rows.insert_sketches(self._db, new_rows.hashes, new_rows.wordings)
        after = before.without(gone_rows) if self._gone_wordings else before
        after = Holders.build((after.hashes, after.wordings), (new_rows.hashes, new_rows.wordings))
        frequent_before, frequent_after = before.list_frequent(), after.list_frequent()
        losing = before.select(np.setdiff1d(frequent_after, frequent_before)).wordings
        self._load_states(set(losing.tolist()) - self._gone_wordings)
        self._split |= {utterance for wording in losing.tolist() if (utterance := self._get_utterance(wording))}
        gaining = after.select(np.setdiff1d(frequent_before, frequent_after)).wordings
        self._reopened = set(gaining.tolist())
        return after

    def _load_words(self, missing: set[int]) -> None:
        """Read the words of wordings that are stored. Those that are damaged are left out."""
        for numbers, reports in self._iterate_reports(missing):
            read_numbers, wordings = build_wordings(reports)
            self._wordings |= {
                number: wordings[number]
                for number, read_number in zip(numbers, read_numbers, strict=True)
                if number == read_number
            }

    def _load_openings(self, missing: set[int]) -> dict[int, str]:
        """Return the words that are compared of stored wordings. Those that are damaged are left out."""
        return {
            number: get_opening(report.key)
            for numbers, reports in self._iterate_reports(missing)
            for number, report in zip(numbers, reports, strict=True)
            if is_wording_of(number, report)
        }

    def _iterate_reports(self, wordings: set[int]) -> Iterator[tuple[list[int], list[Report]]]:
        """Yield a report of each stored wording, chunk by chunk: the numbers of the wordings, and the reports."""
        self._load_states(wordings)
        numbers = sorted(wordings & self._states.keys())
        for start in range(0, len(numbers), _CHUNK_SIZE):
            chunk = {number: self._states[number].last_quote for number in numbers[start : start + _CHUNK_SIZE]}
            reports = read_words(self._db, chunk)
            yield list(reports), list(reports.values())

    def _load_states(self, wordings: Iterable[int]) -> None:
        self._states |= rows.load_states(self._db, set(wordings) - self._states.keys())

    def _get_utterance(self, wording: int) -> int | None:
        state = self._states.get(wording)
        return state.utterance if state else self._former.get(wording)

    def _get_node(self, wording: int) -> _Node:
        utterance = self._get_utterance(wording)
        return (False, wording) if utterance is None or utterance in self._split else (True, utterance)

    def _build_groups(self, changed_wordings: Iterable[int], links: Iterable[tuple[int, int]]) -> list[_Group]:
        """Join the wordings that changed, and those that are linked to them."""
        parents: dict[_Node, _Node] = {self._get_node(wording): self._get_node(wording) for wording in changed_wordings}

        def find_root(node: _Node) -> _Node:
            parents.setdefault(node, node)
            while parents[node] != node:
                parents[node] = parents[parents[node]]
                node = parents[node]
            return node

        for first, second in links:
            parents[find_root(self._get_node(first))] = find_root(self._get_node(second))
        groups: dict[_Node, _Group] = {}
        for node in parents:
            group = groups.setdefault(find_root(node), _Group())
            (group.utterances if node[0] else group.wordings).append(node[1])
        for quote, wording in self._pairs.items():
            groups[find_root(self._get_node(wording))].quotes.append(quote)
        return list(groups.values())

    def _take_single_reports(self, links: Iterable[tuple[int, int]]) -> list[rows.ReportRow]:
        """Return the rows of new wordings with one quote and no link, which most are, and do not look at them again."""
        counts = Counter(self._pairs.values())
        linked = {wording for link in links for wording in link}
        single_rows: list[rows.ReportRow] = [
            (quote, wording, None)
            for quote, wording in self._pairs.items()
            if counts[wording] == 1 and wording in self._new and wording not in linked
        ]
        single_quotes = {quote for quote, _, _ in single_rows}
        self._pairs = {quote: wording for quote, wording in self._pairs.items() if quote not in single_quotes}
        return single_rows

    def _write(self, groups: Iterable[_Group], new_rows: list[rows.ReportRow]) -> None:
        by_wording: dict[int, int | None] = {}
        by_utterance: dict[int, int | None] = {}
        for group in groups:
            number = group.choose_number(self._states)
            new_rows += [(quote, self._pairs[quote], number) for quote in group.quotes]
            by_wording |= {
                wording: number
                for wording in group.wordings
                if wording in self._states and self._states[wording].utterance != number
            }
            by_utterance |= {utterance: number for utterance in group.utterances if utterance != number}
        # the utterances first: their numbers are those before this change
        rows.renumber_utterances(self._db, by_utterance)
        rows.number_wordings(self._db, by_wording)
        rows.insert_reports(self._db, new_rows)
