"""Which story an article belongs to, as it is kept: one story an article, or none."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from briefings.record.schema import articles, stories
from briefings.record.values import Story

#: ids in one statement
_CHUNK_SIZE = 500


def save_stories(db: Connection, stories_by_article: Mapping[str, Story]) -> None:
    """Puts the articles of these ids into stories, in the caller's transaction; ids that are not held are left out."""
    ids = sorted(stories_by_article)
    for start in range(0, len(ids), _CHUNK_SIZE):
        chunk = ids[start : start + _CHUNK_SIZE]
        db.execute(delete(stories).where(stories.c.article.in_(chunk)))
        stored_ids = db.execute(select(articles.c.id).where(articles.c.id.in_(chunk))).scalars()
        rows = [
            {"article": key, "story": stories_by_article[key].id, "label": stories_by_article[key].label}
            for key in stored_ids
        ]
        if rows:
            db.execute(insert(stories), rows)
