"""Makes one list of quotations out of the reported candidates and the quoted passages.

Rule: reported speech is taken best first, what overlaps it is dropped; a passage of four words or more always asks the
passages' own ranker who spoke. Nothing is said twice.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from briefings.quotes.engine import Analysis
from briefings.quotes.parse import Form, Parsed
from briefings.quotes.reported import Reported
from briefings.quotes.signatures import signatures
from briefings.quotes.spoken import Spoken
from briefings.quotes.turns import turns
from briefings.text.arrays import Floats, Ints
from briefings.text.tagger import TAG

#: a reported candidate less likely than this is dropped
LEAST_HELD = 0.36
#: a passage of four words or more is dropped as nobody's when nobody is likelier than this
MOST_NOBODY = 0.6
#: the same for shorter passages (scare quotes, titles)
MOST_NOBODY_SHORT = 0.2
SHORT = 4
#: share of the shorter content that may lie in another quotation's
OVERLAP = 0.3
#: cues beside a passage that are looked at for its own
NEAR_CUES = 30
#: a cue and source that close a sentence: words that may follow, words of content at least, how likely they are
TAIL, LEAST_CLOSED, CLOSED = 4, 5, 0.95
#: tokens of such a content that must have been found before it is taken from its sentence's start
LEAST_BEGUN = 3
#: share below which "nobody" is no answer
UNSURE = 0.55
#: how sure a signature is
SIGNED = 0.97


@dataclass(slots=True)
class Found:
    """One quotation in token indexes: content, source mention (-1 nobody), cue head (-1 none)."""

    tokens: Ints
    source: int
    cue: int
    #: how likely the content is right, and the source
    held: float
    sure: float
    #: numbers of the passages that it holds
    passages: list[int] = field(default_factory=list)
    #: a transcript's line
    turn: bool = False

    @property
    def score(self) -> float:
        """What its confidence is read off: the source's share, times the content's for reported speech."""
        return self.sure if self.passages else self.held * self.sure


def merge(analysis: Analysis, least_held: float = LEAST_HELD, most_nobody: float = MOST_NOBODY) -> list[Found]:
    """The quotations of one text, in order."""
    parsed = analysis.parsed
    accepted, owner = _accept(analysis, least_held)
    words = [len(passage.inner.of(parsed.text).split()) for passage in parsed.passages]
    analysis = replace(analysis, spoken=_settled(analysis))
    _take_turns(analysis, accepted, owner)
    _let_passages_speak(analysis, accepted, words)
    for number in range(len(parsed.passages)):
        if owner[number] is None:
            extra = _alone(analysis, number, owner, short=words[number] < SHORT, most_nobody=most_nobody)
            if extra is not None:
                accepted.append(extra)
                owner[number] = extra
    _share_subjects(parsed, accepted)
    _keep_subjects(analysis, accepted)
    for one in accepted:
        one.source = head_mention(parsed, _teller(parsed, one.source))
        _leave_out_the_source(parsed, one)
    return sorted(accepted, key=lambda one: (int(one.tokens[0]), int(one.tokens[-1])))


def _settled(analysis: Analysis) -> Spoken:
    """What the ranker says, where no signature says better; a speech's next paragraph is its first one's speaker's."""
    said, signed = analysis.spoken, signatures(analysis.parsed)
    best, sure, nobody = said.best.copy(), said.best_sure.copy(), said.nobody.copy()
    for number, passage in enumerate(analysis.parsed.passages):
        if number in signed:
            best[number], sure[number], nobody[number] = signed[number], SIGNED, 1 - SIGNED
        elif passage.continues and number:
            best[number], sure[number], nobody[number] = best[number - 1], sure[number - 1], nobody[number - 1]
    return replace(said, best=best, best_sure=sure, nobody=nobody)


def _take_turns(analysis: Analysis, accepted: list[Found], owner: list[Found | None]) -> None:
    """A transcript's lines are what they say; whatever else was found in them goes."""
    spoken = turns(analysis.parsed)
    if not spoken:
        return
    line = analysis.parsed.tokens.paragraph
    theirs = {int(line[turn.first]) for turn in spoken}
    accepted[:] = [one for one in accepted if int(line[one.tokens[0]]) not in theirs]
    for turn in spoken:
        one = Found(
            np.arange(turn.first, turn.last), turn.mention, -1, SIGNED, SIGNED if turn.mention >= 0 else 0.0, turn=True
        )
        accepted.append(one)
        inside = analysis.parsed.inside[turn.first : turn.last]
        for number in np.unique(inside[inside > 0]) - 1:
            owner[number] = one


def _share_subjects(parsed: Parsed, accepted: list[Found]) -> None:
    """An infinitive or participle without a likely source has the one of the cue before it in the sentence."""
    last: dict[int, int] = {}
    for one in sorted((one for one in accepted if one.cue >= 0), key=lambda one: one.cue):
        sentence = int(parsed.sentence[one.cue])
        if one.source >= 0:
            last[sentence] = one.source
        elif one.sure < UNSURE and parsed.tags[one.cue] in (TAG["VBG"], TAG["VB"]):
            one.source = last.get(sentence, -1)


