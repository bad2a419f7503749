"""Refuse to copy damaged articles in a backup or a restore, or leave them out and say so.

Rule: an article in quarantine is copied as it is: it is known, and never shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from briefings.errors import BadInput
from briefings.storage.db.schema import article_versions, articles
from briefings.storage.integrity.damage import REPAIR
from briefings.storage.maintenance.scan import QUARANTINED, scan_articles, scan_versions
from briefings.storage.writes.story_links import remove_from_stories

_MAX_NAMED = 5


def ignore_skipped(_ids: Sequence[str]) -> None:
    """Ignore a report of skipped articles."""


@dataclass(frozen=True, slots=True)
class DamagePolicy:
    """What becomes of damaged articles: without `skip`, they stop the work; else `report` gets their ids."""

    skip: bool = False
    report: Callable[[Sequence[str]], None] = ignore_skipped


REFUSE_DAMAGE = DamagePolicy()


def apply_policy(db: Connection, policy: DamagePolicy, refusal: str) -> None:
    """Remove the damaged articles and older versions of a copy, in the caller's transaction.

    Raises BadInput with `refusal`, the start of a sentence, if the policy does not allow it.
    """
    damaged_ids = [
        article.id for page in scan_articles(db) for article in page if set(article.problems) != {QUARANTINED}
    ]
    versions = [version for version in scan_versions(db) if not version.is_quarantined]
    names = list(dict.fromkeys([*damaged_ids, *(version.article for version in versions)]))
    if not names:
        return
    if not policy.skip:
        rest = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
        count = "1 article is" if len(names) == 1 else f"{len(names)} articles are"
        raise BadInput(
            f"{refusal}: {count} damaged ({', '.join(name[:60] for name in names[:_MAX_NAMED])}{rest}). Mend the "
            f"database with `{REPAIR}`, or leave these articles out with --skip-damaged."
        )
    for article_id in damaged_ids:
        numbers = db.execute(select(articles.c.number).where(articles.c.id == article_id)).scalars().all()
        remove_from_stories(db, numbers)
        # foreign keys and triggers delete the dependent rows and index entries
        db.execute(delete(articles).where(articles.c.id == article_id))
    for version in versions:
        db.execute(delete(article_versions).where(article_versions.c.id == version.id))
    policy.report(names)
