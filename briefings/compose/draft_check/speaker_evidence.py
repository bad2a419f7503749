"""Judge how well an article proves who said a quotation, and compare that with the speaker that a draft names.

Rule: a verdict against a draft needs proof. The article's words name the speaker, or only one person can be meant. If
the paragraph of a pronoun names another person, or the draft's speaker is named shortly before it, nothing is proven.
"""

from briefings.compose.draft_check.draft_parser import Quotation, SpeakerMatch, is_same_person, match_speaker
from briefings.compose.draft_check.name_reading import find_names, split_words
from briefings.model import Article, Quote, Span, Speaker
from briefings.text.folding import contains_phrase, make_search_key
from briefings.text.spans import mask_spans
from briefings.text.wrapped_lines import unwrap_lines

#: characters before a quotation in which a pronoun can find its person
_REACH = 600


def compare_with_draft(draft: str, quotation: Quotation, article: Article, quote: Quote) -> SpeakerMatch:
    """Compare the speaker of a draft's `quotation` with the one of `quote` in `article`."""
    if quotation.is_open:
        return SpeakerMatch.UNCLEAR
    claimed_speaker, speaker = quotation.claimed_speaker, quote.speaker
    if claimed_speaker is None:
        is_meant = not quotation.has_other_names or (speaker is not None and _is_in(speaker, quotation.context_key))
        return SpeakerMatch.SAME if is_meant else SpeakerMatch.UNCLEAR
    match = match_speaker(claimed_speaker, article, quote)
    if speaker is None or match is SpeakerMatch.UNCLEAR:
        return match
    if _is_doubtful(article, quote, speaker):
        return SpeakerMatch.UNCLEAR
    is_disputed = match is SpeakerMatch.OTHER and (
        _could_be_meant(article, quote, speaker, claimed_speaker)
        or (quotation.is_uncertain and contains_phrase(mask_spans(draft, [quotation.span]), _get_surname(speaker)))
    )
    return SpeakerMatch.UNCLEAR if is_disputed else match


def is_named(article: Article, quote: Quote) -> bool:
    """Tell whether the words that name the source contain a word of the speaker's name."""
    if quote.speaker is None or quote.source is None:
        return False
    source_words = set(make_search_key(quote.source.of(article.text)).split())
    return bool(source_words & set(make_search_key(quote.speaker.name).split()))


def _is_doubtful(article: Article, quote: Quote, speaker: Speaker) -> bool:
    """Tell whether a pronoun's paragraph names other people, and not the speaker."""
    if speaker.anonymous or is_named(article, quote):
        return False
    subjects = _find_subjects(article, quote)
    return bool(subjects) and not any(is_same_person(name, speaker.name) for name in subjects)


def _find_subjects(article: Article, quote: Quote) -> list[str]:
    """Return the names in the quotation's paragraph before it that can be subjects."""
    text = unwrap_lines(article.text)
    start = text.rfind("\n", 0, quote.span.start) + 1
    words = split_words(text[start : quote.span.start])
    return [name.text for name in find_names(words, is_start=True) if name.is_subject]


def _could_be_meant(article: Article, quote: Quote, speaker: Speaker, claimed_speaker: Speaker) -> bool:
    """Tell whether a pronoun in the article can mean the draft's speaker, who is named before it."""
    if is_named(article, quote) or speaker.anonymous or claimed_speaker.anonymous:
        return False
    subjects = _find_subjects(article, quote)
    if subjects and not any(is_same_person(name, claimed_speaker.name) for name in subjects):
        return False  # the paragraph names the speaker
    before = Span(max(0, quote.span.start - _REACH), quote.span.start).of(article.text)
    return contains_phrase(before, _get_surname(claimed_speaker))


def _is_in(speaker: Speaker, key: str) -> bool:
    """Tell whether the words around a quotation name the speaker: a surname, or the head of a description."""
    return contains_phrase(key, _get_surname(speaker))


def _get_surname(speaker: Speaker) -> str:
    return make_search_key(speaker.name).split()[-1] if make_search_key(speaker.name) else speaker.name
