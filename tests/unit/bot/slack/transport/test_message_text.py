"""Words and links are found wherever Slack puts them in a message."""

import json
import time
from typing import Any

import pytest

from bot.slack.transport.message_text import MessageText, find_links, read_message

QUOTE = "“We will rebuild the bridge”, said Jane Roe"


def make_section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def make_rich_text(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def make_forward(**fields: Any) -> dict[str, Any]:
    return {"is_share": True, "from_url": "https://team.slack.com/archives/C1/p1"} | fields


RICH_QUOTE = make_rich_text({"type": "text", "text": QUOTE})
#: a feed app's post as Slack forwards it
INNER_POST = {
    "message": {
        "text": "new",
        "attachments": [{"title": "Hall", "title_link": "https://t.example/hall", "text": QUOTE}],
    }
}
NESTED = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "“We will ", "style": {"bold": True}}]},
        {
            "type": "rich_text_list",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "link", "url": "https://t.example/1", "text": "one"}],
                },
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "emoji", "name": "rage"}, {"type": "text", "text": "two"}],
                },
            ],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "three"}]},
    ],
}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": QUOTE}, QUOTE),
        ({"blocks": [make_section(QUOTE)]}, QUOTE),
        ({"text": "", "blocks": [RICH_QUOTE]}, QUOTE),
        ({"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "a *b*"}]}]}, "a b"),
        ({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "R&amp;D *x*"}}]}, "R&D *x*"),
        ({"blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": QUOTE}]}]}, QUOTE),
        ({"blocks": [NESTED]}, "“We will\none\ntwo\nthree"),
        (
            {"blocks": [{"type": "markdown", "text": f"# Head\n> **{QUOTE}** [more](https://t.example)"}]},
            f"Head\n{QUOTE} more",
        ),
        ({"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, RICH_QUOTE]]}]}, f"a\n{QUOTE}"),
        ({"blocks": [{"type": "image", "title": {"type": "plain_text", "text": "A bridge"}}]}, "A bridge"),
        ({"blocks": [{"type": "video", "description": {"type": "plain_text", "text": QUOTE}}]}, QUOTE),
        ({"attachments": [{"pretext": "p", "title": "t", "text": QUOTE, "fallback": "f"}]}, f"p\nt\n{QUOTE}"),
        ({"attachments": [{"fallback": QUOTE}]}, QUOTE),
        ({"attachments": [{"fields": [{"title": "Who", "value": "Roe"}]}]}, "Who\nRoe"),
        ({"attachments": [{"blocks": [RICH_QUOTE]}]}, QUOTE),
        ({"attachments": [make_forward(fallback="[no preview available]")]}, ""),
        (
            {
                "text": "",
                "attachments": [
                    make_forward(
                        message_blocks=[{"message": {"blocks": [RICH_QUOTE]}}], fallback="[no preview available]"
                    )
                ],
            },
            QUOTE,
        ),
        ({"message_blocks": [{"message": {"blocks": [make_section(QUOTE)]}}]}, QUOTE),
        ({"files": [{"title": "Bridge speech", "name": "s.pdf"}]}, "Bridge speech"),
        ({"files": [{"title": "Mail", "plain_text": QUOTE}]}, f"Mail\n{QUOTE}"),
        ({"files": [{"title": "Notes", "mode": "snippet", "preview": QUOTE}]}, f"Notes\n{QUOTE}"),
        ({"files": [{"title": "Notes", "mode": "post", "preview": "<p>a</p>"}]}, "Notes"),
        ({"attachments": [make_forward(attachments=[{"title": "Hall", "text": QUOTE}])]}, f"Hall\n{QUOTE}"),
        ({"attachments": [make_forward(message_blocks=[INNER_POST])]}, f"new\nHall\n{QUOTE}"),
        ({"blocks": [{"type": "task_card", "title": "Task", "details": RICH_QUOTE}]}, f"Task\n{QUOTE}"),
        ({"text": "```\n“one”\n``` and `two` <b>three</b>"}, "“one”\n and two <b>three</b>"),
        ({"blocks": [{"type": "markdown", "text": r"2 \* 3, \[sic\], **bold** \_x\_"}]}, "2 * 3, [sic], bold _x_"),
        ({"text": "Nothing is new", "blocks": [make_section("“No”")]}, "Nothing is new\n“No”"),
        ({"text": "This content can't be displayed.", "blocks": [RICH_QUOTE]}, QUOTE),
        ({"text": "[no preview available]"}, ""),
    ],
)
def test_words_are_read_wherever_they_are(message: dict[str, Any], words: str) -> None:
    assert read_message(message).whole == words


def test_words_in_text_and_blocks_count_once() -> None:
    text = f"*Head*\n{QUOTE} <@U1> :rage: in <#C1|news> for <!subteam^S1|@desk> today"
    elements = (
        {"type": "text", "text": f"Head\n{QUOTE} "},
        {"type": "user", "user_id": "U1"},
        {"type": "emoji", "name": "rage"},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": "C1"},
        {"type": "text", "text": " for "},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "text", "text": " today"},
    )
    assert read_message({"text": text, "blocks": [make_rich_text(*elements)]}).own.count("rebuild") == 1


