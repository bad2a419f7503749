"""Turn answers into documents: briefings, quotations that were searched for, people and articles. Pure.

Rule: every passage of the answer is in the document, in the answer's order, with the words exactly as in the article.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from briefings.article.citation import build_link, clean_page_url, get_page_url
from briefings.article.source_name import describe_source, name_outlet, name_source
from briefings.exports.authors import read_authors
from briefings.exports.model import Document, Passage, Place, Reference, Section, Voice
from briefings.model import (
    Article,
    Briefing,
    Evidence,
    Hit,
    Kind,
    Line,
    Narration,
    Quote,
    Slot,
    Source,
    Span,
    Speaker,
    Variant,
    WhoSaid,
)
from briefings.render.answers import to_json
from briefings.render.json_output import render_doubt, render_hit
from briefings.source_labels import get_outlet_name, get_source_name
from briefings.speaker_labels import SpeakerLabel, SpeakerStatus, label_hit, label_quote

Articles = Mapping[str, Article]

_HEADINGS = {
    Slot.STATUS: "Latest",
    Slot.TIMELINE: "Day by day",
    Slot.QUOTES: "Who said what",
    Slot.DIFFERENCES: "Where the sources differ",
    Slot.MISSING: "Not in these articles",
}
ALL_ARTICLES = "All articles"


def build_briefing(briefing: Briefing, articles: Articles, created: date) -> Document:
    """Return the document of a briefing. `articles` has the stored articles by id, as far as they are known."""
    sources = {source.id: source for source in briefing.sources}
    sections = []
    for slot, heading in _HEADINGS.items():
        passages = [
            passage for line in briefing.get_slot_lines(slot) for passage in _build_line_passages(line, sources)
        ]
        sections += [Section(heading, tuple(passages))] if passages else []
    notes = [f"Only articles {briefing.filters}."] if briefing.filters and not briefing.dropped_filters else []
    if briefing.dropped_filters:
        notes.append(f"No articles on this {briefing.filters}. Without {_join_quoted(briefing.dropped_filters)}:")
    references = [build_reference(source.id, articles, source) for source in briefing.sources]
    title = name_briefing(briefing)
    return Document(title, "Briefing", tuple(sections), tuple(references), created, tuple(notes), to_json(briefing))


def name_briefing(briefing: Briefing) -> str:
    """Return the title of a briefing for readers."""
    return ALL_ARTICLES if briefing.title == "*" else briefing.title


def build_who_said(answer: WhoSaid, articles: Articles, created: date, *, notes: Sequence[str] = ()) -> Document:
    """Return the document of an answer to `/whosaid`, or of a search."""
    nearest = () if answer.hits or answer.narration else answer.nearest
    narration_heading = "In the articles' own words, not in a quote"
    sections = [
        Section("Quotes", tuple(build_hit_passage(hit, articles) for hit in answer.hits)),
        Section(narration_heading, tuple(_build_narration_passage(text, articles) for text in answer.narration)),
        Section("Closest quotes", tuple(build_hit_passage(hit, articles) for hit in nearest)),
    ]
    question = answer.description or (f"with “{answer.query}”" if answer.query else "")
    own_notes = [f"No quote {question}. Without {_join_quoted(answer.dropped)}:"] if answer.dropped else []
    own_notes += ["Only the newest quotes are included. For older ones, add since: and until:."] * answer.more
    return Document(
        f"Quotes {question}".strip(),
        "Quotes",
        tuple(section for section in sections if section.passages),
        list_references(sections, articles),
        created,
        (*own_notes, *notes),
        to_json(answer),
    )


def build_person(
    name: str,
    roles: Sequence[str],
    hits: Sequence[Hit],
    articles: Articles,
    created: date,
    *,
    quotes: int,
    notes: Sequence[str] = (),
) -> Document:
    """Return the document of a person. `quotes` is how often they are quoted."""
    sections = (Section("Quotes", tuple(build_hit_passage(hit, articles) for hit in hits)),)
    role_note = (f"Roles, as printed: {'; '.join(roles)}.",) if roles else ()
    data = {"person": name, "roles": list(roles), "quotes": quotes, "hits": [render_hit(hit) for hit in hits]}
    references = list_references(sections, articles)
    return Document(name, "Person", sections, references, created, (*role_note, *notes), data)


def describe_namesakes(namesakes: Sequence[Sequence[str]]) -> str:
    """Return the sentence that warns of several people with one name. `namesakes` has the roles of each."""
    roles = "; ".join(roles[0] for roles in namesakes if roles)
    reason = "because the articles about them have little in common"
    return f"Perhaps {len(namesakes)} people with this name, {reason}{f': {roles}' if roles else ''}."


def build_article(article: Article, quotes: Sequence[Quote], created: date) -> Document:
    """Return the document of an article: what its citation needs, and everyone who is quoted. It has no full text."""
    passages = tuple(build_quote_passage(article, quote) for quote in quotes)
    reference = build_reference(article.id, {article.id: article})
    data = {
        "article": {
            "id": article.id,
            "title": article.title,
            "byline": article.byline,
            "publisher": article.publisher,
            "published": article.published.isoformat() if article.published else None,
            "url": get_page_url(article),
            **render_doubt(describe_source(article)),
        },
        "quotes": [_render_quote(passage, quote) for passage, quote in zip(passages, quotes, strict=True)],
    }
    sections = (Section("Who is quoted", passages),) if passages else ()
    title = article.title or name_source(article)
    return Document(title, "Article", sections, (reference,), created, (), data)


def build_hit_passage(hit: Hit, articles: Articles = MappingProxyType({})) -> Passage:
    """Return the passage of a hit with its other wordings, dated by `articles` as far as they are known."""
    label = label_hit(hit)
    voice = choose_voice(hit.kind, label)
    link = hit.link or clean_page_url(hit.url)
    place = Place(hit.article, hit.start, hit.end, get_source_name(hit), get_outlet_name(hit), hit.published, link)
    wordings = tuple(_build_variant_passage(variant, voice, label, articles) for variant in hit.variants)
    return Passage(hit.quote, voice, (place,), label, outlets=hit.outlets, wordings=wordings)


def build_line_passages(line: Line, sources: Iterable[Source]) -> tuple[Passage, ...]:
    """Return the passages of a briefing's line: one, or the sides of a difference."""
    return tuple(_build_line_passages(line, {source.id: source for source in sources}))


