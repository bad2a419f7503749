"""What all of the bot's tables share: their metadata, revision and version table."""

from sqlalchemy import MetaData

from briefings.storage.db import METADATA as ARTICLE_METADATA

#: revision of these tables: the last one in `migrations/versions`
HEAD = "0011"
VERSION_TABLE = "alembic_version_bot"

METADATA = MetaData(naming_convention=ARTICLE_METADATA.naming_convention)
