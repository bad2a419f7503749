"""The quotations of one article, from its marks to its people.

Rule: every passage in quotation marks gives one quote; when nobody is named for it, the quote says why.
"""

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.quotes.attribute import Attribution, Context, attribute
from briefings.quotes.coreference import speaker_of
from briefings.quotes.marks import Passage, passages
from briefings.quotes.people import names
from briefings.text.blank import blanked
from briefings.text.sentences import containing, paragraphs, sentences


def extract(article: Article) -> tuple[Quote, ...]:
    """The quotes of `article` in order, with the speakers as far as it names them itself; boilerplate is left out."""
    text = blanked(article.text, article.boilerplate)
    found = passages(text)
    view = blanked(text, [fragment for passage in found for fragment in passage.fragments])
    context = Context(text, view, sentences(text), paragraphs(text))
    table = names(article)
    speakers: list[Speaker | None] = []
    quotes: list[Quote] = []
    for attribution in attribute(context, found):
        previous = speakers[-1] if speakers else None
        goes_on = attribution.continues is not None
        speaker = previous if goes_on else speaker_of(context, attribution, table, previous)
        speakers.append(speaker)
        quotes.append(_quote(context, attribution, speaker))
    return tuple(quotes)


def _quote(context: Context, found: Attribution, speaker: Speaker | None) -> Quote:
    unresolved = speaker is None and (found.source is not None or found.continues is not None)
    return Quote(
        content=found.passage.fragments,
        source=found.source.span if found.source else None,
        cue=found.cue,
        speaker=speaker,
        kind=_kind(context, found.passage),
        confidence=found.confidence if speaker else 0.0,
        reason="whom the article means here is not clear" if unresolved else found.how,
    )


def _kind(context: Context, passage: Passage) -> Kind:
    """Direct when the passage is a sentence's main matter or longer, mixed when it is worked into one."""
    sentence = containing(context.sentences, passage.outer.start)
    if sentence is None or passage.outer.end > sentence.end or passage.outer.start == sentence.start:
        return Kind.DIRECT
    before = context.text[sentence.start : passage.outer.start].rstrip()
    inside = Span(passage.fragments[0].start, passage.fragments[-1].end).of(context.text)
    ends_itself = inside.rstrip().endswith((".", "?", "!", ","))
    return Kind.DIRECT if before.endswith((":", ",")) or (ends_itself and inside[:1].isupper()) else Kind.MIXED
