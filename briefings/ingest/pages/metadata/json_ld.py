"""Parse a page's JSON-LD (schema.org), also as content management systems damage it, and collect its objects.

Rule: objects are bounded in size and number. A script that cannot be parsed gives the objects before the damage.
Rule: lists of other articles (`itemListElement`, `liveBlogUpdate`, `hasPart`) are never searched.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

JsonObject = Mapping[str, object]

#: maximum length of a page's JSON-LD that is parsed, in characters
_MAX_LENGTH = 1_000_000
#: maximum number of objects that are returned, and of values that are searched for ids
_MAX_OBJECTS, _MAX_VALUES = 300, 20_000
#: maximum depth of objects in objects, and of references
_MAX_DEPTH = 6
_MEDIA_TYPE = "application/ld+json"
#: fields whose objects describe the page or its article
_PAGE_FIELDS = ("@graph", "mainEntity", "mainEntityOfPage")
_OPENING = re.compile(r"(?:\s|\ufeff|<!--|<!\[CDATA\[|//|/\*|\*/)*")
_BETWEEN = re.compile(r"[\s,;]*")
_STRING = r'(?P<string>"(?:[^"\\]|\\.)*+")'
_STRING_OR_COMMENT = re.compile(rf"{_STRING}|/\*.*?\*/|//[^\n]*", re.DOTALL)
_STRING_OR_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)
_WRONG_ESCAPE = re.compile(r"\\(\\|[^\\\"/bfnrtu])")
_DECODER = json.JSONDecoder(strict=False)


def collect_objects(scripts: Iterator[HtmlElement]) -> list[JsonObject]:
    """Return the objects of JSON-LD scripts that can describe the page or its article, in order.

    References to other objects of the page (`{"@id": …}`) are resolved.
    """
    parsed_values = [value for text in _find_script_texts(scripts) for value in _parse_values(text)]
    objects_by_id = _index_ids(parsed_values)
    objects: list[JsonObject] = []
    for value in parsed_values:
        objects.extend(islice(_walk_page_fields(value, objects_by_id, 0), _MAX_OBJECTS - len(objects)))
    unique_objects = {id(json_object): json_object for json_object in objects}
    return [_resolve_fields(json_object, objects_by_id) for json_object in unique_objects.values()]


def get_type_names(json_object: JsonObject) -> frozenset[str]:
    """Return the names of an object's types: "NewsArticle" for "http://schema.org/NewsArticle" too."""
    types = json_object.get("@type")
    return frozenset(
        re.split(r"[/#:]", type_name.strip())[-1]
        for type_name in (types if isinstance(types, list) else [types])
        if isinstance(type_name, str)
    )


