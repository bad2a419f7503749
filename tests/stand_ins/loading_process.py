"""A process that loads generated news, and says where it is. Tests kill it."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from multiprocessing.connection import Connection as Line

from sqlalchemy import Connection

from bench.reported_news import generate_arrivals
from briefings.storage.writes import load
from briefings.storage.writes.upsert import Arrival
from tests.stand_ins.adding_processes import open_at


def load_and_say(address: str, quotes: int, batch_size: int, line: Line) -> None:
    """Load articles. Say "reading" for each batch, and "linking" and "linked" when the links at the end are found."""
    complete = load._complete

    def complete_and_say(db: Connection) -> int:
        line.send("linking")
        complete(db)
        line.send("linked")
        return 0

    def say_each(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
        for number, arrival in enumerate(arrivals):
            if number % batch_size == 0:
                line.send("reading")
            yield arrival

    load._complete = complete_and_say  # this process ends with the load
    with closing(open_at(address)) as repository:
        repository.load(say_each(generate_arrivals(quotes)), batch_size)
