"""Missing outlets and days are asked for once, filled in, and never invented."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import briefings
from bot.cli.add.missing_fields import MissingFields
from briefings import Article, BriefingService

TEXT = "“We will count every vote,” said Anna Berg."


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    with briefings.open(tmp_path / "news.db") as service:
        yield service


class Terminal:
    """Stand-in for a terminal that answers questions in order."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answers.pop(0)


def add(service: BriefingService, *articles: Article) -> MissingFields:
    missing_fields = MissingFields()
    for ingested in service.ingest(articles):
        missing_fields.add(ingested)
    return missing_fields


def load(service: BriefingService, article_id: str) -> Article:
    return service.view_article(article_id).article


def test_an_outlet_and_a_day_are_asked_for_once_and_filled_in(service: BriefingService) -> None:
    missing_fields = add(
        service,
        Article("both", TEXT),
        Article("outlet", TEXT + " It is late.", published=date(2016, 6, 1)),
        Article("day", TEXT + " It is dark.", "The Tribune"),
        Article("complete", TEXT + " It is cold.", "The Tribune", date(2016, 6, 1)),
    )
    terminal = Terminal("The Paper", "2016-06-30")
    missing_fields.complete(service, ["news"], jobs=1, ask=terminal.ask)
    assert [question.split(".")[0] for question in terminal.questions] == [
        "2 articles do not name their outlet",
        "2 articles do not state their day",
    ]
    fields = {name: load(service, name) for name in ("both", "outlet", "day", "complete")}
    assert {name: (article.publisher, article.published) for name, article in fields.items()} == {
        "both": ("The Paper", date(2016, 6, 30)),
        "outlet": ("The Paper", date(2016, 6, 1)),
        "day": ("The Tribune", date(2016, 6, 30)),
        "complete": ("The Tribune", date(2016, 6, 1)),
    }


def test_an_empty_answer_leaves_the_fields_empty(service: BriefingService) -> None:
    missing_fields = add(service, Article("a", TEXT))
    missing_fields.complete(service, ["news"], jobs=1, ask=Terminal("", "").ask)
    assert (load(service, "a").publisher, load(service, "a").published) == (None, None)


def test_a_wrong_day_is_asked_for_again_and_then_left_empty(service: BriefingService) -> None:
    missing_fields = add(service, Article("a", TEXT, "The Paper"))
    terminal = Terminal("30 June", "2016-13-01", "yesterday")
    missing_fields.complete(service, ["news"], jobs=1, ask=terminal.ask)
    assert terminal.questions[1] == "This is not a day. Write it as 2016-06-30 (Enter to leave it empty): "
    assert load(service, "a").published is None


def test_a_day_that_has_not_come_is_asked_for_again(service: BriefingService) -> None:
    missing_fields = MissingFields(lambda: date(2020, 5, 1))
    for ingested in service.ingest([Article("a", TEXT, "The Paper")]):
        missing_fields.add(ingested)
    terminal = Terminal("2020-05-03", "2020-05-02")
    missing_fields.complete(service, ["news"], jobs=1, ask=terminal.ask)
    assert terminal.questions[1] == "This day has not come yet. Day of publication (Enter to leave it empty): "
    assert load(service, "a").published == date(2020, 5, 2)


def test_an_interruption_asks_nothing_more_and_says_how_to_go_on(
    service: BriefingService, capsys: pytest.CaptureFixture[str]
) -> None:
    questions: list[str] = []

    def interrupt(question: str) -> str:
        questions.append(question)
        raise KeyboardInterrupt

    missing_fields = add(service, Article("a", TEXT))
    with pytest.raises(KeyboardInterrupt):
        missing_fields.complete(service, ["news"], jobs=1, ask=interrupt)
    assert len(questions) == 1
    assert "ontherecord add news --outlet NAME --date DAY" in capsys.readouterr().err
    assert load(service, "a").publisher is None


@pytest.mark.parametrize(
    ("articles", "note"),
    [
        (
            [Article("a", TEXT), Article("b", TEXT + " Late.", published=date(2016, 6, 1))],
            "2 articles have no outlet and 1 no day. To fill them in: "
            "ontherecord add 'my news' --outlet NAME --date DAY",
        ),
        (
            [Article("a", TEXT, published=date(2016, 6, 1))],
            "1 article has no outlet. To fill it in: ontherecord add 'my news' --outlet NAME",
        ),
        (
            [Article("a", TEXT, "The Paper")],
            "1 article has no day. To fill it in: ontherecord add 'my news' --date DAY",
        ),
    ],
)
def test_without_a_terminal_one_line_says_how_to_fill_them_in(
    service: BriefingService, capsys: pytest.CaptureFixture[str], articles: list[Article], note: str
) -> None:
    add(service, *articles).complete(service, ["my news"], jobs=1, ask=None)
    assert capsys.readouterr().err == f"ontherecord: note: {note}\n"


def test_unchanged_articles_are_not_asked_about(service: BriefingService, capsys: pytest.CaptureFixture[str]) -> None:
    add(service, Article("a", TEXT))
    add(service, Article("a", TEXT)).complete(service, ["news"], jobs=1, ask=None)
    assert capsys.readouterr().err == ""
