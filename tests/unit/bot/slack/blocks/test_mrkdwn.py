"""Strangers' text in Slack's markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import mrkdwn

ZERO_WIDTH = re.compile("[\u2060\u200b]")


def read(markup: str) -> str:
    """What a person reads of escaped text."""
    plain = ZERO_WIDTH.sub("", markup)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


HOSTILE = st.text(st.sampled_from("*_~`<>&@!#|:/ab1 \n\0\u202e\u2069é👩\u200d"), max_size=60) | st.text()


@given(HOSTILE)
def test_what_is_read_is_what_was_written(text: str) -> None:
    """Escaping changes nothing a person sees: only invisible characters come and go."""
    assert read(mrkdwn.escape_mrkdwn(text)) == ZERO_WIDTH.sub("", mrkdwn.make_readable(text))


@given(HOSTILE)
def test_nothing_slack_would_act_on_is_left(text: str) -> None:
    """No entity but the three, no mark without its invisible neighbours, no picture, no address, no control."""
    markup = mrkdwn.escape_mrkdwn(text)
    assert not re.search(r"[<>]", markup)
    assert not re.search(r"&(?!(amp|lt|gt);)", markup)
    assert not re.search("(?<!\u2060)[*_~`]|[*_~`](?!\u200b)", markup)
    assert not re.search(r":[\w+'-]{1,100}:", markup)
    assert "://" not in markup
    assert not re.search("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", markup)


@given(HOSTILE, st.integers(10, 100))
def test_clipping_counts_what_it_leaves_out(text: str, most: int) -> None:
    """At most that long, no escape cut in two, and what is shown plus what is counted is the whole."""
    markup, left = mrkdwn.clip(text, most)
    assert len(markup) <= most
    assert not re.search(r"&(?!(amp|lt|gt);)", markup)
    whole = mrkdwn.make_readable(text)
    shown = read(markup.removesuffix("…") if left else markup)
    assert ZERO_WIDTH.sub("", whole[: len(whole) - left]).rstrip() == shown.rstrip()


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1&z=2#:~:text=a,b", "https://a.example/x?y=1&amp;z=2#:~:text=a,b"),
        ("https://a.example/<!channel>|x y", "https://a.example/%3C!channel%3E%7Cx%20y"),
        ("javascript:alert(1)", None),
        ("//a.example", None),
        ("http://[", None),
        ("https://", None),
        (None, None),
        ("https://a.example/" + "x" * 800, None),
        ("https://a.example/y#:~:text=" + "x" * 800, "https://a.example/y"),
    ],
)
def test_only_web_addresses_are_linked(url: str | None, safe: str | None) -> None:
    """http and https; percent-encoded; a fragment that is too long is dropped before the link is."""
    assert mrkdwn.escape_url(url) == safe


@given(st.text())
def test_any_address_is_harmless(url: str) -> None:
    for candidate in (url, "https://a.example/" + url):
        safe = mrkdwn.escape_url(candidate)
        assert safe is None or not re.search(r"[<>|\s\"]", safe)


def test_a_link_without_an_address_is_its_text() -> None:
    assert mrkdwn.format_link(None, "The <b>") == "The &lt;b&gt;"
    assert mrkdwn.format_link("https://a.example", "A|B") == "<https://a.example|A/B>"
