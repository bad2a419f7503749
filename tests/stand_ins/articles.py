"""Paragraphs of an invented report in several places of a page, for tests of what the page reader keeps."""

from collections.abc import Sequence

from briefings.ingest.pages.html import read_page

VOTE = (
    "Councillors in Easton voted on Monday to close forty parking places on the harbour front, after a debate that "
    "lasted until the caretaker asked them to leave."
)
ROE = "“We have listened for long enough,” said Jane Roe, the council leader. “Nobody wants another winter like that.”"
PLAN = (
    "The plan had been drawn up by officers in the spring and was delayed twice, first by the flood and then by a "
    "dispute over the cost of the new wall."
)
HALE = "Tom Hale, the engineer, told the meeting: “The wall will not last another storm.”"
AUTUMN = (
    "Officers will report back in the autumn, when the results of the traffic count at the junction by the old customs "
    "house are expected by the council."
)
REPORT = (VOTE, ROE, PLAN, HALE, AUTUMN)

_NAVIGATION = '<div id="nav"><a href="/a">Menu news</a> <a href="/b">Menu sport</a></div>'
_RELATED = (
    '<div class="related"><h3>Menu of stories</h3>'
    '<ul><li><a href="/r">Menu mayor: “We will fight it”</a></li></ul></div>'
)
_FOOTER = '<footer>© 2026 <a href="/c">Menu contact</a></footer>'
#: places of an article in a page, by name
PLACES = {
    "article": "<article><h1>Harbour plan</h1>{}</article>",
    "main": f'<main><h1>Harbour plan</h1><div class="govspeak">{{}}</div></main>{_RELATED}',
    "no names": '<div class="wrapper"><div class="column"><h1>Harbour plan</h1>{}</div></div>',
    "body": "<h1>Harbour plan</h1>{}",
    "form": '<form id="aspnetForm"><div><h1>Harbour plan</h1>{}</div></form>',
    "articleBody": f'<article><h1>Harbour plan</h1><div itemprop="articleBody">{{}}</div></article>{_RELATED}',
    "table": "<table width=100%><tr><td><h1>Harbour plan</h1>{}</td></tr></table>",
}


def write_paragraphs(lines: Sequence[str]) -> str:
    """Return the lines as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


def read_lines(part: str, place: str = "article", *, head: str = "") -> list[str]:
    """Return the lines of a page with `part` at `place`, without the headline. Menus around it start with "Menu"."""
    navigation = "" if place == "body" else _NAVIGATION
    footer = "" if place == "body" else _FOOTER
    page = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Harbour plan</title>{head}</head><body>"
        f"{navigation}{PLACES[place].format(part)}{footer}</body></html>"
    )
    lines = read_page(page.encode(), None).text.split("\n")
    return lines[1:] if lines[0] == "Harbour plan" else lines
