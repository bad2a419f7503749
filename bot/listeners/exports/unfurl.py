"""Listens for links to our own pages in messages, and shows a preview of each.

Rule: the whole channel sees a preview, so it appears only if every member of the workspace may open the page: a link
with this workspace's valid key, or a link without a key where members can sign in. In channels shared with another
organisation there is no preview. In the composer the channel is not known yet, so only the title is shown there; the
sent message has its own event. A message is previewed once, and an error is only logged.
"""

import asyncio
import html
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import format_traceback, get_logger
from bot.core.settings import ReaderMode
from bot.links.page_address import PageAddress
from bot.listeners.exports.preview import load_preview
from bot.listeners.exports.preview_view import Preview, build_unfurl
from bot.slack.transport.clients import get_error_name
from bot.slack.transport.request_gate import RequestGate
from bot.slack.transport.request_verification import get_team_id, is_visible_outside
from bot.storage.request_log import Request
from briefings import BriefingsError

#: most links of one message with a preview, and seconds for all of them
MAX_LINKS, _TIMEOUT_SECONDS = 3, 20
#: longest id of a message to unfurl, in characters
_MAX_ID_LENGTH = 300


def register(app: AsyncApp, answers: AnswerService, gate: RequestGate, reader: ReaderMode) -> None:
    """Register the listener."""

    async def on_links(
        event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        team, target = get_team_id(context), _read_target(event)
        urls, is_composer = _read_urls(event), _is_composer(event)
        if not team or not target or not urls or is_visible_outside(context, body):
            return
        pages = {url: page for url in urls if (page := answers.links.find_page(html.unescape(url), team))}
        if not pages or not (await gate.admit(Request(_build_key(team, target)))).is_new:
            return
        unfurls: dict[str, dict[str, object]] = {}
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                for url, page in list(pages.items())[:MAX_LINKS]:
                    if preview := await _try_load(answers, page, reader):
                        unfurls[url] = build_unfurl(preview, html.unescape(url), only_title=is_composer)
        except TimeoutError:
            get_logger().warning("unfurl timed out", links=len(pages))
        if unfurls:
            await _send(client, target, unfurls)

    app.event("link_shared")(on_links)


async def _try_load(answers: AnswerService, page: PageAddress, reader: ReaderMode) -> Preview | None:
    """Return the preview of a page, or None after any error."""
    try:
        return await load_preview(answers, page, reader)
    except BriefingsError as error:
        get_logger().info("unfurl skipped", error=type(error).__name__)
    except TimeoutError:
        raise
    except Exception as error:  # noqa: BLE001  # one broken page must not stop the others
        get_logger().error("unfurl failed", error=type(error).__name__, place=format_traceback(error))
    return None


async def _send(client: AsyncWebClient, target: Mapping[str, str], unfurls: dict[str, dict[str, object]]) -> None:
    try:
        await client.chat_unfurl(
            channel=target.get("channel"),
            ts=target.get("ts"),
            unfurl_id=target.get("unfurl_id"),
            source=target.get("source"),
            unfurls=unfurls,
        )
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        reason = get_error_name(error)
        get_logger().warning("unfurl rejected", error=reason)
    else:
        get_logger().info("links unfurled", links=len(unfurls))


def _read_target(event: Mapping[str, Any]) -> dict[str, str]:
    """Return what names the message: unfurl_id and source, which the composer has too, or else channel and ts."""
    for names in (("unfurl_id", "source"), ("channel", "message_ts")):
        values = [event.get(name) for name in names]
        if all(isinstance(value, str) and 0 < len(value) <= _MAX_ID_LENGTH for value in values):
            arguments = ("unfurl_id", "source") if names[0] == "unfurl_id" else ("channel", "ts")
            return dict(zip(arguments, map(str, values), strict=True))
    return {}


def _is_composer(event: Mapping[str, Any]) -> bool:
    """Whether the link is in a message that is not sent yet: its channel may be shared with another organisation."""
    return event.get("source") == "composer" or event.get("channel") == "COMPOSER"


def _read_urls(event: Mapping[str, Any]) -> list[str]:
    links = event.get("links")
    entries: Sequence[Any] = links if isinstance(links, list) else ()
    urls = [entry.get("url") for entry in entries if isinstance(entry, Mapping)]
    return list(dict.fromkeys(url for url in urls if isinstance(url, str)))


def _build_key(team: str, target: Mapping[str, str]) -> str:
    return f"unfurl:{team}:{':'.join(target.values())}"
