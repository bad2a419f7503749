"""Tell from the sender of a message who published it and who wrote it.

Rule: the display name is the only source; an address or host name is never an outlet. A name with a word for an
organisation ("Press Office, Harbour Council") is the publisher. The name of a person is the byline. "Jane Roe, Harbour
Council" is both. A single lower-case word, "no-reply" and the like are neither.
"""

import re
from email.utils import parseaddr

#: words that name a body or an office, in lower case
_ORGANISATION = re.compile(
    r"\b(?:press|media|news\w*|office|council\w*|ministry|minist[eè]re|department|dept|government|gov|parliament"
    r"|senate|congress|assembly|cabinet|commission|committee|agency|authority|board|bureau|service[s]?|police|court"
    r"|university|college|school|institute|institut|hospital|trust|nhs|party|union|association|federation|foundation"
    r"|society|club|centre|center|company|corporation|group|ltd|limited|inc|plc|gmbh|llc|bank|airport|communications?"
    r"|comms|relations|pr|team|desk|newsletter|bulletin|briefing|digest|daily|weekly|times|post|herald|tribune|gazette"
    r"|guardian|telegraph|journal|chronicle|courier|observer|mirror|standard|echo|argus|mercury|review|magazine|radio"
    r"|television|tv|alerts?|updates?|campaign|network|alliance|coalition|initiative|embassy|nations|europ\w+|city"
    r"|county|borough|district|state|region|presse\w*|pressestelle|rathaus|stadt|verlag|zeitung|mairie|ayuntamiento)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:do[\s-]?not[\s-]?reply|no[\s-]?reply|mailer[\s-]?daemon|postmaster|mail delivery|notifications?|info|admin"
    r"|webmaster|root|nobody|unknown|undisclosed)\b.*",
    re.IGNORECASE,
)
_VIA = re.compile(r"\s+via\s+.*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:,\s+|\s[-–—|/@]\s|\s(?:at|from|of)\s(?=[A-Z]|the\s)|\()\s*")
_ADDRESS = re.compile(
    r"\[?mailto:\S+|<[^<>]*>|\[[^\[\]]*@[^\[\]]*\]|\S+@\S+|https?://\S+|on behalf of.*$", re.IGNORECASE
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_MAX_LENGTH = 200
#: number of words in the name of a person
_MIN_NAME_WORDS, _MAX_NAME_WORDS = 2, 5


def find_publisher_and_author(sender: str) -> tuple[str | None, str | None]:
    """Return the publisher and the byline that a decoded `From` header states, each None if it states none."""
    name = _find_display_name(sender)
    if not name or _NOBODY.fullmatch(name):
        return None, None
    first, *_ = _SEPARATOR.split(name, maxsplit=1)
    rest = name[len(first) :].strip(" ,;-–—|/@()")
    if rest and _is_person(first) and _ORGANISATION.search(rest):
        return re.sub(r"^(?:at|from|of)\s+", "", rest), first
    if _ORGANISATION.search(name) or (name.isupper() and name.isalpha()) or name.startswith("The "):
        return name, None
    return (None, name) if _is_person(name.replace(",", "")) else (None, None)


def _find_display_name(sender: str) -> str:
    """Return the display name of an address; "" if there is only an address."""
    if len(sender) > _MAX_LENGTH * 5:
        return ""
    name = parseaddr(sender)[0] if "<" in sender and ">" in sender else ""
    name = name or _ADDRESS.sub("", sender)
    name = _VIA.sub("", _ADDRESS.sub("", name)).strip(" \"'“”‘’;,*")
    return name if len(name) <= _MAX_LENGTH else ""


def _is_person(name: str) -> bool:
    words = name.split()
    if not _MIN_NAME_WORDS <= len(words) <= _MAX_NAME_WORDS or _ORGANISATION.search(name):
        return False
    return words[0][:1].isupper() and words[-1][:1].isupper() and all(_NAME_WORD.fullmatch(word) for word in words)
