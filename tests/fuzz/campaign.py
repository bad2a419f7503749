"""Run one target on many damaged inputs in its own process, guided by coverage where atheris is installed.

Rule: a finding does not end the run. It is stored with its input, once for each place in the code. A crash of the
process is a finding too, and another process continues.
"""

import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.mutator import mutate
from tests.fuzz.packages import is_package, mutate_package
from tests.fuzz.target import Target, check_answer

#: processes of one target that may crash before it is given up
_MAX_CRASHES = 10
#: runs after which the count is written, so that a crash loses few of them
_STEP = 100
#: longest input, in bytes; a longer seed allows twice its own length
_MIN_LENGTH = 4_096
#: seconds after which one input is a finding
_TIMEOUT_SECONDS = 120


@dataclass(slots=True)
class Result:
    """Result of one target: inputs run, seconds of processor time, and a text for each different finding."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    slowest_seconds: float = 0.0
    findings: dict[str, str] = field(default_factory=dict)


def run_target(target: Target, count: int, seed: int, folder: Path, fuzzer: Any = None) -> Result:
    """Run a target on `count` inputs; findings and their inputs are written to `folder`.

    Without `fuzzer`, inputs are damaged at random, without coverage.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result, start = Result(target.name), _measure_forks()
    for attempt in range(_MAX_CRASHES):
        status = _fork(target, count - result.inputs, seed + attempt, folder, fuzzer)
        _collect(result, folder)
        if status == 0 or result.inputs >= count:
            break
        log = (folder / "log").read_bytes()[-2_000:].decode("utf-8", "replace")
        result.findings[f"process ended with status {status}, attempt {attempt}"] = log
    result.seconds = _measure_forks() - start
    return result


def _fork(target: Target, count: int, seed: int, folder: Path, fuzzer: Any) -> int:
    """Run the inputs in a fork of this process and return its exit status."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    status = 1
    try:
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        recorder = _Recorder(target, count, folder)
        if fuzzer is None:
            _run_at_random(target, count, seed, recorder.run)
        else:
            _run_guided(target, count, seed, folder, fuzzer, recorder.run)
        recorder.save()
        status = 0
    except BaseException:  # noqa: BLE001 - the fork must never return into the caller's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


class _Recorder:
    """Runs a target and records each finding in files, which outlive a crash."""

    def __init__(self, target: Target, count: int, folder: Path) -> None:
        self._target, self._count, self._folder = target, count, folder
        self._inputs, self._slowest = 0, 0.0
        self._places: set[str] = set()

    def run(self, data: bytes) -> None:
        """Run one input."""
        start = time.monotonic()
        try:
            check_answer(self._target, data)
        except Exception as error:  # noqa: BLE001 - any error that is not ours is what we look for
            self._record(error, data)
        self._inputs += 1
        self._slowest = max(self._slowest, time.monotonic() - start)
        if self._inputs % _STEP == 0 or self._inputs >= self._count:
            self.save()

    def save(self) -> None:
        """Write the counts."""
        state = {"inputs": self._inputs, "slowest": self._slowest}
        (self._folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    def _record(self, error: Exception, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} at {_shorten(frames[-1].filename)}:{frames[-1].lineno}"
        if place in self._places:
            return
        self._places.add(place)
        number = len(list(self._folder.glob("finding-*.bin"))) + 1
        (self._folder / f"finding-{number}.bin").write_bytes(data)
        lines = "".join(traceback.format_exception(error)[-12:])
        (self._folder / f"finding-{number}.txt").write_text(f"{place}\n{lines}", encoding="utf-8", errors="replace")


def _collect(result: Result, folder: Path) -> None:
    """Add what a fork wrote, and remove its state."""
    state_file = folder / "state.json"
    if state_file.exists():
        state = json.loads(state_file.read_text(encoding="utf-8"))
        result.inputs += state["inputs"]
        result.slowest_seconds = max(result.slowest_seconds, state["slowest"])
        state_file.unlink()
    for path in sorted(folder.glob("finding-*.txt")):
        place, _, text = path.read_text(encoding="utf-8").partition("\n")
        result.findings.setdefault(place, text)


def _run_at_random(target: Target, count: int, seed: int, run: Callable[[bytes], None]) -> None:
    for data in generate_inputs(target, count, seed):
        run(data)


def _run_guided(
    target: Target,
    count: int,
    seed: int,
    folder: Path,
    fuzzer: Any,
    run: Callable[[bytes], None],
) -> None:
    """Let libFuzzer choose the inputs: those that reach new code become seeds. It ends this process."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(data)
    max_length = max(_MIN_LENGTH, *(2 * len(data) for data in target.seeds))

    def choose(data: bytes, max_size: int, number: int) -> bytes:
        """Damage an input: half of the time our way, half of the time libFuzzer's."""
        random = Random(number)
        if number % 2:
            return damage(data, random)[:max_size]
        mutated: bytes = fuzzer.Mutate(data, max_size)
        return mutated

    options = (f"-runs={count}", f"-seed={seed + 1}", f"-max_len={max_length}", f"-timeout={_TIMEOUT_SECONDS}")
    arguments = [target.name, *options, "-rss_limit_mb=3000", f"-artifact_prefix={folder}/", str(corpus)]
    fuzzer.Setup(arguments, run, custom_mutator=choose)
    fuzzer.Fuzz()


def generate_inputs(target: Target, count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged copies of the sound inputs of a target. Equal seeds give equal copies."""
    random = Random(f"{seed} {target.name}")
    for _ in range(count):
        yield damage(random.choice(target.seeds), random)


def damage(data: bytes, random: Random) -> bytes:
    """Return a damaged copy; of a package, half of the time with one damaged part and a sound list of parts."""
    if is_package(data) and random.random() < 0.5:
        return mutate_package(data, random)
    return mutate(data, random)


def _measure_forks() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _shorten(path: str) -> str:
    return "/".join(Path(path).parts[-3:])
