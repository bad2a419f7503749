"""The settings of a built image, as its instructions change them."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.container.containerfile import ContainerfileError, Instruction, substitute

_FIRST_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


@dataclass(slots=True)
class Image:
    """A root folder, and how to run a program in it."""

    root: Path
    environment: dict[str, str] = field(default_factory=_FIRST_ENVIRONMENT.copy)
    user: str = "0:0"
    folder: str = "/"
    volumes: list[str] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    stop_signal: str = "SIGTERM"
    healthcheck: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def apply(self, instruction: Instruction) -> None:
        """Change the settings. Raises ContainerfileError for an instruction that is not a setting."""
        match instruction.keyword:
            case "ENV":
                for word in instruction.split_words():
                    name, equals, value = word.partition("=")
                    if not equals:
                        raise ContainerfileError(f"line {instruction.line}: write ENV NAME=VALUE")
                    self.environment[name] = self._substitute(value, instruction)
            case "USER":
                self.user = self._substitute(instruction.value, instruction)
            case "WORKDIR":
                self.folder = self._substitute(instruction.value, instruction)
                (self.root / self.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "VOLUME":
                self.volumes += instruction.split_words()
            case "EXPOSE":
                self.ports += instruction.split_words()
            case "STOPSIGNAL":
                self.stop_signal = instruction.value
            case "ENTRYPOINT":
                self.entrypoint = instruction.split_words()
            case "CMD":
                self.command = instruction.split_words()
            case "HEALTHCHECK":
                _, rest = instruction.split_options()
                self.healthcheck = Instruction(instruction.line, "CMD", rest.removeprefix("CMD ")).split_words()
            case _:
                raise ContainerfileError(f"line {instruction.line}: {instruction.keyword} is not supported here")

    def _substitute(self, text: str, instruction: Instruction) -> str:
        return substitute(text, self.environment, instruction.line)
