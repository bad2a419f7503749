"""What a channel has had, between `briefings.news` and the rows that keep it.

Rule: a row takes the place of one with its fingerprint: a line that was taken back is kept as such, until it is told
again. Of a line its words are kept, because a correction has to name them when the article is gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from bot.digests.model import Told
from briefings import news
from briefings.facts import State
from briefings.model import ELISION, Evidence, Slot, Speaker
from briefings.news import Had, News
from briefings.news.whats_new import REMEMBERED
from briefings.text.search_key import search_key

#: articles whose marks are kept, the last read
_MARKS = 2_000


def told(ask: str, found: News) -> tuple[Told, ...]:
    """The rows of a digest on `ask`: a line each, the lines taken back, then the articles read, those of before too."""
    story = _key(ask)
    rows = [Told(line.fingerprint, {"story": story, **_written(line)}) for line in found.told]
    told_now = {line.fingerprint for line in found.told}
    back = [each.told.fingerprint for each in found.corrections if each.told.fingerprint not in told_now]
    gone = [Told(fingerprint, {"story": story, "back": True}) for fingerprint in back]
    read = dict(list(found.had.read.items())[-_MARKS:])
    return (*rows, *gone, Told(f"read:{story}", {"story": story, "read": read}))


def had(ask: str, rows: Iterable[Told]) -> Had:
    """What the channel has had, told a digest on `ask`; `rows` in the order it had them."""
    story = _key(ask)
    mine: list[news.Told] = []
    others: list[news.Told] = []
    read: dict[str, str] = {}
    for row in rows:
        is_mine = row.detail["story"] == story
        if "read" in row.detail:
            read |= row.detail["read"] if is_mine else {}
        elif "back" not in row.detail:
            (mine if is_mine else others).append(_read(row.detail))
    return Had(tuple(mine[-REMEMBERED:]), tuple(others[-REMEMBERED:]), read)


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
