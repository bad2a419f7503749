"""Reading an answer over HTTP: its pages, slots, context, wordings and reports are one press away."""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from bot.server.server import BOT
from bot.storage.store import Store
from briefings.model import Slot
from tests.scenarios.conftest import Slack, find_button, list_choices
from tests.scenarios.slack_buttons.conftest import ask, press
from tests.stand_ins import briefing_service
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import get_visible_text


async def test_pages_replace_the_answer_until_response_url_expires(slack: Slack) -> None:
    """After the response_url expires, the next page is a new private message."""
    short = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, short, "Full briefing")
    whole = await slack.stand_in.wait_for_answer(2)
    await press(slack, whole, "Back")
    back = await slack.stand_in.wait_for_answer(3)
    assert back["replace_original"] is True
    assert get_visible_text(back) == get_visible_text(short)
    slack.stand_in.statuses = [404]
    await press(slack, short, "Full briefing")
    fresh = await slack.stand_in.wait_for_answer(5)
    assert (fresh["channel"], fresh["user"]) == ("C1", "U1")
    assert get_visible_text(fresh) == get_visible_text(whole)


#: heading of each slot with words that only its own lines have, in the order of the briefing
SLOT_WORDS = {
    "Latest": "has vowed to stay on",
    "Day by day": "tabled a vote of no-confidence",
    "Who said what": "it’s just not good enough",
    "Where the sources differ": "almost 60% of the vote",
    "Not in these articles": "The day the second article was published",
}


def list_labels(answer: dict[str, Any]) -> list[str]:
    return [choice["text"]["text"] for choice in list_choices(answer)]


async def test_each_slot_is_one_press_away(slack: Slack, service: FakeBriefingService) -> None:
    """The short form has a button for every slot that has more lines. It shows the lines of that slot only."""
    service.briefing = briefing_service.make_long_briefing()
    short = await ask(slack, "/briefing", "labour-crisis")
    labels = [label for label in list_labels(short) if label.partition(" (")[0] in SLOT_WORDS]
    assert [label.partition(" (")[0] for label in labels] == list(SLOT_WORDS)
    for number, (label, slot) in enumerate(zip(labels, Slot, strict=False), start=1):
        await press(slack, short, label)
        answer = await slack.stand_in.wait_for_answer(2 * number)
        assert answer["replace_original"] is True
        lines = service.briefing.get_slot_lines(slot)
        assert label.endswith(f" ({len(lines)})")
        for text in (get_visible_text(answer), answer["text"]):
            assert [heading for heading, words in SLOT_WORDS.items() if words in text] == [label.partition(" (")[0]]
            assert all(line.text.split(" … ")[0] in text for line in lines)
        await press(slack, answer, "Back")
        back = await slack.stand_in.wait_for_answer(2 * number + 1)
        assert get_visible_text(back) == get_visible_text(short)


async def test_slot_leads_to_the_whole_form_and_can_be_shared(slack: Slack) -> None:
    short = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, short, "Full briefing")
    whole = await slack.stand_in.wait_for_answer(2)
    await press(slack, short, "Who said what")
    quotes = await slack.stand_in.wait_for_answer(3)
    await press(slack, quotes, "Full briefing")
    assert get_visible_text(await slack.stand_in.wait_for_answer(4)) == get_visible_text(whole)
    await press(slack, quotes, "Share to the channel")
    await slack.stand_in.wait_for_answer(5)
    (post,) = slack.stand_in.posts
    assert SLOT_WORDS["Who said what"] in get_visible_text(post)
    assert SLOT_WORDS["Day by day"] not in get_visible_text(post)


async def test_slot_with_all_its_lines_in_the_short_form_has_no_button(slack: Slack) -> None:
    short = await ask(slack, "/briefing", "labour-crisis")
    assert SLOT_WORDS["Where the sources differ"] in get_visible_text(short)
    assert not [label for label in list_labels(short) if label.startswith("Where the sources differ")]


