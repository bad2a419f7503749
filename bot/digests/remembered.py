"""What a channel has had, between `briefings.news` and the rows that keep it.

Rule: rows are added, never changed: a line that was taken back is named by a later row. Of a line its words are kept,
because a correction has to name them when the article is gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from bot.digests.model import Told
from briefings import news
from briefings.facts import State
from briefings.model import ELISION, Evidence, Slot, Speaker
from briefings.news import Had, News
from briefings.news.whats_new import REMEMBERED
from briefings.text.search_key import search_key


def told(ask: str, found: News, now: datetime) -> tuple[Told, ...]:
    """The rows of a digest on `ask`: one for each line, then one for the articles that were read."""
    at, story = f"{now:%Y%m%d%H%M%S%f}", _key(ask)
    rows = [Told(f"{line.fingerprint}:{at}", {"story": story, **_written(line)}) for line in found.told]
    back = [correction.told.fingerprint for correction in found.corrections]
    return (*rows, Told(f"{story}:{at}", {"story": story, "read": dict(found.read), "back": back}))


def had(ask: str, rows: Iterable[Told]) -> Had:
    """What the channel has had, told a digest on `ask`; `rows` in the order it had them."""
    story = _key(ask)
    mine: dict[str, news.Told] = {}
    others: dict[str, news.Told] = {}
    read: dict[str, str] = {}
    for row in rows:
        lines = mine if row.detail["story"] == story else others
        if "read" not in row.detail:
            line = _read(row.detail)
            lines[line.fingerprint] = line
            continue
        for fingerprint in row.detail["back"]:
            lines.pop(fingerprint, None)
        read |= row.detail["read"] if lines is mine else {}
    return Had(_newest(mine), _newest(others), read)


def _newest(lines: Mapping[str, news.Told]) -> tuple[news.Told, ...]:
    return tuple(lines.values())[-REMEMBERED:]


def _key(ask: str) -> str:
    return sha256(search_key(ask).encode()).hexdigest()[:16]


def _written(line: news.Told) -> dict[str, Any]:
    speaker = line.speaker
    return {
        "evidence": [[piece.article, piece.start, piece.end, piece.text, piece.link] for piece in line.evidence],
        "slot": line.slot.value,
        "state": line.state.value,
        "days": [day.isoformat() for day in line.days],
        "outlet": line.outlet,
        "published": line.published and line.published.isoformat(),
        "on": line.on.isoformat(),
        "speaker": [speaker.name, speaker.role, speaker.anonymous] if speaker else None,
    }


def _read(detail: Mapping[str, Any]) -> news.Told:
    evidence = tuple(Evidence(*piece) for piece in detail["evidence"])
    speaker: Sequence[Any] | None = detail["speaker"]
    return news.Told(
        text=ELISION.join(piece.text for piece in evidence),
        evidence=evidence,
        slot=Slot(detail["slot"]),
        state=State(detail["state"]),
        days=tuple(map(date.fromisoformat, detail["days"])),
        outlet=detail["outlet"],
        published=date.fromisoformat(detail["published"]) if detail["published"] else None,
        on=date.fromisoformat(detail["on"]),
        speaker=Speaker(*speaker) if speaker else None,
    )
