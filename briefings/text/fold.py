"""A folded view of a text for matching: same length, so that every offset in it is an offset in the original.

Rule: one character in, one character out. Curly quotes, dashes, odd spaces and case are folded; nothing is deleted.
"""

_FOLDED_MARKS = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
    ),
}
_TRANSLATION_TABLE = str.maketrans(_FOLDED_MARKS)


def fold(text: str) -> str:
    """`text` with quotation marks, dashes, spaces and case folded; `len(fold(text)) == len(text)` always.

    A character whose lower case is longer than one ("İ") is left as it is.
    """
    translated = text.translate(_TRANSLATION_TABLE)
    lowercase_text = translated.lower()
    if len(lowercase_text) == len(translated):
        return lowercase_text
    return "".join(lowercase_char if len(lowercase_char := char.lower()) == 1 else char for char in translated)