async def test_short_form_opens_with_the_news_in_at_most_120_words(slack: Slack, service: FakeBriefingService) -> None:
    service.briefing = briefing_service.make_long_briefing()
    text = get_visible_text(await ask(slack, "/briefing", "labour-crisis"))
    words_behind_the_bar = [line for line in text.splitlines() if line.startswith(">")]
    assert words_behind_the_bar[0] == f">{service.briefing.lines[0].text}"
    assert sum(len(line.split()) for line in words_behind_the_bar) <= 120
    assert "*Sources*" in text


async def test_read_in_context_shows_words_in_article(slack: Slack) -> None:
    """The modal opens at once with the publisher's link and marked words. Its menu switches to another line."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    await press(slack, answer, "Read in context")
    view = await slack.stand_in.wait_for_view(2)
    assert slack.stand_in.calls == ["views.open", "views.update"]
    assert "Loading…" in get_visible_text(slack.stand_in.views[0])
    text = get_visible_text(view)
    assert text.splitlines()[0].startswith("<https://www.ibtimes.co.uk/")
    assert ">*former shadow business secretary Angela Eagle is expected to announce a leadership bid*" in text
    menu = next(block for block in view["blocks"] if block["type"] == "actions")["elements"][0]
    lynch_mob_option = next(option for option in menu["options"] if "lynch-mob" in option["text"]["text"])
    await slack.post(slack.pick(view, menu["action_id"], lynch_mob_option["value"]))
    other_view = await slack.stand_in.wait_for_view(3)
    assert ">*like a lynch-mob without the rope*" in get_visible_text(other_view)


async def test_changed_article_is_explained(slack: Slack, service: FakeBriefingService) -> None:
    """The modal explains that the articles have changed."""
    answer = await ask(slack, "/whosaid", "lynch-mob")
    service.change_token, service.build_who_said = (
        "changed",
        lambda _: briefing_service.WhoSaid("lynch-mob", briefing_service.SEARCH_TOTALS),
    )
    slack.bot.app[BOT].answers.cache._checks.clear()  # expire the cached change token
    await press(slack, answer, "Read in context")
    assert "The articles have changed since this answer" in get_visible_text(await slack.stand_in.wait_for_view(2))


async def test_wordings_are_compared(slack: Slack) -> None:
    answer = await ask(slack, "/whosaid", "lynch-mob")
    await press(slack, answer, "Compare the wordings")
    text = get_visible_text(await slack.stand_in.wait_for_view(2))
    assert "without the rope" in text
    assert "without *a* rope" in text
    assert "“a” instead of “the”" in text


async def test_report_is_stored(slack: Slack, store: Store) -> None:
    """The form shows the line of the menu. The report has line, kind and comment. The same modal thanks the person."""
    answer = await ask(slack, "/briefing", "labour-crisis since:2016-06-24")
    (section,) = [block for block in answer["blocks"] if "lynch-mob" in block.get("text", {}).get("text", "")]
    await press(slack, {"blocks": [section]}, "This looks wrong")
    form = await slack.stand_in.wait_for_view(2)
    assert "line" not in [block.get("block_id") for block in form["blocks"]]
    assert "*John McDonnell*\n>like a lynch-mob without the rope" in get_visible_text(form)
    comment = "<!channel> *She* said it\0"
    response = await slack.post(slack.submit(form, kind="wrong speaker", comment=comment))
    thanks = await response.json()
    assert thanks["response_action"] == "update"
    assert "Thank you" in get_visible_text(thanks["view"])
    (entry,) = await store.feedback.list_items("T1")
    words = briefing_service.make_evidence(briefing_service.RALLY, "like a lynch-mob without the rope")
    assert (entry.item.article, entry.item.start, entry.item.end) == (briefing_service.RALLY, words.start, words.end)
    assert (entry.item.kind, entry.item.channel, entry.item.person) == ("wrong speaker", "C1", "U1")
    assert entry.item.question == "/briefing labour-crisis since:2016-06-24"
    assert "She" in entry.item.comment


async def test_report_of_a_difference_is_about_the_chosen_side(slack: Slack, store: Store) -> None:
    """The form shows both sides in full, and asks which one is wrong."""
    answer = await ask(slack, "/briefing", "labour-crisis")
    (section,) = [block for block in answer["blocks"] if "figures differ" in str(block).lower()]
    await press(slack, {"blocks": [section]}, "This looks wrong")
    form = await slack.stand_in.wait_for_view(2)
    side = "60% of Labour members and supporters"
    assert f">{side}" in get_visible_text(form)
    assert ">almost 60% of the vote" in get_visible_text(form)
    menu = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]
    value = next(option["value"] for option in menu["options"] if side in option["text"]["text"])
    await slack.post(slack.submit(form, line=value, kind="wrong words"))
    (entry,) = await store.feedback.list_items("T1")
    words = briefing_service.make_evidence(briefing_service.SHARECAST, side)
    assert (entry.item.article, entry.item.start, entry.item.end) == (words.article, words.start, words.end)


async def test_report_on_a_whole_answer_asks_which_line(slack: Slack, store: Store) -> None:
    """A button of an older answer does not know its line."""
    await slack.post(slack.press("wrong", '{"asked": "/briefing labour-crisis"}'))
    form = await slack.stand_in.wait_for_view(2)
    menu = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]
    assert "initial_option" not in menu
    value = next(option["value"] for option in menu["options"] if "lynch-mob" in option["text"]["text"])
    await slack.post(slack.submit(form, line=value, kind="other"))
    (entry,) = await store.feedback.list_items("T1")
    assert entry.item.article == briefing_service.RALLY


async def test_question_that_is_too_long_for_menus_has_buttons(slack: Slack) -> None:
    """Each answer still leads to its lines in context and to a report."""
    outlet = " ".join(sha256(str(number).encode()).hexdigest() for number in range(14))
    answer = await ask(slack, "/briefing", f'labour-crisis from:"{outlet}"')
    assert not [choice for choice in list_choices(answer) if choice["type"] == "overflow"]
    await press(slack, answer, "Read in context")
    assert "Angela Eagle" in get_visible_text(await slack.stand_in.wait_for_view(2))


@pytest.mark.parametrize("question", ["/briefing", "/whosaid"])
async def test_answer_has_one_row_of_at_most_three_buttons(
    slack: Slack, service: FakeBriefingService, question: str
) -> None:
    service.briefing = briefing_service.make_long_briefing()
    answer = await ask(slack, question, "labour-crisis" if question == "/briefing" else "lynch-mob")
    (row,) = [block["elements"] for block in answer["blocks"] if block["type"] == "actions"]
    assert len([element for element in row if element["type"] == "button"]) <= 3
    assert [element["type"] for element in row].count("overflow") <= 1


@pytest.mark.parametrize("fields", [{}, {"kind": "made up"}, {"kind": "other"}, {"line": "0000", "kind": "other"}])
async def test_invalid_report_form_stores_nothing(slack: Slack, store: Store, fields: dict[str, str]) -> None:
    """The form shows errors and keeps the input."""
    await slack.post(slack.press("wrong", '{"asked": "/briefing labour-crisis"}'))
    form = await slack.stand_in.wait_for_view(2)
    reply = await (await slack.post(slack.submit(form, **fields))).json()
    assert reply["response_action"] == "errors"
    assert await store.feedback.list_items("T1") == ()


async def test_expired_trigger_is_explained(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "labour-crisis")
    slack.stand_in.replies["views.open"] = [{"ok": False, "error": "expired_trigger_id"}]
    await press(slack, answer, "Read in context")
    assert "press the button again" in (await slack.stand_in.wait_for_answer(2))["text"]


@pytest.mark.parametrize(
    "value", ["", "labour-crisis", "{}", '{"asked": "/briefing"}', '{"asked": "rm -rf"}', "[" * 1999]
)
@pytest.mark.parametrize("action", ["page", "ask:0", "share", "page:+"])
async def test_unknown_button_value_is_explained(slack: Slack, action: str, value: str) -> None:
    """The value may come from an older version or be forged."""
    await slack.post(slack.press(action, value))
    assert "Ask again" in (await slack.stand_in.wait_for_answer())["text"]
    assert slack.stand_in.posts == []


async def test_suggested_topic_keeps_filters(slack: Slack) -> None:
    answer = await ask(slack, "/briefing", "labour-crisys since:2016-06-24")
    assert find_button(answer, "labour-crisis")["value"] == '{"asked": "/briefing labour-crisis since:2016-06-24"}'
    await press(slack, answer, "labour-crisis")
    assert "Labour's leadership crisis" in (await slack.stand_in.wait_for_answer(2))["text"]


async def test_answer_is_cached_until_articles_change(slack: Slack, service: FakeBriefingService) -> None:
    """Twenty simultaneous questions run once, and again only after an article is added."""
    bodies = [slack.command("/briefing", "labour-crisis", user_id=f"U{i}") for i in range(20)]
    await asyncio.gather(*map(slack.post, bodies))
    await slack.stand_in.wait_for_answer(20)
    assert service.queries == ["labour-crisis"]
    await ask(slack, "/briefing", "labour-crisis")
    assert service.queries == ["labour-crisis"]
    service.change_token = "an article more"
    slack.bot.app[BOT].answers.cache._checks.clear()  # expire the cached change token
    await ask(slack, "/briefing", "labour-crisis")
    assert service.queries == ["labour-crisis"] * 2


@pytest.mark.parametrize(
    ("words", "never"),
    [
        ("before <!channel> after", "<!channel>"),
        ("before <@U2> after", "<@U2>"),
        ("nul \0 end", "\0"),
        ("rtl \u202e end", "\u202e"),
        ("a *bold* _it_ ~st~ `code`", "*bold*"),
        ("<http://evil.example|x> y", "<http://evil.example|"),
        ("Z\u0351\u036b\u0343\u034b 👩‍👩‍👧 𝔘𝔫𝔦 \U0010ffff", "\0"),
        ("word " * 1600, "\0"),
    ],
)
async def test_hostile_article_text_stays_plain_text(
    slack: Slack, service: FakeBriefingService, words: str, never: str
) -> None:
    """This covers the channel message, the modals and `text`."""
    hostile = briefing_service.Variant(words + " other", briefing_service.RALLY, 1, 2, words, None)
    hit = briefing_service.make_hit(
        briefing_service.RALLY, "without the rope", briefing_service.Speaker(words), quote=words, variants=(hostile,)
    )
    service.build_who_said = lambda _: briefing_service.WhoSaid("rope", briefing_service.SEARCH_TOTALS, (hit,))
    answer = await ask(slack, "/whosaid", "rope")
    await press(slack, answer, "Share")
    await slack.stand_in.wait_for_answer(2)
    await press(slack, answer, "Compare the wordings")
    await slack.stand_in.wait_for_view(2)
    await press(slack, answer, "This looks wrong")
    await slack.stand_in.wait_for_view(4)
    for message in (answer, *slack.stand_in.posts):
        assert never not in message["text"]
        assert never not in get_visible_text(message)
    mrkdwn_texts = [text for view in slack.stand_in.views for block in view["blocks"] for text in _find_mrkdwn(block)]
    assert not [text for text in mrkdwn_texts if never in text]


def _find_mrkdwn(value: object) -> Iterator[str]:
    """Yield the texts in which Slack interprets markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from _find_mrkdwn(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _find_mrkdwn(inner)
