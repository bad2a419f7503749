"""Test the checks of names, limits and allow-lists, and run every check on the project."""

import re
from pathlib import Path

import pytest

from tests.language.__main__ import main
from tests.language.checks import PROSE_LIMIT, check_names, check_strings, run_checks
from tests.language.names import find_participles
from tests.language.report import format_results
from tests.language.tree import Tree
from tests.language.wordlists import Exemption, load_participles, parse_exemptions


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
def test_a_participle_is_no_name(source: str) -> None:
    assert [name.strip("_").lower() for name in list_names(source)] == ["told"]


@pytest.mark.parametrize(
    "source",
    ["stored_article = 1", "told_by = 1", "DigestState.PAUSED", "PAUSED = 1", "f(told=1)", "x = told", "x.told = 1"],
)
def test_other_names_are_fine(source: str) -> None:
    assert list_names(source) == []


def test_a_module_name_is_a_name() -> None:
    assert [name for name, _ in find_participles("bot/told.py", "")] == ["told"]


def test_a_finding_is_one_line_with_its_place() -> None:
    ((_, finding),) = find_participles("bot/module.py", "x = 1\nheld = 2\n")
    assert re.fullmatch(r"bot/module\.py:2: name `held` .+", str(finding))


def test_states_of_the_field_are_no_participles_here() -> None:
    assert load_participles().isdisjoint({"paused", "skipped", "failed", "cached", "closed", "expired", "enabled"})


def test_an_exempt_name_needs_a_reason_and_a_use(tmp_path: Path) -> None:
    tree = make_tree(tmp_path, module="told = 1")
    (entry,) = parse_exemptions("bot/module.py told = the library calls it so  # comment")
    assert entry.reason == "the library calls it so"
    assert check_names(tree, (entry,)).findings == ()
    assert not check_names(tree, ()).findings[0].message.startswith("module")
    (unused,) = check_names(tree, (entry, Exemption("bot/ held", "no reason", 2))).findings
    assert "exempts nothing" in unused.message
    with pytest.raises(ValueError, match="reason"):
        parse_exemptions("bot/module.py told")


def test_an_exempt_module_holds_data(tmp_path: Path) -> None:
    tree = make_tree(tmp_path, module='x = "it stands here"')
    assert check_strings(tree, (Exemption("bot/", "word lists", 1),)).findings == ()
    assert len(check_strings(tree, ()).findings) == 1


def test_prose_fails_only_over_its_limit(tmp_path: Path) -> None:
    rare, frequent = "# nobody " + "word " * 999, "# nobody nobody nobody " + "word " * 997
    for text, is_broken in ((rare, False), (frequent, True)):
        results = run_checks(make_tree(tmp_path, module=text))
        (result,) = (result for result in results if result.words > 1)
        assert (result.is_broken, result.figure > PROSE_LIMIT) == (is_broken, is_broken)
        assert any("bot/module.py:1:" in line for line in format_results([result])) == is_broken
        assert any("bot/module.py:1:" in line for line in format_results([result], with_all=True))


def test_the_command_checks_the_given_folders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(Path(__file__).parent)]) == 0
    assert capsys.readouterr().out.startswith("ok   docstrings and comments of tests: ")
    with pytest.raises(SystemExit):
        main(["/"])


def test_the_project_keeps_its_language() -> None:
    results = run_checks(Tree())
    assert all(result.files for result in results)
    lines = "\n".join(format_results(results))
    assert not any(result.is_broken for result in results), f"\n{lines}"
