"""Text from Slack is read as its writer sees it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries.slack_text import read_slack_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", "plain words"),
        (" two\n lines\r\n", "two lines"),
        (":rage: levy :+1::skin-tone-3:", "levy"),
        ("at 3:30:15 and 16:9", "at 3:30:15 and 16:9"),
        ("😡 levy 👩‍👩‍👧", "levy"),
        ("<@U123> levy <@U123|sam> <!here> <!subteam^S1|@desk>", "levy"),
        ("in <#C123|ferry-strike> or <#C9>", "in ferry-strike or"),
        ("<https://x.example/a|the levy>", "the levy"),
        ("levy <https://x.example/a>", "levy"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("<!date^1392734382^{date}|18 Feb 2014> levy", "18 Feb 2014 levy"),
        ("*bold* _italic_ ~struck~ *_both_*", "bold italic struck both"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("`code words` and ```a block```", '"code words" and "a block"'),
        ("said\n&gt; a day\n&gt; of shame\nyesterday", 'said "a day of shame" yesterday'),
        ("> “a day of shame”", "“a day of shame”"),
        ("a &gt; b &amp; c", "a > b & c"),
        ("typed &lt;@U123&gt; stays", "typed <@U123> stays"),
        ("typed <b>levy</b> and 5 < 6 > 4", "typed <b>levy</b> and 5 < 6 > 4"),
        ("<mailto:sam@x.example|sam@x.example> <TEL:1|call>", "sam@x.example call"),
        ("**bold** ~~struck~~ _snake_case word_ *a *b", "bold struck snake_case word *a *b"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("''levy'' ``levy''", '"levy" "levy"'),
        (",,levy``", '"levy"'),
        ("ver\u200bboten\u202e \ue000", "verboten"),
        ("", ""),
    ],
)
def test_markup_is_read_as_it_is_shown(text: str, expected: str) -> None:
    assert read_slack_text(text) == expected


@given(st.one_of(st.text(), st.text(alphabet="<>@#!|*_~`:>&;\n ab", max_size=60)))
def test_any_text_gives_one_line(text: str) -> None:
    line = read_slack_text(text)
    assert line == " ".join(line.split())


@pytest.mark.parametrize("part", ["*a ", "_a ", "~a~b", "*_~a ", "`a ", "<@", ":a", ">", "''", "**a", "*a*a"])
def test_long_hostile_text_is_read_quickly(part: str) -> None:
    text = (part * 40_000)[:40_000]
    started_at = time.perf_counter()
    read_slack_text(text)
    assert time.perf_counter() - started_at < 2
