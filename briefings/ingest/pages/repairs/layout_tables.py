"""Turn the text of tables into paragraphs. Old press releases are laid out as tables, and quotations are put in them.

Rule: a row is kept if one of its cells has running text; its short cells are kept with it, because they can name the
speaker. Numbers, menus and the rows of a data table are dropped.
"""

import re

from lxml.html import HtmlElement

from briefings.ingest.pages.repairs.prose import BLOCK_TAGS, get_text, is_mostly_links, is_prose, wrap_runs

_CELL_TAGS = ("td", "th")
_TABLE_TAGS = ("table", "tbody", "thead", "tfoot", "tr", "caption", "colgroup", *_CELL_TAGS)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright\b)", re.IGNORECASE)


def unwrap_tables(tree: HtmlElement) -> None:
    """Replace each table in `tree` by its running text. A table without any stays, for the extraction to drop."""
    for table in [part for part in tree.iter("table") if next(part.iterancestors("table"), None) is None]:
        cells = list(table.iter(*_CELL_TAGS))
        running_cells = {cell for cell in cells if _is_running(cell)}
        if running_cells:
            _unwrap(table, cells, running_cells)


def _unwrap(table: HtmlElement, cells: list[HtmlElement], running_cells: set[HtmlElement]) -> None:
    rows: dict[HtmlElement | None, list[HtmlElement]] = {}
    for cell in cells:
        rows.setdefault(cell.getparent(), []).append(cell)
    for row_cells in rows.values():
        is_running = any(cell in running_cells for cell in row_cells)
        for cell in row_cells:
            if cell in running_cells or ((is_running or len(row_cells) == 1) and _is_label(cell)):
                wrap_runs(cell, is_all=True)
            elif next(cell.iter("table"), None) is None:
                cell.clear()
    for element in list(table.iter(*_TABLE_TAGS)):
        element.tag = "div"
        element.attrib.clear()


def _is_running(cell: HtmlElement) -> bool:
    """Tell whether a cell has running text outside the tables in it."""
    if next(cell.iter("table"), None) is not None:
        return any(is_prose(get_text(part)) for part in cell if next(part.iter("table"), None) is None)
    text = get_text(cell)
    return is_prose(text) and not is_mostly_links(cell, text) and (" " in text or _has_block(cell))


def _is_label(cell: HtmlElement) -> bool:
    """Tell whether a cell has words that are not links: a name, a heading or a date."""
    text = get_text(cell)
    return _LETTERS.search(text) is not None and _COPYRIGHT.match(text) is None and not is_mostly_links(cell, text)


def _has_block(cell: HtmlElement) -> bool:
    return next((part for part in cell.iter(*BLOCK_TAGS) if part is not cell), None) is not None
