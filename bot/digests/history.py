"""Converts what a channel has seen between `briefings.updates` and the rows of the history table.

Rule: a new row replaces the row with the same fingerprint, so a retracted line stays retracted until it is posted
again. A row stores the words of its line, because a correction quotes them even after the article is deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from bot.digests.model import HistoryItem
from briefings import ELISION, Evidence, Slot, Speaker, updates
from briefings.facts import Factuality
from briefings.text import make_search_key
from briefings.updates import MAX_SEEN_LINES, ReadingHistory, Update

#: most articles whose text hashes are stored; the last read ones are kept
_MAX_READ_ARTICLES = 2_000


def build_history_items(query: str, update: Update) -> tuple[HistoryItem, ...]:
    """Return the rows of one digest on `query`.

    There is a row for each line, then for each retracted line, then one with all articles read so far.
    """
    story_key = _make_story_key(query)
    rows = [HistoryItem(line.fingerprint, {"story": story_key, **_serialize_line(line)}) for line in update.sent_lines]
    current_fingerprints = {line.fingerprint for line in update.sent_lines}
    retracted_fingerprints = [
        correction.line.fingerprint
        for correction in update.corrections
        if correction.line.fingerprint not in current_fingerprints
    ]
    retractions = [
        HistoryItem(fingerprint, {"story": story_key, "back": True}) for fingerprint in retracted_fingerprints
    ]
    read_articles = dict(list(update.history.text_hashes.items())[-_MAX_READ_ARTICLES:])
    return (*rows, *retractions, HistoryItem(f"read:{story_key}", {"story": story_key, "read": read_articles}))


def build_reading_history(query: str, rows: Iterable[HistoryItem]) -> ReadingHistory:
    """Return what the channel has seen, from the view of a digest on `query`. `rows` are oldest first."""
    story_key = _make_story_key(query)
    own_lines: list[updates.SentLine] = []
    other_lines: list[updates.SentLine] = []
    read_articles: dict[str, str] = {}
    for row in rows:
        is_own = row.detail["story"] == story_key
        if "read" in row.detail:
            read_articles |= row.detail["read"] if is_own else {}
        elif "back" not in row.detail:
            (own_lines if is_own else other_lines).append(_deserialize_line(row.detail))
    return ReadingHistory(tuple(own_lines[-MAX_SEEN_LINES:]), tuple(other_lines[-MAX_SEEN_LINES:]), read_articles)


def _make_story_key(query: str) -> str:
    return sha256(make_search_key(query).encode()).hexdigest()[:16]


def _serialize_line(line: updates.SentLine) -> dict[str, Any]:
    speaker = line.speaker
    return {
        "evidence": [[piece.article, piece.start, piece.end, piece.text, piece.link] for piece in line.evidence],
        "slot": line.slot.value,
        "state": line.state.value,
        "days": [day.isoformat() for day in line.days],
        "outlet": line.outlet,
        "published": line.published and line.published.isoformat(),
        "on": line.sent_on.isoformat(),
        "speaker": [speaker.name, speaker.role, speaker.anonymous] if speaker else None,
    }


def _deserialize_line(detail: Mapping[str, Any]) -> updates.SentLine:
    evidence = tuple(Evidence(*piece) for piece in detail["evidence"])
    speaker: Sequence[Any] | None = detail["speaker"]
    return updates.SentLine(
        text=ELISION.join(piece.text for piece in evidence),
        evidence=evidence,
        slot=Slot(detail["slot"]),
        state=Factuality(detail["state"]),
        days=tuple(map(date.fromisoformat, detail["days"])),
        outlet=detail["outlet"],
        published=date.fromisoformat(detail["published"]) if detail["published"] else None,
        sent_on=date.fromisoformat(detail["on"]),
        speaker=Speaker(*speaker) if speaker else None,
    )
