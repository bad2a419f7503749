"""Tell from the sender of a message who published it and who wrote it.

Rule: the display name is the only source; an address or host name is never an outlet. A name with a word for an
organisation ("Press Office, Harbour Council") is the publisher. The name of a person is the byline. "Jane Roe, Harbour
Council" is both. A single word, a post ("Press Secretary"), a program and the like are neither, nor is "Jane Post",
which can be either.
"""

import re
from email.utils import parseaddr

from briefings.ingest.documents.mail.sender_names import (
    is_account,
    is_organisation,
    is_person,
    is_surname_first,
    may_be_person,
)

_VIA = re.compile(r"\s+via\s+.*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:,\s+|\s[-–—|/@•·:]\s|:\s|\s(?:at|from|of|for|chez|bei|beim)\s(?=[A-Z]|the\s)|[(\[])\s*")
_EDGE = " \"'“”‘’;,*-–—|/@•·:()[]"
_ADDRESS = re.compile(
    r"\[?mailto:\S+|<[^<>]*>|\[[^\[\]]*@[^\[\]]*\]|\S+@\S+|https?://\S+|on behalf of.*$", re.IGNORECASE
)
_MAX_LENGTH = 200


def find_publisher_and_author(sender: str) -> tuple[str | None, str | None]:
    """Return the publisher and the byline that a decoded `From` header states, each None if it states none."""
    name = _find_display_name(sender)
    if not name or is_account(name):
        return None, None
    person, rest = _split_person(name)
    if person is not None:
        return _find_organisation(rest), person
    return _find_leading_organisation(name), None


def _find_display_name(sender: str) -> str:
    """Return the display name of an address; "" if there is only an address."""
    if len(sender) > _MAX_LENGTH * 5:
        return ""
    name = parseaddr(sender)[0] if "<" in sender and ">" in sender else ""
    name = name or _ADDRESS.sub("", sender)
    name = _VIA.sub("", _ADDRESS.sub("", name)).strip(" \"'“”‘’;,*")
    return name if len(name) <= _MAX_LENGTH else ""


def _split_person(name: str) -> tuple[str | None, str]:
    """Return the person at the start of a name ("Jane Roe", "Roe, Jane") and what follows; None if there is none."""
    parts = list(_SEPARATOR.finditer(name))
    first = name[: parts[0].start()] if parts else name
    if parts and parts[0][0].strip() == ",":
        end = parts[1].start() if len(parts) > 1 else len(name)
        if is_surname_first(first, name[parts[0].end() : end]):
            return name[:end], name[end:].strip(_EDGE)
    return (first, name[len(first) :].strip(_EDGE)) if is_person(first) else (None, name)


def _find_organisation(text: str) -> str | None:
    """Return the organisation that follows a person's name; of "Press Officer, Harbour Council" the council."""
    text = re.sub(r"^(?:at|from|of|for|chez|bei|beim)\s+", "", text)
    if is_organisation(text):
        return text
    organisations = [part for part in _split_parts(text) if is_organisation(part)]
    return organisations[0] if len(organisations) == 1 else None


def _find_leading_organisation(name: str) -> str | None:
    """Return the organisation that a name without a person at its start states."""
    parts = _split_parts(name)
    if len(parts) > 1 and may_be_person(parts[0]) and not is_organisation(parts[0]):
        return _find_organisation(name[len(parts[0]) :].strip(_EDGE))
    if len(parts) > 1 and any(is_person(part) or is_account(part) for part in parts[1:]):
        return parts[0] if is_organisation(parts[0]) else None
    return name if is_organisation(name) else None


def _split_parts(text: str) -> list[str]:
    return [part for part in (part.strip(_EDGE) for part in _SEPARATOR.split(text)) if part]
