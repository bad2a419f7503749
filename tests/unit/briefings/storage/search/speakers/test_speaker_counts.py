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
    assert repository.list_people() == (
        QuotedPerson("Jeremy Corbyn", roles, quotes=3, articles=2, aliases=("Corbyn",)),
    )


def test_ambiguous_surname_is_listed_separately(repository: Repository) -> None:
    add_article(repository, "a", Speaker("Sarah Quill"), Speaker("Peter Quill"))
    add_article(repository, "b", Speaker("Quill"))
    add_article(repository, "c", Speaker("Berg", "mayor"), Speaker("Easton"))
    people = {person.name: person.shared_by for person in repository.list_people()}
    assert people == {"Sarah Quill": (), "Peter Quill": (), "Quill": ("Peter Quill", "Sarah Quill"), "Berg": ()}


def test_shared_surname_with_the_role_of_one_person_counts_for_that_person(repository: Repository) -> None:
    add_article(repository, "a", Speaker("Ada Marsh", "mayor of Easton"), Speaker("Tom Marsh", "surgeon"))
    add_article(repository, "b", Speaker("Marsh", "mayor"), Speaker("Marsh", "mayor"))
    add_article(repository, "c", Speaker("Marsh"))
    counts = {person.name: (person.quotes, person.articles) for person in repository.list_people()}
    assert counts == {"Ada Marsh": (3, 2), "Tom Marsh": (1, 1), "Marsh": (1, 1)}


def test_spellings_of_one_person_are_one_entry_with_aliases(repository: Repository) -> None:
    add_article(repository, "a", Speaker("Ada B. Marsh"), Speaker("Ada Marsh"), Speaker("Ada Marsh"))
    add_article(repository, "b", Speaker("Ada Marsh Jr."), Speaker("Lena Okoro-Reyes", "coach"))
    add_article(repository, "c", Speaker("Lena Okoro Reyes", "Coach"), Speaker("Lena Okoro Reyes", "Coach"))
    people = {person.name: (person.aliases, person.roles) for person in repository.list_people()}
    assert people == {
        "Ada Marsh": (("Ada B. Marsh",), ()),
        "Ada Marsh Jr.": ((), ()),
        "Lena Okoro Reyes": (("Lena Okoro-Reyes",), ("Coach",)),
    }


def test_bodies_places_and_documents_are_not_listed(repository: Repository) -> None:
    bodies = (
        "Easton",
        "Ministry of Roads",
        "Harbour Alliance",
        "NSC",
        "Tribune",
        "Chief Executive",
        "West Easton",
        "Tribune CEO",
    )
    add_article(repository, "a", *map(Speaker, bodies), Speaker("Ada Marsh"))
    assert [person.name for person in repository.list_people()] == ["Ada Marsh"]


MAYOR = (
    "Mayor John Smith opened the Easton Bridge on Monday. The Harbour Alliance and the Ferry Union thanked Smith, "
    "and so did Ada Marsh, Tom Okoro and the Easton Chamber."
)
GOALKEEPER = (
    "Goalkeeper John Smith kept Weston Rovers in the Northern League. He praised coach Lena Reyes, captain Ivo Strand "
    "and the fans at Park Lane."
)


def add_text(repository: Repository, name: str, text: str, *speakers: Speaker) -> None:
    quotes = [Quote((Span(0, 3),), None, None, speaker, Kind.DIRECT, 0.9, "named") for speaker in speakers]
    repository.upsert(Article(name, text), quotes)


def test_two_people_of_one_name_are_two_entries_that_say_so(repository: Repository) -> None:
    mayor, goalkeeper = Speaker("John Smith", "mayor of Easton"), Speaker("John Smith", "goalkeeper")
    add_text(repository, "a", MAYOR, mayor, mayor)
    add_text(repository, "b", f"{MAYOR} Smith spoke again.", Speaker("John Smith"))
    add_text(repository, "c", GOALKEEPER, goalkeeper)
    assert repository.list_people() == (
        QuotedPerson("John Smith", ("mayor of Easton",), quotes=3, articles=2, bearers=2),
        QuotedPerson("John Smith", ("goalkeeper",), quotes=1, articles=1, bearers=2),
    )


def test_one_person_with_two_offices_in_one_story_is_one_entry(repository: Repository) -> None:
    add_text(repository, "a", MAYOR, Speaker("John Smith", "mayor of Easton"))
    add_text(repository, "b", f"{MAYOR} He raises bees.", Speaker("John Smith", "beekeeper"))
    assert [(person.quotes, person.bearers) for person in repository.list_people()] == [(2, 1)]


def test_one_person_whose_office_is_worded_differently_is_one_entry(repository: Repository) -> None:
    add_text(repository, "a", MAYOR, Speaker("John Smith", "former mayor of Easton"))
    add_text(repository, "b", GOALKEEPER, Speaker("John Smith", "mayor"))
    assert [(person.quotes, person.bearers) for person in repository.list_people()] == [(2, 1)]
