"""One person of the record, on both databases: names, roles, what was said, a page at a time."""

from datetime import date

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.repository import Repository
from briefings.storage.search import people
from briefings.storage.search.fuzzy import correct_spelling

WORDS = "“We will open the harbour again,” she said."


def add(record: Repository, name: str, *speakers: Speaker | None, day: date | None, outlet: str = "The Paper") -> None:
    quotes = [
        Quote((Span(1, 31 - at),), None, None, speaker, Kind.DIRECT, 0.9 if speaker else 0.0, "named")
        for at, speaker in enumerate(speakers)
    ]
    record.upsert(Article(name, WORDS, publisher=outlet, published=day, title="The harbour"), quotes, names=())


def filled(record: Repository) -> Repository:
    mayor, bare = Speaker("Ada Marsh", "mayor"), Speaker("Ada Marsh")
    add(record, "old", mayor, bare, day=date(2016, 6, 1))
    add(record, "new", Speaker("Ada Marsh", "former mayor"), Speaker("Marsh"), None, day=date(2016, 6, 30))
    add(record, "undated", mayor, Speaker("Ada Marsh", anonymous=True), day=None, outlet="The Post")
    add(record, "other", Speaker("Tom Okoro"), Speaker("Ada Marshh"), day=date(2016, 6, 2))
    return record


def test_names_of_one_surname_are_found_with_their_counts(record: Repository) -> None:
    filled(record)
    found = record.run_query(lambda db, index: people.find_speaker_names(db, index, "Marsh"))
    assert found == {"Ada Marsh": 4, "Marsh": 1, "Ada Marshh": 1}
    assert record.run_query(lambda db, index: people.find_speaker_names(db, index, "ada MARSH")) == found
    assert record.run_query(lambda db, index: people.find_speaker_names(db, index, "Nobody Atall")) == {}
    assert record.run_query(lambda db, index: people.find_speaker_names(db, index, "harbour Marsh", exact=True)) == {}


def test_names_a_slip_away_are_near(record: Repository) -> None:
    filled(record)
    assert record.run_query(lambda db, index: people.find_similar_names(db, index, "Tom Okora")) == ["Tom Okoro"]
    assert record.run_query(lambda db, index: people.find_similar_names(db, index, "\x00 “<script>”")) == []


def test_roles_come_with_where_they_were_given_first_and_last(record: Repository) -> None:
    filled(record)
    found = record.run_query(lambda db, _: people.count_roles(db, ["Ada Marsh", "Marsh"]))
    assert [(one.role, one.quotes, one.first and one.first.id, one.last.id) for one in found] == [
        ("mayor", 2, "old", "old"),
        ("former mayor", 1, "new", "new"),
        (None, 2, "old", "new"),
    ]


def test_a_role_given_by_undated_articles_alone_has_no_first_day(record: Repository) -> None:
    add(record, "undated", Speaker("Ada Marsh", "mayor"), day=None)
    (one,) = record.run_query(lambda db, _: people.count_roles(db, ["Ada Marsh"]))
    assert (one.first, one.last.id) == (None, "undated")


def test_what_was_said_comes_newest_first_page_by_page(record: Repository) -> None:
    filled(record)
    names = ["Ada Marsh", "Marsh"]
    pages = [record.run_query(lambda db, _, skip=skip: people.list_quotes(db, names, 2, skip)) for skip in (0, 2, 4, 6)]
    assert [[found.article.id for found in page] for page in pages] == [["new", "new"], ["old", "old"], ["undated"], []]


def test_what_was_said_is_counted_by_topic(record: Repository) -> None:
    filled(record)
    on, off = record.run_query(
        lambda db, index: people.count_by_topic(db, index, ["Ada Marsh"], [("open the harbour",), ("ferry", "")])
    )
    assert (on.quotes, on.since, on.until) == (4, date(2016, 6, 1), date(2016, 6, 30))
    assert (off.quotes, off.since) == (0, None)


def test_a_page_of_quotes_begins_after_those_that_are_skipped(record: Repository) -> None:
    filled(record)
    whole = record.find_quotes("harbour", limit=100)
    assert [record.find_quotes("harbour", limit=1, skip=at)[0] for at in range(len(whole))] == list(whole)
    assert record.find_quotes("harbour", limit=5, skip=len(whole)) == ()


def test_words_are_corrected_by_those_that_were_said(record: Repository) -> None:
    filled(record)
    assert record.run_query(lambda db, index: correct_spelling(db, index, "Harbuor again")) == "harbour again"
    assert record.run_query(lambda db, index: correct_spelling(db, index, "harbour")) is None
    assert record.run_query(lambda db, index: correct_spelling(db, index, "qqqqqq zzzzzz")) is None
