"""Every command of the documentation runs in a temporary folder with the seeds, and prints what its page shows."""

import re
import shlex
import tomllib
from argparse import ArgumentParser
from pathlib import Path

import pytest

from bot.cli.parser import build_parser
from docsite.commands_page import list_commands, list_options
from tests.docs.blocks import DOCS, ROOT, SHELLS, Block, list_pages, matches_output, read_blocks, read_steps
from tests.docs.sandbox import make_sandbox, make_seeded_sandbox
from tests.docs.site_build import get_shared_base

NOT_RUN = {
    line: entry["reason"]
    for entry in tomllib.loads((Path(__file__).parent / "not_run.toml").read_text(encoding="utf-8"))["command"]
    for line in entry["lines"]
}
#: pages whose commands change the code
CODE_PAGES = ("first-change.md",)
LANGUAGES = {*SHELLS, "json", "python", "slack", "sql", "text", "toml"}
PAGES = [page for page in list_pages() if any(block.language in SHELLS for block in read_blocks(page))]
COMMANDS = {command.prog: command for command, _ in list_commands(build_parser())}

#: what commands of the pages begin with
PROGRAMS = {
    "cp",
    "docker",
    "grep",
    "helm",
    "kubectl",
    "make",
    "ontherecord",
    "pip",
    "pipx",
    "podman",
    "python",
    "python3",
}

_CODE = re.compile(r"`([^`\n]+)`")
_MAKE = re.compile(r"(?:^(?: {4}|\$ )?|`)(?:[A-Z]+=\w+ )?make ([a-z-]+)", re.MULTILINE)


def describe(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def drop_unrun_lines(command: str) -> str:
    return "".join(line for line in command.splitlines(keepends=True) if line.strip() not in NOT_RUN)


def list_lines(page: Path) -> list[str]:
    """Return the lines of all commands of a page."""
    steps = [step for block in read_blocks(page) if block.language in SHELLS for step in read_steps(block)]
    return [line.strip() for step in steps for line in step.command.splitlines()]


def list_inline_commands(page: Path) -> list[str]:
    """Return the code spans of a page's prose that begin with `ontherecord`."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [code for code in _CODE.findall(prose) if code.startswith("ontherecord ")]


def find_unknown_parts(code: str) -> list[str]:
    """Return the command or the options of a code span that the parser does not know."""
    words = shlex.split(code.replace("…", ""))
    command: ArgumentParser | None = None
    for length in (1, 2):
        command = COMMANDS.get(" ".join(words[: length + 1]), command)
    if command is None:
        return [] if words[1].isupper() or words[1].startswith("-") else [code]
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    return sorted(options - list_options(command))


@pytest.mark.parametrize("page", PAGES, ids=describe)
def test_commands_of_a_page_run_and_print_what_it_shows(
    page: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if page.name in CODE_PAGES:
        sandbox = make_sandbox(tmp_path, with_code=True)
    else:
        sandbox = make_seeded_sandbox(tmp_path, get_shared_base(tmp_path_factory))
    for block in (block for block in read_blocks(page) if block.language in SHELLS):
        for step in read_steps(block):
            ran = sandbox.run(drop_unrun_lines(step.command))
            if step.output is None:
                assert ran.returncode == 0, f"{step.command}\n{ran.stdout}"
            else:
                assert matches_output(step.output, ran.stdout), f"{step.command}\n{ran.stdout}"


@pytest.mark.parametrize("page", list_pages(), ids=describe)
def test_every_block_has_a_known_language(page: Path) -> None:
    """A block without a language could be a command that no test runs."""
    assert {block.language for block in read_blocks(page)} <= LANGUAGES
    assert re.findall(r"^    (?:ontherecord|make|\$) .*", page.read_text(encoding="utf-8"), re.MULTILINE) == []


@pytest.mark.parametrize("page", list_pages(), ids=describe)
def test_no_command_hides_in_a_block_of_text(page: Path) -> None:
    lines = [line for block in read_blocks(page) if block.language == "text" for line in block.content.splitlines()]
    assert [line for line in lines if line.partition(" ")[0] in PROGRAMS] == []


@pytest.mark.parametrize("page", list_pages(), ids=describe)
def test_installs_check_the_hashes_of_packages(page: Path) -> None:
    installs = [line for line in list_lines(page) if "pip install" in line]
    assert [line for line in installs if "--require-hashes" not in line and "--no-deps" not in line] == []


@pytest.mark.parametrize("page", [ROOT / "README.md", *list_pages()], ids=lambda page: page.stem)
def test_commands_in_sentences_exist(page: Path) -> None:
    assert [part for code in list_inline_commands(page) for part in find_unknown_parts(code)] == []


def test_every_line_that_is_not_run_is_on_a_page_and_has_a_reason() -> None:
    lines = {line for page in PAGES for line in list_lines(page)}
    assert [line for line in NOT_RUN if line not in lines] == []
    assert all(len(reason) > 10 for reason in NOT_RUN.values())


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    names = {
        name for page in [ROOT / "README.md", *list_pages()] for name in _MAKE.findall(page.read_text(encoding="utf-8"))
    }
    assert {"run", "check", "setup"} <= names
    assert names <= targets


def test_unknown_commands_and_options_are_found() -> None:
    assert find_unknown_parts("ontherecord fly") == ["ontherecord fly"]
    assert find_unknown_parts("ontherecord add --fast x") == ["--fast"]
    assert find_unknown_parts("ontherecord feeds follow x --minutes 5") == []
    assert find_unknown_parts("ontherecord COMMAND --help") == []


@pytest.mark.parametrize(
    ("shown", "output", "is_same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "b\n", False),
        ("…\nend in …\n", "one\ntwo\nend in 3 s\n", True),
        ("…\nend\n", "end\nmore\n", False),
        ("(1+1) …", "(1+1) is 2", True),
    ],
)
def test_output_may_be_shortened_with_an_ellipsis(shown: str, output: str, is_same: bool) -> None:
    assert matches_output(shown, output) is is_same


def test_console_block_is_split_into_commands_with_output() -> None:
    steps = read_steps(Block("console", "$ one\n1\n$ two\n", ""))
    assert [(step.command, step.output) for step in steps] == [("one\n", "1\n"), ("two\n", "")]
