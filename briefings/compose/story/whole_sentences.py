"""Find the sentences of one article that can be understood alone, or once we know who their pronoun means.

Rule: what depends on the other articles of the story, the people, is left to the caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from briefings.compose.compression import find_opening_pronoun, resolve_pronoun
from briefings.compose.ranking.standalone import is_dangling, is_whole, strip_dateline
from briefings.compose.story.article_reading import ArticleReading
from briefings.facts import Anchor, SentenceFacts, extract_facts, find_single_day
from briefings.model import Span
from briefings.text.spans import find_overlapping


@dataclass(frozen=True, slots=True, eq=False)
class WholeSentence:
    """Whole sentence in the article's own words."""

    #: index among the sentences that are read
    position: int
    facts: SentenceFacts
    #: the personal pronoun that it opens with
    pronoun: str | None
    previous_sentence: Span | None

    def explain_pronoun(self, unquoted_text: str, people: Mapping[str, str]) -> str | None:
        """Return "He: Jane Roe", or None if it is unclear who that is. `people` is as in `resolve_pronoun`."""
        person = resolve_pronoun(unquoted_text, self.previous_sentence, people)
        return f"{self.pronoun}: {person}" if person else None


def find_whole_sentences(reading: ArticleReading, anchor: Anchor | None) -> tuple[WholeSentence, ...]:
    """Return the whole sentences that point back to nothing, or only by the pronoun that they open with.

    `anchor` is the date that day names are resolved against.
    """
    text, unquoted_text = reading.article.text, reading.unquoted_text
    sentences: list[WholeSentence] = []
    previous_sentence: Span | None = None
    for position, whole in enumerate(reading.spans):
        sentence = strip_dateline(text, whole)
        if is_whole(text, sentence, find_overlapping(reading.quoted_passages, sentence)):
            pronoun = find_opening_pronoun(text, sentence)
            if pronoun or not is_dangling(sentence.of(unquoted_text)):
                reported_day = find_single_day(unquoted_text, previous_sentence, anchor) if previous_sentence else None
                facts = extract_facts(text, unquoted_text, sentence, anchor, reported_day)
                sentences.append(WholeSentence(position, facts, pronoun, previous_sentence))
        previous_sentence = whole
    return tuple(sentences)
