"""Recognise and describe the records of a web archive that are not articles."""

import re
from collections import Counter
from urllib.parse import urlsplit

_DESCRIPTIONS = (
    (re.compile(r"image/"), "image"),
    (re.compile(r"(?:audio|video)/"), "recording"),
    (re.compile(r"font/|application/(?:x-)?font|application/vnd\.ms-fontobject"), "font"),
    (re.compile(r"text/css"), "style sheet"),
    (re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma)script"), "script"),
    (re.compile(r"(?:text|application)/(?:[\w.-]+\+)?json"), "data file"),
    (re.compile(r"application/pdf"), "PDF"),
    (re.compile(r"(?:text|application)/(?:[\w.-]+\+)?xml"), "XML file"),
)
_MAX_TYPE_LENGTH = 60
#: number of reasons that are told
_MAX_REASONS = 6
#: files that sites keep for machines
_SITE_FILE = re.compile(r"/(?:robots|ads|app-ads|humans|security|sellers|llms|llms-full)\.txt$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)]*(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]{2,}")
#: the least number of words and sentences of a text
_MIN_WORDS, _MIN_SENTENCES = 20, 2
#: the least share of letters and spaces; programs and tables have less
_MIN_LETTER_SHARE = 0.8
_SAMPLE_LENGTH = 20_000


def describe_type(content_type: str) -> str:
    """Return what a record of a content type is, in the singular ("image")."""
    media_type = content_type.partition(";")[0].strip().lower()
    description = next((description for pattern, description in _DESCRIPTIONS if pattern.match(media_type)), "")
    if description:
        return description
    is_name = media_type.isprintable() and 0 < len(media_type) <= _MAX_TYPE_LENGTH
    return f"of type {media_type}" if is_name else "of an unknown type"


def format_skipped(skipped: Counter[str]) -> str:
    """Return the reasons with their numbers, most frequent first: "2 with status 206, 1 image"."""
    counts = skipped.most_common()
    if len(counts) > _MAX_REASONS:
        rest = sum(count for _, count in counts[_MAX_REASONS - 1 :])
        counts = [*counts[: _MAX_REASONS - 1], ("of other kinds", rest)]
    return ", ".join(f"{count:,} {_pluralise(reason, count)}" for reason, count in counts)


def is_site_file(address: str) -> bool:
    """Tell whether an address is of a file that a site keeps for machines ("/robots.txt")."""
    try:
        return _SITE_FILE.search(urlsplit(address).path) is not None
    except ValueError:
        return False


def is_running_text(text: str) -> bool:
    """Tell whether a text has sentences, unlike a program, a table or a list."""
    sample = text[:_SAMPLE_LENGTH]
    letters = sum(char.isalpha() or char.isspace() for char in sample)
    return (
        letters >= _MIN_LETTER_SHARE * len(sample)
        and len(_WORD.findall(sample)) >= _MIN_WORDS
        and len(_SENTENCE_END.findall(sample)) >= _MIN_SENTENCES
    )


def _pluralise(reason: str, count: int) -> str:
    is_phrase = reason.startswith(("with ", "of ", "without ", "text ", "robots"))
    return reason if count == 1 or is_phrase else f"{reason}s"
