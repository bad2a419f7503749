"""Build an article from one record, whatever the names of its fields.

Rule: the fields "id" and "text" of our own format come first and stay unchanged. Rule: without a text there is no
article, and a summary is not a text. An optional field that cannot be used is left out, with a warning.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar
from urllib.parse import urlsplit

from briefings.errors import BadInput
from briefings.ingest.context import ReadObserver, ReadOptions, ReadPage
from briefings.ingest.field_validation import MAX_NAME_LENGTH, Fields, check_storable, describe_type
from briefings.ingest.records.field_names import (
    BEGINNING_NAMES,
    OUTLET_NAMES,
    find_candidates,
    find_summary_name,
    normalise_name,
    resolve_columns,
)
from briefings.ingest.records.field_values import (
    Unusable,
    convert_byline,
    convert_day,
    convert_id,
    convert_publisher,
    convert_title,
    convert_url,
    is_empty,
    unwrap,
)
from briefings.ingest.records.source_values import is_technical_source
from briefings.ingest.records.text_values import ArticleText, build_text, find_text
from briefings.ingest.records.wrappers import find_list, find_records, flatten_record, read_columns
from briefings.model import Article

#: names that may hold each of our fields, best first
Plan = Mapping[str, Sequence[str]]
#: number of plans that are remembered; the records of a file usually have the same fields
_MAX_PLANS = 100
#: number of fields, and of characters in their names, above which the plan of a record is not remembered
_MAX_PLAN_FIELDS, _MAX_PLAN_LENGTH = 200, 10_000
_HASH_LENGTH = 12
#: states of an item of a news agency that was taken back
_WITHDRAWN_STATES = frozenset({"canceled", "cancelled", "withheld"})

_Value = TypeVar("_Value")


class SummaryOnly(BadInput):
    """A record with a summary instead of the article's text."""


