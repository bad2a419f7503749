"""Draws pages as HTML from the templates.

Rule: Jinja2 with autoescape and strict names throughout; no template is given text that is not escaped on its way out.
"""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.links import urls
from briefings.article.citation import get_page_url
from briefings.text.dates import format_day

SITE_NAME: Final = "On the Record"


def build_environment() -> Environment:
    """The templates, with what every one of them may use."""
    jinja_environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja_environment.globals |= {"site": SITE_NAME, "to": urls, "page_of": get_page_url}
    jinja_environment.filters |= {
        "day": format_day,
        "plural": pluralize,
        "exact": escape_exactly,
        "brief": shorten,
        "opening": take_first_words,
    }
    return jinja_environment


def escape_exactly(text: str) -> Markup:
    """`text` as HTML that a browser reads back to the character: a bare carriage return would become a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704  # escaped just now


def shorten(text: str, max_length: int = 120) -> str:
    """`text` in at most so many characters, cut with "…"."""
    return text if len(text) <= max_length else text[: max_length - 1] + "…"


def take_first_words(text: str, max_words: int = 8) -> str:
    """The first words of `text`, to search for."""
    return shorten(" ".join(text.split(None, max_words)[:max_words]))


def pluralize(number: int, singular: str, plural_form: str | None = None) -> str:
    """A count with its word: "1 article", "2,300 articles"."""
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"
