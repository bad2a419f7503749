"""Find the line that signs a quotation element: "— Jane Roe", or in <cite> "Jane Roe, mayor of Easton".

Rule: the line follows the element's last line at once. Without a dash it opens with a title or a first name and a
surname, has few words and is no sentence.
"""

import re

from briefings.model import Span
from briefings.text.words import load_table

#: maximum words of a signature: name, office, place
MAX_WORDS = 10
_LINE = re.compile(r"\n(?P<line>[^\n]{3,120})(?=\n|\Z)")
_DASH = re.compile(r"[—―–-]\s*(?=[A-Z])")
_NAME = re.compile(r"(?P<first>[A-Z][\w'’-]*\.?) (?:[A-Z][\w'’.-]* ){0,2}[A-Z][\w'’-]+(?=,|$| \()")


def find_signature(text: str, end: int) -> Span | None:
    """Return the line that signs the element whose words end at offset `end`, or None."""
    match = _LINE.match(text, end)
    if match is None or len(match["line"].split()) > MAX_WORDS or match["line"].rstrip().endswith((".", ":", "?", "!")):
        return None
    name = _NAME.match(match["line"])
    if _DASH.match(match["line"]) or (name is not None and _is_first_name(name["first"])):
        return Span(*match.span("line"))
    return None


def opens_with_dash(line: str) -> bool:
    """Tell whether a signature has the dash that marks it."""
    return _DASH.match(line) is not None


def _is_first_name(word: str) -> bool:
    lowercase = word.lower().rstrip(".")
    return any(lowercase in load_table(table) for table in ("first_names", "given_names", "honorifics"))
