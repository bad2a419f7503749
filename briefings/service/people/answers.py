"""Answers about people over time: the timeline of one person, and two people side by side."""

from dataclasses import replace
from datetime import date

from briefings.attribution.name_clustering import NameCluster
from briefings.person_report import ComparedPerson, PersonComparison, PersonTimeline, SideStatus
from briefings.service.people.timeline_reader import TimelineReader
from briefings.service.person_search import AmbiguousName, UnknownPerson
from briefings.service.quote_lookup import SearchFilters, check_length, check_name
from briefings.service.relaxation import describe_question

#: most people that are suggested for a name
_MAX_SUGGESTIONS = 5


class PersonAnswers:
    """Answers from what `timeline_reader` reads."""

    def __init__(self, timeline_reader: TimelineReader) -> None:
        self._timeline_reader = timeline_reader

    def get_timeline(
        self,
        name: str,
        about: str | None = None,
        since: date | None = None,
        until: date | None = None,
        *,
        outlet: str | None = None,
    ) -> PersonTimeline | AmbiguousName | UnknownPerson:
        """Return what the person called `name` is quoted with, the oldest statement first.

        `about` is a topic's slug, or words that the quotation or the sentences around it mention. `since` and `until`
        are days of publication, both inclusive. The newest 1,000 quotations are read. Raises BadQuestion.
        """
        check_name(name)
        return self._timeline_reader.read(name, _build_filters(about, outlet, since, until))

    def compare(
        self,
        first: str,
        second: str,
        about: str | None = None,
        since: date | None = None,
        until: date | None = None,
        *,
        outlet: str | None = None,
    ) -> PersonComparison:
        """Return what two people are quoted with on one subject; arguments are those of `get_timeline`.

        A name that means no speaker, or several, leaves its side without a timeline. Raises BadQuestion.
        """
        filters = _build_filters(about, outlet, since, until)
        for name in (first, second):
            check_name(name)
        first_side, second_side = (
            _build_side(name, self._timeline_reader.read(name, filters)) for name in (first, second)
        )
        topic = filters.find_topic(self._timeline_reader.topics)
        about_title = topic.title if topic else about and f"“{about}”"
        return PersonComparison(
            topic.slug if topic else about,
            about_title,
            (first_side, second_side),
            self._timeline_reader.repository.get_counts(),
            describe_question("", replace(filters, by=None), None, about_title),
        )


def _build_filters(about: str | None, outlet: str | None, since: date | None, until: date | None) -> SearchFilters:
    for value in (about, outlet):
        check_length(value or "")
    return SearchFilters(about=about, outlet=outlet, since=since, until=until)


def _build_side(name: str, result: PersonTimeline | AmbiguousName | UnknownPerson) -> ComparedPerson:
    if isinstance(result, AmbiguousName):
        return ComparedPerson(name, SideStatus.AMBIGUOUS, suggestions=_list_names(result.people))
    if isinstance(result, UnknownPerson):
        return ComparedPerson(name, SideStatus.UNKNOWN, suggestions=result.similar_names[:_MAX_SUGGESTIONS])
    return ComparedPerson(name, SideStatus.HAS_QUOTES if result.statements else SideStatus.SILENT, result)


def _list_names(people: tuple[NameCluster, ...]) -> tuple[str, ...]:
    return tuple(person.name for person in people[:_MAX_SUGGESTIONS])
