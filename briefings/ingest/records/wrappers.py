"""Find the records in what interfaces and tools wrap around them.

Known shapes: a list in an object at any depth ({"response": {"results": [...]}}), an object of records by id, columns
of values, and a record in an object of its own ({"_source": {...}}).
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from briefings.ingest.field_validation import Fields
from briefings.ingest.records.field_names import find_candidates

#: objects inside a record whose fields belong to the record
_CONTAINERS = frozenset(
    {
        "_source",
        "fields",
        "row",
        "attributes",
        "node",
        "document",
        "doc",
        "item",
        "story",
        "post",
        "article",
        "data",
        "properties",
        "record",
        "news",
        "content",
        "metadata",
    }
)
_MAX_DEPTH = 5
#: number of objects and lists that are searched, and number of a list's records that are looked at
_MAX_VISITS, _MAX_TRIED_RECORDS = 2_000, 20
_MAX_CONTAINER_DEPTH = 3


def flatten_record(record: Fields, depth: int = _MAX_CONTAINER_DEPTH) -> Fields:
    """Return a record with the fields of its containers; its own fields come first."""
    containers = [
        (name, value) for name, value in record.items() if type(value) is dict and name.lower() in _CONTAINERS
    ]
    embedded = record.get("_embedded")
    if not containers and not isinstance(embedded, dict):
        return record
    flat_record = dict(record)
    for name, value in containers:
        if depth and not _holds_value(value):
            del flat_record[name]
            for inner_name, inner_value in flatten_record(value, depth - 1).items():
                if flat_record.get(inner_name) in (None, ""):
                    flat_record[inner_name] = inner_value
    if isinstance(embedded, dict) and isinstance(embedded.get("author"), list):
        flat_record["author"] = embedded["author"]  # WordPress: the names of the authors whose numbers are in "author"
    return flat_record


def find_records(value: object, has_text: Callable[[Fields], bool]) -> list[Fields] | None:
    """Return the records in an object or a list, or None if there are no records with a text in it.

    The list nearest to the top wins. `has_text` tells whether a record has the text of an article.
    """
    queue: deque[tuple[dict[str, object] | list[object], int]] = deque()
    if isinstance(value, dict | list):
        queue.append((value, 0))
    for _ in range(_MAX_VISITS):
        if not queue:
            break
        candidate, depth = queue.popleft()
        records = _get_records(candidate)
        if records and any(has_text(record) for record in records[:_MAX_TRIED_RECORDS]):
            return records
        if depth < _MAX_DEPTH:
            inner_values = candidate.values() if isinstance(candidate, dict) else candidate
            queue.extend(
                (inner, depth + 1) for inner in list(inner_values)[:_MAX_VISITS] if isinstance(inner, dict | list)
            )
    return None


def find_list(value: object) -> list[Fields] | None:
    """Return the largest list of objects near the top, for a message about records without a text."""
    lists = [records for records in _iterate_lists(value, 0) if len(records) > 0]
    return max(lists, key=len, default=None)


def _iterate_lists(value: object, depth: int) -> Iterator[list[Fields]]:
    if isinstance(value, list):
        yield [item for item in value if isinstance(item, dict)]
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        for inner_value in list(value.values())[:_MAX_TRIED_RECORDS]:
            yield from _iterate_lists(inner_value, depth + 1)


def _holds_value(value: Mapping[str, object]) -> bool:
    """Tell whether an object is one value in several forms ({"rendered": "..."}) and not a group of fields."""
    return any(isinstance(value.get(key), str) for key in ("rendered", "plain", "value", "#text"))


def _get_records(value: object) -> list[Fields] | None:
    """Return the records that a value consists of, if it is a list, an object of records, or columns."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if not isinstance(value, dict):
        return None
    if (rows := read_columns(value)) is not None:
        return rows
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        names = [str(name) for name in value["columns"]]
        lists = [row for row in value["data"] if isinstance(row, list) and len(row) == len(names)]
        return [dict(zip(names, row, strict=True)) for row in lists]
    inner_values = list(value.values())
    if len(inner_values) == 1 and isinstance(inner_values[0], dict):
        return [inner_values[0]]
    if inner_values and all(isinstance(inner, dict) for inner in inner_values):
        # numbers are the rows of a data frame, which are the same in every file
        return [inner if name.isdecimal() else {"id": name, **inner} for name, inner in value.items()]
    return None


def read_columns(value: Mapping[str, object]) -> list[Fields] | None:
    """Return the rows of columns, or None for anything else.

    Columns are lists ({"text": ["...", "..."]}) or objects ({"text": {"0": "...", "1": "..."}}) of the same length.
    """
    names = find_candidates(value)
    text_column = value.get(names["text"][0]) if "text" in names else None
    if not isinstance(text_column, list | dict) or not text_column:
        return None
    columns = {
        name: dict(enumerate(column)) if isinstance(column, list) else column
        for name, column in value.items()
        if isinstance(column, type(text_column)) and len(column) == len(text_column)
    }
    keys = columns[names["text"][0]].keys()
    known_names = {name for field, field_names in names.items() if field != "text" for name in field_names}
    # a list of paragraphs has no list of as many titles
    is_table = len(columns.keys() & known_names) > 0 or (isinstance(text_column, dict) and len(columns) == len(value))
    is_table = is_table and all(column.keys() == keys for column in columns.values())
    if not is_table or not all(isinstance(text, str | None) for text in columns[names["text"][0]].values()):
        return None
    return [{name: column[key] for name, column in columns.items()} for key in keys]
