"""Report damaged articles where they are read: to the log, once each, and to the answer that leaves them out."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())  # a command in a terminal has no log, and says it itself
#: ids in the log or in one sentence, at most
_MAX_LOGGED, _MAX_NAMED = 1_000, 3
#: characters of an id in a sentence: a damaged one can be long
_MAX_ID = 60
REPAIR = "ontherecord doctor --repair"

#: ids of the damaged articles that were read, per reader who wants to know
_collectors: ContextVar[tuple[dict[str, str], ...]] = ContextVar("damage_collectors", default=())
_logged_ids: set[str] = set()
_lock = Lock()


def report_damage(article_id: object, problem: str, *, left_out: bool = True) -> None:
    """Report that an article, or a part of it, is left out because it is damaged.

    Without `left_out`, the damaged part is found again in the article's text, and only the log has it.
    """
    shown_id = ascii(str(article_id)[:_MAX_ID])[1:-1]
    for collector in _collectors.get() if left_out else ():
        collector.setdefault(shown_id, problem)
    with _lock:
        is_new = shown_id not in _logged_ids and len(_logged_ids) < _MAX_LOGGED
        if is_new:
            _logged_ids.add(shown_id)
    if is_new:
        _LOG.warning("article_damaged id=%s problem=%s repair=%s", shown_id, problem.replace(" ", "_"), "doctor")


@contextmanager
def collect_damage() -> Iterator[dict[str, str]]:
    """Yield a mapping that gets the id and the problem of each damaged article that is read in the block."""
    problems: dict[str, str] = {}
    token = _collectors.set((*_collectors.get(), problems))
    try:
        yield problems
    finally:
        _collectors.reset(token)


def describe_damage(ids: Iterable[str]) -> str:
    """Say which articles were left out, in one sentence; "" for none."""
    names = list(ids)
    if not names:
        return ""
    rest = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    count = "1 article was" if len(names) == 1 else f"{len(names)} articles were"
    them = "it" if len(names) == 1 else "them"
    return (
        f"{count} left out, damaged in the database: {', '.join(names[:_MAX_NAMED])}{rest}. Mend {them} with: {REPAIR}"
    )
