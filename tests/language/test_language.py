"""Tests of the language check, and the check of this project."""

import re
from pathlib import Path

import pytest

from tests.language.__main__ import format_results, main
from tests.language.checks import PROSE_LIMIT, check_names, check_strings, run_checks
from tests.language.names import find_participles
from tests.language.passages import count_words, find_markers
from tests.language.prose import extract_prose
from tests.language.strings import extract_strings
from tests.language.templates import extract_markdown, extract_template
from tests.language.tree import Tree
from tests.language.wordlists import Exemption, build_marker_pattern, load_participles, parse_exemptions


def list_names(source: str) -> list[str]:
    return [name for name, _ in find_participles("bot/module.py", source)]


def make_tree(root: Path, **files: str) -> Tree:
    for name, text in files.items():
        file = root / "bot" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Tree(root)


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "_TOLD = 1",
        "def told(): ...",
        "async def told_(): ...",
        "class Told: ...",
        "def f(told): ...",
        "def f(*, told=1): ...",
        "def f(*told): ...",
        "lambda told: 1",
        "class A:\n    told: int",
        "class A:\n    TOLD = 'x'",
        "class A:\n    def f(self): self._told = 1",
        "for told in x: ...",
        "[told for told in x]",
        "with x as told: ...",
        "(told := 1)",
        "import x as told",
        "try: ...\nexcept E as told: ...",
        "match x:\n    case [*told]: ...",
        "match x:\n    case {**told}: ...",
        "match x:\n    case A() as told: ...",
    ],
)
def test_bare_participle_is_reported_as_a_name(source: str) -> None:
    assert [name.strip("_").lower() for name in list_names(source)] == ["told"]


@pytest.mark.parametrize(
    "source",
    ["stored_article = 1", "told_by = 1", "DigestState.PAUSED", "PAUSED = 1", "f(told=1)", "x = told", "x.told = 1"],
)
def test_other_names_are_allowed(source: str) -> None:
    assert list_names(source) == []


def test_module_name_is_checked() -> None:
    assert [name for name, _ in find_participles("bot/told.py", "")] == ["told"]


def test_finding_is_one_line_with_path_and_line_number() -> None:
    ((_, finding),) = find_participles("bot/module.py", "x = 1\nheld = 2\n")
    assert re.fullmatch(r"bot/module\.py:2: name `held` .+", str(finding))


def test_names_of_states_are_allowed() -> None:
    assert load_participles().isdisjoint({"paused", "skipped", "failed", "cached", "closed", "expired", "enabled"})


def test_exempt_name_needs_a_reason_and_a_use(tmp_path: Path) -> None:
    tree = make_tree(tmp_path, module="told = 1")
    (entry,) = parse_exemptions("bot/module.py told = the library calls it so  # comment")
    assert entry.reason == "the library calls it so"
    assert check_names(tree, (entry,)).findings == ()
    assert not check_names(tree, ()).findings[0].message.startswith("module")
    (unused,) = check_names(tree, (entry, Exemption("bot/ held", "no reason", 2))).findings
    assert "exempts nothing" in unused.message
    with pytest.raises(ValueError, match="reason"):
        parse_exemptions("bot/module.py told")


def test_strings_of_an_exempt_module_are_not_checked(tmp_path: Path) -> None:
    tree = make_tree(tmp_path, module='x = "it stands here"')
    assert check_strings(tree, (Exemption("bot/", "word lists", 1),)).findings == ()
    assert check_strings(tree, (Exemption("bot/module.py stands", "one word", 1),)).findings == ()
    unused_entry = Exemption("bot/module.py held", "one word", 1)
    assert len(check_strings(tree, (unused_entry,)).findings) == 2
    assert len(check_strings(tree, ()).findings) == 1


def test_prose_fails_only_above_the_limit(tmp_path: Path) -> None:
    rare, frequent = "# nobody " + "word " * 999, "# nobody nobody nobody " + "word " * 997
    for text, is_broken in ((rare, False), (frequent, True)):
        results = run_checks(make_tree(tmp_path, module=text))
        (result,) = (result for result in results if result.words > 1)
        assert (result.is_broken, result.figure > PROSE_LIMIT) == (is_broken, is_broken)
        assert any("bot/module.py:1:" in line for line in format_results([result])) == is_broken
        assert any("bot/module.py:1:" in line for line in format_results([result], with_all=True))


def test_command_checks_the_given_folders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(Path(__file__).parent)]) == 0
    assert capsys.readouterr().out.startswith("ok   docstrings and comments of tests: ")
    with pytest.raises(SystemExit):
        main(["/"])


def list_markers(text: str) -> list[str]:
    return [marker.phrase for marker in find_markers(text)]


