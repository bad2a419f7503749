"""Escaping of untrusted text for Slack's markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import mrkdwn

ZERO_WIDTH = re.compile("[\u2060\u200b]")


def unescape(markup: str) -> str:
    """Return the text that a person sees."""
    plain = ZERO_WIDTH.sub("", markup)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


HOSTILE = st.text(st.sampled_from("*_~`<>&@!#|:/ab1 \n\0\u202e\u2069é👩\u200d"), max_size=60) | st.text()


@given(HOSTILE)
def test_escaping_keeps_the_visible_text(text: str) -> None:
    """Only invisible characters are added or removed."""
    assert unescape(mrkdwn.escape_mrkdwn(text)) == ZERO_WIDTH.sub("", mrkdwn.make_readable(text))


@given(HOSTILE)
def test_escaped_text_contains_no_active_markup(text: str) -> None:
    """No other entities, no bare style marks, no emoji, no URLs, no control characters."""
    markup = mrkdwn.escape_mrkdwn(text)
    assert not re.search(r"[<>]", markup)
    assert not re.search(r"&(?!(amp|lt|gt);)", markup)
    assert not re.search("(?<!\u2060)[*_~`]|[*_~`](?!\u200b)", markup)
    assert not re.search(r":[\w+'-]{1,100}:", markup)
    assert "://" not in markup
    assert not re.search("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", markup)


@given(HOSTILE, st.integers(10, 100))
def test_clip_counts_the_characters_it_leaves_out(text: str, max_length: int) -> None:
    """The result is short enough and has no split escapes; its length plus the count is the whole length."""
    markup, omitted_count = mrkdwn.clip(text, max_length)
    assert len(markup) <= max_length
    assert not re.search(r"&(?!(amp|lt|gt);)", markup)
    readable_text = mrkdwn.make_readable(text)
    visible_text = unescape(markup.removesuffix("…") if omitted_count else markup)
    expected_text = readable_text[: len(readable_text) - omitted_count]
    assert ZERO_WIDTH.sub("", expected_text).rstrip() == visible_text.rstrip()


@pytest.mark.parametrize(
    ("url", "escaped_url"),
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
        ("https://a.example/y#:~:text=a-,b&text=" + "x" * 800, "https://a.example/y#:~:text=a-,b"),
        ("https://a.example/y?a&text=b#:~:text=" + "x" * 800, "https://a.example/y?a&amp;text=b"),
    ],
)
def test_only_http_urls_are_linked(url: str | None, escaped_url: str | None) -> None:
    """URLs are percent-encoded. An overlong URL loses half of its fragment, then all of it, then the link."""
    assert mrkdwn.escape_url(url) == escaped_url


@given(st.text())
def test_any_escaped_url_is_harmless(url: str) -> None:
    for candidate in (url, "https://a.example/" + url):
        escaped_url = mrkdwn.escape_url(candidate)
        assert escaped_url is None or not re.search(r"[<>|\s\"]", escaped_url)


def test_link_without_a_url_is_its_text() -> None:
    assert mrkdwn.format_link(None, "The <b>") == "The &lt;b&gt;"
    assert mrkdwn.format_link("https://a.example", "A|B") == "<https://a.example|A/B>"


@given(HOSTILE)
def test_a_printable_text_is_read_as_any_other(text: str) -> None:
    """The quick look never answers otherwise than the plain way, character by character."""
    assert mrkdwn.make_readable(text) == " ".join(mrkdwn._INVISIBLE.sub(" ", text).split())


@given(HOSTILE)
def test_a_text_without_marks_is_escaped_as_any_other(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mrkdwn, "_ESCAPED", re.compile(""))
        markup = mrkdwn.escape_mrkdwn(text)
    assert mrkdwn.escape_mrkdwn(text) == markup


@given(st.from_regex(r"https?://[a-zé.:@\[\]-]{0,8}[/?#]?[a-z%/?#=&;:~, |\[\]é]{0,12}", fullmatch=True), st.booleans())
def test_a_usual_url_is_escaped_as_any_other(url: str, is_long: bool) -> None:
    url = f"{url}#{'x' * mrkdwn.MAX_URL_LENGTH}" if is_long else url
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mrkdwn, "_PLAIN_URL", re.compile("(?!)"))
        escaped_url = mrkdwn.escape_url(url)
    assert mrkdwn.escape_url(url) == escaped_url
