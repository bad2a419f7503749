"""Opens a briefing service over a database in one call."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from os import PathLike, fspath

from briefings.model import Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository

_IN_MEMORY = ":memory:"


def open(  # noqa: A001  # `briefings.open` reads like `gzip.open`
    url_or_path: "str | PathLike[str]",
    topics: Iterable[Topic] = (),
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BriefingService:
    """Return a service over a database, which is created or migrated first.

    `url_or_path` is an SQLAlchemy URL, or the path of an SQLite file; `:memory:` keeps everything in memory. `topics`
    are the topics that `brief` knows by name. `clock` returns the current UTC time. Close the service after use, or use
    it in a `with` block.

    Raises DatabaseUnavailable if the database cannot be opened, or is newer than this program.
    """
    url = fspath(url_or_path)
    if url == _IN_MEMORY:
        url = "sqlite://"
    elif "://" not in url:
        url = f"sqlite:///{url}"
    return BriefingService(open_repository(url, clock), tuple(topics))
