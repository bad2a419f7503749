"""Tell whether a sentence can be a line: whole, in the article's own words, and clear without the text around it.

Rule: a sentence is refused when it starts or stops inside a quotation, opens by pointing back, speaks to the reader,
asks, or has a pronoun before the first name. The caller resolves an opening "He".
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from briefings.compose.ranking.clauses import is_clause
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold, fold_prose
from briefings.text.words import count_words

#: shortest and longest sentence that can be a line, in words
MIN_SENTENCE_WORDS, MAX_SENTENCE_WORDS = 6, 60
#: characters of a dateline
_MAX_DATELINE = 80
_AGENCY = r"\((?:[A-Z][\w .&/-]{1,28})\)"
_DATELINE = re.compile(
    rf"(?:[*•·●▪■–—-]+ +)?(?:"
    r"(?:CLOSE|WATCH|VIDEO|LIVE|BREAKING|UPDATED?|EXCLUSIVE|RELATED)[:!]? (?=[A-Z])"  # CLOSE Jane Roe
    rf"|[A-Z][\w.,’' /-]{{2,44}} ?{_AGENCY} ?(?:[-–—―:]+ ?)?"  # LEEDS, England (Reuters) - ; Leeds (CNN) Jane Roe
    rf"|{_AGENCY} ?[-–—―]* ?"  # (CNN) -- Jane Roe
    r"|[A-Z]{3}[A-Z. ’']*(?:, [A-Z][\w. ,]{1,24})? ?[-–—―]+ ?"  # LEEDS, England —
    r"|[A-Z][a-z]+(?:, [A-Z][\w.]{1,12})? ?[—―] ?(?=[A-Z])"  # Leeds — Jane Roe
    r")"
)
_BULLET = re.compile(r"[*•·●▪■–—-]+ +")
_DANGLING = re.compile(rf"(?:{lexicon.build_alternation('dangling')})(?!\w)")
_CONNECTIVE = re.compile(rf"(?:{lexicon.build_alternation('connectives')})(?!\w)")
#: "The 26-year-old woman", "The former aide said": a person named earlier
_DESCRIPTION = re.compile(
    r"the (?:\d+-year-old|(?:former|ex-|embattled|outgoing|veteran|longtime|freshman|junior|senior) [\w-]+"
    r"|[\w-]+ (?:also|then|later|added|went on|continued))(?!\w)"
)
#: "on that promise", "honoring those conditions", "at either.", "denied that charge." mean something named before
_POINTING = re.compile(
    r"(?<!\w)(?:(?:on|of|for|to|in|with|about|by|from|at|under) (?:that|such) (?!(?:the|a|an|he|she|it|they) )"
    r"(?P<one>\w+)"
    r"|(?:those|these) (?!who|that|with|in|of|from|at|on|under|for|days|parts)(?:(?!and )[a-z]+ )?(?P<many>\w+s)\b"
    r"|(?:at|in|on|for|by|of) (?:either|neither|both|the latter|the former)[.,;]"
    r"|at the time(?! of)|at that (?:time|point)"
    r"|(?:disput|reject|den|confirm|dismiss|echo|support|oppos|repeat)(?:e|es|ed|s|y|ies|ied|ing) (?:that|this) "
    r"(?P<object>\w+)(?=[.,;]))"
)
#: "Minutes later", "A month before that": counted from an event in an earlier sentence
_COUNTED_TIME = re.compile(
    r"(?:(?:about |less than |more than |nearly |almost |just |only |a few |a couple of |several )?"
    r"(?:a|an|one|two|three|four|\d+)? ?"
    r"(?:moments?|minutes?|hours?|days?|weeks?|months?|years?) (?:later|earlier|before that|after that|afterwards?)"
    r"|one (?:\w{2,}ed|is|was|has|had|said|says|took|made|came)"
    r"|as [a-z]+ (?:reported|noted|wrote|explained|put it)|before that)(?!\w)"
)
#: "suggested that he had not.": an earlier sentence says what he had not done
_ELLIPTIC = re.compile(
    r".*(?<!\w)(?:he|she|they|it) (?:had|has|have|did|does|do|was|were|is|are|would|could|will)(?: not|n't)?\.$"
)
#: "#Easton", "@roe", "rising...and": words of a post; "GM GM But": a repeated link; "airs at 7 a.m.", ", check out the
#: guide": for the reader
_POST = re.compile(
    r"(?<!\w)[#@]\w|\w\.\.\.\w|^(?P<link>[\w&]+) (?P=link) |(?<!\w)airs? (?:at|on|live|weekdays|every)(?!\w)"
    r"|, (?:check out|click|sign up|visit our|see our|read our)(?!\w)"
)
_LABEL = re.compile(r"[A-Z][\w’' ]{0,30}: ")
_READER = re.compile(r"(?<!\w)(?:i|i'm|i've|i'll|my|me|we|we're|we've|we'll|our|us|you|your|you're|you'll)(?!\w)")
_PRONOUN = re.compile(r"(?<!\w)(?:he|she|his|her|him|they|their|them)(?!\w)")
_NAME = re.compile(r"(?<![\w])[A-ZÀ-ÖØ-Þ][\w’'.-]*[a-zß-öø-ÿA-Z]")
_NO_PERSON_FOLLOWS = re.compile(r" (?:to|of|in|for|with|from|on|about|by|a|an|the|at)(?!\w)")
_ARTICLE_BEFORE = re.compile(r"(?<!\w)(?:a|an|the) $", re.IGNORECASE)
_NOUN_FOLLOWS = re.compile(r" [a-z]")
_PLURAL = re.compile(r"(?<!\w)(?:\w{3,}s|people|police|women|men|children)(?!\w)")
_OPENING_JOINERS = re.compile(r"(?:but|and|yet)(?!\w)")
_FINAL = (".", "…")
_OPENING_MARKS = "\"'“‘«([$£€@#…"
_CLOSING_MARKS = "\"'”’)]»"


def strip_dateline(text: str, sentence: Span) -> Span:
    """Return `sentence` without the dateline or bullet that it opens with."""
    opening = text[sentence.start : min(sentence.end, sentence.start + _MAX_DATELINE)]
    match = _DATELINE.match(opening) or _BULLET.match(opening)
    start = sentence.start + (match.end() if match else 0)
    while start < sentence.end and text[start].isspace():
        start += 1
    return Span(start, sentence.end) if start < sentence.end else sentence


def is_whole(text: str, sentence: Span, passages: Sequence[Span]) -> bool:
    """Tell whether a sentence is complete and mostly the article's own words.

    `passages` are the quoted passages that touch it.
    """
    words = sentence.of(text)
    if not MIN_SENTENCE_WORDS <= count_words(words) <= MAX_SENTENCE_WORDS or not _opens_whole(words):
        return False
    is_cut = any(passage.start <= sentence.start or passage.end >= sentence.end for passage in passages)
    is_own = sum(map(len, passages)) < len(sentence) / 2
    return not is_cut and is_own and has_closed_quotations(words) and words.rstrip(_CLOSING_MARKS).endswith(_FINAL)


def _opens_whole(words: str) -> bool:
    """Tell whether a sentence opens with a capital, a figure, a quotation or a bracket: not with ", who"."""
    return (words[0].isalnum() and not words[0].islower()) or words[0] in _OPENING_MARKS


def has_closed_quotations(words: str) -> bool:
    """Tell whether every quotation and bracket that opens in a sentence closes there."""
    return (
        words.count('"') % 2 == 0
        and words.count("“") == words.count("”")
        and words.count("(") == words.count(")")
        and not words.startswith(("”", ")", "]"))
    )


@lru_cache(maxsize=4_096)
def is_dangling(unquoted_words: str) -> bool:
    """Tell whether a sentence is unclear without context, apart from an opening "He", "She". Quoted words are blank."""
    folded_words = fold(unquoted_words)
    joiner = _OPENING_JOINERS.match(folded_words)
    body = folded_words[joiner.end() :].lstrip(" ,") if joiner else folded_words
    return (
        _DANGLING.match(body) is not None
        or _CONNECTIVE.match(body) is not None
        or _DESCRIPTION.match(body) is not None
        or _COUNTED_TIME.match(body) is not None
        or _ELLIPTIC.match(body) is not None
        or _POST.search(unquoted_words) is not None
        or _LABEL.match(unquoted_words) is not None
        or unquoted_words.startswith(("(", "["))
        or not is_clause(unquoted_words)
        or _READER.search(fold_prose(unquoted_words)) is not None
        or _has_loose_pronoun(unquoted_words, folded_words)
    )


def needs_context(words: str) -> bool:
    """Tell whether a sentence without quotations is unclear alone, for its opening or for a pronoun."""
    return is_dangling(words) or opens_with_joiner(words) or _PRONOUN.match(fold(words)) is not None


def opens_with_joiner(words: str) -> bool:
    """Tell whether a sentence opens with "But", "And" or "Yet"."""
    return _OPENING_JOINERS.match(fold(words)) is not None


def points_back(words: str) -> bool:
    """Tell whether a sentence means something named before it: "on that promise", unless it names a promise itself."""
    folded_words = fold(words)
    for match in _POINTING.finditer(folded_words):
        noun = match["one"] or match["many"] or match["object"]
        if noun is None or noun.rstrip("s") not in folded_words[: match.start()]:
            return True
    return False


def _has_loose_pronoun(words: str, folded_words: str) -> bool:
    """Tell whether a pronoun comes before any name it can mean; "In his speech, Jane Roe said" names him next."""
    pronoun = _PRONOUN.search(folded_words)
    if pronoun is None or pronoun.start() == 0:
        return False
    before = words[: pronoun.start()]
    is_plural = pronoun.group() in ("they", "their", "them")
    if is_plural and _PLURAL.search(folded_words[: pronoun.start()]):
        return False
    names = [name for name in _NAME.finditer(before) if _is_name(name.group())]
    if any(is_plural or _can_be_person(name, before) for name in names):
        return False
    comma = words.find(",", pronoun.end())
    following = words[comma + 1 : comma + 40] if comma >= 0 else ""
    return not _NAME.search(following)


def _can_be_person(name: re.Match[str], words: str) -> bool:
    """Tell whether "he" can mean a name: not "According to", "a Leeds court", "the Interfax agency" or "CNN"."""
    following = words[name.end() :]
    if name.start() == 0:
        return _NO_PERSON_FOLLOWS.match(following) is None
    is_modifier = _ARTICLE_BEFORE.search(words[: name.start()]) is not None and _NOUN_FOLLOWS.match(following)
    return not is_modifier and not name.group().isupper()


def _is_name(word: str) -> bool:
    folded_word = fold(word).rstrip(".")
    return not any(
        folded_word in lexicon.load_words(name) for name in ("stop_words", "openers", "after_clock", "months_and_days")
    )
