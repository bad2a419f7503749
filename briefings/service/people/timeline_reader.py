"""Reads what one person is quoted with, on a subject or on everything, as a timeline.

Rule: a quotation counts only if its speaker is that very person: one of the person's names as printed, completed over
the story of its article. A surname without a first name does not count if it means a better known person.
Rule: a quotation does not count if the article's words for its speaker contradict the person ("Mr Roe", Jane Roe).
Rule: reading is bounded. The newest quotations are read, and the answer says whether older ones were not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings.attribution.features.person_names import Person, split_name
from briefings.attribution.name_clustering import NameCluster, is_meant_by
from briefings.attribution.people.naming.known_roles import load_known_roles
from briefings.compose.people.speaker_words import contradicts_person
from briefings.compose.people.statements import build_statements
from briefings.compose.who_said.hits import ArticleQuote
from briefings.model import Quote, Speaker, Topic
from briefings.person_report import PersonTimeline
from briefings.service.person_search import AmbiguousName, PersonSearch, UnknownPerson
from briefings.service.quote_lookup import SearchFilters
from briefings.service.relaxation import describe_question
from briefings.service.story_reader import StoryReader
from briefings.speaker_labels import SpeakerStatus, label_quote
from briefings.storage.db.types import SearchHit
from briefings.storage.repository import Repository
from briefings.storage.search.left_out import get_left_out
from briefings.storage.search.speakers import people
from briefings.storage.search.speakers.namesakes import find_bearers

#: newest quotations that one timeline is made of
MAX_QUOTES = 1_000
#: newest articles, then the next ones, in which a story is recognised; more take quadratic time
_MAX_STORY_ARTICLES = 200
#: what must be known about a speaker whose name is shown
_NAMED_STATUSES = (SpeakerStatus.CERTAIN, SpeakerStatus.PROBABLE)
_SURNAME_ONLY = "; the article prints only the last name"


@dataclass(frozen=True, slots=True)
class TimelineReader:
    """Reads timelines from one repository, with the configured topics. Thread-safe; methods block."""

    repository: Repository
    reader: StoryReader
    people: PersonSearch
    topics: Sequence[Topic]

    def read(self, name: str, filters: SearchFilters) -> PersonTimeline | AmbiguousName | UnknownPerson:
        """Return the timeline of the only person called `name`; `filters` narrow it, without a speaker.

        Raises BadQuestion for a subject that cannot be searched for.
        """
        candidates = self.people.find_people(name)
        if not candidates:
            return UnknownPerson(name, self.people.find_similar_names(name))
        if len(candidates) > 1:
            return AmbiguousName(name, candidates)
        return self._build_timeline(candidates[0], filters)

    def _build_timeline(self, person: NameCluster, filters: SearchFilters) -> PersonTimeline:
        hits, is_bounded = self._find_quotes(person, filters)
        article_quotes = self._select(person, filters, hits)
        groups = build_statements(article_quotes)
        topic = filters.find_topic(self.topics)
        about_title = topic.title if topic else filters.about and f"“{filters.about}”"
        roles = self.repository.run_query(lambda db, index: people.count_roles(db, index, person.spellings))
        namesakes = self._find_namesakes(person) if len(roles) > 1 else ()
        role = next((usage.role for usage in roles if usage.role), None)
        return PersonTimeline(
            name=person.name,
            role=role if len(namesakes) < 2 else None,
            about=topic.slug if topic else filters.about,
            about_title=about_title,
            statements=groups.statements,
            day_counts=groups.day_counts,
            outlets=groups.outlets,
            quote_total=person.quotes,
            totals=self.repository.get_counts(),
            description=describe_question("", filters, None, about_title),
            is_bounded=is_bounded,
            namesakes=namesakes,
            has_earliest=not (filters.since or filters.outlet),
            has_latest=not (filters.until or filters.outlet),
        )

    def _find_quotes(self, person: NameCluster, filters: SearchFilters) -> tuple[list[SearchHit], bool]:
        phrases, days = filters.get_phrases(self.topics), (filters.since, filters.until)
        return self.repository.run_query(
            lambda db, index: people.find_quotes_about(db, index, person.spellings, phrases, days, MAX_QUOTES)
        )

    def _select(self, person: NameCluster, filters: SearchFilters, hits: Sequence[SearchHit]) -> list[ArticleQuote]:
        """Return the quotations that are the person's own and about the subject, with the person's full name."""
        subject = filters.get_subject(self.topics)
        selected = [
            hit
            for hit in hits
            if filters.matches_outlet(hit.article.publisher)
            and (subject is None or subject.is_subject_of(hit.article, hit.quote))
        ]
        places = {(hit.article.id, hit.quote.span) for hit in selected}
        articles = list({hit.article.id: hit.article for hit in selected}.values())
        surname = Person(person.name).surname
        return [
            (article, own_quote)
            for start in range(0, len(articles), _MAX_STORY_ARTICLES)
            for article, quotes in self.reader.load_quotes_by_story(
                articles[start : start + _MAX_STORY_ARTICLES],
                lambda _, quote: quote.speaker is not None and is_meant_by(quote.speaker.name, surname),
            )
            for quote in quotes
            if (article.id, quote.span) in places
            and label_quote(quote, article.text).status in _NAMED_STATUSES
            and not contradicts_person(article, quote, person.name)
            and (own_quote := _attribute(quote, person))
        ]

    def _find_namesakes(self, person: NameCluster) -> tuple[tuple[str, ...], ...]:
        spellings = [spelling for spelling in person.spellings if " " in spelling]
        bearers = self.repository.run_query(lambda db, index: find_bearers(db, spellings, get_left_out(index)))
        return tuple(bearer.roles for bearer in bearers)


def _attribute(quote: Quote, person: NameCluster) -> Quote | None:
    """Return the quote with the person's full name, or None if it is another person's.

    Names in `quote` are completed, so another person's surname is now a full name that is not this person's.
    """
    speaker = quote.speaker
    if speaker is None or speaker.anonymous:
        return None
    if " " not in speaker.name and " " in person.name:
        if load_known_roles().is_lesser_bearer(split_name(person.name)):
            return None
        return replace(quote, speaker=Speaker(person.name, speaker.role), reason=quote.reason + _SURNAME_ONLY)
    is_own = speaker.name in person.spellings or any(
        is_meant_by(speaker.name, spelling) for spelling in person.spellings if " " in spelling
    )
    return replace(quote, speaker=Speaker(person.name, speaker.role)) if is_own else None
