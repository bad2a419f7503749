"""`feeds.toml`: the feeds that a team follows as a matter of course.

Rule: the file is right as a whole or refused as a whole.
"""

from pathlib import Path

from briefings.errors import BadInput
from briefings.gathering.gathering import Wanted
from briefings.gathering.schedule import FEWEST_MINUTES as _FEWEST
from briefings.gathering.schedule import MOST_MINUTES as _MOST
from briefings.ingest.fetch import web_address
from briefings.ingest.fields import MAX_NAME, Fields, optional, required
from briefings.ingest.toml import read_tables
from briefings.record.sources import MAX_FEEDS

#: what stands for the file as the one who follows
FILE = "feeds.toml"


def read_feeds(path: Path) -> tuple[Wanted, ...]:
    """The feeds of a file, in order: `[[feed]]`, then url and, where wanted, outlet and minutes.

    Raises BadInput naming file and line.
    """
    tables = read_tables(path, "feed")
    if len(tables) > MAX_FEEDS:
        raise BadInput(f"{path} holds over {MAX_FEEDS:,} feeds. Keep those that matter.")
    found: dict[str, Wanted] = {}
    for where, fields in tables:
        wanted = _wanted(fields, where)
        if wanted.address in found:
            raise BadInput(f"{where}: {wanted.address} stands above already. Keep one of the two.")
        found[wanted.address] = wanted
    return tuple(found.values())


def _wanted(fields: Fields, where: str) -> Wanted:
    try:
        address = str(web_address(required(fields, "url", where)))
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error
    outlet = optional(fields, "outlet", where, MAX_NAME)
    return Wanted(address, FILE, outlet, _minutes(fields.get("minutes"), where))


def _minutes(told: object, where: str) -> int | None:
    if told is None:
        return None
    if isinstance(told, int) and not isinstance(told, bool) and _FEWEST <= told <= _MOST:
        return told
    raise BadInput(f'{where}: "minutes" must be a number from {_FEWEST} to {_MOST:,}.')
