"""Every way of logging leads to one redacting sink, and no flood fills the disk."""

import asyncio
import gc
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog import DropEvent

from bot.core import logs
from bot.core.log_sink.bounds import bound_event, escape_controls
from bot.core.log_sink.redaction import Redaction
from bot.core.log_sink.repeats import KIND, RepeatLimiter
from bot.core.log_sink.standard import SinkHandler

TOKEN = "xoxb-123-leak"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def read_lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    logs.configure("DEBUG", colours=False, secrets=[SECRET])
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logs.reset()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "aiohttp.server",
        "aiohttp.access",
        "aiohttp.client",
        "asyncio",
        "slack_bolt.App",
        "slack_sdk.web.async_client",
        "sqlalchemy.engine",
        "alembic.runtime.migration",
        "some.other.library",
    ],
)
def test_lines_of_every_library_are_redacted_json(name: str, read_lines: Callable[[], list[dict[str, Any]]]) -> None:
    header = f"Authorization: Bearer {TOKEN}"
    try:
        int(TOKEN)
    except ValueError:
        logging.getLogger(name).exception("Invalid header %r from %s", header, SECRET)
    [line] = read_lines()
    assert (line["logger"], line["level"], line["error"]) == (name or "root", "error", "ValueError")
    assert "leak" not in str(line)
    assert SECRET not in str(line)
    assert "test_log_sink.py" in line["place"][0]


def test_debug_and_info_lines_of_libraries_are_not_shown(read_lines: Callable[[], list[dict[str, Any]]]) -> None:
    """They hold whole bodies."""
    logger = logging.getLogger("aiohttp.client")
    logger.setLevel(logging.DEBUG)
    logger.debug("body")
    logger.info("body")
    logger.setLevel(logging.NOTSET)
    assert read_lines() == []


def test_a_logging_call_with_wrong_arguments_is_still_a_line() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError(TOKEN)

    events: list[object] = []
    handler = SinkHandler(lambda _, fields: events.append(fields["event"]), logging.WARNING)
    for template, argument in (("%s and %s", "one"), ("%r", Broken())):
        handler.emit(logging.LogRecord("library", logging.ERROR, "x.py", 1, template, (argument,), None))
    assert events == ["%s and %s", "%r"]


