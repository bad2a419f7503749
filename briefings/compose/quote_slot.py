"""Select passages for the quotes slot: the key voices of the story with their most telling words.

Rule: a passage gains the less the more of its speaker's words are shown, but a main speaker's second passage may come
before a bystander's first. Quotations have their own measure of what is new: the narrative does not spend their words.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

from briefings.compose.candidates import Candidates
from briefings.compose.selection import WordBudget, extract_word_concepts
from briefings.compose.voices.exchanges import order_voices
from briefings.compose.voices.names import is_same_person, make_voice_key
from briefings.compose.voices.passages import QuotePassage, find_passages
from briefings.compose.voices.prominence import Prominence
from briefings.compose.voices.ratings import rate_passages
from briefings.compose.voices.wholeness import MIN_WHOLENESS, measure_wholeness
from briefings.model import Article, Line, Quote, Slot, Span, Speaker
from briefings.similarity.quote_matching import is_same_key, is_same_utterance
from briefings.text.folding import make_search_key
from briefings.text.words import count_words

__all__ = ["QuotePassage", "QuoteSelector"]

#: maximum passages of a briefing under any budget: further voices are not key voices
_MAX_PASSAGES = 8
#: most passages of one voice: a story with one voice has room for its own sentences
_MAX_VOICE_PASSAGES = 2
#: number of best passages to consider
_MAX_WEIGHED_PASSAGES = 200
#: value of an average passage, and the minimum value of any
_BASE_VALUE, _MIN_VALUE = 1.0, 0.05
#: how much length counts against a passage, and the words below which a passage gains nothing from being shorter
_LENGTH_EXPONENT, _SHORT_PASSAGE_WORDS = 0.6, 12
#: factor of each passage of the same speaker that is shown already
_NEXT_PASSAGE_FACTOR = 0.25
#: least wholeness of a speaker's second passage: nothing weak only to fill the slot
_MIN_NEXT_WHOLENESS = 0.7
#: value of a label that an article quotes twice, against the speaker's best words there
_STRUCK_FACTOR = 1.05
#: share of its value that a passage loses when all its words are shown, and the share of words that locks it out
_OVERLAP_PENALTY, _MAX_OVERLAP = 0.5, 0.75


@dataclass(frozen=True, slots=True, eq=False)
class _RatedPassage:
    """Passage with its value before anything is shown, how whole it is, and its significant words."""

    passage: QuotePassage
    value: float
    wholeness: float
    #: the words that its line takes, their number, and whose voice it is
    shown_text: str
    shown_words: int
    voice_key: str
    stems: frozenset[tuple[str, ...]]


def _keep_all(passages: list[QuotePassage]) -> list[QuotePassage]:
    return passages


class QuoteSelector:
    """Selector of quote passages for a briefing. `shown_texts` are texts that other slots show already.

    `news_texts` are the lines that tell the news, the most important first: quotations answer to them.

    `event_texts` are the lines of open events: passages in them are not repeated.

    `filter_passages` returns the passages that may be selected.
    """

    def __init__(
        self,
        candidates: Candidates,
        budget: WordBudget,
        shown_texts: Sequence[str] = (),
        filter_passages: Callable[[list[QuotePassage]], list[QuotePassage]] = _keep_all,
        news_texts: Sequence[str] = (),
        event_texts: Sequence[str] = (),
    ) -> None:
        self._candidates = candidates
        self._budget = budget
        shown_keys = [make_search_key(text) for text in shown_texts]
        other_keys = [make_search_key(text) for text in [*news_texts, *event_texts]]
        self._rated_passages = [
            rated_passage
            for rated_passage in _rate(candidates, filter_passages(find_passages(candidates)), news_texts)
            if not _is_shown(make_search_key(rated_passage.passage.text), shown_keys, other_keys)
        ]
        self._selected_passages: list[_RatedPassage] = []

    def select(self) -> None:
        """Select passages while the budget allows, the most valuable first."""
        overlaps = [0.0] * len(self._rated_passages)
        speaker_counts = Counter[str]()
        while len(self._selected_passages) < _MAX_PASSAGES:
            values = [
                (self._compute_value(rated_passage, overlap, speaker_counts), -index)
                for index, (rated_passage, overlap) in enumerate(zip(self._rated_passages, overlaps, strict=True))
            ]
            best_value, negative_index = max(values, default=(0.0, 0))
            if best_value <= 0:
                return
            selected = self._rated_passages[-negative_index]
            self._selected_passages.append(selected)
            self._budget.spend(selected.shown_text)
            speaker_counts[selected.voice_key] += 1
            overlaps = [
                max(overlap, _measure_overlap(rated_passage, selected))
                for overlap, rated_passage in zip(overlaps, self._rated_passages, strict=True)
            ]

    def to_lines(self) -> list[Line]:
        """Return the selected passages as lines; a reply follows the passage that it answers."""
        passages = order_voices([rated_passage.passage for rated_passage in self._selected_passages])
        speakers: dict[str, Speaker] = {}
        for passage in passages:
            key = make_voice_key(passage.speaker)
            if key not in speakers or (speakers[key].role is None and passage.speaker.role):
                speakers[key] = passage.speaker
        return [self._to_line(passage, speakers[make_voice_key(passage.speaker)]) for passage in passages]

    def _to_line(self, passage: QuotePassage, first_speaker: Speaker) -> Line:
        """Return a passage as a line. All lines of a person show the name and role of their first passage."""
        is_same = is_same_person(passage.speaker.name, first_speaker.name)
        return Line(
            slot=Slot.QUOTES,
            text=passage.text,
            evidence=(self._candidates.make_evidence(passage.article, passage.span),),
            speaker=first_speaker if is_same else passage.speaker,
            outlets=passage.outlets,
            note=f"in “{passage.frame.of(passage.article.text)}”" if passage.frame else None,
        )

    def _compute_value(self, rated_passage: _RatedPassage, overlap: float, speaker_counts: Counter[str]) -> float:
        """Return the value of showing this passage next; 0 if it must not be shown."""
        if overlap >= _MAX_OVERLAP or rated_passage.shown_words > self._budget.available:
            return 0.0
        count = speaker_counts[rated_passage.voice_key]
        if count >= _MAX_VOICE_PASSAGES or (count and rated_passage.wholeness < _MIN_NEXT_WHOLENESS):
            return 0.0
        factor = _NEXT_PASSAGE_FACTOR**count
        return float(rated_passage.value * factor * (1 - _OVERLAP_PENALTY * overlap))


def _get_shown_text(passage: QuotePassage) -> str:
    """Return the words that a line takes: the passage, and its frame if it has one."""
    return f"{passage.text} {passage.frame.of(passage.article.text)}" if passage.frame else passage.text


def _rate(candidates: Candidates, passages: list[QuotePassage], news_texts: Sequence[str] = ()) -> list[_RatedPassage]:
    prominence = Prominence(candidates)
    rated_passages: list[_RatedPassage] = []
    for passage, rating in zip(passages, rate_passages(candidates, passages, prominence, news_texts), strict=True):
        wholeness = candidates.memory.recall(
            (passage.article.id, passage.span, passage.quote.span),
            _measure_wholeness,
            passage.article,
            passage.quote,
            passage.span,
            passage.frame,
        )
        if wholeness >= MIN_WHOLENESS:
            length = float(max(_SHORT_PASSAGE_WORDS, passage.weighed_words) ** _LENGTH_EXPONENT)
            value = max(_MIN_VALUE, _BASE_VALUE + rating) * wholeness / length
            rated_passages.append(
                _RatedPassage(
                    passage,
                    value,
                    wholeness,
                    shown_text := _get_shown_text(passage),
                    count_words(shown_text),
                    make_voice_key(passage.speaker),
                    extract_word_concepts(passage.text),
                )
            )
    return nlargest(
        _MAX_WEIGHED_PASSAGES, _raise_struck_phrases(rated_passages), key=lambda rated_passage: rated_passage.value
    )


def _measure_wholeness(article: Article, quote: Quote, span: Span, frame: Span | None) -> float:
    return measure_wholeness(article, quote, span, has_frame=frame is not None)


def _raise_struck_phrases(rated_passages: list[_RatedPassage]) -> list[_RatedPassage]:
    """Return the passages, with a label that its article quotes twice worth as much as its speaker's best words there.

    What struck the reporter most is what the speaker is known for.
    """
    best_values: dict[tuple[str, str], float] = {}
    for rated_passage in rated_passages:
        key = _make_report_key(rated_passage.passage)
        best_values[key] = max(best_values.get(key, 0.0), rated_passage.value)
    return [
        replace(rated_passage, value=_STRUCK_FACTOR * best_values[_make_report_key(rated_passage.passage)])
        if rated_passage.passage.is_repeated and rated_passage.passage.is_label
        else rated_passage
        for rated_passage in rated_passages
    ]


def _make_report_key(passage: QuotePassage) -> tuple[str, str]:
    return make_voice_key(passage.speaker), passage.article.id


def _is_shown(key: str, shown_keys: Sequence[str], other_keys: Sequence[str]) -> bool:
    """Tell whether a passage is one of the shown texts, or another text has all its words in a row (search keys)."""
    return any(is_same_key(key, shown_key) for shown_key in shown_keys) or any(
        f" {key} " in f" {other_key} " for other_key in other_keys
    )


def _measure_overlap(first: _RatedPassage, second: _RatedPassage) -> float:
    """Return the share, 0 to 1, of the shorter passage's significant words that the other has too."""
    if not first.stems or not second.stems:
        return float(is_same_utterance(first.passage.text, second.passage.text))
    return len(first.stems & second.stems) / min(len(first.stems), len(second.stems))
