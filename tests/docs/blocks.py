"""Fenced blocks of the documentation, in order, with the prose after each."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: languages of blocks with commands for a shell
SHELLS = ("bash", "console")

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<content>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its content, and the prose up to the next block."""

    language: str
    content: str
    prose: str


@dataclass(frozen=True)
class Step:
    """A command with the output that the page shows; None if it shows none."""

    command: str
    output: str | None = None


def list_pages() -> list[Path]:
    """Return the pages of the site, without the decisions."""
    return [page for page in sorted(DOCS.rglob("*.md")) if "decisions" not in page.parts]


def read_blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    matches = list(_FENCE.finditer(text))
    ends = [*(match.start() for match in matches), len(text)][1:]
    return [
        Block(match["language"], match["content"], text[match.end() : end])
        for match, end in zip(matches, ends, strict=True)
    ]


def read_steps(block: Block) -> list[Step]:
    """Return the commands of a block: a whole `bash` block, or each `$` line of a `console` block with its output."""
    if block.language == "bash":
        return [Step(block.content)]
    steps: list[Step] = []
    for line in block.content.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append(Step(line.removeprefix("$ "), ""))
        else:
            steps[-1] = Step(steps[-1].command, (steps[-1].output or "") + line)
    return steps


def matches_output(shown: str, output: str) -> bool:
    """Tell whether an output is the one shown. A line `…` is any lines, and `…` in a line is any words."""
    pattern = re.escape(shown.rstrip())
    pattern = re.sub(r"^…\n", r"(?:.*\\n)*?", pattern.replace("\\\n", "\n"), flags=re.MULTILINE)
    return re.fullmatch(pattern.replace("…", r"[^\n]*"), output.rstrip()) is not None
