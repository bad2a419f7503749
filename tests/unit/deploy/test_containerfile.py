"""The Containerfile keeps its promises, and its reader knows every instruction that it uses."""

import re
from pathlib import Path

import pytest

from tests.container.containerfile import ContainerfileError, Instruction, read_instructions, read_stages, substitute
from tests.container.ignore_file import list_context_files
from tests.container.image import Image

ROOT = Path(__file__).parents[3]
CONTAINERFILE = (ROOT / "docs/deploy/Containerfile").read_text(encoding="utf-8")


@pytest.fixture
def image(tmp_path: Path) -> Image:
    """Return the settings of the image, without building it."""
    final_image = Image(tmp_path)
    for instruction in read_stages(CONTAINERFILE)[-1].instructions:
        if instruction.keyword not in ("RUN", "COPY"):
            final_image.apply(instruction)
    return final_image


def test_image_runs_as_a_numeric_user_that_is_not_root(image: Image) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", image.user)


def test_image_has_a_healthcheck_a_stop_signal_and_a_volume(image: Image) -> None:
    assert image.healthcheck[0] == "python3"
    assert image.stop_signal == "SIGTERM"
    assert image.volumes == [image.folder]
    assert image.environment["DATABASE_URL"].startswith(f"sqlite:///{image.folder}/")
    assert (image.entrypoint, image.command) == (["ontherecord"], ["serve"])


def test_every_stage_has_the_base_that_the_builder_can_pin() -> None:
    pinned_base = f"registry.example/base@sha256:{'0' * 64}"
    assert {stage.base for stage in read_stages(CONTAINERFILE, {"BASE": pinned_base})} == {pinned_base}


def test_packages_are_installed_by_hash_only() -> None:
    commands = [item.value for item in read_instructions(CONTAINERFILE) if item.keyword == "RUN"]
    installs = [part for command in commands for part in command.split("&&") if "pip " in part and " install " in part]
    assert installs
    assert all("--require-hashes" in part or "--no-deps --no-build-isolation" in part for part in installs)


def test_everything_that_is_copied_is_in_the_context() -> None:
    files = list_context_files(ROOT)
    copies = [item for item in read_instructions(CONTAINERFILE) if item.keyword == "COPY"]
    sources = [source for item in copies if "--from" not in item.value for source in item.value.split()[:-1]]
    assert sources
    for source in sources:
        assert any(file == Path(source) or Path(source) in file.parents for file in files), source


def test_context_has_no_secret_database_or_cache(tmp_path: Path) -> None:
    names = (".env", "var/ontherecord.db", ".git/config", ".venv/pyvenv.cfg", "tests/a.py", "bot/a.py", "bot/b/c.html")
    for name in (*names, "bot/__pycache__/a.pyc", "README.md", "docs/deploy/.env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".dockerignore").write_bytes((ROOT / ".dockerignore").read_bytes())
    assert [file.as_posix() for file in list_context_files(tmp_path)] == ["README.md", "bot/a.py", "bot/b/c.html"]


def test_lines_that_continue_are_one_instruction_and_comments_are_skipped() -> None:
    text = "FROM a\n# note\nRUN one \\\n# inside\n && two\nENV A=1 \\\n    B='2 3'\n"
    assert read_instructions(text)[1:] == [
        Instruction(3, "RUN", "one  && two"),
        Instruction(6, "ENV", "A=1     B='2 3'"),
    ]
    assert Instruction(6, "ENV", "A=1     B='2 3'").split_words() == ["A=1", "B=2 3"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: there is no FROM"),
        ("RUN true", "line 1: RUN comes before FROM"),
        ("FROM a\nADD b c", "line 2: unknown instruction 'ADD'"),
        ("FROM a b", "line 1: FROM needs IMAGE or IMAGE AS NAME"),
        ("FROM ${NONE}", "line 1: $NONE has no value"),
        ("FROM a\nRUN b \\", "line 2: the last line ends with a backslash"),
    ],
)
def test_what_the_reader_does_not_know_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(ContainerfileError, match=f"^{re.escape(problem)}$"):
        read_stages(text)


@pytest.mark.parametrize("value", ["[1]", "[", '["a"', "{}x"])
def test_a_broken_list_is_an_error(value: str, tmp_path: Path) -> None:
    if value.startswith("["):
        with pytest.raises(ContainerfileError, match="not a JSON list"):
            Image(tmp_path).apply(Instruction(1, "CMD", value))
    with pytest.raises(ContainerfileError, match="not supported"):
        Image(tmp_path).apply(Instruction(1, "RUN", value))


def test_variables_have_defaults() -> None:
    assert substitute("$A ${B} ${C:-d}", {"A": "1", "B": "2"}, 1) == "1 2 d"
