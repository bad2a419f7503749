"""Say in words who speaks a passage and where it is printed, and build the text of "Copy as quote". Pure."""

import re

from briefings.exports.model import Passage, Reference, Voice
from briefings.model import ELISION
from briefings.speaker_labels import SpeakerLabel, SpeakerStatus
from briefings.text.dates import format_day

#: mark of left-out words in a copied quotation
COPIED_ELISION = " […] "
_LINE_BREAKS = re.compile(r"\s*[\n\r\u2028\u2029]+\s*")


def describe_speaker(label: SpeakerLabel) -> str:
    """Return the speaker and the role, and in words how certain that is: "probably Jane Roe (mayor)"."""
    role = f" ({make_one_line(label.role)})" if label.role else ""
    name = make_one_line(label.name)
    match label.status:
        case SpeakerStatus.CERTAIN:
            return f"{name}{role}"
        case SpeakerStatus.PROBABLE:
            return f"probably {name}{role}"
        case SpeakerStatus.UNNAMED:
            return f"{name}{role}, not named"
        case SpeakerStatus.UNSURE:
            return f"speaker not sure ({name} in the article)"
        case SpeakerStatus.NOT_SPEECH:
            return f"no speaker ({make_one_line(label.note)})"
        case SpeakerStatus.UNKNOWN:
            return f"speaker not sure ({make_one_line(label.note)})"


def describe_place(passage: Passage) -> str:
    """Return the outlet and the day of publication; "" for a note of the program."""
    place = passage.place
    if place is None:
        return ""
    return f"{make_one_line(place.source_name)}, {format_day(place.published)}"


def describe_reference(reference: Reference) -> tuple[str, str]:
    """Return the label of an article in a list of sources, and what follows: the outlet, if not in the label, and day.

    Without a headline, the label is the outlet, or what names the article instead.
    """
    title, outlet = make_one_line(reference.title or ""), make_one_line(reference.publisher or "")
    label = title or make_one_line(reference.source_name) or outlet or reference.id
    details = [outlet if outlet != label else "", format_day(reference.published)]
    return label, ", ".join(filter(None, details))


def add_marks(text: str, voice: Voice) -> str:
    """Return the words in quotation marks, if the article has them in quotation marks."""
    return f"“{text}”" if voice is Voice.QUOTATION else text


def describe_details(passage: Passage) -> list[str]:
    """Return what else is known about a passage, in words: its day, whether it is only expected, outlets, notes."""
    day = format_day(passage.day) if passage.day else ""
    date_words = f"“{make_one_line(passage.date_words)}”" if passage.date_words else ""
    about = " ".join(filter(None, (day, f"({date_words})" if day and date_words else date_words)))
    details = [f"about {about}" if about else "", "expected, not confirmed yet" if passage.expected else ""]
    if passage.voice is Voice.REPORTED:
        details.append("in the article's words")
    details.append(f"in {passage.outlets} independent outlets" if passage.outlets > 1 else "")
    details.append(make_one_line(passage.note))
    return [detail for detail in details if detail]


def build_plain_quote(passage: Passage) -> str:
    """Return one block to copy: the words, who says them, the outlet, the day and the link."""
    words = add_marks(COPIED_ELISION.join(split_pieces(passage)), passage.voice)
    speaker = describe_speaker(passage.speaker) if passage.speaker else ""
    notes = ["in the article's words"] if passage.voice is Voice.REPORTED else []
    place = passage.place
    pieces = [speaker, *notes, *([describe_place(passage)] if place else [])]
    attribution = ", ".join(piece for piece in pieces if piece)
    link = f", {place.link}" if place and place.link else ""
    return f"{words} — {attribution}{link}" if attribution else words


def split_pieces(passage: Passage) -> list[str]:
    """Return the passage's text by its places: words between them were left out, and not by the article."""
    pieces: list[str] = []
    start = 0
    for place in passage.places:
        pieces.append(passage.text[start : start + place.end - place.start])
        start += place.end - place.start + len(ELISION)
    return pieces if ELISION.join(pieces) == passage.text else [passage.text]


def make_one_line(text: str) -> str:
    """Return `text` on one line."""
    return " ".join(_LINE_BREAKS.sub(" ", text).split())
