"""Parses the words about e-mail in `/digest`: `email 1 add desk@example.com`, and "… by e-mail to …". Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.digests.mail.addresses import ADDRESS_PATTERN, MailAddress, parse_addresses, unwrap_links
from bot.queries.queries import UsageMessage
from briefings import BadQuestion

EXAMPLE = "/digest email 1 add desk@example.com"
_MAIL = r"(?:e-?mails?|mails?)"
_COMMAND = re.compile(rf"{_MAIL}\b[:,]?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"#?(?P<number>\d{1,9})(?=\s|$)[.):,]*\s*")
_VERBS = {
    "add": "add subscribe include send invite to",
    "remove": "remove delete unsubscribe stop drop cancel off",
    "list": "list show status who",
}
_ACTION = re.compile(
    r"\b(?P<verb>" + "|".join(word for words in _VERBS.values() for word in words.split()) + r")\b[:,]?\s*",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"^(?:(?:the|a|digest|digests|number|no\.?|of|for|from|to|it|address|addresses)\s+)+", re.IGNORECASE
)
#: "… by e-mail to a@b.example and c@d.example" at the end of a new digest
_BY_MAIL = re.compile(
    rf"[\s,;]*(?:\b(?:and|also|plus)\s+)*(?:\b(?:sent|send|deliver(?:ed)?|copied|copy)\s+(?:it\s+|them\s+)?)?"
    rf"(?:\b(?:by|via|through|as|per|with)\s+(?:an?\s+)?)?\b{_MAIL}(?:\s+it)?(?:\s+(?:to|for|at))?[:\s]+"
    rf"(?P<addresses>{ADDRESS_PATTERN}(?:(?:\s*[,;]\s*|\s+(?:and|&|\+)\s+|\s+){ADDRESS_PATTERN})*)[\s.!,;]*",
    re.IGNORECASE,
)


class MailAction(StrEnum):
    """What to do with the addresses of a digest."""

    ADD = "add"
    REMOVE = "remove"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class MailCommand:
    """Add, remove or list addresses of the digest `selector`: its number, its topic, or "" for the only one."""

    action: MailAction
    selector: str
    addresses: tuple[MailAddress, ...] = ()


def parse_mail_command(raw_text: str) -> MailCommand | UsageMessage | None:
    """Parse the text after `/digest`. Return None for other text, like "email scandal weekdays at 9"."""
    text = unwrap_links(raw_text).strip()
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    rest = match["rest"].strip()
    if not rest:
        return MailCommand(MailAction.LIST, "")
    number = _NUMBER.match(rest)
    has_address = re.search(ADDRESS_PATTERN, rest) is not None
    verb = _ACTION.search(rest)
    if not (number or has_address or (verb and verb.start() == 0 and len(rest.split()) <= 2)):
        return None
    try:
        return _parse_rest(rest)
    except BadQuestion as error:
        return UsageMessage(f"{error} To send a digest by e-mail, type {EXAMPLE}")


def split_mail_addresses(raw_text: str) -> tuple[str, tuple[MailAddress, ...]]:
    """Return the text of a new digest without "by e-mail to …", and its addresses. Raises BadQuestion."""
    text = unwrap_links(raw_text)
    match = None
    for candidate in _BY_MAIL.finditer(text):
        match = candidate
    if match is None:
        return raw_text, ()
    addresses = parse_addresses(match["addresses"].strip(" .!,;"))
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), addresses


def _parse_rest(rest: str) -> MailCommand:
    """Parse what follows "email". Raises BadQuestion."""
    found_addresses = re.findall(ADDRESS_PATTERN, rest)
    first_address = re.search(ADDRESS_PATTERN, rest)
    head = rest[: first_address.start()] if first_address else rest
    verbs = [match["verb"].lower() for match in _ACTION.finditer(head)]
    # "to" is only a verb if there is no other
    verb = next((verb for verb in verbs if verb != "to"), "to" if verbs else "")
    action = next((MailAction(name) for name, words in _VERBS.items() if verb in words.split()), None)
    selector = _FILLERS.sub("", f"{_ACTION.sub(' ', head).strip()} ").strip(' ,:#"“”')
    number = _NUMBER.match(f"{selector} ")
    selector = number["number"] if number else selector
    if action is MailAction.LIST or (action is None and not found_addresses):
        return MailCommand(MailAction.LIST, selector)
    action = action or MailAction.ADD
    last_verb = next((match for match in reversed(list(_ACTION.finditer(rest))) if match["verb"]), None)
    # without an address, what follows the verb gets the sentence about invalid addresses
    tail = rest[first_address.start() :] if first_address else rest[last_verb.end() :] if last_verb else selector
    tail = re.sub(r"\s+(?:to|from|for|of) (?:digest )?#?\d+\s*$", "", tail, flags=re.IGNORECASE)
    return MailCommand(action, selector, parse_addresses(tail))
