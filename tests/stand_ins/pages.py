"""Web pages of invented newspapers, for tests of the HTML reader."""

import json

_PARAGRAPH = (
    "<p>“We will count every vote in ward {number},” said Anna Berg, the mayor of Oxbridge, on Tuesday. "
    "The hall had filled with people since the morning, and {number} of them had come on foot. "
    "Tom Okoro, who speaks for the harbour workers, said that nobody had been told of the delay.</p>\n"
)


def make_paragraphs(number: int, first: int = 0) -> str:
    """Return the HTML of this many paragraphs of a report."""
    return "".join(_PARAGRAPH.format(number=first + index) for index in range(number))


def make_page(
    body: str | None = None,
    *,
    head: str = "",
    json_ld: dict[str, object] | None = None,
    title: str = "The count goes on | The Paper",
) -> str:
    """Return a page with a menu, an article and a footer. `json_ld` is embedded in the head."""
    data = f'<script type="application/ld+json">{json.dumps(json_ld)}</script>' if json_ld else ""
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title>{head}{data}</head><body>"
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>'
        f"<article><h1>The count goes on</h1>{make_paragraphs(6) if body is None else body}</article>"
        "<footer><p>© 2016 The Paper. All rights reserved.</p></footer></body></html>"
    )


def make_json_ld(**fields: object) -> dict[str, object]:
    """Return the JSON-LD of a news article."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
