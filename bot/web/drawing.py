"""Draws pages as HTML from the templates.

Rule: Jinja2 with autoescape and strict names throughout; no template is given text that is not escaped on its way out.
"""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.web import addresses
from briefings.article.link import page_of
from briefings.text.days import spelt

NAME: Final = "On the Record"


def environment() -> Environment:
    """The templates, with what every one of them may use."""
    made = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"site": NAME, "to": addresses, "page_of": page_of}
    made.filters |= {"day": spelt, "plural": plural, "exact": exact, "brief": brief, "opening": opening}
    return made


def exact(text: str) -> Markup:
    """`text` as HTML that a browser reads back to the character: a bare carriage return would become a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704  # escaped just now


def brief(text: str, most: int = 120) -> str:
    """`text` in at most so many characters, cut with "…"."""
    return text if len(text) <= most else text[: most - 1] + "…"


def opening(text: str, words: int = 8) -> str:
    """The first words of `text`, to search for."""
    return brief(" ".join(text.split(None, words)[:words]))


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its word: "1 article", "2,300 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
