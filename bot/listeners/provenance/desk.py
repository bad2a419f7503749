"""Decides about outlets and waiting links in Slack: `/briefing outlets`, `/briefing waiting` and their buttons.

Rule: every door checks who asks. Each decision is audited, and the person whose link was decided is told.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import get_logger
from bot.core.permissions.table import ADMINS_ONLY, GuardedAction
from bot.listeners.feeds import save_audit_entry
from bot.listeners.provenance import views
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.slack.views import notices
from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.review.waiting_links import WaitingLink, WaitingLinks
from briefings import BadInput, BadQuestion, OutletBook
from briefings.feeds import FeedReport

_T = TypeVar("_T")
#: what a button does: gets the client, the team, the person and the action
_Run = Callable[[AsyncWebClient, str, str, dict[str, Any]], Awaitable[Message]]
_COMMAND = re.compile(
    r"\s*(?:(?P<waiting>waiting(?:\s+links?)?)|outlets?(?P<list>\s+list)?|(?P<confirm>outlets?\s+confirm|confirm\s+outlet)"
    r"\s+(?P<name>.{1,200}?)\s+(?:=\s*|is\s+|on\s+)?<?(?P<host>(?:https?://)?[^\s|<>]+\.[^\s|<>]+)(?:\|[^<>]*)?>?"
    r"|(?:outlets?\s+remove|remove\s+outlet)\s+(?P<remove>.{1,200}?))\s*",
    re.IGNORECASE,
)
_DECIDED = "This link was decided already, or it expired."


class LinkAdder(Protocol):
    """Adds articles from links."""

    async def add(self, link: str) -> FeedReport:
        """Add the article at a URL and return the result. Raises DatabaseUnavailable."""


@dataclass(frozen=True, slots=True)
class OutletCommand:
    """A command about outlets or waiting links. `verb` is "waiting", "list", "confirm" or "remove"."""

    verb: str
    name: str = ""
    host: str = ""


def parse_outlet_command(text: str) -> OutletCommand | None:
    """Parse the text after `/briefing`. Return None if it is a question."""
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    if match["waiting"]:
        return OutletCommand("waiting")
    if match["confirm"]:
        return OutletCommand("confirm", _clean(match["name"]), match["host"])
    if match["remove"]:
        return OutletCommand("remove", _clean(match["remove"]))
    return OutletCommand("list")


class ProvenanceDesk:
    """Runs the commands and buttons. Without `waiting`, links of people who are not admins are refused."""

    def __init__(
        self,
        answers: AnswerService,
        link_adder: LinkAdder,
        authorizer: Authorizer,
        audit_log: AuditLog | None,
        waiting: WaitingLinks | None,
    ) -> None:
        self._answers = answers
        self._link_adder = link_adder
        self.authorizer = authorizer
        self._audit_log = audit_log
        self._waiting = waiting

    def register(self, app: AsyncApp) -> None:
        """Register the listeners of the buttons."""
        runs: dict[str, tuple[GuardedAction, _Run]] = {
            views.CONFIRM_ACTION: (GuardedAction.CONFIRM_OUTLET, self._press_confirm),
            views.ADD_ACTION: (GuardedAction.CONFIRM_ARTICLE, self._press_add),
            views.REFUSE_ACTION: (GuardedAction.CONFIRM_ARTICLE, self._press_refuse),
        }
        for action_id, (guarded_action, run) in runs.items():
            app.action(re.compile(rf"^{action_id}:"))(self._make_listener(action_id, guarded_action, run))

    async def answer(self, requester: Requester, team: str, command: OutletCommand) -> Message:
        """Run a command and return its answer. Raises BriefingsError."""
        person = requester.user
        action = GuardedAction.CONFIRM_ARTICLE if command.verb == "waiting" else GuardedAction.CONFIRM_OUTLET
        await self.authorizer.require(action, get_actor(team, person, requester.client))
        if command.verb == "waiting":
            return views.build_waiting_list(await self._waiting.list_links(team) if self._waiting else ())
        if command.verb == "confirm":
            return await self._confirm(team, person, command.name, command.host)
        if command.verb == "remove":
            change = await self._run(lambda outlets: outlets.remove(command.name))
            detail: dict[str, str | int | bool | None] = {"hosts": ", ".join(change.hosts)}
            await save_audit_entry(self._audit_log, AuditAction(team, person, "removed outlet", change.name, detail))
            return views.build_removed(change)
        return views.build_outlet_list(await self._run(lambda outlets: outlets.list_confirmed()))

    async def ask_to_add(self, team: str, person: str, links: Sequence[str]) -> Message:
        """Let links wait for an admin. Raises BadQuestion over a limit."""
        if self._waiting is None:
            raise BadQuestion(ADMINS_ONLY)
        for link in links:
            await self._waiting.add(team, person, link)
        return notices.build_notice(views.build_waiting_notice(len(links)))

    async def _confirm(self, team: str, person: str, name: str, host: str) -> Message:
        change = await self._run(lambda outlets: outlets.confirm(name, host, person))
        detail: dict[str, str | int | bool | None] = {"hosts": ", ".join(change.hosts)}
        await save_audit_entry(self._audit_log, AuditAction(team, person, "confirmed outlet", change.name, detail))
        return views.build_confirmed(change)

    async def _press_confirm(self, _client: AsyncWebClient, team: str, person: str, action: dict[str, Any]) -> Message:
        return await self._confirm(team, person, *views.decode_confirmation(action))

    async def _press_add(self, client: AsyncWebClient, team: str, person: str, action: dict[str, Any]) -> Message:
        number = views.decode_number(action)
        link = await self._find(team, number)
        report = await self._link_adder.add(link.link)
        if report.failures and not report.articles:
            reason = report.sentences[0] if report.sentences else report.summarise()
            return notices.build_notice(f"{reason} The link still waits.")
        if self._waiting is None or await self._waiting.take(team, number, "added", person) is None:
            raise BadQuestion(_DECIDED)
        await self._tell(client, link, f"An admin added the link that you suggested: {link.link}")
        return notices.build_notice(f"Added {link.link}: {report.summarise()}.")

    async def _press_refuse(self, client: AsyncWebClient, team: str, person: str, action: dict[str, Any]) -> Message:
        number = views.decode_number(action)
        link = await self._waiting.take(team, number, "refused", person) if self._waiting else None
        if link is None:
            raise BadQuestion(_DECIDED)
        await self._tell(client, link, f"An admin did not add the link that you suggested: {link.link}")
        return notices.build_notice(f"Refused {link.link}.")

    async def _find(self, team: str, number: int) -> WaitingLink:
        links = await self._waiting.list_links(team) if self._waiting else ()
        link = next((link for link in links if link.number == number), None)
        if link is None:
            raise BadQuestion(_DECIDED)
        return link

    async def _tell(self, client: AsyncWebClient, link: WaitingLink, sentence: str) -> None:
        """Message the person who suggested a link. What Slack refuses is logged."""
        text = mrkdwn.shorten(sentence, 2_000)
        key = sha256(f"waiting\0{link.team}\0{link.number}".encode()).hexdigest()[:32]
        try:
            await self._answers.poster.post(client, link.person, Message(text), key=key)
        except (NotPosted, DeliveryUncertain) as error:
            get_logger().info("waiting link message not sent", error=type(error).__name__)

    async def _run(self, work: Callable[[OutletBook], _T]) -> _T:
        """Run work on the outlets of the request's record. What can't be done is told to the person."""
        try:
            return await self._answers.executor.call(lambda service: work(service.outlets))
        except BadInput as error:
            raise BadQuestion(str(error)) from error

    def _make_listener(self, source: str, guarded_action: GuardedAction, run: _Run) -> Callable[..., Awaitable[None]]:
        async def on_press(
            ack: AsyncAck,
            body: dict[str, Any],
            action: dict[str, Any],
            client: AsyncWebClient,
            context: AsyncBoltContext,
        ) -> None:
            await ack()
            requester, team = get_requester(body, client), get_team_id(context)

            async def decide() -> Message:
                await self.authorizer.require(guarded_action, get_actor(team, requester.user, client))
                return await run(client, team, requester.user, action)

            await self._answers.executor.answer(requester, decide, source=source)

        return on_press


def _clean(name: str) -> str:
    return name.strip().strip("\"“”'‘’").strip()
