"""`whosaid --timeline` and `--compare` print what people said, as text and as JSON."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.cli.exports.arguments import FORMATS
from tests.support.command_line import RunCommand
from tests.support.export_readers import read_bibtex, read_csv, read_ris, read_word_quotes

ARTICLES = [
    {
        "id": "a",
        "text": "The ferry was late. “The ferry will sail every day from now on,” said Jane Roe, the mayor.\n\n"
        "“The budget is a mess that nobody wants to clean up,” said Roe.",
        "publisher": "The Tribune",
        "published": "2025-06-03",
        "url": "https://tribune.example/a",
    },
    {
        "id": "b",
        "text": "Jane Roe, the mayor, spoke. “The ferry will sail every night from now on,” said Roe.",
        "publisher": "Easton Herald",
        "published": "2025-06-05",
    },
    {"id": "c", "text": "“The ferry cannot sail \x1b[31m in such a storm,” said Tom Alder.", "published": "2025-06-04"},
    {"id": "d", "text": "“I will wait for it,” said Peter Marsh. “I won't wait for it at all,” said Susan Marsh."},
]


@pytest.fixture
def articles(folder: Path) -> str:
    path = folder / "articles.jsonl"
    path.write_text("\n".join(json.dumps(article) for article in ARTICLES), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--timeline", "--by", "Roe", "--about", "ferry"),
        ("Roe", "--timeline", "--about", "the ferry"),
        ("by:Roe", "about:ferry", "timeline"),
        ("timeline of Roe on the ferry",),
        ("what has Roe said about the ferry over time?",),
        ("Roe on the ferry", "--timeline"),
    ],
)
def test_timeline_is_printed_by_day(run: RunCommand, articles: str, arguments: tuple[str, ...]) -> None:
    result = run("whosaid", *arguments, "--from", articles)
    assert result.status == 0
    assert "Jane Roe, mayor about" in result.out
    assert result.out.index("Tue 3 Jun 2025") < result.out.index("in other words:")
    assert "[first]" in result.out
    assert "budget" not in result.out


def test_timeline_as_json_has_every_report(run: RunCommand, articles: str) -> None:
    answer = json.loads(run("whosaid", "--timeline", "--by", "Roe", "--json", "--from", articles).out)
    assert (answer["person"], answer["quotes"], answer["all_quotes"]) == ("Jane Roe", 3, 3)
    ferry, budget = answer["statements"]
    assert (ferry["is_first"], budget["is_first"], budget["is_latest"]) == (True, True, False)  # both on one day
    assert (ferry["first_reported"], ferry["last_reported"]) == ("2025-06-03", "2025-06-05")
    texts = {article["id"]: article["text"] for article in ARTICLES}
    for report in ferry["reports"]:
        assert texts[report["article"]][report["start"] : report["end"]] == report["quote"]
    assert [report["changes"] for report in ferry["reports"] if report["reworded"]] in ([["day"]], [["night"]])
    assert answer["days"] == [
        {"date": "2025-06-03", "publisher": "The Tribune", "quotes": 2},
        {"date": "2025-06-05", "publisher": "Easton Herald", "quotes": 1},
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--compare", "Roe and Alder", "--about", "ferry"),
        ("--compare", "Roe, Alder", "about:ferry"),
        ("compare Roe with Alder on the ferry",),
    ],
)
def test_two_people_are_side_by_side(run: RunCommand, articles: str, arguments: tuple[str, ...]) -> None:
    result = run("whosaid", *arguments, "--from", articles)
    assert result.status == 0
    assert any("Jane Roe" in line and "Tom Alder" in line for line in result.out.splitlines()[1:])
    assert "\x1b" not in result.out
    answer = json.loads(run("whosaid", *arguments, "--json", "--from", articles).out)
    assert [person["name"] for person in answer["people"]] == ["Jane Roe", "Tom Alder"]


def test_a_side_without_quotes_says_why(run: RunCommand, articles: str) -> None:
    for names, words in (
        ("Roe and Zork", "No quotes by “Zork”."),
        ("Roe and Marsh", "“Marsh” can mean several people:"),
        ("Roe and Jane Roe", "Both names mean Jane Roe."),
    ):
        assert words in run("whosaid", "--compare", names, "--from", articles).out
    result = run("whosaid", "--compare", "Roe and Alder", "--about", "budget", "--from", articles)
    assert "No quotes by Tom Alder about “budget”. On all subjects: 1 quote." in result.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--timeline",), "A timeline is of one person"),
        (("--timeline", "--by", "Zork"), "No quotes by Zork."),
        (("--timeline", "--by", "Marsh"), "Several people are called Marsh: Peter Marsh, Susan Marsh."),
        (("--timeline", "--by", "Roe", "--about", "…"), "The subject filter has no words"),
        (("timeline of Roe", "--by", "Alder"), "--by is in the question too"),
        (("timeline of Roe on the ferry", "--about", "budget"), "--about is in the question too"),
        (("--compare", "Roe"), "Name two people to compare, for example: whosaid"),
        (("--compare", "Roe, Alder and Marsh"), "two people at a time, for example: whosaid"),
        (("--compare", ""), "Name two people"),
        (("--compare", "Roe and Alder", "--by", "Roe"), "--compare names both people"),
        (("--compare", "Roe and Alder", "since:whenever"), "“whenever”"),
    ],
)
def test_what_is_not_understood_is_one_sentence(
    run: RunCommand, articles: str, arguments: tuple[str, ...], words: str
) -> None:
    result = run("whosaid", *arguments, "--from", articles)
    assert (result.status, result.out) == (1, "")
    assert words in result.err
    assert result.err.count("\n") == 1


TIMELINE = ("--timeline", "--by", "Roe", "--about", "ferry")
COMPARISON = ("--compare", "Roe and Alder")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("arguments", [TIMELINE, COMPARISON])
def test_timeline_and_comparison_are_saved_in_every_format(
    run: RunCommand, articles: str, folder: Path, arguments: tuple[str, ...], name: str
) -> None:
    result = run("export", "whosaid", *arguments, "--from", articles, "--format", name, "--output", "answer.out")
    assert (result.status, result.err) == (0, "")
    content = (folder / "answer.out").read_bytes()
    quotes: dict[str, Callable[[bytes], Sequence[object]]] = {
        "docx": read_word_quotes,
        "bibtex": read_bibtex,
        "ris": read_ris,
        "csv": read_csv,
    }
    if name in quotes:
        assert len(quotes[name](content)) >= 2
    if name != "docx":
        assert b"sail every day" in content
        assert b"sail every night" in content


def test_exported_timeline_is_the_answer_that_is_printed(run: RunCommand, articles: str) -> None:
    as_json = json.loads(run("whosaid", *TIMELINE, "--json", "--from", articles).out)
    for command in (
        ("whosaid", *TIMELINE),
        ("export", "whosaid", *TIMELINE),
        ("export", "whosaid", "timeline of Roe on ferry"),
    ):
        answer = json.loads(run(*command, "--format", "json", "--from", articles).out)
        assert answer["statements"] == as_json["statements"]
    markdown = run("whosaid", *TIMELINE, "--format", "md", "--from", articles).out
    assert markdown.startswith("# Jane Roe about “ferry”\n\n## Tue 3 Jun 2025\n")
    assert "first day)" in markdown
    assert "Also reported as:" in markdown


def test_exported_comparison_has_a_section_for_each_person(run: RunCommand, articles: str) -> None:
    markdown = run("whosaid", "compare Roe and Zork on the ferry", "--format", "md", "--from", articles).out
    assert "\n## Jane Roe\n\n### Tue 3 Jun 2025\n" in markdown
    assert "\n## Zork\n\n- No quotes by “Zork”." in markdown
    assert "## Quotes" not in markdown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("whosaid", "--timeline", "--by", "Marsh"), "Several people are called Marsh: Peter Marsh, Susan Marsh."),
        (("whosaid", "--timeline", "--by", "Zork"), "No quote is by Zork."),
        (("whosaid", "--timeline"), "A timeline is of one person"),
        (("whosaid", "--compare", "Zork and Marsh"), "“Marsh” can mean several people"),
        (("whosaid", "--timeline", "--by", "Roe", "--about", "zebras"), "No quotes by Jane Roe about “zebras”."),
        (("search", "timeline of Roe"), "isn't a search"),
        (("search", "compare Roe and Alder"), "isn't a search"),
    ],
)
def test_export_that_has_nothing_to_save_says_why(
    run: RunCommand, articles: str, arguments: tuple[str, ...], words: str
) -> None:
    result = run("export", *arguments, "--format", "csv", "--from", articles)
    assert (result.status, result.out) == (1, "")
    assert words in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("name", FORMATS)
def test_news_is_saved_in_every_format(run: RunCommand, articles: str, folder: Path, name: str) -> None:
    result = run(
        "export",
        "briefing",
        "since:2025-06-03",
        "until:2025-06-05",
        "--from",
        articles,
        "--format",
        name,
        "--output",
        "n",
    )
    assert (result.status, result.err) == (0, "")
    assert (folder / "n").stat().st_size > 50


def test_news_of_days_without_articles_is_not_saved(run: RunCommand, articles: str) -> None:
    result = run("briefing", "yesterday", "--from", articles, "--format", "md")
    assert (result.status, result.out) == (1, "")
    assert "no articles. The newest are from" in result.err
