"""The commands of the terminal, with all arguments and options, from the parser that reads them."""

import argparse
import re
from collections.abc import Iterator
from functools import partial

from bot.cli.parser import build_parser
from docsite.markup import build_code, build_table, escape

_WIDTH = 100


def build_commands() -> str:
    """Return the sections of all commands as Markdown."""
    parser = build_parser()
    commands = list(list_commands(parser))
    rows = [
        (f"[{build_code(command.prog)}](#{build_anchor(command.prog)})", escape(text)) for command, text in commands
    ]
    sections = [_build_section(command, text) for command, text in commands]
    return "\n\n".join([build_table(("command", "does"), rows), *sections]) + "\n"


def list_commands(parser: argparse.ArgumentParser) -> Iterator[tuple[argparse.ArgumentParser, str]]:
    """Yield each command below a parser with its help: a command before its own commands."""
    for group in _list_groups(parser):
        expand = parser._get_formatter()._expand_help
        help_texts = {choice.dest: expand(choice) for choice in group._choices_actions}
        for name, command in group.choices.items():
            if name in help_texts:
                yield command, help_texts[name]
                yield from list_commands(command)


def list_options(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of one command, such as `--json`."""
    return {option for action in parser._actions for option in action.option_strings}


def build_anchor(title: str) -> str:
    """Return the anchor of a command's heading."""
    return re.sub(r"[^\w-]+", "-", title.lower())


def _list_groups(parser: argparse.ArgumentParser) -> list["argparse._SubParsersAction[argparse.ArgumentParser]"]:
    return [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]


def _build_section(command: argparse.ArgumentParser, text: str) -> str:
    level = "##" if command.prog.count(" ") == 1 else "###"
    parts = [
        f"{level} {command.prog} {{ #{build_anchor(command.prog)} }}",
        escape(_build_sentence(text)),
        f"```text\n{_build_usage(command)}\n```",
    ]
    rows = [_build_row(command, action) for action in command._actions if _is_shown(action)]
    if rows:
        parts.append(build_table(("argument", "meaning"), rows))
    if command.epilog:
        parts.append(escape(command.epilog))
    return "\n\n".join(parts)


def _build_sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _build_usage(command: argparse.ArgumentParser) -> str:
    """Return the usage without colours, in lines of one width on every terminal."""
    command.formatter_class = partial(argparse.HelpFormatter, width=_WIDTH)
    if hasattr(command, "color"):
        command.color = False
    return command.format_usage().removeprefix("usage: ").rstrip()


def _is_shown(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)


def _build_row(command: argparse.ArgumentParser, action: argparse.Action) -> tuple[str, str]:
    formatter = argparse.HelpFormatter(command.prog)
    metavar = action.metavar if isinstance(action.metavar, str) else formatter._format_args(action, action.dest)
    values = f" {metavar}" if action.option_strings and action.nargs != 0 else ""
    names = [build_code(f"{option}{values}") for option in action.option_strings] or [build_code(metavar)]
    text = formatter._expand_help(action) if action.help else ""
    return ", ".join(names), escape(text)
