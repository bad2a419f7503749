"""Doubt a speaker behind a pronoun or description, if another person spoke last before it.

Rule: "he said" belongs to the last speaker. If the sentences before name another speaker, or the description fits many
people, the name is doubtful and is not shown.
"""

import re
from functools import cache

from briefings.model import Article, Quote, Speaker
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key

#: characters before a pronoun in which we look for the last speaker
_WINDOW = 700
_PRONOUN = re.compile(r"(?:he|she|they|it|who|others?)", re.IGNORECASE)
_WORD = r"(?!(?:But|He|I|It|She|That|They|This|We|Who|You)\b)[A-ZÀ-Þ][\w.'’-]*"
_NAME = rf"(?:{_WORD}\s){{0,4}}{_WORD}"
#: words that end in no subject: a possessive, a cut abbreviation, a pronoun or a conjunction
_NO_SUBJECT = re.compile(r"(?:['’]s|['’]|\.[A-Z]|\bMrs?|\b(?:and|he|I|it|or|she|that|they|to|was|we|which|who|you))$")
#: characters before a verb in which its subject begins
_SUBJECT_WINDOW = 260
#: "Roe said", "Jane Roe, 27, who works at the harbour, said"
_NAMED_SUBJECT = re.compile(rf"(?P<name>{_NAME})(?:,\s(?=[a-z0-9])[^.\n]{{0,160}}?,|,)?\s(?:also\s|later\s|then\s)?$")
#: the former harbour master says
_DESCRIBED_SUBJECT = re.compile(r"\b(?:[Aa]n?|[Tt]he)\s(?P<name>(?:[\w'’-]+\s){0,4}?[a-z'’-]+)\s$")
#: "...," said the harbour's spokeswoman Jane Roe.
_AFTER_QUOTATION = re.compile(r"(?:[”\"’',]|\s{3})\s*$")
_INVERTED_SUBJECT = re.compile(rf"\s(?P<name>(?:[^\s,.]+\s){{0,9}}?{_NAME})(?=[,.;]|\s\(|\n)")
_GENERATIONS = frozenset({"jr", "sr"})
#: the first words of a sentence or paragraph, after a stop
_SENTENCE_OPENING = re.compile(r"(?<=[.!?”\"\n])\s+((?:[^\s.]+\s){1,4})")


def is_doubtful_reference(article: Article, quote: Quote, unquoted_text: str) -> bool:
    """Tell whether a quote's mention leaves doubt about its named speaker."""
    if quote.speaker is None or quote.source is None or quote.speaker.anonymous:
        return False
    mention = quote.source.of(article.text)
    if _is_another_body(quote.speaker, mention):
        return True
    start = min(quote.source.start, quote.span.start)
    if _PRONOUN.fullmatch(mention):
        return _is_spoken_by_another(quote.speaker, unquoted_text[max(0, start - _WINDOW) : start])
    if mention[:1].islower() or mention.split()[0] in ("The", "This"):
        words = make_search_key(mention).split()
        return not words or words[-1] not in make_search_key(f"{quote.speaker.name} {quote.speaker.role or ''}").split()
    return _has_other_subject(article, quote)


def _is_spoken_by_another(speaker: Speaker, before: str) -> bool:
    """Tell whether another person speaks last in a text, and no later sentence opens with the speaker.

    Return False if the text names no last speaker.
    """
    last_subject = _find_last_subject(before)
    if last_subject is None or _is_named(speaker, last_subject[1]):
        return False
    openings = _SENTENCE_OPENING.findall(before[last_subject[0] :])
    return not any(_is_named(speaker, opening) for opening in openings)


def _find_last_subject(before: str) -> tuple[int, str] | None:
    """Return where the last report of speech in a text ends, and who its subject is. We search backwards from the end.

    To stay fast, we search for the verbs first, and for names only next to them.
    """
    for cue in reversed(list(_build_cue_pattern().finditer(before))):
        start = max(0, cue.start() - _SUBJECT_WINDOW)
        matches = [
            None if cue.group().endswith("ing") else _find_inverted_subject(before, cue),
            *(pattern.search(before, start, cue.start()) for pattern in (_NAMED_SUBJECT, _DESCRIBED_SUBJECT)),
        ]
        for match in filter(None, matches):
            last_word = fold(match["name"]).split()[-1]
            if not _NO_SUBJECT.search(match["name"]) and last_word not in _load_no_names():
                return max(cue.end(), match.end()), match["name"]
    return None


def _find_inverted_subject(before: str, cue: re.Match[str]) -> re.Match[str] | None:
    """Return the subject after a verb that follows a quotation: “...,” said Jane Roe."""
    is_after_quotation = _AFTER_QUOTATION.search(before, max(0, cue.start() - 5), cue.start())
    return _INVERTED_SUBJECT.match(before, cue.end()) if is_after_quotation else None


def _is_named(speaker: Speaker, words: str) -> bool:
    """Tell whether words name the speaker, or call them by their office."""
    known_words = set(make_search_key(speaker.name).split()) | set(make_search_key(speaker.role or "").split())
    return not known_words.isdisjoint(make_search_key(words).split())


def _is_another_body(speaker: Speaker, mention: str) -> bool:
    """Tell whether a mention has words of a body or generation that the speaker's name does not share.

    "The Justice Department" is not the police department, and "Roe" is not surely "John Roe Jr.".
    """
    mention_words = set(make_search_key(mention).removeprefix("the ").split())
    name_words = set(make_search_key(speaker.name).split())
    if not _GENERATIONS.isdisjoint(name_words - mention_words):
        return True
    return mention.split()[-1].lower() in lexicon.load_words("body_kinds") and not (
        mention_words <= name_words or name_words <= mention_words
    )


def _has_other_subject(article: Article, quote: Quote) -> bool:
    """Tell whether a participle follows the action of another person: "Roe says Doe invited her, telling her"."""
    if quote.cue is None or quote.source is None or not quote.cue.of(article.text).endswith("ing"):
        return False
    between = article.text[quote.source.end : quote.cue.start]
    return re.search(rf"\b(?:{lexicon.build_alternation('cues')})\s+(?:that\s+)?{_NAME}\s+\w+", between) is not None


@cache
def _load_no_names() -> frozenset[str]:
    return lexicon.load_words("not_people") | lexicon.load_words("months_and_days")


@cache
def _build_cue_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon.build_alternation('cues')})\b")