def _build_line_passages(line: Line, sources: Mapping[str, Source]) -> Iterable[Passage]:
    label = _label_speaker(line.speaker)
    voice = Voice.QUOTATION if line.slot is Slot.QUOTES or (line.slot is Slot.DIFFERENCES and label) else Voice.ARTICLE
    if not line.evidence:
        yield Passage(line.text, Voice.PROGRAM, note=line.note or "")
    elif line.slot is Slot.DIFFERENCES:
        for evidence in line.evidence:
            place = _build_place(evidence, sources)
            yield Passage(evidence.text, voice, (place,), label, expected=line.expected, group=line.note or "Two sides")
    else:
        yield Passage(
            line.text,
            voice,
            tuple(_build_place(evidence, sources) for evidence in line.evidence),
            label,
            line.day,
            line.date_words or "",
            expected=line.expected,
            outlets=line.outlets,
            note=line.note or "",
        )


def _build_place(evidence: Evidence, sources: Mapping[str, Source]) -> Place:
    source = sources.get(evidence.article)
    name, publisher, published = "unknown outlet", None, None
    if source:
        name, publisher, published = get_source_name(source), get_outlet_name(source), source.published
    link = evidence.link or (clean_page_url(source.url) if source else None)
    return Place(evidence.article, evidence.start, evidence.end, name, publisher, published, link)


