"""Takes in many articles, as an archive or a feed brings them: looks, reads, writes, some dozen at a time.

Rule: memory is bounded by one batch, which is one transaction: whoever is killed has lost nothing that was counted, and
begins again at the same place. What is held already is told by its hash, before anything is looked for in it. Another
article under an id that is taken gets one of its own (`clashes`).
"""

from collections.abc import Iterable, Iterator, Sequence

from briefings import clashes
from briefings.article import parse
from briefings.errors import BadInput
from briefings.model import Article
from briefings.record.reader import Read, reader
from briefings.record.store import Record
from briefings.record.taking import Arrival
from briefings.record.values import Standing

#: articles, and characters of them, that are written together
_BATCH, _CHARACTERS = 64, 1_000_000

#: how an article stood to what was held, or why it cannot be kept
Outcome = Standing | BadInput


def take_in(record: Record, raws: Iterable[Article], *, jobs: int = 1) -> Iterator[Outcome]:
    """Adds raw articles as they come, reading new ones in so many processes; tells of each, in their order.

    Whatever iterating over `raws` raises is raised after all that came before it was added.
    """
    new = 0
    with reader(jobs) as read:
        for batch in _batches(raws):
            stood = _take(record, batch, read)
            new += sum(how in (Standing.NEW, Standing.CHANGED) for how in stood)
            yield from stood
    record.settle(new)


def _batches(raws: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    try:
        for raw in raws:
            if any(raw.id == other.id for other in batch):  # how it stands to the other is seen when that is there
                yield batch
                batch, size = [], 0
            batch.append(raw)
            size += len(raw.text)
            if len(batch) == _BATCH or size >= _CHARACTERS:
                yield batch
                batch, size = [], 0
    except BadInput:
        yield batch
        raise
    yield batch


def _take(record: Record, raws: Sequence[Article], read: Read) -> list[Outcome]:
    parsed = [parse(raw) for raw in raws]
    stood = _stood(record, parsed)
    for place, how in enumerate(stood):
        if how is Standing.CHANGED:
            parsed[place], stood[place] = _apart(record, parsed[place])
    wanted = [place for place, how in enumerate(stood) if how in (Standing.NEW, Standing.CHANGED)]
    articles = [parsed[place] for place in wanted]
    found = read(articles) if articles else ()
    came = [Arrival(a, f.quotes, f.names, f.engine) for a, f in zip(articles, found, strict=True)]
    for place, how in zip(wanted, _added(record, came), strict=True):
        stood[place] = how
    return stood


def _apart(record: Record, came: Article) -> tuple[Article, Outcome]:
    """The article, under an id of its own where its id is another article's, and how it stands to what is held."""
    try:
        named = clashes.own_id(came, lambda name: next(iter(record.articles([name])), None))
    except BadInput as error:
        return came, error
    return named, _stood(record, [named])[0]


def _stood(record: Record, parsed: Sequence[Article]) -> list[Outcome]:
    try:
        return list(record.standings(parsed))
    except BadInput as error:
        return [error] if len(parsed) == 1 else [how for article in parsed for how in _stood(record, [article])]


def _added(record: Record, came: Sequence[Arrival]) -> list[Outcome]:
    """Adds them together or, when one of them is refused, each by itself."""
    try:
        return list(record.add_all(came)) if came else []
    except BadInput as error:
        return [error] if len(came) == 1 else [how for arrival in came for how in _added(record, [arrival])]
