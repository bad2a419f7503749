"""Speaker counts: a bare surname counts for a speaker only if exactly one has it."""

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.types import QuotedPerson
from briefings.storage.repository import Repository


def add_article(repository: Repository, name: str, *speakers: Speaker) -> None:
    quotes = [
        Quote((Span(0, 3),), None, None, speaker, Kind.DIRECT, confidence=0.9, reason="named") for speaker in speakers
    ]
    repository.upsert(Article(name, "one"), quotes)


def test_bare_surname_counts_for_its_only_speaker(repository: Repository) -> None:
    add_article(repository, "a", Speaker("Jeremy Corbyn", "Labour leader"), Speaker("Jeremy Corbyn"))
    add_article(repository, "b", Speaker("Corbyn", "leader of the opposition"))
    roles = ("Labour leader", "leader of the opposition")
    assert repository.list_people() == (QuotedPerson("Jeremy Corbyn", roles, quotes=3, articles=2),)


def test_ambiguous_surname_is_listed_separately(repository: Repository) -> None:
    add_article(repository, "a", Speaker("Sarah Quill"), Speaker("Peter Quill"))
    add_article(repository, "b", Speaker("Quill"))
    add_article(repository, "c", Speaker("Berg"))
    assert {person.name for person in repository.list_people()} == {"Sarah Quill", "Peter Quill", "Quill", "Berg"}
