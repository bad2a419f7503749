"""Finds the cue and the source mention of each quoted passage, by rules, nearest and surest first.

Rule: a passage is attributed by the words right after it (“…,” said one), by the clause before it (He said: “…”), or by
the passage that it continues; where none of these speaks, nobody is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefings.model import Span
from briefings.quotes.marks import Passage
from briefings.quotes.mentions import Mention, mentions
from briefings.text import lexicon
from briefings.text.sentences import containing

#: words; a shorter passage without a cue of its own is taken for words held at arm's length, which nobody said
SHORTEST_UNCUED = 4
_CUE = re.compile(rf"\b(?:{lexicon.alternation('cues')})\b", re.IGNORECASE)
_WHO_CLAUSE = re.compile(r",? who(?: \w+ly)? $")


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the words around a passage say of its speaker. `how` is a short phrase for people."""

    passage: Passage
    source: Mention | None
    cue: Span | None
    how: str
    confidence: float
    #: index of the passage whose speaker this one shares, when no words of its own name anybody
    continues: int | None = None


class Context:
    """One article as attribution reads it: `view` is its text with everything inside quotation marks blanked."""

    def __init__(self, text: str, view: str, sentences: Sequence[Span], paragraphs: Sequence[Span]) -> None:
        self.text, self.view, self.sentences, self.paragraphs = text, view, sentences, paragraphs


def attribute(context: Context, passages: Sequence[Passage]) -> list[Attribution]:
    """One attribution a passage, in order."""
    found: list[Attribution] = []
    for index, passage in enumerate(passages):
        previous = passages[index - 1] if index else None
        following = passages[index + 1] if index + 1 < len(passages) else None
        found.append(
            (not _is_announced(context, passage) and _after(context, passage, following))
            or _before(context, passage, previous)
            or _continued(context, passage, previous, index)
            or Attribution(passage, None, None, _nobody(context, passage), 0.0)
        )
    return found


def _after(context: Context, passage: Passage, following: Passage | None) -> Attribution | None:
    """“…,” said one / “…,” Coffey told BBC News / “…”, Abbott said."""
    inside = context.text[passage.fragments[-1].end - 1]
    start = passage.outer.end
    end = _sentence_end(context, start)
    if following is not None:
        end = min(end, following.outer.start)
    if end <= start or not (inside in ",?!-–—" or context.view[start] in ",-–—"):
        return None
    window = Span(start, min(end, start + 200))
    cue = _CUE.search(context.view, window.start, window.end)
    people = [m for m in mentions(context.view, window) if not m.possessive]
    if cue is None or not people:
        return None
    for mention in people[:2]:
        first, second = sorted((Span(*cue.span()), mention.span))
        if first.start - start <= 60 and second.start - first.end <= 40:
            return Attribution(passage, mention, Span(*cue.span()), "named right after the words", 0.95)
    return None


def _before(context: Context, passage: Passage, previous: Passage | None) -> Attribution | None:
    """He said: “…” / branded it “…” / Ian Murray confronted Corbyn …, asking “…”"""
    start = _sentence_start(context, passage.outer.start)
    if previous is not None and start < previous.outer.start < passage.outer.start:
        start = max(start, _sentence_start(context, previous.outer.start))
    cues = [Span(*m.span()) for m in _CUE.finditer(context.view, start, passage.outer.start)]
    if not cues:
        return _announced(context, passage, start)
    cue = cues[-1]
    introduces = context.view[cue.end : passage.outer.start].strip(" :,-–—\"“'‘")
    if passage_words(context, passage) < SHORTEST_UNCUED and len(introduces.split()) > 12:
        return None
    source = _subject(context, start, cue)
    if source is None:
        return None
    return Attribution(passage, source, cue, "named in the clause before the words", 0.9)


def _is_announced(context: Context, passage: Passage) -> bool:
    """Whether a colon leads to the passage: what stands before it then outweighs what stands after."""
    return context.view[max(0, passage.outer.start - 3) : passage.outer.start].rstrip()[-1:] == ":"


def _announced(context: Context, passage: Passage, start: int) -> Attribution | None:
    """Corbyn issued a call of unity: “…”"""
    lead = context.view[start : passage.outer.start].rstrip()
    people = [m for m in mentions(context.view, Span(start, passage.outer.start)) if not m.possessive]
    if not lead.endswith(":") or not people:
        return None
    return Attribution(passage, people[0], None, "named in the sentence that announces the words", 0.8)


def _subject(context: Context, start: int, cue: Span) -> Mention | None:
    """Who does what the cue says: the mention before "who", the clause's own subject, or the sentence's."""
    people = [m for m in mentions(context.view, Span(start, cue.start)) if not m.possessive]
    if not people:
        return None
    nearest = people[-1]
    if _WHO_CLAUSE.match(context.view, nearest.span.end, cue.start) or not cue.of(context.view).endswith("ing"):
        gap = context.view[nearest.span.end : cue.start]
        return people[0] if len(gap.split()) > 8 or _apposed(context, people) else nearest
    return people[0]


def _apposed(context: Context, people: Sequence[Mention]) -> bool:
    """Whether the last mention stands in an apposition to the first: "McDonnell, a close ally of Corbyn, …"."""
    between = context.view[people[0].span.end : people[-1].span.start]
    return len(people) > 1 and re.match(r",\s(?:an?|the|former)\s[^,]*$", between) is not None


def _continued(context: Context, passage: Passage, previous: Passage | None, index: int) -> Attribution | None:
    """A passage that opens its sentence right after another one of the same or the previous paragraph."""
    if previous is None or passage_words(context, passage) < SHORTEST_UNCUED:
        return None
    paragraph = containing(context.paragraphs, passage.outer.start)
    before = containing(context.paragraphs, previous.outer.end - 1)
    if paragraph is None or before is None:
        return None
    here, there = context.paragraphs.index(paragraph), context.paragraphs.index(before)
    opens_paragraph = passage.outer.start == paragraph.start
    opens_sentence = _sentence_start(context, passage.outer.start) == passage.outer.start
    follows = here == there and opens_sentence
    goes_on = here == there + 1 and opens_paragraph and len(context.view[previous.outer.end : before.end].split()) <= 6
    if not (follows or goes_on):
        return None
    return Attribution(passage, None, None, "goes on from the words before", 0.85, continues=index - 1)


def passage_words(context: Context, passage: Passage) -> int:
    """How many words the passage has."""
    return sum(len(fragment.of(context.text).split()) for fragment in passage.fragments)


def _nobody(context: Context, passage: Passage) -> str:
    if passage_words(context, passage) < SHORTEST_UNCUED:
        return "a few words in quotation marks that nobody is reported to have said"
    return "the article does not say whose words these are"


def _sentence_start(context: Context, offset: int) -> int:
    sentence = containing(context.sentences, offset)
    return sentence.start if sentence else offset


def _sentence_end(context: Context, offset: int) -> int:
    sentence = containing(context.sentences, offset) or containing(context.sentences, max(0, offset - 1))
    return sentence.end if sentence else offset