def _keep_subjects(analysis: Analysis, accepted: list[Found]) -> None:
    """In "Doe could be heard responding in one of the videos, saying ..." Doe says it, not the videos."""
    parsed, found = analysis.parsed, analysis.found
    for one in accepted:
        cue, first = one.cue, int(parsed.mentions.first[one.source]) if one.source >= 0 else 0
        if cue < 2 or parsed.tags[cue] != TAG["VBG"] or parsed.tokens.words[cue - 1] != "," or not 0 < first < cue:
            continue
        if parsed.mentions.form[one.source] != Form.NOMINAL or parsed.tags[first - 1] != TAG["IN"]:
            continue
        before = np.flatnonzero((found.heads < first) & (parsed.sentence[found.heads] == parsed.sentence[cue]))
        for at in before[::-1]:
            source = int(found.sources[at])
            if source >= 0 and parsed.mentions.form[source] in (Form.NAME, Form.PRONOUN):
                one.source = source
                break


def _leave_out_the_source(parsed: Parsed, one: Found) -> None:
    """A quotation that took in its own source ("...,” Walker said, according to ...") keeps what is inside marks."""
    if one.passages and one.source >= 0 and not one.turn:
        first = int(parsed.mentions.first[one.source])
        inside = parsed.inside[one.tokens] > 0
        if not parsed.inside[first] and first in one.tokens and inside.any():
            one.tokens = one.tokens[inside]


def _teller(parsed: Parsed, number: int) -> int:
    """Who tells rather than who is told: in "Jane Doe told Smith" never Smith."""
    mentions, first = parsed.mentions, int(parsed.mentions.first[number]) if number >= 0 else 0
    if first < 2 or parsed.tokens.words[first - 1].lower() not in _TELLING:
        return number
    for other in range(number - 1, max(number - 8, -1), -1):
        head = int(mentions.head[other])
        if parsed.sentence[head] != parsed.sentence[first]:
            break
        if (
            mentions.form[other] in (Form.NAME, Form.PRONOUN)
            and not parsed.inside[head]
            and mentions.last[other] < first
        ):
            return other
    return number


_TELLING = frozenset(["tell", "tells", "told", "telling"])


def head_mention(parsed: Parsed, number: int) -> int:
    """The mention a phrase is about: "allies" in "allies of the leader", "a spokesman" in "a spokesman for Ward"."""
    mentions, words = parsed.mentions, parsed.tokens.words
    for _ in range(2):
        first, other = int(mentions.first[number]) if number > 0 else 0, number - 1
        if (
            first < 2
            or words[first - 1].lower() not in _BELONGING
            or parsed.sentence[first] != parsed.sentence[first - 2]
        ):
            return number
        while other > 0 and mentions.form[other] == Form.POSSESSOR:
            other -= 1
        is_head = int(mentions.last[other]) == first - 1 and mentions.form[other] in (Form.NOMINAL, Form.BARE)
        if other < 0 or not is_head or (parsed.inside[first] > 0) != (parsed.inside[first - 2] > 0):
            return number
        number = other
    return number


#: prepositions by which a description takes in whose or which it is
_BELONGING = frozenset(["of", "for", "within", "from", "inside"])


def passage_tokens(parsed: Parsed, number: int) -> Ints:
    """The tokens inside passage `number` (from 0)."""
    first = np.searchsorted(parsed.tokens.starts, parsed.passages[number].inner.start)
    last = np.searchsorted(parsed.tokens.starts, parsed.passages[number].inner.end)
    return np.arange(first, max(last, first))


def _accept(analysis: Analysis, least: float) -> tuple[list[Found], list[Found | None]]:
    """The reported candidates that hold, and for each passage the one that has it."""
    parsed, found = analysis.parsed, analysis.found
    found = replace(found, tokens=_from_the_start(parsed, analysis.held, found))
    analysis = replace(analysis, found=found)
    taken = np.full(len(parsed.tokens), -1)
    owner: list[Found | None] = [None] * len(parsed.passages)
    accepted: list[Found] = []
    likely = _closing(analysis)
    for at in np.argsort(-likely, kind="stable"):
        tokens, held = found.tokens[at], float(likely[at])
        if held < least or not len(tokens):
            continue
        others = taken[tokens]
        others = others[others >= 0]
        if len(others):
            smallest = min(len(tokens), *(len(accepted[k].tokens) for k in np.unique(others)))
            if len(others) > OVERLAP * smallest:
                continue
        one = Found(tokens, int(found.sources[at]), int(found.heads[at]), held, float(found.source_sure[at]))
        taken[tokens] = len(accepted)
        accepted.append(one)
        _own(parsed, one, owner)
    return accepted, owner