def test_words_are_told_apart_by_where_they_come_from() -> None:
    message = {
        "text": "look",
        "attachments": [make_forward(text=QUOTE), {"from_url": "https://t.example/1", "text": "a preview"}],
        "files": [{"title": "a file"}],
    }
    assert read_message(message) == MessageText("look", QUOTE, "a preview", "a file")


def test_labels_of_buttons_are_no_words() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Read more"}, "url": "https://t.example/1"}
    blocks = [make_section(QUOTE) | {"accessory": button}, {"type": "actions", "elements": [button]}]
    assert read_message({"blocks": blocks}).whole == QUOTE
    assert find_links({"blocks": blocks}) == ("https://t.example/1",)


@pytest.mark.parametrize(
    ("message", "links"),
    [
        (
            {"text": "<https://t.example/a?x=1&amp;y=2|label> and https://t.example/b"},
            ("https://t.example/a?x=1&y=2", "https://t.example/b"),
        ),
        ({"blocks": [NESTED]}, ("https://t.example/1",)),
        (
            {"blocks": [{"type": "markdown", "text": "[one](https://t.example/a_(b)) <https://t.example/c>"}]},
            ("https://t.example/a_(b)", "https://t.example/c"),
        ),
        ({"blocks": [make_section("<https://t.example/1|x>")]}, ("https://t.example/1",)),
        ({"attachments": [{"title": "Hall", "title_link": "https://t.example/rss"}]}, ("https://t.example/rss",)),
        (
            {
                "attachments": [
                    {
                        "from_url": "https://t.example/1",
                        "title_link": "https://t.example/2",
                        "text": "https://ad.example",
                    }
                ]
            },
            ("https://t.example/1",),
        ),
        ({"attachments": [make_forward(text="<https://t.example/1>")]}, ("https://t.example/1",)),
        ({"attachments": [make_forward(message_blocks=[{"message": {"blocks": [NESTED]}}])]}, ("https://t.example/1",)),
        ({"attachments": [{"actions": [{"type": "button", "url": "https://t.example/1"}]}]}, ("https://t.example/1",)),
        ({"text": "https://t.example/1", "blocks": [make_section("https://t.example/1")]}, ("https://t.example/1",)),
        (
            {"text": "see https://t.example/1. (https://t.example/2), https://t.example/a_(b), “https://t.example/3”"},
            ("https://t.example/1", "https://t.example/2", "https://t.example/a_(b)", "https://t.example/3"),
        ),
        ({"text": "<https://t.example/1.>"}, ("https://t.example/1.",)),
        (
            {
                "attachments": [
                    make_forward(message_blocks=[{"message": {"text": "<https://t.example/1>"}}, INNER_POST])
                ]
            },
            ("https://t.example/1", "https://t.example/hall"),
        ),
        (
            {"attachments": [make_forward(attachments=[{"title_link": "https://t.example/1"}])]},
            ("https://t.example/1",),
        ),
        ({"blocks": [{"type": "card", "actions": [{"url": "https://t.example/1"}]}]}, ("https://t.example/1",)),
        ({"text": "mailto:x@t.example <tel:1> javascript:alert(1)"}, ()),
        ({"attachments": [{"title_link": "javascript:alert(1)"}]}, ()),
    ],
)
def test_links_are_found_wherever_they_are(message: dict[str, Any], links: tuple[str, ...]) -> None:
    assert find_links(message) == links


DEEP_ATTACHMENT = json.loads('{"attachments":[' * 300 + '{"text":"x"}' + "]}" * 300)
DEEP = json.loads('{"elements":[' * 300 + "1" + "]}" * 300)


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "x",
        {"text": 7, "blocks": {}, "attachments": "x", "files": [None, 7], "message_blocks": [{"message": []}]},
        {"blocks": [None, 7, {"type": {}}, {"type": "section", "text": []}, {"type": "rich_text", "elements": [None]}]},
        {"blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": {"a": 1}}]}]},
        {"attachments": [None, {"text": []}, {"fields": [[]], "message_blocks": [7]}]},
        {"blocks": [DEEP]},
        {"attachments": [DEEP_ATTACHMENT]},
        {"blocks": [{"type": "rich_text", "elements": [DEEP | {"type": "rich_text_list"}]}]},
    ],
)
def test_any_json_gives_a_value(message: object) -> None:
    assert isinstance(read_message(message).whole, str)
    assert isinstance(find_links(message), tuple)


@pytest.mark.parametrize(
    "text", ["*a " * 16_000, "<" * 50_000, "[a](" * 12_000, "“" * 50_000, "a*" * 25_000, "x\n" * 25_000]
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    message = {"text": text, "blocks": [{"type": "markdown", "text": text}], "attachments": [{"text": text}]}
    started_at = time.perf_counter()
    read_message(message)
    find_links(message)
    assert time.perf_counter() - started_at < 2
