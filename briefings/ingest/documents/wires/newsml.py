"""Read NewsML-G2, the format of news agencies for items and messages of several items (IPTC).

Rule: only text items are taken; a package only lists other items. An item that was withdrawn is refused.
Rule: the day is that of the item's first version (`firstCreated`), never of its content (`contentCreated`). A later
version without it, or an item that is embargoed until a later day, has no day. Rule: the outlet is the provider's name.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from lxml import etree

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.article_fields import build_document_article, number_ids
from briefings.ingest.documents.wires.nitf import build_nitf_article, extract_xml_text
from briefings.ingest.documents.wires.safe_xml import drop_namespaces, get_text, parse_xml
from briefings.ingest.field_validation import MAX_NAME_LENGTH
from briefings.ingest.publication_days import parse_day
from briefings.model import Article, Span

#: maximum number of items in one message
MAX_ITEMS = 20_000
_WITHDRAWN_STATUSES = ("canceled", "cancelled", "withheld")


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the text items of a NewsML-G2 file. Raises BadInput if it is damaged or contains none."""
    root = drop_namespaces(parse_xml(data, name))
    if root.tag == "NewsML":
        raise BadInput(f"{name} is an old NewsML 1 file, which can't be read. Ask for NewsML-G2 or NITF.")
    if root.tag not in ("newsMessage", "newsItem", "packageItem"):
        raise BadInput(f"{name} is not a NewsML-G2 file: it starts with <{root.tag}>.")
    elements = [root] if root.tag == "newsItem" else list(root.iter("newsItem"))
    if not elements:
        raise BadInput(f"{name} only lists other items and contains no text. Add the items themselves.")
    if len(elements) > MAX_ITEMS:
        raise BadInput(f"{name} has more than {MAX_ITEMS:,} items, the limit for one file. Split it.")
    items = list(_read_items(elements, name, article_id))
    if len(items) == 1 and isinstance(items[0], BadInput):
        raise items[0]
    return number_ids(items, article_id)


def _read_items(elements: Sequence[etree._Element], name: str, article_id: str) -> Iterator[Article | BadInput]:
    """Yield the article of each text item, an error for each one that is refused, and one error for other media."""
    media_kinds: list[str] = []
    for number, element in enumerate(elements, 1):
        location = name if len(elements) == 1 else f"{name}, item {number}"
        kind = _get_code(element.find("./itemMeta/itemClass"))
        if kind not in ("", "text", "composite"):
            media_kinds.append(kind)
            continue
        try:
            yield _build_article(element, location, article_id)
        except BadInput as error:
            yield error
    if media_kinds:
        kinds = ", ".join(sorted({kind if kind.isalnum() else "other" for kind in media_kinds}))
        count = "1 item is" if len(media_kinds) == 1 else f"{len(media_kinds):,} items are"
        yield BadInput(f"{name}: {count} not text ({kinds}), so nothing was taken from there.")


def _build_article(item: etree._Element, name: str, article_id: str) -> Article:
    status = _get_code(item.find("./itemMeta/pubStatus"))
    if status in _WITHDRAWN_STATUSES:
        raise BadInput(f"{name} was withdrawn by its publisher ({status}), so it was not taken.")
    inner_article, (text, quotation_elements) = _find_text(item, name)
    guid = (item.get("guid") or "").strip()
    is_usable_id = 0 < len(guid) <= MAX_NAME_LENGTH and guid.isprintable() and " " not in guid
    return build_document_article(
        guid if is_usable_id else article_id,
        text,
        name,
        title=_find_headline(item) or (inner_article.title if inner_article else None),
        byline=get_text(item.find("./contentMeta/by")) or (inner_article.byline if inner_article else None),
        publisher=_find_provider(item),
        published=_find_day(item),
        quotation_elements=quotation_elements,
    )


def _find_text(item: etree._Element, name: str) -> tuple[Article | None, tuple[str, tuple[Span, ...]]]:
    """Return the text and quotation elements of the item's first usable rendition, and the NITF article in it."""
    for content in item.iterfind("./contentSet/*"):
        if content.tag == "inlineXML":
            nitf = content.find("./nitf")
            if nitf is not None:
                article = build_nitf_article(nitf, name, name[-100:])
                return article, (article.text, article.quotation_elements)
            body = content.find(".//body")
            text, spans = extract_xml_text(content if body is None else body, name)
            if text:
                return None, (text, spans)
        elif content.tag == "inlineData" and content.get("encoding") is None:
            text = "\n".join(line.strip() for line in "".join(content.itertext()).strip().splitlines())
            if text and (content.get("contenttype") or "text/plain").startswith("text/plain"):
                return None, (text, ())
    raise BadInput(f"{name} contains no text.")


def _find_headline(item: etree._Element) -> str | None:
    headlines = item.findall("./contentMeta/headline")
    main_headlines = [headline for headline in headlines if not headline.get("role", "").strip()] or [
        headline for headline in headlines if headline.get("role", "").endswith("main")
    ]
    candidates = main_headlines or headlines
    return get_text(candidates[0]) if candidates else get_text(item.find("./itemMeta/title"))


def _find_provider(item: etree._Element) -> str | None:
    """Return the provider's name. A code ("nprov:TT") or a URL is not a name."""
    provider = item.find("./itemMeta/provider")
    return None if provider is None else get_text(provider.find("./name"))


def _find_day(item: etree._Element) -> date | None:
    first_day = _get_day(item, "./itemMeta/firstCreated")
    version_day = _get_day(item, "./itemMeta/versionCreated")
    is_first_version = (item.get("version") or "1").strip() in ("1", "")
    if first_day is None and not is_first_version and version_day != _get_day(item, "./contentMeta/contentCreated"):
        return None
    day = first_day or version_day
    embargo_day = _get_day(item, "./itemMeta/embargoed")
    return None if day and embargo_day and embargo_day > day else day


def _get_day(item: etree._Element, path: str) -> date | None:
    text = get_text(item.find(path))
    return parse_day(text) if text else None


def _get_code(element: etree._Element | None) -> str:
    """Return the last part of an element's code in lower case: "text" for qcode="ninat:text"."""
    code = "" if element is None else element.get("qcode") or element.get("uri") or ""
    return code.rpartition(":")[2].rpartition("/")[2].strip().lower()