def _closing(analysis: Analysis) -> Floats:
    """How likely each candidate is; those first whose cue and source close a sentence behind a comma."""
    parsed, found = analysis.parsed, analysis.found
    likely = analysis.held.copy()
    ends = (
        np.searchsorted(parsed.sentence, parsed.sentence[found.heads], side="right")
        if len(found.heads)
        else found.heads
    )
    for at, (head, source, end) in enumerate(
        zip(found.heads.tolist(), found.sources.tolist(), ends.tolist(), strict=True)
    ):
        if source >= 0 and likely[at] >= LEAST_HELD and len(found.tokens[at]) >= LEAST_CLOSED:
            first, last = int(parsed.mentions.first[source]), int(parsed.mentions.last[source])
            before, behind = min(first, head), max(last, head + 1)
            together = max(first, head + 1) - min(last - 1, head) <= 2 and found.tokens[at][-1] < before
            if together and end - behind <= TAIL and parsed.tokens.words[before - 1] == ",":
                likely[at] = max(likely[at], CLOSED)
    return likely


def _from_the_start(parsed: Parsed, likely: Floats, found: Reported) -> list[Ints]:
    """The contents, those of sentences that close with ", says Doe" taken from the sentence's first word."""
    out = list(found.tokens)
    for at in np.flatnonzero((likely >= LEAST_HELD) & (found.sources >= 0)):
        tokens, head, source = out[at], int(found.heads[at]), int(found.sources[at])
        first, last = int(parsed.mentions.first[source]), int(parsed.mentions.last[source])
        before, behind = min(first, head), max(last, head + 1)
        if len(tokens) < LEAST_BEGUN or tokens[-1] != before - 2 or behind - before > last - first + 2:
            continue
        start, end = np.searchsorted(parsed.sentence, [parsed.sentence[head], parsed.sentence[head] + 1])
        commas = parsed.tags[start : before - 1] == TAG[","]
        whole = not commas.any() and not parsed.inside[start:before].any()
        if whole and end - behind <= TAIL and parsed.tags[before - 1] == TAG[","]:
            out[at] = np.arange(start, before - 1)
    return out


def _own(parsed: Parsed, one: Found, owner: list[Found | None]) -> None:
    inside = parsed.inside[one.tokens]
    for number in np.unique(inside[inside > 0]) - 1:
        width = len(passage_tokens(parsed, number))
        if owner[number] is None and 2 * int((inside == number + 1).sum()) >= width:
            owner[number] = one
            one.passages.append(int(number))


def _let_passages_speak(analysis: Analysis, accepted: list[Found], words: list[int]) -> None:
    """The longest passage of a quotation names its source, where it is long enough to have been ranked well."""
    said = analysis.spoken
    for one in accepted:
        if one.passages:
            number = max(one.passages, key=lambda k: words[k])
            if words[number] >= SHORT and said.best[number] >= 0 and said.best[number] != one.source:
                one.source, one.sure = int(said.best[number]), float(said.best_sure[number])
            elif words[number] >= SHORT:
                one.sure = float(said.best_sure[number])


def _alone(
    analysis: Analysis,
    number: int,
    owner: list[Found | None],
    *,
    short: bool,
    most_nobody: float,
) -> Found | None:
    """A passage that no accepted cue reports: joined to the speech before it, a quotation of its own, or nothing."""
    said, parsed = analysis.spoken, analysis.parsed
    tokens = passage_tokens(parsed, number)
    source = int(said.best[number])
    if not len(tokens) or said.nobody[number] > (MOST_NOBODY_SHORT if short else most_nobody):
        return None
    before = owner[number - 1] if number else None
    if before is not None and before.source == source and source >= 0 and _beside(parsed, before.tokens, tokens):
        before.tokens = np.union1d(before.tokens, tokens)
        before.passages.append(number)
        owner[number] = before
        return None
    return Found(
        tokens,
        source,
        _cue_for(analysis, tokens, source),
        float(1 - said.nobody[number]),
        float(said.best_sure[number]),
        [number],
    )


def _beside(parsed: Parsed, before: Ints, tokens: Ints) -> bool:
    return bool(parsed.tokens.paragraph[before[-1]] == parsed.tokens.paragraph[tokens[0]])


def _cue_for(analysis: Analysis, tokens: Ints, source: int) -> int:
    """The likeliest cue whose source this is and that stands beside the passage; -1 without one."""
    found = analysis.found
    best, chosen = 0.0, -1
    sentences = analysis.parsed.sentence[found.heads]
    low = int(np.searchsorted(sentences, analysis.parsed.sentence[tokens[0]] - 1))
    high = int(np.searchsorted(sentences, analysis.parsed.sentence[tokens[-1]] + 1, side="right"))
    for at in range(low, min(high, low + NEAR_CUES)):
        if found.sources[at] != source:
            continue
        weight = float(analysis.signals.cue[found.heads[at]])
        if weight > best:
            best, chosen = weight, int(found.heads[at])
    return chosen
