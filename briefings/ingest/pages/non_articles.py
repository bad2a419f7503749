"""Recognise pages that are no articles: redirects, checks for robots, consent forms, logins and error pages.

Rule: only a short text without a quotation can be such a page, so that an article about cookies or robots is taken.
Its title or first lines say what it is, or nothing but such a sentence is there.
"""

import re

from briefings.ingest.field_validation import normalise_url
from briefings.ingest.formats.mojibake import is_damaged
from briefings.ingest.pages.redirect_pages import find_refresh_target

#: a redirect, a check or an error page has no more text than this
_MAX_TEXT_LENGTH = 700
#: maximum number of other characters around a sentence that asks for JavaScript or a login
_MAX_OTHER_LENGTH = 120
#: maximum length of a line that says what the page is
_MAX_HEAD_LENGTH = 90
#: a consent form lists partners and purposes
_MAX_CONSENT_LENGTH = 6_000
#: maximum length of an address in a message
_MAX_ADDRESS_LENGTH = 300
_SAVE_IT = "Save the page from a browser, and add the file instead."
#: patterns of a line by the sentence about such a page
_LINES = {
    f"shows its text with JavaScript only. {_SAVE_IT}": (
        r"\b(?:enable|turn on|activate|requires?|needs?|without)\b[^.]{0,40}\bjava ?script\b",
        r"\bjava ?script\b[^.]{0,30}\b(?:disabled|required|enabled|not available|turned off)\b",
    ),
    f"is a check for robots, not the article. {_SAVE_IT}": (
        r"\b(?:are you|you are|you['’]re|not) (?:a |an )?(?:robot|bot|human)\b",
        r"\bcaptcha\b|\bunusual traffic\b|\bddos protection\b|^security check\b|^just a moment\b",
        r"\bchecking (?:your browser|if the site connection)\b|\bverify(?:ing)? (?:that )?you are human\b",
        r"^access (?:to this page has been )?denied\b|^attention required\b",
    ),
    f"asks for cookies and does not show the article. {_SAVE_IT}": (
        r"\b(?:enable|accept|allow|turn on)(?: (?:all|our|your|the|use of|browser|javascript and)){0,3} cookies\b",
        r"\bcookies\b[^.]{0,20}\b(?:disabled|required|blocked|turned off)\b",
    ),
    "is an error page, not an article. Check the address.": (
        r"^(?:error )?404\b|\b404 (?:error|not found)\b|\b410 gone\b|^(?:403 )?forbidden$|^not found$",
        r"\bpage (?:was |is )?not found\b",
        r"\b(?:page|article|story)\b[^.]{0,40}\b(?:can(?:no|['’])t be|could ?n[o'’]t be|could not be) found\b",
        r"\b(?:page|article|story)\b[^.]{0,40}\b(?:does not exist|doesn['’]t exist|no longer (?:exists|available))\b",
        r"\b(?:page|article|story)\b[^.]{0,20}\bis no longer available\b",
        r"^(?:internal server error|bad gateway|service (?:temporarily )?unavailable|50[0-4]\b)",
    ),
    f"is a login page, not an article. {_SAVE_IT}": (
        r"^(?:please )?(?:log|sign) ?in\b|\b(?:log|sign) ?in to (?:continue|your account|read|view)\b",
        r"\bforgot(?:ten)? (?:your )?password\b",
    ),
}
_KINDS = tuple(
    (re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE), sentence) for sentence, patterns in _LINES.items()
)
_CONSENT_TITLE = re.compile(
    r"(?:we (?:value|care about|respect) your privacy|before you continue\b|your privacy(?: choices| settings)?\b|"
    r"(?:privacy|cookie)(?: and cookie)? (?:consent|settings|preferences|choices)|we and our (?:\d+ )?partners|"
    r"(?:cookies|privacy) (?:and|&) (?:cookies|privacy))",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(r"\b(?:accept|agree|reject|consent|partners|personal data|cookies)\b", re.IGNORECASE)
_MIN_CONSENT_WORDS = 3
#: what a page without text shows if scripts are off
_NOSCRIPT = re.compile(r"<noscript\b[^<>]{0,200}>(.{1,1000}?)</noscript", re.IGNORECASE | re.DOTALL)
_QUOTATION = re.compile(r"[“„«\"][^”“»\"]{15,}[”“»\"]")


def explain_non_article(text: str, title: str | None, markup: str) -> str | None:
    """Return what a page is, as the end of a sentence that starts with its name, or None if it is an article.

    `text` is its extracted text, and `markup` the whole page.
    """
    if is_damaged(text):
        return "has damaged characters, such as â€œ for a quotation mark. Save it again as UTF-8, or add another copy."
    if len(text) <= _MAX_CONSENT_LENGTH and _QUOTATION.search(text) is None:
        if len(text) <= _MAX_TEXT_LENGTH and (sentence := _explain_short_page(text, title, markup)):
            return sentence
        if _is_consent_form(text, title):
            return f"asks for consent and does not show the article. {_SAVE_IT}"
    if " ".join(text.split()) in ("", title):
        return "contains no article text. If a browser shows its text, save the page there, and add the file."
    return None


def _explain_short_page(text: str, title: str | None, markup: str) -> str | None:
    target = find_refresh_target(markup)
    if target is not None:
        address = normalise_url(target)
        if address is None or len(address) > _MAX_ADDRESS_LENGTH:
            return "only redirects to another page. Open it in a browser, and add the address that it ends at."
        return f"only redirects to {address}. Add that address instead."
    head = "\n".join(line for line in (title or "", *text.split("\n")[:2]) if len(line) <= _MAX_HEAD_LENGTH)
    if not text and (hint := _NOSCRIPT.search(markup)) is not None:
        head += hint[1]
    for pattern, sentence in _KINDS:
        other_length = sum(len(line) for line in text.split("\n") if pattern.search(line) is None)
        if pattern.search(head) or (other_length <= _MAX_OTHER_LENGTH and pattern.search(text)):
            return sentence
    return None


def _is_consent_form(text: str, title: str | None) -> bool:
    lines = [title or "", *text.split("\n", 2)[:2]]
    return (
        any(_CONSENT_TITLE.match(line) is not None for line in lines)
        and len({word.lower() for word in _CONSENT_WORDS.findall(text)}) >= _MIN_CONSENT_WORDS
    )
