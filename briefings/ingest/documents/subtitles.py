"""Read subtitles (.srt, .vtt, .sbv) as a transcript: one line per turn of a speaker, without numbers and times.

Rule: a speaker is only what the subtitles state: <v Jane Roe> or "JANE ROE:". A mark without a name (">>", "-") starts
a new turn of an unknown speaker. The words of a named speaker are a quotation, as in <q>, unless they have marks.
Rule: the lines of one turn are joined by spaces; no word is changed. A long turn has several lines.
Rule: subtitles have no day and no outlet. We parse them ourselves, because webvtt-py refuses a whole file for one
malformed cue, and it does not know labels or rolling captions.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.article_fields import build_document_article
from briefings.ingest.formats.encoding import decode_bytes
from briefings.model import Article, Span

#: maximum size in bytes; a film's subtitles have 100,000
MAX_SUBTITLE_BYTES = 10_000_000
#: a pause of so many seconds after a sentence starts a new turn, if the speaker has no name and if they have one
_PAUSE_SECONDS, _LONG_PAUSE_SECONDS = 2.0, 5.0
#: share of cues that repeat lines of the cue before, from which captions count as rolling
_MIN_ROLLING_SHARE = 0.4
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{1,3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*(?:-{{1,3}}>|,)[ \t]*{_TIME}(?:[ \t].*)?")
_HEADER_BLOCK = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION|X-TIMESTAMP-MAP)(?:[ \t:=].*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,60})?[ \t]+([^<>]{1,100})>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z0-9][^<>]{0,200}>|\{\\[^{}]{0,100}\}")
_SOUND = re.compile(r"[\[(][^\[\]()]{1,80}[\])]|[♪♫#][^♪♫#]*[♪♫#]?|[♪♫\s]+")
_TURN_MARK = re.compile(r"(?:>{2,3}\s*(?=\S)|[-–—‐]\s?(?=[“\"'‘¿¡(]{0,2}[A-ZÀ-ÖØ-Þ]))")
#: characters that only steer the layout
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_NAME_WORD = r"(?:[A-Z][\w.'’-]{0,30}|of|the|de|van|von|al|bin)"
_LABEL = re.compile(rf"([A-Z][\w.'’-]{{0,30}}(?:,? {_NAME_WORD}){{0,6}}(?: ?\([^()]{{1,60}}\))?):(?=\s|$)")
#: where another speaker starts inside a line: ">>", or a name in capitals after a sentence
_TURN_START = re.compile(r"\s+(?=>{2,3}\s)|(?<=[.!?…”\"]) (?=[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}:\s)")
_QUOTATION_MARK = re.compile('[“”„‟«»"]')
#: length of a line of a long turn, in characters
_LINE_LENGTH = 1_000
#: words of labels that name a part of a programme, and questions and answers
_NO_SPEAKER = re.compile(
    r"\b(?:news|updates?|warning|notes?|part|chapter|episode|subtitles?|captions?|translat\w+|headlines?|weather|sports?"
    r"|live|source|photo|video|music|breaking|exclusive|alert|coming up|previously|today|tonight|tomorrow)\b|^.{1,2}$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")


@dataclass(frozen=True, slots=True)
class _Cue:
    """One subtitle: its times in seconds and its lines with markup."""

    start: float
    end: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Turn:
    """Words of one speaker in a row. `speaker` is None if the subtitles do not name one."""

    speaker: str | None
    #: whether the first piece starts with a name and a colon
    is_labelled: bool
    #: whether that name is surely the speaker's
    is_named: bool
    #: the words of each line, and the cues they are from
    pieces: list[str]
    cues: list[_Cue]


def read(data: bytes, name: str, article_id: str, _options: ReadOptions) -> Sequence[Article | BadInput]:
    """Return the transcript of a subtitle file. Raises BadInput if it is too large or contains no words."""
    if len(data) > MAX_SUBTITLE_BYTES:
        raise BadInput(f"{name} is longer than {MAX_SUBTITLE_BYTES:,} bytes, the limit for subtitles. Split it.")
    lines = decode_bytes(data, name).removeprefix("\ufeff").splitlines()
    cues = _drop_repetitions(list(_parse_cues(lines)))
    lines, spans = _format_turns(_collect_turns(cues))
    if not lines:
        raise BadInput(f"{name} contains no words. Add subtitles with text.")
    return [build_document_article(article_id, "\n".join(lines), name, quotation_elements=tuple(spans))]


def _parse_cues(lines: Sequence[str]) -> Iterator[_Cue]:
    """Yield the cues. A blank line ends a cue; a number or identifier above a time is not text."""
    times: tuple[float, float] | None = None
    texts: list[str] = []
    is_skipping = False
    for line in lines:
        match = _TIMING.fullmatch(line[:500])
        if match is not None:
            if times is not None:
                if texts and texts[-1].strip().isdecimal():  # the number of this cue, without a blank line before it
                    texts.pop()
                yield _Cue(*times, tuple(texts))
            times, texts, is_skipping = (_to_seconds(match, 1), _to_seconds(match, 5)), [], False
        elif not line.strip():
            if times is not None:
                yield _Cue(*times, tuple(texts))
            times, texts, is_skipping = None, [], False
        elif times is not None:
            texts.append(line)
        elif _HEADER_BLOCK.fullmatch(line[:500]):
            is_skipping = True
    if times is not None and not is_skipping:
        yield _Cue(*times, tuple(texts))


def _to_seconds(match: re.Match[str], group: int) -> float:
    hours, minutes, seconds, fraction = (match[group + offset] or "0" for offset in range(4))
    return int(hours) * 3_600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _drop_repetitions(cues: Sequence[_Cue]) -> list[_Cue]:
    """Remove the lines that rolling captions repeat from the cue before. Other files keep their repetitions."""
    if not cues:
        return []
    overlaps = [0, *(_count_overlap(before, cue) for before, cue in pairwise(cues))]
    rolling_cues = sum(0 < overlap < len(cue.lines) for overlap, cue in zip(overlaps, cues, strict=True))
    other_cues = sum(overlap == 0 for overlap in overlaps[1:])
    if rolling_cues == 0 or rolling_cues / (rolling_cues + other_cues) < _MIN_ROLLING_SHARE:
        return list(cues)
    return [_Cue(cue.start, cue.end, cue.lines[overlap:]) for overlap, cue in zip(overlaps, cues, strict=True)]


def _count_overlap(before: _Cue, cue: _Cue) -> int:
    """Return how many first lines of a cue are the last lines of the cue before, spaces and markup aside."""
    before_lines = [_strip_markup(line) for line in before.lines]
    lines = [_strip_markup(line) for line in cue.lines]
    for count in range(min(len(lines), len(before_lines), 8), 0, -1):
        if before_lines[-count:] == lines[:count] and any(lines[:count]):
            return count
    return 0


def _collect_turns(cues: Sequence[_Cue]) -> list[_Turn]:
    """Join the cues to turns: a new one at each name, mark, or pause of an unnamed speaker."""
    # one label alone can be anything ("EASTON: ..."), unless a mark says that someone speaks
    labels = Counter(
        match[1] for cue in cues for line in cue.lines if (match := _LABEL.match(_strip_mark(_strip_markup(line))))
    )
    turns: list[_Turn] = []
    for cue in cues:
        for number, (speaker, is_marked, is_labelled, words) in enumerate(_read_lines(cue.lines, labels)):
            turn = turns[-1] if turns else None
            is_other = turn is not None and speaker != turn.speaker and (speaker is not None or number == 0)
            if turn is None or is_marked or is_labelled or is_other or _is_after_pause(turn, cue):
                turn = _Turn(speaker, is_labelled, is_labelled and (is_marked or labels.total() > 1), [], [])
                turns.append(turn)
            turn.pieces.append(words)
            turn.cues.append(cue)
    return turns


def _read_lines(lines: Sequence[str], labels: Counter[str]) -> Iterator[tuple[str | None, bool, bool, str]]:
    """Yield the speaker in the <v> tag of each line, whether it has a mark and a name, and its words."""
    for line in lines:
        pieces = _VOICE.split(line)
        for index in range(0, len(pieces), 2):
            speaker = " ".join(unescape(pieces[index - 1]).split()) if index else None
            for words in _TURN_START.split(_strip_markup(pieces[index])):
                if not words or _SOUND.fullmatch(words):
                    continue
                plain_words = _strip_mark(words)
                label = _LABEL.match(plain_words)
                is_label = label is not None and _is_speaker_label(label[1], labels)
                yield speaker, plain_words != words, is_label, plain_words


def _is_speaker_label(label: str, labels: Counter[str]) -> bool:
    """Tell whether words before a colon are a name: in capitals, of several words, or repeated ("Remember:" is not)."""
    if _NO_SPEAKER.search(label):
        return False
    return label.isupper() or " " in label or labels[label] > 1


def _is_after_pause(turn: _Turn, cue: _Cue) -> bool:
    """Tell whether the speaker paused after a sentence, so that someone else may speak now."""
    pause = _LONG_PAUSE_SECONDS if turn.speaker is not None or turn.is_labelled else _PAUSE_SECONDS
    return cue.start - turn.cues[-1].end >= pause and _SENTENCE_END.search(turn.pieces[-1]) is not None


def _format_turns(turns: Sequence[_Turn]) -> tuple[list[str], list[Span]]:
    """Return the lines of the transcript, and the spans in it of the words of named speakers."""
    lines: list[str] = []
    spans: list[Span] = []
    position = 0
    for turn in turns:
        label = f"{turn.speaker}: " if turn.speaker else ""
        turn_lines = _break_lines(turn.pieces)
        match = _LABEL.match(turn_lines[0])
        label_length = len(label) or (match.end() + 1 if match and turn.is_named else 0)
        is_quotation = label_length > 0 and not any(_QUOTATION_MARK.search(line) for line in turn_lines)
        turn_lines[0] = label + turn_lines[0]
        for line in turn_lines:
            if is_quotation and len(line) > label_length:
                spans.append(Span(position + label_length, position + len(line)))
            lines.append(line)
            position += len(line) + 1
            label_length = 0
    return lines, spans


def _break_lines(pieces: Sequence[str]) -> list[str]:
    """Join the pieces of a turn to lines of whole sentences, of about `_LINE_LENGTH` characters."""
    lines: list[list[str]] = [[]]
    length = 0
    for piece in pieces:
        lines[-1].append(piece)
        length += len(piece)
        if length >= _LINE_LENGTH and _SENTENCE_END.search(piece):
            lines.append([])
            length = 0
    return [" ".join(line) for line in lines if line]


def _strip_markup(line: str) -> str:
    text = unescape(_TAG.sub("", _INVISIBLE.sub("", line)))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _strip_mark(words: str) -> str:
    return _TURN_MARK.sub("", words, count=1) if _TURN_MARK.match(words) else words
