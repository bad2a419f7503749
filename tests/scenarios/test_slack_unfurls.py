"""Previews of links to our pages: who may see them, what they show, and that each message gets one."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from bot.core.settings import ReaderMode, Settings
from bot.links import urls
from bot.links.signing import LINK_SECONDS, LinkSigner
from bot.links.urls import add_key
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings import BriefingService
from briefings.model import Article
from tests.scenarios.conftest import SECRET, Slack, run_bot
from tests.stand_ins.slack_limits import iterate_texts
from tests.support.seed_service import open_seed_service

PUBLIC = "https://bot.example"
SIGN_IN = {"client_id": "1.2", "client_secret": "made-up-client-secret"}
RALLY = "002_494a08902a45e5b0"
HOSTILE = Article(
    "hostile",
    "“Vote <!channel> *now* <http://x.example|y> & `win`, :smile:,” said Jane Roe, the mayor of Easton, on Tuesday.",
    publisher="The <!here> Tribune",
    title="<@U1> *bold* & more",
)


SENTENCE = "The mayor, Jane Roe, called the plan for the baths a “mess” and left the hall in Easton before the vote."
SCARE_QUOTE = Article("mess", SENTENCE, publisher="The Tribune", title="Mayor leaves")


@pytest.fixture(scope="module")
def seed_service() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as service:
        service.add([HOSTILE, SCARE_QUOTE])
        yield service


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@asynccontextmanager
async def run(service: BriefingService, store: Store, **settings: Any) -> AsyncIterator[Slack]:
    async with run_bot(service, store, public_url=PUBLIC, **settings) as slack:
        yield slack


@pytest.fixture
async def slack(seed_service: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run(seed_service, store) as slack:
        yield slack


def sign(path: str, team: str = "T1", *, age: float = 0) -> str:
    settings = Settings(bot_token="xoxb-made-up", signing_secret=SECRET, public_url=PUBLIC)
    links = LinkSigner(settings, lambda: time.time() - age).build_page_links(team)
    assert links is not None
    return PUBLIC + add_key(path, links.key)


def quote_path(service: BriefingService, words: str = "like a lynch-mob without the rope") -> str:
    (article,) = service.get_articles([RALLY])
    start = article.text.index(words)
    return urls.article(RALLY, start, start + len(words))


def link_event(slack: Slack, *links: str, **more: Any) -> str:
    slack_fields: dict[str, Any] = {
        "type": "link_shared",
        "channel": "C1",
        "user": "U1",
        "message_ts": "7.1",
        "unfurl_id": f"C1.7.1.{abs(hash(links)):x}",
        "source": "conversations_history",
        "links": [{"domain": "bot.example", "url": url} for url in links],
    }
    return slack.event(**(slack_fields | more))


async def share(slack: Slack, *links: str, **more: Any) -> list[dict[str, Any]]:
    """Post a message with links, wait until the bot has finished, and return its calls of chat.unfurl."""
    assert (await slack.post(link_event(slack, *links, **more))).status == 200
    await slack.bot.close()
    return slack.stand_in.unfurls


def read_texts(unfurl: dict[str, Any]) -> str:
    return "\n".join(text for block in unfurl["blocks"] for text in iterate_texts(block))


async def test_a_signed_link_shows_who_said_what_where_and_when(slack: Slack, seed_service: BriefingService) -> None:
    url = sign(quote_path(seed_service))
    (call,) = await share(slack, url)
    assert call["unfurl_id"].startswith("C1.7.1.")
    assert call["source"] == "conversations_history"
    assert "channel" not in call
    text = read_texts(call["unfurls"][url])
    assert "*John McDonnell (shadow chancellor)*" in text
    assert "On Monday night we had the parliamentary Labour party" in text
    assert "it was like a lynch-mob without the rope" in text
    assert "International Business Times UK · Thu 30 Jun 2016" in text
    fallback = call["unfurls"][url]["fallback"]
    assert "it was like a lynch-mob without the rope" in fallback


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (urls.article(RALLY), ["International Business Times UK · Thu 30 Jun 2016 · ", " quotes"]),
        (
            urls.story("labour-crisis"),
            ["Labour's leadership crisis", "humiliating no-confidence vote", "4 articles from"],
        ),
        (urls.person("John McDonnell"), ["John McDonnell, shadow chancellor", "Quoted "]),
        (urls.search("lynch-mob"), ["with “lynch-mob”", "*John McDonnell (shadow chancellor)*", "1 quote"]),
        (urls.search("", by="Corbyn", since="2016-06-01"), ["by Jeremy Corbyn", "quotes"]),
    ],
)
async def test_every_kind_of_page_has_a_preview(slack: Slack, path: str, words: list[str]) -> None:
    url = sign(path)
    (call,) = await share(slack, url)
    text = read_texts(call["unfurls"][url])
    for expected in words:
        assert expected in text


async def test_links_of_strangers_show_nothing(slack: Slack, seed_service: BriefingService) -> None:
    path = quote_path(seed_service)
    good = sign(path)
    links = [
        sign(path, "T2"),  # another workspace's
        sign(path, age=LINK_SECONDS + 7_200),  # expired
        good.replace("#at", "A#at"),  # tampered with
        good.replace("key=", "key=x"),
        PUBLIC + path,  # without a key, where no one can sign in
        good.replace("bot.example", "bot.example.evil.example"),
        good.replace("bot.example", "bot.example@evil.example"),
        good.replace("https://", "http://"),
        sign(urls.article("missing")),
        sign(urls.article(RALLY, 10_000_000, 10_000_001)),
        sign("/record/articles/" + RALLY + "?at=9-3"),
        sign(urls.person("Nobody Known")),
        sign(urls.search("no-such-words")),
        sign(urls.search("vote", since="whenever")),
        sign(urls.story("no-such-words-anywhere")),
        sign("/record/"),
        sign("/record/static/record.css"),
    ]
    for url in links:
        assert (await slack.post(link_event(slack, url))).status == 200
    assert await share(slack, "https://other.example/") == []


async def test_a_link_without_a_key_is_shown_where_members_can_sign_in(
    seed_service: BriefingService, store: Store
) -> None:
    url = PUBLIC + quote_path(seed_service)
    async with run(seed_service, store, **SIGN_IN) as slack:
        (call,) = await share(slack, url)
        assert "John McDonnell" in read_texts(call["unfurls"][url])


async def test_channels_shared_with_another_organisation_get_no_preview(
    seed_service: BriefingService, store: Store
) -> None:
    async with run(seed_service, store, **SIGN_IN) as slack:
        body = link_event(slack, sign(quote_path(seed_service)))
        await slack.post(
            body.replace('"type": "event_callback"', '"type": "event_callback", "is_ext_shared_channel": true')
        )
        await slack.bot.close()
        assert slack.stand_in.unfurls == []


async def test_a_message_is_previewed_once_whatever_slack_repeats(slack: Slack, seed_service: BriefingService) -> None:
    url = sign(quote_path(seed_service))
    body = link_event(slack, url)
    for _ in range(3):
        await slack.post(body)
    assert len(await share(slack, url)) == 1  # another event for the same message


async def test_the_composer_gets_only_the_title(slack: Slack, seed_service: BriefingService) -> None:
    url = sign(quote_path(seed_service))
    await slack.post(link_event(slack, url))  # the sent message
    fields = {"channel": "COMPOSER", "message_ts": "U1-909b", "unfurl_id": "U1-909b", "source": "composer"}
    calls = {call["source"]: call for call in await share(slack, url, **fields)}
    assert calls["composer"]["unfurl_id"] == "U1-909b"
    unfurl = calls["composer"]["unfurls"][url]
    assert unfurl["preview"]["title"]["text"]
    assert "McDonnell" not in json.dumps(unfurl)  # the channel may be shared with another organisation
    assert "John McDonnell" in read_texts(calls["conversations_history"]["unfurls"][url])


async def test_an_event_without_an_unfurl_id_uses_channel_and_ts(slack: Slack, seed_service: BriefingService) -> None:
    (call,) = await share(slack, sign(quote_path(seed_service)), unfurl_id=None, source=None)
    assert (call["channel"], call["ts"]) == ("C1", "7.1")


async def test_at_most_three_links_of_a_message_are_previewed(slack: Slack, seed_service: BriefingService) -> None:
    links = [
        sign(quote_path(seed_service)),
        *(sign(urls.search(word)) for word in ("vote", "party", "Labour", "Brexit")),
    ]
    (call,) = await share(slack, *links)
    assert list(call["unfurls"]) == links[:3]


async def test_strangers_text_is_shown_as_it_is(slack: Slack, seed_service: BriefingService) -> None:
    text = seed_service.get_articles(["hostile"])[0].text
    url = sign(urls.article("hostile", 1, text.index("”")))
    (call,) = await share(slack, url)
    shown = read_texts(call["unfurls"][url])
    assert "Jane Roe" in shown
    for markup in ("<!channel>", "<!here>", "<@U1>", "<http://x.example|y>", ":smile:", "*now*"):
        assert markup not in shown


async def test_a_linked_sentence_is_shown_whole_and_not_only_a_few_words_in_marks(slack: Slack) -> None:
    url = sign(urls.article("mess", 0, len(SENTENCE)))
    (call,) = await share(slack, url)
    assert f">{SENTENCE}" in read_texts(call["unfurls"][url])


async def test_words_outside_of_quotes_stay_hidden_where_full_texts_are_off(
    seed_service: BriefingService, store: Store
) -> None:
    url = sign(quote_path(seed_service, "A mood of defiance was in the air"))
    async with run(seed_service, store, reader=ReaderMode.QUOTES) as slack:
        (call,) = await share(slack, url)
        assert "mood of defiance was in the air as hundreds" not in read_texts(call["unfurls"][url])


@pytest.mark.parametrize(
    "fields",
    [
        {"links": None},
        {"links": []},
        {"links": "https://bot.example/record/search?q=x"},
        {"links": [None, 7, {}, {"url": 7}, {"url": ""}]},
        {"unfurl_id": 7, "source": [], "channel": None, "message_ts": {}},
        {"unfurl_id": "x" * 5_000, "channel": "x" * 5_000},
    ],
)
async def test_a_malformed_event_is_ignored(slack: Slack, fields: dict[str, Any]) -> None:
    assert await share(slack, sign(urls.search("lynch-mob")), **fields) == []


@pytest.mark.parametrize("code", ["cannot_unfurl_url", "missing_scope", "cannot_find_message", "internal_error"])
async def test_a_rejected_preview_is_only_logged(slack: Slack, seed_service: BriefingService, code: str) -> None:
    slack.stand_in.replies["chat.unfurl"] = [{"ok": False, "error": code}]
    assert await share(slack, sign(quote_path(seed_service))) == []
    assert slack.stand_in.calls.count("chat.unfurl") == 1
    assert slack.stand_in.posts == []


async def test_an_address_with_encoded_ampersands_is_previewed_under_its_own_name(
    slack: Slack, seed_service: BriefingService
) -> None:
    url = sign(quote_path(seed_service)).replace("&", "&amp;")
    (call,) = await share(slack, url)
    assert list(call["unfurls"]) == [url]
