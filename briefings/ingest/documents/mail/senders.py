"""Tell from the sender of a message who published it and who wrote it.

Rule: the display name is the only source; an address or host name is never an outlet, but an address such as
jane.roe@ confirms that a name is a person's. A name with a word for an organisation ("Press Office, Harbour Council")
is the publisher. The name of a person is the byline. "Jane Roe, Harbour Council" is both. A single word, a post ("Press
Secretary"), a program and the like are neither, nor is "Jane Post", which can be either.
"""

import re
from email.utils import parseaddr

from briefings.ingest.documents.mail.sender_names import (
    has_forename,
    has_post,
    is_account,
    is_organisation,
    is_person,
    is_surname_first,
    may_be_person,
)
from briefings.text.folding import make_search_key

_VIA = re.compile(r"\s+via\s+.*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:,\s+|\s[-–—|/@•·:]\s|:\s|\s(?:at|from|of|for|chez|bei|beim)\s(?=[A-Z]|the\s)|[(\[])\s*")
_MARK = re.compile(r",\s+|\s(?:at|from|chez|bei|beim)\s(?=[A-Z]|the\s)|\s[-–—|/@•·:]\s|:\s|[(\[]")
_EDGE = " \"'“”‘’;,*-–—|/@•·:()[]"
_ADDRESS = re.compile(
    r"\[?mailto:\S+|<[^<>]*>|\[[^\[\]]*@[^\[\]]*\]|\S+@\S+|https?://\S+|on behalf of.*$", re.IGNORECASE
)
_LOCAL_PART = re.compile(r"([\w.+'-]{1,64})@")
_MAX_LENGTH = 200


def find_publisher_and_author(sender: str) -> tuple[str | None, str | None]:
    """Return the publisher and the byline that a decoded `From` header states, each None if it states none."""
    name = _find_display_name(sender)
    if not name or is_account(name):
        return None, None
    person, rest = _split_person(name)
    if person is not None:
        organisation = _find_organisation(rest)
        is_followed = organisation is not None or has_post(rest)
        is_certain = is_followed or has_forename(person) or _is_confirmed(person, sender)
        return organisation, person if is_certain else None
    return _find_leading_organisation(name), None


def _find_display_name(sender: str) -> str:
    """Return the display name of an address; "" if there is only an address."""
    if len(sender) > _MAX_LENGTH * 5:
        return ""
    name = parseaddr(sender)[0] if "<" in sender and ">" in sender else ""
    name = name or _ADDRESS.sub("", sender)
    name = _VIA.sub("", _ADDRESS.sub("", name)).strip(" \"'“”‘’;,*")
    return name if len(name) <= _MAX_LENGTH else ""


def _is_confirmed(person: str, sender: str) -> bool:
    """Tell whether an address is made from a person's name: jane.roe@, jroe@ or roe.jane@ for "Jane Roe"."""
    words = [re.sub(r"[^a-z]", "", make_search_key(word)) for word in person.replace(",", " ").split()]
    match = _LOCAL_PART.search(sender.lower())
    if match is None or len(words) < 2 or not all(words):
        return False
    local_part, first, last = re.sub(r"[^a-z]", "", match[1]), words[0], words[-1]
    pairs = ((first, last), (last, first))
    return any(local_part in {one + other, one[0] + other, one + other[0]} for one, other in pairs)


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
    # behind a comma a person's name ends that of the body; behind "of" it is mostly a part: "Royal College of Nursing"
    first, *others = (part.strip(_EDGE) for part in _MARK.split(name))
    for start in (first, parts[0] if parts and " " not in parts[0] else first):
        if len(start) < len(name) and may_be_person(start) and not is_organisation(start):
            return _find_organisation(name[len(start) :].strip(_EDGE))
    is_with_person = any(is_person(part) or is_account(part) for part in others)
    if is_with_person or any(is_person(part) and has_forename(part) for part in parts[1:]):
        return parts[0] if is_organisation(parts[0]) else None
    return name if is_organisation(name) else None


def _split_parts(text: str) -> list[str]:
    return [part for part in (part.strip(_EDGE) for part in _SEPARATOR.split(text)) if part]
