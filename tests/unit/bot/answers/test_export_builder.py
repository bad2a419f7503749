"""Exports of every answer about the seeds: each format is opened again by its own kind of program."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

import pytest

from bot.answers.export_builder import ExportBuilder
from bot.queries.queries import BriefingQuery, WhoSaidQuery
from briefings import BriefingService, NothingFound, SearchResultsPage
from briefings import open as open_service
from briefings.exports import Document
from briefings.model import Article
from briefings.service.person_search import Page
from tests.support.export_readers import check_nothing_is_lost, list_source_passages
from tests.support.seed_service import open_seed_service

TODAY = date(2026, 1, 2)


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as service:
        yield service


@pytest.fixture(scope="module")
def builder(service: BriefingService) -> ExportBuilder:
    return ExportBuilder(service, TODAY)


def build_all(builder: ExportBuilder) -> Iterator[Document]:
    for words in ("labour-crisis", "*", "Pride", "no confidence"):
        yield builder.build_answer(BriefingQuery(words))
    for query in (
        WhoSaidQuery("lynch-mob"),
        WhoSaidQuery("lynch mob rope"),
        WhoSaidQuery("", by="Corbyn"),
        WhoSaidQuery("Corbyn", outlet="The Guardian"),
        WhoSaidQuery("backed a motion"),
    ):
        yield builder.build_answer(query)
    yield builder.build_search(WhoSaidQuery("Corbyn"))
    yield builder.build_search(WhoSaidQuery("", by="Corbyn"))
    for person in builder.service.list_people():
        if not person.shared_by:
            yield builder.build_person(person.name)
    overview = builder.service.get_overview()
    for added in overview.latest:
        yield builder.build_article(added.source.id)


def test_no_passage_of_any_answer_is_lost_in_any_format(builder: ExportBuilder) -> None:
    documents = list(build_all(builder))
    assert len(documents) > 20
    for document in documents:
        check_nothing_is_lost(document)


def test_every_passage_is_the_articles_own_text(builder: ExportBuilder, service: BriefingService) -> None:
    for document in build_all(builder):
        for passage in list_source_passages(document):
            articles = {article.id: article for article in service.get_articles({p.article for p in passage.places})}
            pieces = [articles[place.article].text[place.start : place.end] for place in passage.places]
            assert passage.text == " … ".join(pieces)


def test_an_address_that_browsers_must_not_open_is_in_no_export() -> None:
    urls = [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://exa mple.example/a",
        "data:text/html,x",
        "//t.example",
    ]
    people = ["Jane Roe", "John Doe", "Ann Poe", "Mark Coe", "Mary Loe"]
    texts = [f"“We will not close the {n} libraries,” said {name} on Tuesday." for n, name in enumerate(people, 2)]
    articles = [
        Article(str(number), text, publisher="The Tribune", url=url, title="Libraries")
        for number, (text, url) in enumerate(zip(texts, urls, strict=True))
    ]
    with closing(open_service("sqlite://")) as service:
        service.add(articles)
        builder = ExportBuilder(service, TODAY)
        documents = [
            builder.build_answer(WhoSaidQuery("libraries")),
            builder.build_answer(BriefingQuery("libraries")),
            *map(builder.build_person, people),
            *(builder.build_article(article.id) for article in articles),
        ]
    for document in documents:
        assert document.passages
        assert not {place.link for passage in document.passages for place in passage.places} - {None}
        assert not {reference.url for reference in document.references} - {None}


def test_a_search_has_all_quotations_and_not_only_a_page(builder: ExportBuilder, service: BriefingService) -> None:
    document = builder.build_search(WhoSaidQuery("", by="Corbyn"))
    first_page = service.search_quotes("", by="Corbyn")
    assert [passage.text for passage in document.passages][: len(first_page.answer.hits)] == [
        hit.quote for hit in first_page.answer.hits
    ]


@dataclass
class ChangingService:
    """The service, after whose first page articles are removed, or one arrives."""

    service: BriefingService
    is_shrinking: bool

    def search_quotes(self, words: str, *, page: int, **filters: Any) -> SearchResultsPage:
        return self._change(self.service.search_quotes(words, **filters), page)

    def find_person(self, name: str, page: int = 1) -> Any:
        return self._change(self.service.find_person(name), page)

    def get_articles(self, ids: Iterable[str]) -> Any:
        return self.service.get_articles(ids)

    def _change(self, result: Any, page: int) -> Any:
        if page > 1 and self.is_shrinking:
            raise NothingFound("Page 2 doesn't exist.")
        return replace(result, page=Page(page, page == 1))


@pytest.mark.parametrize("is_shrinking", [True, False])
def test_articles_that_change_between_two_pages_neither_stop_nor_double_an_export(
    service: BriefingService, *, is_shrinking: bool
) -> None:
    builder = ExportBuilder(cast("BriefingService", ChangingService(service, is_shrinking)), TODAY)
    for document in (builder.build_search(WhoSaidQuery("", by="Corbyn")), builder.build_person("Jeremy Corbyn")):
        places = [passage.place for passage in document.passages]
        assert places
        assert len(places) == len(set(places))


class NamesakeService(ChangingService):
    """The service, in which each name may be the name of two people."""

    def _change(self, result: Any, page: int) -> Any:
        return replace(result, namesakes=(("mayor of Easton", "mayor"), ("footballer",)), page=Page(page, False))


def test_a_name_that_two_people_may_have_is_a_warning_in_the_export(service: BriefingService) -> None:
    builder = ExportBuilder(cast("BriefingService", NamesakeService(service, is_shrinking=False)), TODAY)
    document = builder.build_person("Jeremy Corbyn")
    (warning,) = [note for note in document.notes if note.startswith("Perhaps 2 people with this name, ")]
    assert warning.endswith(": mayor of Easton; footballer.")


def test_a_name_that_nobody_has_is_explained_with_similar_names(builder: ExportBuilder) -> None:
    with pytest.raises(NothingFound, match=r"No quote is by Corbin\. Try .*Corbyn"):
        builder.build_person("Corbin")


def test_an_unknown_article_is_not_found(builder: ExportBuilder) -> None:
    with pytest.raises(NothingFound):
        builder.build_article("missing")
