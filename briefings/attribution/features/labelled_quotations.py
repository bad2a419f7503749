"""Find quotations that a label or a signature gives to a speaker in one line, outside a transcript.

Rule: the line holds only the label and the quotation: * Analysts at Hale & Co: “It looks cheap.” A label is a name or
an office, has no verb, and is not the heading of a note ("Update:"). Rule: a signed post is a quotation, a dash, a name
and perhaps its handle and day: “Hear for yourselves.” — Jane Roe (@roe) July 3, 2018.
"""

import re
from collections.abc import Iterator

import numpy as np

from briefings.article.boilerplate import SIGNED_QUOTATION
from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.quotation_marks import Passage
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG, VERBS

_LABEL = re.compile(
    r"\s*(?:[*•▪‣·–—-]\s+|\d{1,2}[.)]\s+)?(?:\*\*|__)?(?P<label>[A-Z][^:\n“”\"„«»]{1,70}?)\s?:(?:\*\*|__)?\s*$"
)
_LINE_REST = re.compile(r"[\s.,;*_)–—-]*$")
#: words in the heading of a note: "Update", "Photo caption", "Quote of the day"
_MAX_HEADING_WORDS = 4
_COMPLEMENT_TAGS = frozenset(TAG[tag] for tag in ("IN", ",", "("))
#: words in a handle behind the name of a signed post
_HANDLE = re.compile(r"\(?@\w+")


def find_labelled_quotations(document: Document) -> Iterator[tuple[int, int, int, str]]:
    """Yield the tokens of each such quotation as first and last, the mention of its speaker, and the label.

    The mention is -1 for the heading of a note.
    """
    text = document.text
    for passage in document.passages:
        if not passage.is_closed:
            continue
        start = text.rfind("\n", 0, passage.outer.start) + 1
        end = text.find("\n", passage.outer.end)
        line_end = end if end >= 0 else len(text)
        before, after = text[start : passage.outer.start], text[passage.outer.end : line_end]
        label = _LABEL.match(before) if before.strip() else None
        signature = SIGNED_QUOTATION.match(text[start:line_end]) if not before.strip(" *•▪-") else None
        if label and _LINE_REST.match(after):
            if _is_heading(label["label"]):
                yield from _build(document, passage, -1, label["label"])
                continue
            mention = _find_label_mention(document, start + label.start("label"), start + label.end("label"))
            yield from _build(document, passage, mention, label["label"]) if mention >= 0 else ()
        elif signature and _HANDLE.search(after):
            name_start = start + signature.start("name")
            mention = _find_longest_mention(document, _find_token(document, name_start))
            yield from _build(document, passage, mention, signature["name"]) if mention >= 0 else ()


def _build(document: Document, passage: Passage, mention: int, label: str) -> Iterator[tuple[int, int, int, str]]:
    first, last = _find_token(document, passage.inner.start), _find_token(document, passage.inner.end)
    if last > first:
        yield first, last, mention, label


def _is_heading(label: str) -> bool:
    """Tell whether a label heads a note: no one says what follows it."""
    words = label.lower().split()
    if len(words) > _MAX_HEADING_WORDS:
        return False
    return words[0] in lexicon.load_words("heading_labels") or words[-1] in lexicon.load_words("heading_labels")


def _find_label_mention(document: Document, start: int, end: int) -> int:
    """Return the mention that opens a label, if the label can be a speaker, or -1."""
    first, last = _find_token(document, start), _find_token(document, end)
    if last <= first or np.isin(document.tags[first:last], list(VERBS)).any():
        return -1
    mention = _find_longest_mention(document, first)
    if mention < 0 or not _is_head_of_label(document, mention, last):
        return -1
    head = document.tokens.words[int(document.mentions.head[mention])].lower()
    if document.mentions.form[mention] == MentionForm.NAME:
        return mention
    people = lexicon.load_words("offices") | lexicon.load_words("unnamed")
    return mention if head in people or head.removesuffix("s") in people else -1


def _is_head_of_label(document: Document, mention: int, last: int) -> bool:
    """Tell whether only a complement follows a mention in its label: "Analysts at Hale & Co", "Jane Roe, a nurse"."""
    end = int(document.mentions.last[mention])
    return end >= last or document.tags[end] in _COMPLEMENT_TAGS


def _find_longest_mention(document: Document, token: int) -> int:
    low, high = np.searchsorted(document.mentions.first, [token, token + 1]).tolist()
    return max(range(low, high), key=lambda number: int(document.mentions.last[number]), default=-1)


def _find_token(document: Document, offset: int) -> int:
    return int(np.searchsorted(document.tokens.starts, offset))