def get_texts(value: object, depth: int = 0) -> list[str]:
    """Return the texts of a value: itself, its items, the names of its objects, or their `@value`."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, int) and not isinstance(value, bool):
        return [str(value)] if abs(value) < 10**15 else []
    if depth >= _MAX_DEPTH:
        return []
    if isinstance(value, list):
        return [text for item in value[:_MAX_OBJECTS] for text in get_texts(item, depth + 1)]
    if isinstance(value, Mapping):
        for name in ("name", "@value", "@list", "@set"):
            if texts := get_texts(value.get(name), depth + 1):
                return texts
        parts = [text for name in ("givenName", "familyName") for text in get_texts(value.get(name), depth + 1)]
        return [" ".join(parts)] if parts else []
    return []


def get_links(value: object, depth: int = 0) -> list[str]:
    """Return the URLs of a value: itself, its items, or the `@id` and `url` of its objects."""
    if isinstance(value, str):
        return [value]
    if depth >= _MAX_DEPTH:
        return []
    if isinstance(value, list):
        return [link for item in value[:20] for link in get_links(item, depth + 1)]
    if isinstance(value, Mapping):
        return [link for name in ("@id", "url") for link in get_links(value.get(name), depth + 1)]
    return []


def _find_script_texts(scripts: Iterator[HtmlElement]) -> Iterator[str]:
    remaining_length = _MAX_LENGTH
    for script in scripts:
        if (script.get("type") or "").partition(";")[0].strip().lower() != _MEDIA_TYPE:
            continue
        text = script.text or ""
        remaining_length -= len(text)
        if remaining_length < 0:
            return
        yield text


def _parse_values(text: str) -> list[object]:
    """Return the values of a script: usually one, sometimes several in a row."""
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    if text[:20].startswith(("{&quot;", "[{&quot;", "{ &quot;")):
        text = unescape(text)
    values, rest = _decode_values(text)
    if "{" not in rest:
        return values
    repaired_values, _ = _decode_values(_repair(text))
    return max(values, repaired_values, key=len)


def _repair(text: str) -> str:
    """Repair what pages most often do wrong in JSON: a comma before a closing bracket, a comment, an escaped quote."""
    text = _STRING_OR_COMMENT.sub(lambda match: match["string"] or "", text)
    text = _STRING_OR_COMMA.sub(lambda match: match["string"] or "", text)
    return _WRONG_ESCAPE.sub(lambda match: match[0] if match[1] == "\\" else match[1], text)


def _decode_values(text: str) -> tuple[list[object], str]:
    """Return the values at the start of `text`, and the rest."""
    values: list[object] = []
    position = 0
    while position < len(text) and len(values) < _MAX_OBJECTS:
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
    return values, text[position:]


def _index_ids(values: list[object]) -> dict[str, JsonObject]:
    """Return all objects with an `@id` and content, at any depth, by id."""
    objects_by_id: dict[str, JsonObject] = {}
    pending = list(reversed(values))
    for _ in range(_MAX_VALUES):
        if not pending:
            break
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            object_id = value.get("@id")
            if isinstance(object_id, str) and len(value) > 1:
                objects_by_id.setdefault(object_id, value)
            pending.extend(item for item in value.values() if isinstance(item, dict | list))
    return objects_by_id


def _walk_page_fields(value: object, objects_by_id: Mapping[str, JsonObject], depth: int) -> Iterator[JsonObject]:
    """Yield an object and those of the fields that describe the same page."""
    if depth >= _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:_MAX_OBJECTS]:
            yield from _walk_page_fields(item, objects_by_id, depth + 1)
    elif isinstance(value, Mapping):
        json_object = _resolve(value, objects_by_id)
        yield json_object
        for name in _PAGE_FIELDS:
            if isinstance(json_object.get(name), Mapping | list):
                yield from _walk_page_fields(json_object[name], objects_by_id, depth + 1)


def _resolve(json_object: JsonObject, objects_by_id: Mapping[str, JsonObject]) -> JsonObject:
    """Return the object that a reference names, or the object itself."""
    object_id = json_object.get("@id")
    is_reference = isinstance(object_id, str) and not (json_object.keys() - {"@id", "@type"})
    return objects_by_id.get(str(object_id), json_object) if is_reference else json_object


def _resolve_fields(json_object: JsonObject, objects_by_id: Mapping[str, JsonObject]) -> JsonObject:
    """Resolve the references in the fields that name people and organisations."""
    people = {
        name: _resolve_items(json_object[name], objects_by_id)
        for name in ("author", "creator", "publisher")
        if name in json_object
    }
    return {**json_object, **people}


def _resolve_items(value: object, objects_by_id: Mapping[str, JsonObject]) -> object:
    if isinstance(value, list):
        return [_resolve_items(item, objects_by_id) for item in value[:_MAX_OBJECTS] if not isinstance(item, list)] + [
            inner for item in value[:_MAX_OBJECTS] if isinstance(item, list) for inner in item[:_MAX_OBJECTS]
        ]
    return _resolve(value, objects_by_id) if isinstance(value, Mapping) else value
