"""Who is quoted in the whole record: a surname alone is the one who bears it, and only when one does."""

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.db.types import QuotedPerson
from briefings.storage.repository import Repository


def put(record: Repository, name: str, *speakers: Speaker) -> None:
    said = [Quote((Span(0, 3),), None, None, who, Kind.DIRECT, confidence=0.9, reason="named") for who in speakers]
    record.upsert(Article(name, "one"), said)


def test_a_surname_alone_is_the_one_speaker_who_bears_it(record: Repository) -> None:
    put(record, "a", Speaker("Jeremy Corbyn", "Labour leader"), Speaker("Jeremy Corbyn"))
    put(record, "b", Speaker("Corbyn", "leader of the opposition"))
    roles = ("Labour leader", "leader of the opposition")
    assert record.list_people() == (QuotedPerson("Jeremy Corbyn", roles, quotes=3, articles=2),)


def test_a_surname_that_two_speakers_bear_stays_by_itself(record: Repository) -> None:
    put(record, "a", Speaker("Sarah Quill"), Speaker("Peter Quill"))
    put(record, "b", Speaker("Quill"))
    put(record, "c", Speaker("Berg"))
    assert {person.name for person in record.list_people()} == {"Sarah Quill", "Peter Quill", "Quill", "Berg"}
