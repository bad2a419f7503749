"""Mend mojibake: UTF-8 text that was read in another encoding, as in "â€œWe waitâ€" for “We wait”.

Rule: only the damaged sequences change; sound text stays as it is. What cannot be mended with certainty is damaged.
"""

import re

#: continuation bytes of UTF-8, as Latin-1 and as Windows-1252 show them
_CONTINUATION = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
#: one of these is in all mojibake, or in text with C1 controls instead of the marks of Windows-1252; searching them
#: is faster than the pattern
_NEEDLES = (*"âÃÂÐ√\ufffd\x80\x85\x91\x92\x93\x94\x96\x97", "ï¿½", "ï»¿", "вЂ", "‚Ä")
#: "Ã" and "Â" end words in capitals ("AMANHÃ"), so what is before them must not be a capital
_SEQUENCE = re.compile(
    rf"â[€\x80]|(?<![^\W\d_a-zß-ÿ])Ã[{_CONTINUATION}]|(?<!\w)Ã (?=[a-z])|(?<![^\W\d_a-zß-ÿ])Â[\xa0-\xbf]|ï¿½|ï»¿|"
    rf"(?:[ÐÑ][{_CONTINUATION}]){{2}}|вЂ[љњќ™“”ўњ¦]|‚Ä[úùôòîì¶]|√[©®†°±]|[\x80-\x84\x86-\x9f]"
)
#: an opening mark, a closing mark, and a closing mark whose last byte is lost: Windows-1252 has no character for it
_MARK = re.compile(
    r"(?P<opening>â€œ)|(?P<closing>â€\x9d)|(?P<lost>â€(?:\ufffd|\?(?=[,.;:]|\s+[a-z])|(?=[\s,.;:!?)\]<&]|$)))"
)
_CLOSING = "â€\x9d"
#: a replaced character where an opening and a closing quotation mark would be
_LOST_OPENING = re.compile(r"(?:^|[\s(])\ufffd(?=\w)", re.MULTILINE)
_LOST_CLOSING = re.compile(r"[\w,.!?…]\ufffd(?=[\s,.;:!?)]|$)", re.MULTILINE)


def repair_mojibake(text: str) -> str | None:
    """Return the text without mojibake, the same object if it has none, or None if it is damaged beyond repair."""
    mended_text = mend_mojibake(text)
    return None if is_damaged(mended_text) else mended_text


def mend_mojibake(text: str) -> str:
    """Return the text with the mojibake mended that is certain; the rest stays."""
    if not _may_have_mojibake(text) or _SEQUENCE.search(text) is None:
        return text
    from ftfy import fix_encoding  # few texts need it

    text = _restore_closing_marks(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _SEQUENCE.search(line) is not None:
            lines[number] = fix_encoding(
                line, restore_byte_a0=_MARK.search(line.replace(_CLOSING, "")) is None, replace_lossy_sequences=False
            )
    return "\n".join(lines)


def is_damaged(text: str) -> bool:
    """Tell whether a text has mojibake, or has lost its quotation marks to replacement characters."""
    if not _may_have_mojibake(text):
        return False
    if _SEQUENCE.search(text) is not None:
        return True
    return "\ufffd" in text and _LOST_OPENING.search(text) is not None and _LOST_CLOSING.search(text) is not None


def _may_have_mojibake(text: str) -> bool:
    return not text.isascii() and any(needle in text for needle in _NEEDLES)


def _restore_closing_marks(text: str) -> str:
    """Restore the lost byte of each closing mark that follows an opening one; others are ambiguous."""
    pieces: list[str] = []
    position, is_open = 0, False
    for match in _MARK.finditer(text):
        if match["lost"] is None:
            is_open = match["opening"] is not None
        elif is_open:
            pieces += [text[position : match.start()], _CLOSING]
            position, is_open = match.end(), False
    return "".join([*pieces, text[position:]]) if pieces else text
