"""What all tables share: their collection with its naming convention, and the type of numbers."""

from sqlalchemy import BigInteger, Integer, MetaData

#: type of article numbers and quote ids (see `counters`); only INTEGER can be the rowid in SQLite
Number = BigInteger().with_variant(Integer, "sqlite")

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
