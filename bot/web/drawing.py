"""Draws pages as HTML from the templates.

Rule: Jinja2 with autoescape and strict names throughout; no template is given text that is not escaped on its way out.
"""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

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
    made.filters |= {"day": spelt, "plural": plural}
    return made


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its word: "1 article", "2,300 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
