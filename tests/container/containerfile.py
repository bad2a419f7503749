"""Read a Containerfile into stages of instructions.

Rule: what this reader does not know is an error, so that nothing of the file is silently skipped.
"""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KEYWORDS = frozenset(
    "ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK STOPSIGNAL USER RUN VOLUME WORKDIR".split()  # noqa: SIM905 - shorter
)
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<plain>\w+))")
_OPTION = re.compile(r"--([a-z-]+)=(\S+)\s+")


class ContainerfileError(ValueError):
    """A Containerfile that can't be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, with its continuation lines joined."""

    line: int
    keyword: str
    value: str

    def split_options(self) -> tuple[dict[str, str], str]:
        """Return the options at the start, such as `--from=build`, and the rest."""
        options: dict[str, str] = {}
        rest = self.value
        while match := _OPTION.match(rest):
            options[match[1]] = match[2]
            rest = rest[match.end() :]
        if rest.startswith("--"):
            raise ContainerfileError(f"line {self.line}: unknown option in {rest[:40]!r}")
        return options, rest

    def split_words(self) -> list[str]:
        """Return the words of a JSON list, or of a line split as a shell would."""
        if self.value.startswith("["):
            return read_json_list(self.value, self.line)
        return shlex.split(self.value)


@dataclass(frozen=True, slots=True)
class Stage:
    """The instructions from one FROM to the next."""

    base: str
    name: str | None
    instructions: tuple[Instruction, ...]


def read_stages(text: str, build_arguments: Mapping[str, str] = {}) -> list[Stage]:
    """Return the stages. `build_arguments` replace the defaults of ARG. Raises ContainerfileError."""
    variables: dict[str, str] = {}
    stages: list[Stage] = []
    for instruction in read_instructions(text):
        if instruction.keyword == "FROM":
            words = substitute(instruction.value, variables, instruction.line).split()
            if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
                raise ContainerfileError(f"line {instruction.line}: FROM needs IMAGE or IMAGE AS NAME")
            stages.append(Stage(words[0], words[2] if len(words) == 3 else None, ()))
        elif stages:
            stage = stages[-1]
            stages[-1] = Stage(stage.base, stage.name, (*stage.instructions, instruction))
        elif instruction.keyword == "ARG":
            name, _, default = instruction.value.partition("=")
            variables[name] = build_arguments.get(name, default)
        else:
            raise ContainerfileError(f"line {instruction.line}: {instruction.keyword} comes before FROM")
    if not stages:
        raise ContainerfileError("line 1: there is no FROM")
    return stages


def read_instructions(text: str) -> list[Instruction]:
    """Return all instructions in order. Raises ContainerfileError for an unknown one."""
    instructions: list[Instruction] = []
    parts: list[str] = []
    start = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        start = start if parts else number
        is_continued = line.rstrip().endswith("\\")
        parts.append(line.rstrip().removesuffix("\\"))
        if not is_continued:
            instructions.append(_read_instruction(start, parts))
            parts = []
    if parts:
        raise ContainerfileError(f"line {start}: the last line ends with a backslash")
    return instructions


def substitute(text: str, variables: Mapping[str, str], line: int) -> str:
    """Replace `$NAME`, `${NAME}` and `${NAME:-default}`. Raises ContainerfileError for an unknown name."""

    def replace(match: re.Match[str]) -> str:
        name = match["braced"] or match["plain"]
        value = variables.get(name) or match["default"]
        if value is None:
            raise ContainerfileError(f"line {line}: ${name} has no value")
        return value

    return _VARIABLE.sub(replace, text)


def read_json_list(text: str, line: int) -> list[str]:
    """Return the strings of a JSON list. Raises ContainerfileError."""
    try:
        words = json.loads(text)
    except ValueError as error:
        raise ContainerfileError(f"line {line}: not a JSON list: {text[:40]!r}") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ContainerfileError(f"line {line}: not a JSON list of strings: {text[:40]!r}")
    return words


def _read_instruction(line: int, parts: Sequence[str]) -> Instruction:
    keyword, _, value = "".join(parts).strip().partition(" ")
    if keyword.upper() not in KEYWORDS:
        raise ContainerfileError(f"line {line}: unknown instruction {keyword!r}")
    return Instruction(line, keyword.upper(), value.strip())