def test_warnings_are_lines(read_lines: Callable[[], list[dict[str, Any]]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning(f"old {TOKEN}", DeprecationWarning, "a/module.py", 7)
    [line] = read_lines()
    assert (line["event"], line["place"], line["error"]) == ("old …", ["module.py:7"], "DeprecationWarning")


def test_uncaught_errors_are_lines_without_their_messages(read_lines: Callable[[], list[dict[str, Any]]]) -> None:
    sys.excepthook(ValueError, ValueError(TOKEN), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    def fail() -> None:
        raise OSError(TOKEN)

    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()

    class Fails:
        def __del__(self) -> None:
            raise KeyError(TOKEN)

    Fails()
    gc.collect()
    lines = read_lines()
    assert [(line["event"], line["error"]) for line in lines] == [
        ("uncaught error", "ValueError"),
        ("thread failed", "OSError"),
        ("error in a finaliser", "KeyError"),
    ]
    assert "leak" not in str(lines)


def test_errors_of_the_event_loop_are_lines(read_lines: Callable[[], list[dict[str, Any]]]) -> None:
    async def fail() -> None:
        loop = asyncio.get_running_loop()
        logs.watch_event_loop(loop)
        loop.call_exception_handler({"message": "accept failed", "exception": OSError(TOKEN), "socket": TOKEN})
        loop.call_soon(lambda: 1 // 0)
        await asyncio.sleep(0)

    asyncio.run(fail())
    assert [(line["logger"], line["error"]) for line in read_lines()] == [
        ("asyncio", "OSError"),
        ("asyncio", "ZeroDivisionError"),
    ]


def test_errors_of_libraries_are_counted_by_logger() -> None:
    names: list[str] = []
    logs.configure("INFO", colours=False, on_error=names.append)
    logging.getLogger("aiohttp.server").error("Error with %s", TOKEN)
    logs.get_logger().error("digest failed")
    logs.reset()
    assert names == ["aiohttp.server", "digest failed"]


def test_a_flood_becomes_some_lines_and_a_count(capsys: pytest.CaptureFixture[str]) -> None:
    """The count is written when the process ends, or when the next window begins."""
    logs.configure("INFO", colours=False)
    for number in range(360):
        logging.getLogger("aiohttp.server").error("Error handling request from 192.0.2.%s", number % 250)
    logs._flush()
    logs.reset()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 21
    assert lines[-1]["repeated"] == "… 340 more like this"


def test_a_new_window_shows_lines_again() -> None:
    now = [0.0]
    summaries: list[Any] = []
    limiter = RepeatLimiter(summaries.append, lambda: now[0])
    shown = 0
    for second in range(40):
        now[0] = float(second)
        for _ in range(10):
            try:
                limiter(None, "error", {"event": "accept failed", KIND: "x", "level": "error"})
            except DropEvent:
                continue
            shown += 1
    assert shown == 80
    assert [summary["repeated"] for summary in summaries] == ["… 80 more like this"] * 3


def test_many_kinds_do_not_fill_the_memory() -> None:
    limiter = RepeatLimiter(lambda _: None, lambda: 0.0)
    for number in range(5_000):
        limiter(None, "error", {"event": f"event {number}", "level": "error"})
    assert len(limiter._windows) < 600


@pytest.mark.parametrize(
    ("text", "redacted_text"),
    [
        ("Authorization: Bearer abcdef", "Authorization: Bearer …"),
        ("{'Authorization': 'Basic dXNlcjpwYXNz'}", "{'Authorization': 'Basic …'}"),
        ("b'proxy-authorization: secretvalue'", "b'proxy-authorization: …'"),
        ("Set-Cookie: session=abcdefghi; Path=/", "Set-Cookie: session=…; Path=/"),
        ('{"cookie": "other=abcdefghi"}', '{"cookie": "other=…"}'),
        ("client_secret=abc&x=1", "client_secret=…&x=1"),
        ('{"refresh_token": "abc"}', '{"refresh_token": "…"}'),
        ("/mail/confirm?token=abc.def", "/mail/confirm?token=…"),
        ("X-Slack-Signature: v0=" + "a1" * 32, "X-Slack-Signature: …"),
        ("xoxb%2D1%2D2", "…"),
        ("https://hooks.slack-gov.com/commands/T1/2/x", "https://hooks.slack-gov.com/…"),
        ("mail to jane.roe@news.example failed", "mail to … failed"),
        ("the token ring of Easton", "the token ring of Easton"),
        ("a password is needed", "a password is needed"),
    ],
)
def test_headers_fields_and_addresses_are_redacted(text: str, redacted_text: str) -> None:
    assert Redaction().redact(text) == redacted_text


def test_values_of_secret_fields_are_redacted_by_name() -> None:
    event = Redaction()(None, "", {"bot_token": "abc", "headers": {"Cookie": "a=b"}, "tokens": 3, "secret": ""})
    assert event == {"bot_token": "…", "headers": {"Cookie": "…"}, "tokens": 3, "secret": ""}


def test_deep_values_end(read_lines: Callable[[], list[dict[str, Any]]]) -> None:
    deep: list[Any] = []
    deep.append(deep)
    logs.get_logger().error("deep", value=deep)
    assert len(read_lines()) == 1


@given(st.text(max_size=30))
def test_no_character_that_a_terminal_acts_on_is_left(text: str) -> None:
    escaped = escape_controls(text + "\x1b]8;;\n\r\u202e\u2028\ud800")
    assert escaped.isprintable() or all(character not in escaped for character in "\x1b\n\r\u202e\u2028\ud800")
    assert escape_controls("a\nb\x1b") == "a\\nb\\x1b"


def test_a_line_is_bounded(read_lines: Callable[[], list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]) -> None:
    del read_lines
    fields = {f"field{number}": "long " * 10_000 for number in range(100)}
    logs.get_logger().error("big " * 10_000, number=10**400, items=["x" * 5_000] * 1_000, **fields)
    assert 0 < len(capsys.readouterr().err) < 12_000


def test_a_cut_leaves_no_part_of_a_secret() -> None:
    text = "y" * 1_990 + " " + SECRET
    event = bound_event(None, "", Redaction([SECRET])(None, "", {"event": text}))
    assert SECRET[:4] not in str(event["event"])