class RecordMapper:
    """Builder of the articles of one file. Remembers which field holds what, because most records are alike."""

    def __init__(
        self,
        file_id: str | None,
        options: ReadOptions | None = None,
        on_warning: Callable[[str], None] | None = None,
        read_page: ReadPage | None = None,
    ) -> None:
        self._file_id, self._read_page = file_id, read_page
        #: receives a sentence about each field that was left out
        self.on_warning = on_warning or ReadObserver().on_warning
        #: the user's choice of columns by the name of our field
        self.columns = resolve_columns((options or ReadOptions()).columns)
        self._plans: dict[tuple[str, ...], Plan] = {}

    def has_text(self, record: Fields) -> bool:
        """Tell whether a record has the text of an article, or its beginning."""
        fields = flatten_record(record)
        return self._find_text(fields, self.get_plan(fields)) is not None or _find_beginning(fields) is not None

    def get_records(self, value: object) -> Sequence[object]:
        """Return the value if it is an article, or else the records in it; the value itself if there are none."""
        if not isinstance(value, dict):
            return find_records(value, self.has_text) or [value]
        text = value.get("text")
        if isinstance(text, str) and text:
            return [value]
        if (rows := read_columns(value)) is not None:
            return rows
        if self.has_text(value):
            return [value]
        return find_records(value, self.has_text) or find_list(value) or [value]

    def build_article(self, record: Fields, location: str, plan: Plan | None = None) -> Article:
        """Build an article. `plan` names the fields to use; without it they are found by their names.

        Raises BadInput with a message that starts with `location`.
        """
        fields = flatten_record(record)
        plan = self.get_plan(fields) if plan is None else plan
        _check_state(fields, location)
        title = self._get_field("title", convert_title, fields, plan, location)
        text = self._get_text(fields, plan, location)
        url = self._get_field("url", convert_url, fields, plan, location)
        # the numbers of WordPress are those of one site only
        has_foreign_id = url is not None and isinstance(fields.get("content"), dict)
        own_id = None if has_foreign_id else self._get_field("id", convert_id, fields, plan, location)
        return Article(
            id=own_id or self._build_id(url, text.text),
            text=text.text,
            publisher=self._get_field("publisher", convert_publisher, fields, plan, location),
            published=self._get_field("published", convert_day, fields, plan, location),
            url=url,
            title=title,
            byline=self._get_field("byline", convert_byline, fields, plan, location),
            quotation_elements=text.quotation_elements,
        )

    def get_plan(self, fields: Fields) -> Plan:
        """Return the names that may hold each of our fields; the user's choice replaces what the names say."""
        names = tuple(fields)
        plan = self._plans.get(names)
        if plan is None:
            plan = {**find_candidates(names), **{field: (name,) for field, name in self.columns.items()}}
            is_small = len(names) <= _MAX_PLAN_FIELDS and sum(map(len, names)) <= _MAX_PLAN_LENGTH
            if is_small and len(self._plans) < _MAX_PLANS:
                self._plans[names] = plan
        return plan

    def _find_text(self, fields: Fields, plan: Plan) -> tuple[str, str] | None:
        """Return the name and the content of the best field that has a text."""
        for name in plan.get("text", ()):
            if text := find_text(fields.get(name)):
                return name, text
        return None

    def _get_text(self, fields: Fields, plan: Plan, location: str) -> ArticleText:
        name_and_text = self._find_text(fields, plan)
        if name_and_text is None:
            return self._get_beginning(fields, plan, location)
        name, text = name_and_text
        if name == "text" and fields["text"] is text:
            return ArticleText(check_storable(text, location))
        article_text = build_text(text, self._read_page)
        if not article_text.text.strip():
            raise BadInput(f'{location}: "{name}" has no text. Fill it in.')
        if article_text.is_beginning:
            self._warn_of_beginning(location, name)
        check_storable(article_text.text, location)
        return article_text

    def _get_beginning(self, fields: Fields, plan: Plan, location: str) -> ArticleText:
        """Return the beginning of a text that is all a record has. Raises BadInput if it has none."""
        if isinstance(text := fields.get("text"), str):
            # Archives contain articles with an empty text; they must not stop the import.
            return ArticleText(check_storable(text, location))
        if "text" not in self.columns and (name_and_text := _find_beginning(fields)) is not None:
            self._warn_of_beginning(location, name_and_text[0])
            return ArticleText(check_storable(name_and_text[1], location))
        summary_name = find_summary_name(name for name, value in fields.items() if find_text(value))
        if summary_name is not None:
            raise SummaryOnly(f'{location} has only a summary ("{summary_name}"). Add the whole text of the article.')
        name = next(iter(plan.get("text", ())), "text")
        if name not in fields:
            raise BadInput(f'{location}: "{name}" is missing. Add it.')
        if isinstance(fields[name], str):
            raise BadInput(f'{location}: "{name}" is empty. Fill it in.')
        raise BadInput(f'{location}: "{name}" must be text in quotation marks, not {describe_type(fields[name])}.')

    def _get_field(
        self, field: str, convert: Callable[[object], _Value | None], fields: Fields, plan: Plan, location: str
    ) -> _Value | None:
        """Return the first usable value of an optional field; warn if there are only unusable ones."""
        problem = None
        for name in plan.get(field, ()):
            value = fields.get(name)
            if value is None:
                continue
            if type(value) is not str:
                value = unwrap(field, value)
            if is_empty(value):
                continue
            try:
                converted_value = convert(value)
            except Unusable as error:
                # a number called "source" or "author" is a key of another table
                is_foreign_key = isinstance(value, int | float) and name != field
                problem = problem or (None if is_foreign_key else f'"{name}" {error}')
                continue
            if converted_value is not None and self._is_plausible(field, name, converted_value):
                return converted_value
        if problem is not None:
            self.on_warning(f"{location}: {problem}, so it was left out.")
        return None

    def _is_plausible(self, field: str, name: str, value: object) -> bool:
        """Tell whether a value can be used: a "source" may be no outlet, unless the user chose the column."""
        is_certain = field != "publisher" or normalise_name(name) in OUTLET_NAMES or field in self.columns
        return is_certain or not (isinstance(value, str) and is_technical_source(value))

    def _build_id(self, url: str | None, text: str) -> str:
        """Build the id of an article without one: its URL, unless that is a site's, or a hash of its text."""
        if url is not None and len(url) <= MAX_NAME_LENGTH and urlsplit(url).path.strip("/"):
            return url
        text_hash = sha256(text.encode()).hexdigest()
        is_file_id_usable = bool(self._file_id) and len(self._file_id or "") < MAX_NAME_LENGTH - _HASH_LENGTH
        return f"{self._file_id}/{text_hash[:_HASH_LENGTH]}" if is_file_id_usable else f"record-{text_hash[:24]}"

    def _warn_of_beginning(self, location: str, name: str) -> None:
        self.on_warning(f'{location}: "{name}" is only the beginning of the article.')


def _find_beginning(fields: Fields) -> tuple[str, str] | None:
    """Return the name and content of a field with the first paragraph of an article."""
    for name in fields:
        if normalise_name(name) in BEGINNING_NAMES and (text := find_text(fields[name])) is not None:
            return name, text
    return None


def _check_state(fields: Fields, location: str) -> None:
    """Raise BadInput for an item that its agency took back."""
    for name in ("pubstatus", "pubStatus"):
        if name in fields and str(fields[name]).lower() in _WITHDRAWN_STATES:
            raise BadInput(f"{location} was withdrawn by its sender, so it was left out.")
