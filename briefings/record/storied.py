"""Which story an article belongs to, as it is kept: one story an article, or none."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from briefings.record.schema import articles, stories
from briefings.record.values import Story

#: ids in one statement
_CHUNK = 500


def put(db: Connection, told_by: Mapping[str, Story]) -> None:
    """Puts the articles of these ids into stories, in the caller's transaction; ids that are not held are left out."""
    ids = sorted(told_by)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        db.execute(delete(stories).where(stories.c.article.in_(chunk)))
        held = db.execute(select(articles.c.id).where(articles.c.id.in_(chunk))).scalars()
        rows = [{"article": key, "story": told_by[key].id, "label": told_by[key].label} for key in held]
        if rows:
            db.execute(insert(stories), rows)
