"""Libraries for tables, completion and notebooks do not slow commands that use none of them."""

import subprocess
import sys

import pytest

LATE = ("rich", "argcomplete", "pandas", "difflib", "getpass")


@pytest.mark.parametrize(
    "code",
    [
        "from bot.cli.parser import build_parser; build_parser().parse(['whosaid', 'x'])",
        "import bot.cli.completion.command, bot.cli.setup.arguments, bot.cli.terminal.arguments",
        "from briefings.render.notebook import render_html",
    ],
)
def test_parsing_a_command_imports_none_of_them(code: str) -> None:
    names = f"sorted(set({LATE!r}) & set(__import__('sys').modules))"
    result = subprocess.run(
        [sys.executable, "-c", f"{code}; print({names})"], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


def test_a_demo_imports_neither_tables_nor_completion() -> None:
    code = "import sys, bot.cli.serve; print(sorted({'rich', 'argcomplete', 'pandas'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
