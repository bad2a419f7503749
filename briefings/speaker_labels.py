"""Say in words who speaks a quotation, and how certain that is: the same in the terminal, in Slack and on the pages.

Rule: a probability is for programs, never for people. Below the threshold no name is shown, only the article's own
words for the source: “he”. Words that look like a name are not shown either, because readers would take them for one.
"""

from dataclasses import dataclass
from enum import StrEnum

from briefings.model import MIN_CERTAIN_CONFIDENCE, Hit, Quote, Speaker

#: reasons of quotes (`Quote.reason`): the article names the speaker, or only describes them
BY_NAME, AS_DESCRIBED = "named", "as the article describes them"
#: the article's words for the source are known, but not whom they mean
NOT_CERTAIN = "not certain whose words these are"
#: words in quotation marks that are not speech
NOT_SPEECH = "probably a term, a title or a sign, not speech"
NO_SAYING_VERB = "a few words in quotation marks without a verb of saying"
#: words of the article for a source that are shown although they begin with a capital: “He”
_PRONOUNS = frozenset(
    ["he", "she", "they", "it", "i", "we", "you", "who", "his", "her", "their", "him", "them", "one", "this", "others"]
)
_NAMED_IN_ARTICLE = "named in the article"


class SpeakerStatus(StrEnum):
    """What is known about the speaker of a quotation."""

    CERTAIN = "certain"
    #: a name, but probable only
    PROBABLE = "probable"
    #: the article describes the source without a name
    UNNAMED = "unnamed"
    #: the article's words for the source can mean several people
    UNSURE = "unsure"
    UNKNOWN = "unknown"
    NOT_SPEECH = "not speech"


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """A speaker as readers see it: a name, a description or the article's words, and what to know about it ("")."""

    status: SpeakerStatus
    name: str
    role: str | None = None
    note: str = ""


def label_hit(hit: Hit) -> SpeakerLabel:
    """Return the label for the speaker of a hit."""
    return _label(hit.speaker, hit.source, hit.confidence, hit.reason)


def label_quote(quote: Quote, text: str) -> SpeakerLabel:
    """Return the label for the speaker of a quote in the article with this text."""
    return _label(quote.speaker, quote.source.of(text) if quote.source else None, quote.confidence, quote.reason)


def _label(speaker: Speaker | None, source: str | None, confidence: float, reason: str) -> SpeakerLabel:
    if reason == NOT_CERTAIN:
        words = " ".join((source or "").split())
        if words and not _looks_like_name(words):
            return SpeakerLabel(SpeakerStatus.UNSURE, f"“{words}”", note=NOT_CERTAIN)
        return SpeakerLabel(SpeakerStatus.UNKNOWN, "Unknown speaker", note=NOT_CERTAIN)
    if speaker is None:
        if reason in (NOT_SPEECH, NO_SAYING_VERB):
            return SpeakerLabel(SpeakerStatus.NOT_SPEECH, "No speaker", note=reason)
        return SpeakerLabel(SpeakerStatus.UNKNOWN, "Unknown speaker", note=reason or "the article does not say")
    if speaker.anonymous:
        return SpeakerLabel(SpeakerStatus.UNNAMED, speaker.name, speaker.role)
    if confidence < MIN_CERTAIN_CONFIDENCE:
        return SpeakerLabel(SpeakerStatus.PROBABLE, speaker.name, speaker.role, explain(reason))
    return SpeakerLabel(SpeakerStatus.CERTAIN, speaker.name, speaker.role, "" if reason == BY_NAME else reason)


def explain(reason: str) -> str:
    """Return the reason for a speaker as a phrase for readers."""
    return _NAMED_IN_ARTICLE if reason == BY_NAME else reason


def _looks_like_name(words: str) -> bool:
    """Whether the words end in a capitalised word or an initial: "Commerce Director", "C."."""
    return words.lower() not in _PRONOUNS and not words.split()[-1][:1].islower()
