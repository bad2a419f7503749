"""Column types whose damaged values do not stop a query: they become an impossible value, which no checksum fits."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Dialect, TypeDecorator

from briefings.model import Span

#: read instead of a damaged day or time
DAMAGED_DAY, DAMAGED_TIME = date(1, 1, 1), datetime(1, 1, 1, tzinfo=UTC)
#: read instead of damaged spans: empty, at the end of no text
DAMAGED_SPANS = (Span(2**62, 2**62),)

_Processor = Callable[[Any], Any]


class Spans(TypeDecorator[Sequence[Span]]):
    """Column type for spans in order, stored as JSON: [[start, end], ...]."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Span] | None, dialect: Dialect) -> list[list[int]]:  # noqa: ARG002 - given
        """Convert spans to JSON."""
        return [[span.start, span.end] for span in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Span, ...]:  # noqa: ARG002, ANN401 - given; JSON
        """Convert JSON to spans."""
        return to_spans(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor | None:
        """Return the converter of stored values."""
        return _guard(super().result_processor(dialect, coltype), DAMAGED_SPANS)


class Day(TypeDecorator[date]):
    """Column type for a day."""

    impl = Date
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor | None:
        """Return the converter of stored values."""
        return _guard(super().result_processor(dialect, coltype), DAMAGED_DAY)


class UtcDateTime(TypeDecorator[datetime]):
    """Column type for a time in UTC. SQLite stores no time zone: writing requires one, and reading adds UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Convert to UTC. Raises ValueError if the time has no zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Return the time in UTC, with its zone."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor | None:
        """Return the converter of stored values."""
        return _guard(super().result_processor(dialect, coltype), DAMAGED_TIME)


def to_spans(value: Any) -> tuple[Span, ...]:  # noqa: ANN401  # a JSON value
    """Convert parsed JSON to spans; anything else is damaged."""
    try:
        spans = tuple([Span(start, end) for start, end in value or ()])
    except (TypeError, ValueError):
        return DAMAGED_SPANS
    return spans


def parse_spans(value: Any) -> tuple[Span, ...]:  # noqa: ANN401  # a stored value
    """Convert spans as a driver returns them: JSON as text (SQLite), or already parsed (PostgreSQL)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return DAMAGED_SPANS
    return to_spans(value)


def _guard(process: _Processor | None, damaged_value: object) -> _Processor | None:
    if process is None:
        return None

    def process_safely(value: Any) -> Any:  # noqa: ANN401  # any stored value
        try:
            return process(value)
        except (ValueError, TypeError, AttributeError, OverflowError):
            return damaged_value

    return process_safely
