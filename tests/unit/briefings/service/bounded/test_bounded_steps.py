"""A text that needs too much time or memory fails alone, and the processes end with their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.errors import BadInput, LimitExceeded
from briefings.ingest.sandbox import SandboxedFunction
from briefings.model import Article
from briefings.service.bounded import BoundedSteps, Steps, processes
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository

TEXT = "EASTON - The bridge opens in May.\n\n“We have waited for ten years,” said Jane Roe, the mayor of Easton.\n"
ARTICLE = Article("bridge", TEXT, url="https://paper.example/bridge")
LONG_TEXT = "“Yes,” said Bob.\n\n" * 20_000


@pytest.fixture(scope="module")
def steps() -> Iterator[BoundedSteps]:
    with BoundedSteps(count=1) as bounded_steps:
        yield bounded_steps


def get_process_id(steps: BoundedSteps) -> int:
    process = steps._functions[0]._process
    assert process is not None
    return int(process._program.pid)  # type: ignore[attr-defined]  # the tests run where processes are programs


def test_steps_give_the_same_results_in_another_process(steps: BoundedSteps) -> None:
    here = Steps()
    article = steps.parse_article(ARTICLE)
    assert article == here.parse_article(ARTICLE)
    assert steps.analyse(article) == here.analyse(article)
    draft = TEXT * 10
    assert steps.parse_draft(draft) == here.parse_draft(draft)


def test_a_draft_that_is_refused_here_is_refused_with_the_same_words_there(steps: BoundedSteps) -> None:
    draft = "The bridge opens in May. " * 100
    with pytest.raises(BadInput) as refusal:
        steps.parse_draft(draft)
    assert str(refusal.value) == "The draft has no quotes: put the quoted words in quotation marks."


def test_a_service_stores_articles_and_checks_drafts_by_these_steps(steps: BoundedSteps) -> None:
    with closing(open_repository("sqlite://", lambda: datetime(2020, 1, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository).with_steps(steps).with_topics(())
        assert service.add([ARTICLE]) == ("bridge",)
        assert service.who_said("waited").hits[0].speaker is not None
        assert next(quote.verdict for quote in service.check(TEXT * 10).quotes).value == "exact"


def test_a_killed_process_is_replaced_without_an_error(steps: BoundedSteps) -> None:
    steps.parse_article(ARTICLE)
    old_process_id = get_process_id(steps)
    os.kill(old_process_id, signal.SIGKILL)
    assert steps.parse_article(ARTICLE).id == "bridge"
    assert get_process_id(steps) != old_process_id


def test_a_text_that_takes_too_long_fails_alone_and_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    call = SandboxedFunction.call

    def count_calls(self: SandboxedFunction, location: str, *arguments: object) -> object:
        calls.append(location)
        return call(self, location, *arguments)

    monkeypatch.setattr(SandboxedFunction, "call", count_calls)
    with BoundedSteps(count=1, seconds=0.0) as steps:
        for article_id in ("one", "other"):
            with pytest.raises(LimitExceeded) as error:
                steps.analyse(Article(article_id, LONG_TEXT))
            assert str(error.value) == f"{article_id} could not be read within 0 seconds."
    assert calls == ["one"]


def test_a_text_that_needs_too_much_memory_fails_alone() -> None:
    with BoundedSteps(count=1, memory=240_000_000) as steps:
        with pytest.raises(LimitExceeded, match=r"^bridge needs more than 240 MB of memory to read\.$|crashed"):
            steps.analyse(Article("bridge", "He said so. " * 2_000_000))
        assert steps.parse_article(ARTICLE).id == "bridge"


def test_a_text_waits_only_for_a_while_if_all_processes_are_busy() -> None:
    with BoundedSteps(count=1, wait=0.0) as steps:
        steps._idle.get()
        with pytest.raises(BadInput, match=r"^bridge was not read: too many texts are being read\. Try again"):
            steps.parse_article(Article("bridge", TEXT))


#: a long match of a pattern holds the interpreter, so no thread of the process could end it
PARENT = """
import threading, time
from briefings.ingest.sandbox import SandboxedFunction
function = SandboxedFunction(("re", "findall"), 600.0, 1_000_000_000)
function.call("a", "a", "a")
if {is_busy}:
    threading.Thread(target=function.call, args=("b", "(a|aa)+b", "a" * 60), daemon=True).start()
    time.sleep(0.2)  # until the call is being worked on
print(function._process._program.pid, flush=True)
time.sleep(600)  # until the test kills it
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a busy process at once")
@pytest.mark.parametrize("is_busy", [False, True], ids=["waiting", "busy"])
def test_a_killed_parent_leaves_no_process(is_busy: bool) -> None:
    command = [sys.executable, "-c", PARENT.format(is_busy=is_busy)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        process_id = int(parent.stdout.readline())
        assert is_running(process_id)
        parent.kill()
        parent.wait()
    deadline = time.monotonic() + 30
    while is_running(process_id) and time.monotonic() < deadline:
        time.sleep(0.05)  # no event announces the end of a process that is not ours
    assert not is_running(process_id)


def test_closing_ends_a_step_in_progress() -> None:
    own_steps = BoundedSteps(count=1)
    own_steps.parse_article(ARTICLE)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(own_steps.analyse, Article("long", LONG_TEXT))
        time.sleep(0.3)  # until the step is in progress
        started_at = time.monotonic()
        own_steps.close()
        with pytest.raises(BadInput, match=r"^long was not read: the program is stopping\. Add it again later\.$"):
            future.result()
    assert time.monotonic() - started_at < 20  # the text takes longer


def test_closed_steps_start_no_process() -> None:
    own_steps = BoundedSteps(count=1)
    own_steps.close()
    with pytest.raises(BadInput, match="the program is stopping"):
        own_steps.analyse(ARTICLE)


def is_running(process_id: int) -> bool:
    """Tell whether a process exists and is not a zombie."""
    try:
        return ") Z" not in Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False


def test_a_text_that_uses_up_its_processor_time_fails_without_a_second_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "CPU_SECONDS", -5.0)  # a process has five seconds more
    with BoundedSteps(count=1) as steps:
        steps.parse_article(ARTICLE)
        with pytest.raises(LimitExceeded, match=r"^long could not be read within -5 seconds\.$"):
            steps.analyse(Article("long", LONG_TEXT))
