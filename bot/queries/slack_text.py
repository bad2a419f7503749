"""Reads the text of a command or a message as its writer sees it: without Slack's markup, emoji and references. Pure.

Rule: text that Slack shows as quoted (a `>` line, code) is returned in quotation marks, because it is a quotation.
References are removed before escapes are undone, so that typed angle brackets stay text.
"""

import re
import unicodedata

#: a link, or a reference to a person, channel or date; any other text in angle brackets was typed
REFERENCE = re.compile(r"<([@#!]|(?=[a-z][a-z0-9+.-]*:\S))([^<>|\n]+)(?:\|([^<>\n]*))?>", re.IGNORECASE)
_LINK = re.compile(r"<(https?://[^<>|\s]+)")
_EMOJI_CODE = re.compile(r"(?<![\w:])(?::(?:[a-z][a-z0-9_+'-]*|[+-]1|100|1234):)+(?!\w)")
#: pictures, dingbats and the joiners between them
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u20e3]+")
#: inside, the marks occur only within a word: otherwise, the search would be quadratic
_STYLED_TEXT = re.compile(r"(?<![\w*_~])(([*_~])\2{0,2})(?=\S)((?:(?!\1)[^\n]|(?<=\w)\1(?=\w))+)(?<=\S)\1(?![\w*_~])")
_CODE = re.compile(r"(?<![`\w])(`{1,3})(?!`)\s*([^`\n]+?)\s*\1(?![`\w])")
_QUOTED_LINES = re.compile(r"(?m)^[ \t]*(?:&gt;|>){1,3}[ \t]*(?P<line>\S.*)(?:\n[ \t]*(?:&gt;|>){1,3}[ \t]*.*)*")
_QUOTED_LINE_START = re.compile(r"(?m)^[ \t]*(?:&gt;|>){1,3}[ \t]*")
#: two single marks in a row, as typewriters and TeX have them
_DOUBLED_MARK = re.compile("(?:''|``|´´|‘‘|’’|‚‚)(?!['`´‘’‚])|(?<![,\\w]),,(?=\\w)")
#: every character that opens or closes a quotation; a single mark can be an apostrophe
DOUBLE_MARKS = '"“”„‟«»″〝〞＂「」『』'
SINGLE_MARKS = "'‘’‚‛‹›"
_MARKS = re.escape(DOUBLE_MARKS)
_MARKED_WORDS = re.compile(rf"[{_MARKS}][^{_MARKS}]*[{_MARKS}]")
#: styles can be inside each other
_MAX_STYLES = 3


def read_slack_text(text: str) -> str:
    """Return one line of visible characters: links as their labels, mentions and emoji removed, escapes undone."""
    visible_text = _QUOTED_LINES.sub(_put_in_marks, text.replace("\r", "\n"))
    visible_text = REFERENCE.sub(_render_reference, visible_text)
    visible_text = _CODE.sub(r' "\2" ', unescape(visible_text))
    visible_text = remove_styles(_EMOJI.sub(" ", remove_emoji_codes(visible_text)))
    visible_text = to_one_line(_DOUBLED_MARK.sub('"', visible_text))
    # a message that is only a link is not empty
    return visible_text or to_one_line(unescape(" ".join(_LINK.findall(text))))


def remove_styles(text: str) -> str:
    """Return the text without the marks of bold, italic and struck words, also as Markdown writes them."""
    for _ in range(_MAX_STYLES):
        text = _STYLED_TEXT.sub(r"\3", text)
    return text


def remove_emoji_codes(text: str) -> str:
    """Return the text with a space in the place of codes such as ":tada:"."""
    return _EMOJI_CODE.sub(" ", text)


def clean_input(text: str) -> str:
    """Return Slack's text as one line of visible characters, with Slack's escapes undone."""
    return to_one_line(unescape(text))


def to_one_line(text: str) -> str:
    """Return the text as one line of visible characters."""
    return " ".join("".join(map(_make_visible, text)).split())


def _put_in_marks(lines: re.Match[str]) -> str:
    words = _QUOTED_LINE_START.sub("", lines[0])
    has_marks = any(mark in words for mark in DOUBLE_MARKS)
    return f" {words} " if has_marks else f'\n"{" ".join(words.split())}"\n'


def _render_reference(reference: re.Match[str]) -> str:
    kind, target, label = reference.groups()
    if kind == "#":
        return f" {label or ''} "
    if kind == "@":
        return " "
    if kind == "!":
        return f" {label or ''} " if target.startswith("date^") else " "
    return label or " "


def unescape(text: str) -> str:
    """Undo Slack's three escapes."""
    # &amp; is last, so that no text is unescaped twice
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _make_visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs", "Co"):  # bidirectional controls, zero-width characters, lone surrogates, private use
        return ""
    return " " if category == "Cc" else character


def mask_phrases(text: str) -> str:
    """Return the text of the same length with the words in double quotation marks replaced by "x"."""
    return _MARKED_WORDS.sub(lambda match: "x" * len(match[0]), text)