def _build_variant_passage(variant: Variant, voice: Voice, label: SpeakerLabel, articles: Articles) -> Passage:
    name, day = get_source_name(variant), get_day(variant.article, articles)
    place = Place(variant.article, variant.start, variant.end, name, get_outlet_name(variant), day, variant.link)
    return Passage(variant.quote, voice, (place,), label)


def _build_narration_passage(narration: Narration, articles: Articles) -> Passage:
    name, day = get_source_name(narration), get_day(narration.article, articles)
    outlet = get_outlet_name(narration)
    place = Place(narration.article, narration.start, narration.end, name, outlet, day, narration.link)
    return Passage(narration.text, Voice.ARTICLE, (place,))


def get_day(article_id: str, articles: Articles) -> date | None:
    """Return the day of publication of an article, if it is known."""
    article = articles.get(article_id)
    return article.published if article else None


def build_quote_passage(article: Article, quote: Quote) -> Passage:
    """Return the passage of an article's quote."""
    label = label_quote(quote, article.text)
    # a comma before the closing mark belongs to the article
    span = Span(quote.span.start, quote.span.start + len(quote.span.of(article.text).rstrip(",")))
    place = Place(
        article.id,
        span.start,
        span.end,
        name_source(article),
        name_outlet(article),
        article.published,
        build_link(article, span),
    )
    return Passage(span.of(article.text), choose_voice(quote.kind, label), (place,), label)


def _render_quote(passage: Passage, quote: Quote) -> dict[str, Any]:
    place, speaker = passage.places[0], quote.speaker
    return {
        "speaker": speaker.name if speaker else None,
        "role": speaker.role if speaker else None,
        "anonymous": speaker.anonymous if speaker else False,
        "quote": passage.text,
        "kind": quote.kind.value,
        "confidence": round(quote.confidence, 3),
        "reason": quote.reason,
        "start": place.start,
        "end": place.end,
        "link": place.link,
    }


def choose_voice(kind: Kind, label: SpeakerLabel) -> Voice:
    """Return whose words a quote has: indirect speech has the article's."""
    is_reported = kind is Kind.INDIRECT and label.status is not SpeakerStatus.NOT_SPEECH
    return Voice.REPORTED if is_reported else Voice.QUOTATION


def _label_speaker(speaker: Speaker | None) -> SpeakerLabel | None:
    if speaker is None:
        return None
    status = SpeakerStatus.UNNAMED if speaker.anonymous else SpeakerStatus.CERTAIN
    return SpeakerLabel(status, speaker.name, speaker.role)


def list_references(sections: Iterable[Section], articles: Articles) -> tuple[Reference, ...]:
    """Return the articles that the passages and their other wordings cite, each once, in order."""
    places: dict[str, Place] = {}
    for section in sections:
        for passage in section.passages:
            for cited_passage in (passage, *passage.wordings):
                for place in cited_passage.places:
                    places.setdefault(place.article, place)
    return tuple(build_reference(article_id, articles, place) for article_id, place in places.items())


def build_reference(article_id: str, articles: Articles, origin: Source | Place | None = None) -> Reference:
    """Return the reference of a stored article, or of what the answer says about one that is not known."""
    article = articles.get(article_id)
    if article:
        authors = read_authors(article.byline)
        name = name_source(article)
        url = get_page_url(article)
        return Reference(article.id, article.title, authors, name_outlet(article), article.published, url, name)
    if isinstance(origin, Source):
        name, url = get_source_name(origin), clean_page_url(origin.url)
        return Reference(origin.id, origin.title, (), get_outlet_name(origin), origin.published, url, name)
    if origin:
        url = origin.link.partition("#:~:")[0] if origin.link else None
        return Reference(origin.article, None, (), origin.publisher, origin.published, url, origin.source_name)
    return Reference(article_id)


def _join_quoted(parts: Sequence[str]) -> str:
    return " and ".join(f"“{part}”" for part in parts)
