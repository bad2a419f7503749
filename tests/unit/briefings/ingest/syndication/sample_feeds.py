"""Small feeds of an invented paper."""

ADDRESS = "https://paper.example/feed"

NAMESPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:a='http://www.w3.org/2005/Atom' "
    "xmlns:p='http://prismstandard.org/namespaces/1.2/basic/' "
    "xmlns:dcterms='http://purl.org/dc/terms/' xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'"
)


def rss(items: str, before: str = "", encoding: str = "utf-8") -> bytes:
    text = f"<?xml version='1.0' encoding='{encoding}'?>{before}<rss version='2.0' {NAMESPACES}>"
    text += "<channel><title>The Paper</title>"
    return f"{text}{items}</channel></rss>".encode(encoding)


def item(title: str = "A title", link: str = "https://paper.example/a", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"
