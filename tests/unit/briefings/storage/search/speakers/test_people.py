"""Queries about one person, on both databases: names, roles, and quotes page by page."""

from datetime import date

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.storage.repository import Repository
from briefings.storage.search.fuzzy import correct_spelling
from briefings.storage.search.speakers import people

WORDS = "“We will open the harbour again,” she said."


def add_article(
    repository: Repository, name: str, *speakers: Speaker | None, day: date | None, outlet: str = "The Paper"
) -> None:
    quotes = [
        Quote((Span(1, 31 - index),), None, None, speaker, Kind.DIRECT, 0.9 if speaker else 0.0, "named")
        for index, speaker in enumerate(speakers)
    ]
    repository.upsert(Article(name, WORDS, publisher=outlet, published=day, title="The harbour"), quotes, names=())


def fill_repository(repository: Repository) -> Repository:
    mayor, bare = Speaker("Ada Marsh", "mayor"), Speaker("Ada Marsh")
    add_article(repository, "old", mayor, bare, day=date(2016, 6, 1))
    add_article(repository, "new", Speaker("Ada Marsh", "former mayor"), Speaker("Marsh"), None, day=date(2016, 6, 30))
    add_article(repository, "undated", mayor, Speaker("Ada Marsh", anonymous=True), day=None, outlet="The Post")
    add_article(repository, "other", Speaker("Tom Okoro"), Speaker("Ada Marshh"), day=date(2016, 6, 2))
    return repository


def test_names_with_one_surname_are_found_with_their_counts(repository: Repository) -> None:
    fill_repository(repository)
    results = repository.run_query(lambda db, index: people.find_speaker_names(db, index, "Marsh"))
    assert results == {"Ada Marsh": 4, "Marsh": 1, "Ada Marshh": 1}
    assert repository.run_query(lambda db, index: people.find_speaker_names(db, index, "ada MARSH")) == results
    assert repository.run_query(lambda db, index: people.find_speaker_names(db, index, "Nobody Atall")) == {}
    assert (
        repository.run_query(lambda db, index: people.find_speaker_names(db, index, "harbour Marsh", exact=True)) == {}
    )


def test_names_with_a_typo_are_suggested(repository: Repository) -> None:
    fill_repository(repository)
    assert repository.run_query(lambda db, index: people.find_similar_names(db, index, "Tom Okora")) == ["Tom Okoro"]
    assert repository.run_query(lambda db, index: people.find_similar_names(db, index, "\x00 “<script>”")) == []


def test_roles_have_their_first_and_last_article(repository: Repository) -> None:
    fill_repository(repository)
    results = repository.run_query(lambda db, index: people.count_roles(db, index, ["Ada Marsh", "Marsh"]))
    assert [(usage.role, usage.quotes, usage.first and usage.first.id, usage.last.id) for usage in results] == [
        ("mayor", 2, "old", "old"),
        ("former mayor", 1, "new", "new"),
        (None, 2, "old", "new"),
    ]


def test_role_in_undated_articles_only_has_no_first_article(repository: Repository) -> None:
    add_article(repository, "undated", Speaker("Ada Marsh", "mayor"), day=None)
    (usage,) = repository.run_query(lambda db, index: people.count_roles(db, index, ["Ada Marsh"]))
    assert (usage.first, usage.last.id) == (None, "undated")


def test_quotes_of_a_person_are_paged_newest_first(repository: Repository) -> None:
    fill_repository(repository)
    names = ["Ada Marsh", "Marsh"]
    pages = [
        repository.run_query(lambda db, index, skip=skip: people.list_quotes(db, index, names, 2, skip))
        for skip in (0, 2, 4, 6)
    ]
    assert [[hit.article.id for hit in page] for page in pages] == [["new", "new"], ["old", "old"], ["undated"], []]


def test_quotes_of_a_person_are_counted_by_topic(repository: Repository) -> None:
    fill_repository(repository)
    harbour_count, ferry_count = repository.run_query(
        lambda db, index: people.count_by_topic(db, index, ["Ada Marsh"], [("open the harbour",), ("ferry", "")])
    )
    assert (harbour_count.quotes, harbour_count.since, harbour_count.until) == (4, date(2016, 6, 1), date(2016, 6, 30))
    assert (ferry_count.quotes, ferry_count.since) == (0, None)


def test_page_of_quotes_begins_after_skipped_ones(repository: Repository) -> None:
    fill_repository(repository)
    all_hits = repository.find_quotes("harbour", limit=100)
    assert [repository.find_quotes("harbour", limit=1, skip=index)[0] for index in range(len(all_hits))] == list(
        all_hits
    )
    assert repository.find_quotes("harbour", limit=5, skip=len(all_hits)) == ()


def test_spelling_is_corrected_to_words_in_quotes(repository: Repository) -> None:
    fill_repository(repository)
    assert repository.run_query(lambda db, index: correct_spelling(db, index, "Harbuor again")) == "harbour again"
    assert repository.run_query(lambda db, index: correct_spelling(db, index, "harbour")) is None
    assert repository.run_query(lambda db, index: correct_spelling(db, index, "qqqqqq zzzzzz")) is None
