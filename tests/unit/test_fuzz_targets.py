"""Every parser of strangers' input is a target of the fuzzer, and survives a few damaged inputs in each test run."""

from pathlib import Path

import pytest

from tests.fuzz.__main__ import split_count
from tests.fuzz.campaign import generate_inputs, run_target
from tests.fuzz.packages import is_package
from tests.fuzz.target import ForbiddenAnswer, Target, check_answer, check_message
from tests.fuzz.targets import list_targets

TARGETS = list_targets()
#: damaged inputs of each target; `make fuzz` runs as many as wanted
_COPIES = 6


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_damaged_input_gives_an_answer_or_an_error_for_the_user(target: Target) -> None:
    for data in (*target.seeds, *generate_inputs(target, _COPIES, seed=1)):
        check_answer(target, data)


def test_each_target_has_its_own_name_and_sound_inputs() -> None:
    assert len({target.name for target in TARGETS}) == len(TARGETS) >= 60
    assert all(target.seeds and target.share >= 1 for target in TARGETS)


def test_share_of_each_target_is_at_least_one_input() -> None:
    assert split_count(10, [1, 1, 8]) == [1, 1, 8]
    assert split_count(1, [1, 99]) == [1, 1]
    assert sum(split_count(1_000_000, [target.share for target in TARGETS])) >= 1_000_000


def test_findings_are_kept_once_for_each_place_and_the_run_goes_on(tmp_path: Path) -> None:
    def fail(data: bytes) -> None:
        raise KeyError(data[:1])

    result = run_target(Target("broken", fail, [b"Jane Roe said no."]), 20, 0, tmp_path)
    assert result.inputs == 20
    assert [place.partition(":")[0] for place in result.findings] == ["KeyError at tests/unit/test_fuzz_targets.py"]
    assert len(list(tmp_path.glob("finding-*.bin"))) == 1


def test_crash_of_the_process_is_a_finding(tmp_path: Path) -> None:
    import os
    import signal

    def crash(_: bytes) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    result = run_target(Target("crashing", crash, [b"Jane Roe said no."]), 5, 0, tmp_path)
    assert result.inputs == 0
    assert all("process ended with status -9" in place for place in result.findings)
    assert result.findings


@pytest.mark.parametrize("message", ["", " ", "two\nlines", "carriage\rreturn", "nul\x00"])
def test_message_of_several_lines_is_a_finding(message: str) -> None:
    with pytest.raises(ForbiddenAnswer):
        check_message(message)


def test_damaged_part_of_a_package_reaches_its_parser() -> None:
    """Half of the damaged packages are still packages, with one damaged part."""
    target = next(target for target in TARGETS if target.name == "report.docx")
    assert sum(map(is_package, generate_inputs(target, 40, seed=1))) > 20
