"""A question in a terminal is read as in Slack; options say for certain what they are for."""

import shlex
from argparse import Namespace
from datetime import date
from typing import ClassVar, cast

import pytest

from bot.answers.question_reader import RecordNames, read_question
from bot.cli import typed_questions
from bot.cli.parser import build_parser
from bot.queries.queries import BriefingQuery, Command, WhoSaidQuery
from briefings import BadQuestion, BriefingService
from tests.stand_ins.briefing_service import FakeBriefingService

TODAY = date(2016, 7, 1)


def read(line: str) -> WhoSaidQuery | BriefingQuery:
    arguments = build_parser().parse_args(shlex.split(line))
    names = RecordNames(FakeBriefingService())
    if "about" in arguments and isinstance(arguments.about, list):
        return typed_questions.read_briefing(names, arguments, TODAY)
    return typed_questions.read_who_said(names, arguments, TODAY)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("whosaid '\"levy\" by McDonnell since june 2016'", WhoSaidQuery("levy", "McDonnell", since=date(2016, 6, 1))),
        ("whosaid levy by McDonnell", WhoSaidQuery("levy", "McDonnell")),
        ('whosaid "the levy" McDonnell', WhoSaidQuery("the levy", "McDonnell")),
        ("whosaid 'who said levy?' --by Corbyn", WhoSaidQuery("levy", "Corbyn")),
        ("whosaid --by Corbyn", WhoSaidQuery("", "Corbyn")),
        ("whosaid", WhoSaidQuery("")),
        ("whosaid help", WhoSaidQuery("help")),
        ("whosaid levy --outlet 'The Guardian' --about boats", WhoSaidQuery("levy", None, "boats", "The Guardian")),
        ("whosaid levy --since 2016-06-24 --until '25 June 2016'",
         WhoSaidQuery("levy", since=date(2016, 6, 24), until=date(2016, 6, 25))),
        ("briefing labour-crisis last week",
         BriefingQuery("labour-crisis", None, date(2016, 6, 20), date(2016, 6, 26))),
        ("briefing 'latest on labour crisis in the Guardian'", BriefingQuery("labour-crisis", "The Guardian")),
        ("briefing '*'", BriefingQuery("*")),
        ("briefing '*' --outlet Sharecast", BriefingQuery("*", "Sharecast")),
    ],
)  # fmt: skip
def test_line_gives_a_query(line: str, expected: WhoSaidQuery | BriefingQuery) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("whosaid '\"levy\" by Corbyn' --by McDonnell", "--by is in the question too"),
        ("briefing 'labour-crisis since monday' --since 2016-06-24", "--since is in the question too"),
        ("whosaid '\"levy\" since foo'", "“foo”"),
        ("whosaid levy nope:x", "for example: whosaid"),
        ("whosaid 'who spoke about labour-crisis'", "A briefing answers this: briefing labour-crisis"),
        ("whosaid '\"levy\" not by Corbyn'", "“not by Corbyn”"),
        ("briefing labour-crisis since:soon", "“soon”"),
    ],
)
def test_what_is_not_understood_is_an_error_in_one_sentence(line: str, words: str) -> None:
    with pytest.raises(BadQuestion) as error:
        read(line)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("option", ["--since 'last week'", "--since june", "--until 24.6.2016", "--until yesterday"])
def test_options_accept_days_as_slack_does(option: str) -> None:
    arguments = build_parser().parse_args(shlex.split(f"whosaid levy {option}"))
    assert isinstance(arguments, Namespace)
    assert arguments.since or arguments.until


def test_a_question_looks_up_a_limited_number_of_names() -> None:
    looked_up: list[str] = []

    class CountingLookup:
        topic_titles: ClassVar[dict[str, str]] = {}

        def list_people(self, surname: str) -> tuple[str, ...]:
            looked_up.append(surname)
            return ()

        def list_outlets(self) -> tuple[str, ...]:
            return ()

        def has_words(self, _: str) -> bool:
            return False

    service = FakeBriefingService()
    service.name_lookup = CountingLookup()  # type: ignore[assignment]  # counts the calls of the real one
    text = '"levy" ' + " ".join(f"Name{number}" for number in range(120))
    read_question(cast("BriefingService", service), Command.WHOSAID, text, TODAY)
    assert len(looked_up) == len(set(looked_up)) <= 60
    assert not RecordNames(service).is_person("")
