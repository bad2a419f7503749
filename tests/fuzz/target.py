"""One parser to fuzz: a function of bytes, sound inputs to start from, and its share of a campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefings.errors import BadInput, BriefingsError

#: runs a parser on one input. A BriefingsError is an answer; any other error is a finding
Run = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Target:
    """One parser. `share` is its part of a campaign: fast parsers get more inputs."""

    name: str
    run: Run
    seeds: Sequence[bytes]
    share: int = 1


class ForbiddenAnswer(Exception):
    """A parser returned what no caller can use, such as a message of several lines."""


def check_answer(target: Target, data: bytes) -> None:
    """Run a target on one input. Raises what its caller would not expect.

    Only the messages about files have to be one line: what quotes typed text is made readable where it is shown.
    """
    try:
        target.run(data)
    except BadInput as error:
        check_message(str(error))
    except BriefingsError:
        return


def check_message(message: str) -> None:
    """Raise ForbiddenAnswer for a message that is empty or has several lines."""
    if not message.strip() or any(char in message for char in "\n\r\x00"):
        raise ForbiddenAnswer(f"message is not one line of text: {message!r}"[:300])


def decode_typed(data: bytes) -> str:
    """Return text as someone could type it; a byte that is not UTF-8 becomes a lone surrogate, as JSON can have."""
    return data.decode("utf-8", "surrogateescape")
