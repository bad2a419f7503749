"""Find words that can be left out of a sentence without changing what it says, and resolve its opening pronoun.

Rule: only whole insertions and clauses of circumstance are cut: text between two commas, dashes or brackets, a closing
clause that opens with "-ing" or "which", or an opening "Following ...,". A cut never contains a negation, attribution,
condition, quotation mark, or a word that makes something expected, alleged or denied. It never changes the factuality
of the rest. A longer line is better than a wrong cut.

Rule: a pronoun is resolved only when the previous sentence opens with a known person and names no other one.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from briefings.facts import classify_factuality
from briefings.facts.extraction import find_names
from briefings.model import ELISION, Span
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import count_words

#: minimum words of a cut: the ellipsis that replaces it counts as one word
_MIN_CUT_WORDS = 4
#: cuts combined in one sentence
_MAX_CUTS = 3
#: longest opening clause that can be cut, in words
_MAX_SETTING_WORDS = 14
#: words from an opening clause to the next comma; fewer suggest that the comma belongs to a list
_MIN_FOLLOWING_WORDS = 8
_QUOTATION_MARKS = re.compile("[\"“”‘«»]|(?<!\\w)['’]|['’](?!\\w)")
_PROTECTED_WORDS = re.compile(
    "|".join(
        rf"\b(?:{lexicon.build_alternation(name)})\b"
        for name in ("negations", "conditions", "cues", "to_come", "alleged", "denied", "hedging")
    )
)
_INSERTION = re.compile(
    rf", (?P<inside>(?:{lexicon.build_alternation('relatives')})\b[^,;:()–—]+),\s+(?P<next>[\w’'-]+)"
)
_APPOSITION_OPENING = re.compile(r"(?:an?|another|one of the)\b")
#: the end of a list is not an insertion: "two officers, an aide and a lobbyist, were hurt"
_LIST_CONJUNCTION = re.compile(r"\b(?:and|or)\b")
_DASH_INSERTION = re.compile(r" (?P<dash>[-–—]) (?P<inside>[^,;:()–—]+?) [-–—] ")
_BRACKET_INSERTION = re.compile(r" \((?P<inside>[^()]+)\)")
_CLOSING_CLAUSE = re.compile(r", (?P<inside>(?:[a-z]{2,}ing|which|who|where)\b[^,;:()–—]*)(?=[.!]?$)")
_AFTERMATH_CLAUSE = re.compile(rf" (?P<inside>(?:{lexicon.build_alternation('aftermath')})\b[^,;:()–—]+)(?=,|[.!]?$)")
_SETTING_CLAUSE = re.compile(rf"(?P<inside>(?:{lexicon.build_alternation('settings')})\b[^,;:()–—]+), ")
#: words that look like a participle but do not open a clause: "including" opens a list
_NON_CLAUSE_OPENING = re.compile(
    r"(?:including|excluding|during|according|being|regarding|nothing|something|anything|everything)\b"
)
_OPENING_PRONOUN = re.compile(r"(?:he|she|his|her)\b", re.IGNORECASE)
_WORD_PATTERN = re.compile(r"[^\W\d_]+")
_SURNAME_PATTERN = re.compile(r"[^\W\d_][\w’'-]*$")
#: the subject of a sentence is named within this many characters
_MAX_SUBJECT_OFFSET = 40


@lru_cache(maxsize=2_048)
def generate_variants(text: str, unquoted_text: str, sentence: Span) -> tuple[tuple[Span, ...], ...]:
    """Return the whole sentence, then every safe shorter version; each version is a tuple of pieces in order.

    `unquoted_text` is `text` with quoted words replaced by blanks. Results are
    cached, because people ask for the same story repeatedly.
    """
    return tuple(_generate_variants(text, unquoted_text, sentence))


def find_opening_pronoun(text: str, sentence: Span) -> str | None:
    """Return the personal pronoun that opens a sentence, with the case of the text, or None."""
    match = _OPENING_PRONOUN.match(text, sentence.start, sentence.end)
    return match.group() if match else None


def resolve_pronoun(unquoted_text: str, previous_sentence: Span | None, people: Mapping[str, str]) -> str | None:
    """Return the full name that a pronoun after `previous_sentence` refers to, or None when it is ambiguous.

    `unquoted_text` is the text with quoted words replaced by blanks. `people` maps folded surnames to full names.
    """
    if previous_sentence is None:
        return None
    spans = list(find_names(unquoted_text, previous_sentence))
    opening = _WORD_PATTERN.match(unquoted_text, previous_sentence.start, previous_sentence.end)
    if opening and (not spans or spans[0].start > opening.start()) and extract_surname(opening.group()) in people:
        spans.insert(0, Span(*opening.span()))
    named_spans = [(name, name.of(unquoted_text)) for name in spans if not _is_not_person(name.of(unquoted_text))]
    known_names = [(name, people[key]) for name, words in named_spans if (key := extract_surname(words)) in people]
    unknown_names = [words for _, words in named_spans if " " in words and extract_surname(words) not in people]
    if unknown_names or len({full_name for _, full_name in known_names}) != 1:
        return None
    first_span, full_name = known_names[0]
    return (
        full_name
        if first_span.start - previous_sentence.start <= _MAX_SUBJECT_OFFSET
        and unquoted_text[previous_sentence.start : first_span.start].count(",") == 0
        else None
    )


def extract_surname(name: str) -> str:
    """Return the last word of a name, folded, or "" when the name has no word."""
    match = _SURNAME_PATTERN.search(name)
    return fold(match.group()) if match else ""


def _generate_variants(text: str, unquoted_text: str, sentence: Span) -> Iterator[tuple[Span, ...]]:
    whole = sentence
    yield (whole,)
    state = classify_factuality(unquoted_text, sentence)
    cuts = list(_find_cuts(text, unquoted_text, whole))[:_MAX_CUTS]
    for size in range(1, len(cuts) + 1):
        for chosen_cuts in combinations(cuts, size):
            pieces = _remove_cuts(text, whole, chosen_cuts)
            remaining_text = ELISION.join(piece.of(unquoted_text) for piece in pieces)
            if pieces and classify_factuality(remaining_text, Span(0, len(remaining_text))) is state:
                yield pieces


def _find_cuts(text: str, unquoted_text: str, sentence: Span) -> Iterator[Span]:
    """Find the spans that can be cut, in order and without overlaps."""
    folded_text, end = fold(sentence.of(unquoted_text)), 0
    for start, stop in sorted({(span.start, span.end) for span in _find_optional_spans(folded_text)}):
        cut_span = Span(sentence.start + start, sentence.start + stop)
        if start >= end and _is_removable(text, cut_span, folded_text[start:stop]):
            yield cut_span
            end = stop


def _find_optional_spans(folded_text: str) -> Iterator[Span]:
    """Find the insertions and clauses of a folded sentence, including the marks around them."""
    yield from _find_insertions(folded_text)
    closing = _CLOSING_CLAUSE.search(folded_text)
    if (
        closing
        and not _NON_CLAUSE_OPENING.match(closing["inside"])
        and "," not in folded_text[max(0, closing.start() - 12) : closing.start()]
    ):
        yield Span(*closing.span())
    for match in _AFTERMATH_CLAUSE.finditer(folded_text):
        yield Span(*match.span())
    setting = _SETTING_CLAUSE.match(folded_text)
    if setting and count_words(setting["inside"]) <= _MAX_SETTING_WORDS:
        following = folded_text[setting.end() :].split(",", 1)[0]
        if count_words(following) >= _MIN_FOLLOWING_WORDS:
            yield Span(*setting.span())


def _find_insertions(folded_text: str) -> Iterator[Span]:
    for match in _INSERTION.finditer(folded_text):
        is_resumed = match["next"] in lexicon.load_words("resumes") or re.fullmatch(r"[\w-]{3,}ed", match["next"])
        if is_resumed and not (
            _APPOSITION_OPENING.match(match["inside"]) and _LIST_CONJUNCTION.search(match["inside"])
        ):
            yield Span(match.start(), match.start("next"))
    for match in _BRACKET_INSERTION.finditer(folded_text):
        yield Span(*match.span())
    dash_matches = list(_DASH_INSERTION.finditer(folded_text))
    if len(dash_matches) == 1 and len(re.findall(r" [-–—] ", folded_text)) == 2:
        yield Span(dash_matches[0].start(), dash_matches[0].end())


def _is_removable(text: str, cut_span: Span, folded_text: str) -> bool:
    return (
        count_words(folded_text) >= _MIN_CUT_WORDS
        and not _QUOTATION_MARKS.search(cut_span.of(text))
        and not _PROTECTED_WORDS.search(folded_text)
    )


def _remove_cuts(text: str, whole: Span, cuts: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the remaining pieces of `whole`, without commas and blanks at their cut ends."""
    edges = [whole.start, *(edge for cut_span in cuts for edge in (cut_span.start, cut_span.end)), whole.end]
    pieces: list[Span] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        body = text[start:end]
        piece_start = start + len(body) - len(body.lstrip(" ,"))
        piece_end = end if end == whole.end else start + len(body.rstrip(" ,"))
        if piece_end > piece_start and any(char.isalnum() for char in text[piece_start:piece_end]):
            pieces.append(Span(piece_start, piece_end))
    return tuple(pieces)


def _is_not_person(name: str) -> bool:
    return any(fold(word) in lexicon.load_words("not_people") for word in name.split())
