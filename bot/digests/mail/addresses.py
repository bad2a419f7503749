"""Checks e-mail addresses that users type. Pure.

Rule: only plain addresses are accepted: no display names, quotes, comments or line breaks, so that nothing can become
a header or a second recipient. A domain that is not ASCII is written as in DNS; the part before the @ must be ASCII.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from bot.queries.slack_text import clean_input
from briefings import BadQuestion

#: most addresses of one digest
MAX_ADDRESSES = 20
#: 20 addresses must fit in a field of Slack's form, so they are shorter than the 254 characters of e-mail
_MAX_LENGTH, _MAX_LOCAL_LENGTH, _MAX_READ = 140, 64, 8_000
#: domains of one provider, which ignores dots before the @
_DOTLESS_DOMAINS = ("gmail.com", "googlemail.com")
_MAILTO = re.compile(r"<mailto:([^<>|\s]+)(?:\|[^<>]*)?>", re.IGNORECASE)
#: an address in a text
ADDRESS_PATTERN = r"[^\s<>()\[\],;:\"|]+@[^\s<>()\[\],;:\"|@]+"
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])")
_SEPARATORS = re.compile(r"(?:\s*[,;]\s*|\s+(?:and|&|\+)\s+|\s+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class MailAddress:
    """A checked address, in ASCII, with its domain in lower case."""

    text: str

    @property
    def key(self) -> str:
        """Return what identifies the mailbox without naming it: a hash that ignores case."""
        return sha256(self.text.casefold().encode()).hexdigest()[:32]

    @property
    def mailbox_key(self) -> str:
        """Return the same key for all spellings of one mailbox, for limits: without "+tag", and dots at Gmail."""
        local, _, domain = self.text.casefold().rpartition("@")
        local = local.partition("+")[0] or local
        if domain in _DOTLESS_DOMAINS:
            local, domain = local.replace(".", ""), _DOTLESS_DOMAINS[0]
        return sha256(f"{local}@{domain}".encode()).hexdigest()[:32]

    @property
    def masked(self) -> str:
        """Return the address with most of the part before the @ hidden: "d…k@example.com"."""
        local, _, domain = self.text.rpartition("@")
        return f"{local[0]}…{local[-1] if len(local) > 2 else ''}@{domain}"


def parse_addresses(raw_text: str) -> tuple[MailAddress, ...]:
    """Return the addresses in a text, each once. Raises BadQuestion for anything except plain addresses."""
    if len(raw_text) > _MAX_READ:
        raise BadQuestion(f"That's too long. Type at most {MAX_ADDRESSES} e-mail addresses.")
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw_text):
        raise BadQuestion("An e-mail address can't have control characters. For example: desk@example.com")
    text = clean_input(unwrap_links(raw_text)).strip(" ,;").rstrip(".")
    parts = [part for part in _SEPARATORS.split(text) if part]
    addresses = tuple({address.key: address for address in map(parse_address, parts)}.values())
    if not addresses:
        raise BadQuestion("Which e-mail address? For example: desk@example.com")
    if len(addresses) > MAX_ADDRESSES:
        raise BadQuestion(f"A digest can have at most {MAX_ADDRESSES} e-mail addresses.")
    return addresses


def parse_address(text: str) -> MailAddress:
    """Return one address. Raises BadQuestion."""
    local, at, domain = text.strip().strip("“”\"'").rpartition("@")
    try:
        ascii_domain = domain.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    address = f"{local}@{ascii_domain}"
    is_valid = (
        at
        and len(local) <= _MAX_LOCAL_LENGTH
        and len(address) <= _MAX_LENGTH
        and _LOCAL_PART.fullmatch(local)
        and _DOMAIN.fullmatch(ascii_domain)
    )
    if not is_valid:
        raise BadQuestion(f"“{text[:60]}” isn't an e-mail address that I can use. For example: desk@example.com")
    return MailAddress(address)


def unwrap_links(text: str) -> str:
    """Return a text with addresses in the place of the links that Slack makes of them."""
    return _MAILTO.sub(r"\1", text)