def list_string_markers(source: str) -> list[tuple[int, str]]:
    return [
        (passage.line + marker.row, marker.phrase)
        for passage in extract_strings("bot/module.py", source)
        for marker in find_markers(passage.text)
    ]


def list_prose_markers(source: str) -> list[tuple[int, str]]:
    return [
        (passage.line + marker.row, marker.phrase)
        for passage in extract_prose("bot/module.py", source)
        for marker in find_markers(passage.text)
    ]


def test_markers_are_whole_words_in_any_case() -> None:
    assert list_markers("Whoever stands, of\nwhich nobody's.") == ["whoever", "stands", "of which", "nobody"]
    assert list_markers("Standard understands; stand-alone, retold.") == []


def test_overlapping_markers_count_once() -> None:
    assert list_markers("It is told.") == ["is told"]
    assert build_marker_pattern(["told", "is told"]).findall("is  told, told") == ["is  told", "told"]


def test_words_are_counted_without_digits_and_punctuation() -> None:
    assert count_words("Don't count 42 — only these\x00\x00 words.") == 5


@pytest.mark.parametrize(
    "source",
    [
        'x = "It stands here"',
        'x = f"{name}: it stands"',
        'x = f"{name} stands {place}"',
        'x = "It " "stands here"',
        'x = (f"{name} is " "what stands here")',
        'x = f"{a or "It stands here"}"'.replace('"It stands here"', "'It stands here'"),
        'raise ValueError("It stands here")',
        'parser.add_argument("--x", help="stands")',
        'labels = {"key": "It stands here"}',
    ],
)
def test_marker_in_a_message_is_found(source: str) -> None:
    assert list_string_markers(source) == [(1, "stands")]


@pytest.mark.parametrize(
    "source",
    [
        '"""It stands here."""',
        'def f():\n    """It stands here."""',
        'class A:\n    x = 1\n    """It stands here."""',
        "# it stands here",
        'x = "stands"',
        'x = "SELECT count(*) FROM words AS stands"',
        'from sqlalchemy import text\nx = text("stands IS NOT NULL")',
        'db.execute("stands IS NOT NULL")',
        'x = re.compile("it stands here")',
        'x = r"(?:it|that) stands (?P<place>.+)"',
        'get_logger().error("message stands there")',
        'self._log.warning("message stands there")',
        'x = {"it stands": 1}',
        'x = {"it stands", "they stand"}',
        'x = frozenset(("it stands", "they stand"))',
        'x = "stands stood told".split()',
        'if x == "it stands": ...',
        'x = f"{name} is {x} no {y}"',
    ],
)
def test_strings_for_programs_are_not_checked(source: str) -> None:
    assert list_string_markers(source) == []


def test_marker_is_reported_on_its_own_line_of_a_message() -> None:
    assert list_string_markers('x = (\n    "One line. "\n    f"{x} stands\\n"\n    "here"\n)') == [(3, "stands")]
    assert list_string_markers('x = (\n    "The one of "\n    "which we know"\n)') == [(2, "of which")]


def test_docstrings_and_comments_are_checked() -> None:
    source = '"""One.\n\nIt stands."""\nx = 1  # nobody\n# of\n# which\n#: whom\ny = "It stands here"\n'
    assert list_prose_markers(source) == [(3, "stands"), (4, "nobody"), (5, "of which"), (7, "whom")]


def test_citations_in_prose_are_not_checked() -> None:
    assert list_prose_markers('# `told`, "he told us", “it stands” and https://x.org/told are examples') == []


def test_visible_text_of_a_template_is_checked() -> None:
    source = (
        '{# stands #}<p class="told">It <b>stands</b></p>\n<input placeholder="Whom?" name="held">\n'
        '{% if told %}{{ "No one told" if held else x.told }}{% endif %}\n<p>is {{ x }} no</p><style>a { told }</style>'
    )
    passage = extract_template("bot/page.html", source)
    markers = [(1 + marker.row, marker.phrase) for marker in find_markers(passage.text)]
    assert markers == [(1, "stands"), (2, "whom"), (3, "told")]


def test_markdown_is_checked_outside_code() -> None:
    source = "# It stands\n```\ntold\n```\n`told` [whom](told/held.md)\n<!-- told -->\n"
    passage = extract_markdown("README.md", source)
    assert [(1 + marker.row, marker.phrase) for marker in find_markers(passage.text)] == [(1, "stands"), (5, "whom")]


def test_project_is_in_plain_english() -> None:
    results = run_checks(Tree())
    assert all(result.files for result in results)
    lines = "\n".join(format_results(results))
    assert not any(result.is_broken for result in results), f"\n{lines}"
