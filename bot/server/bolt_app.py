"""Builds the Bolt application: its tokens, its middleware and its error handler, but no listeners.

Rule: building does not call Slack. Nothing that a user typed is logged.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.topic_scope import TopicScope
from bot.core.command_names import CommandNames
from bot.core.logs import format_traceback, get_library_logger, get_logger
from bot.core.public_errors import explain_publicly
from bot.core.settings import Settings
from bot.core.tenancy import set_team
from bot.mutes import current_channel
from bot.slack.authorization import TokenAuthorization
from bot.slack.permissions import actor
from bot.slack.transport import clients, deduplication
from bot.slack.transport.request_gate import RequestGate
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, ResponseUrlClient
from bot.slack.views import notices
from briefings import BriefingsError


def build_bolt_app(
    settings: Settings,
    authorization: TokenAuthorization | None,
    gate: RequestGate,
    topic_scope: TopicScope,
    response_url_client: ResponseUrlClient,
) -> AsyncApp:
    """Return the application without listeners. Without `authorization`, one workspace is served with one token."""
    bolt = AsyncApp(
        name="on-the-record",
        logger=get_library_logger(),
        client=clients.make_web_client(settings.api_url),
        signing_secret=settings.signing_secret or "",
        authorize=authorization or _make_single_workspace_authorize(settings),
        # RequestVerifier has already verified the bytes of the request, with Slack's own verifier
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    bolt.use(_use_team_of_request)
    if settings.command_names.own_names:
        bolt.use(_make_renaming_middleware(settings.command_names))
    bolt.use(deduplication.make_middleware(gate, response_url_client))
    bolt.use(topic_scope.enter)
    bolt.use(current_channel.make_middleware())
    bolt.use(actor.make_middleware())
    bolt.error(_make_error_handler(response_url_client))
    return bolt


async def _use_team_of_request(context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]) -> None:
    """Bolt middleware: let the rest of a request see the rows of the team that sent it, and no others."""
    set_team(get_team_id(context))
    await next_()


def _make_single_workspace_authorize(settings: Settings) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Return a Bolt `authorize` function that uses the bot token for every request.

    It replaces Bolt's `token` argument. With that, Bolt calls auth.test before the first acknowledgement, and switches
    to its own OAuth flow if the environment has a client id.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=settings.bot_token)

    return authorize


def _make_renaming_middleware(command_names: CommandNames) -> Callable[..., Awaitable[None]]:
    """Return Bolt middleware that lets each request's client use the team's command names."""

    async def rename(client: AsyncWebClient, next_: Callable[[], Awaitable[Any]]) -> None:
        clients.rename_commands(client, command_names)
        await next_()

    return rename


def _make_error_handler(response_url_client: ResponseUrlClient) -> Callable[..., Awaitable[None]]:
    """Return an error handler that does not log the message, which can contain user input, unlike Bolt's own."""

    async def handle_error(error: Exception, body: dict[str, Any], response: BoltResponse | None) -> None:
        reference = secrets.token_hex(4)
        get_logger().error(
            "listener failed", request=reference, error=type(error).__name__, place=format_traceback(error)
        )
        if isinstance(url := body.get("response_url"), str):
            is_expected = isinstance(error, BriefingsError)
            await response_url_client.deliver(
                Requester(url),
                notices.build_notice(explain_publicly(error)) if is_expected else notices.build_failure(reference),
            )
        if response is not None:  # listeners of events have none
            # an error status would make Slack retry, or show its own message
            response.status, response.body = 200, ""

    return handle_error
