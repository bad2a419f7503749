"""Saves a document for one user: as a canvas in Slack, or as a file in their direct messages with the bot.

Rule: what happened is one sentence, also after an error. Nothing is tried twice after a lost connection, so a document
is never saved twice.
"""

from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, section
from bot.slack.transport.clients import get_error_code
from briefings import BriefingsError
from briefings.exports import Document, ExportedFile

#: most bytes of a canvas (Slack's limit is 1 MiB), and most characters of its title
MAX_CANVAS_BYTES, _MAX_TITLE_LENGTH = 1_000_000, 100
_REINSTALL = "On the Record doesn't have the permission yet. Ask an admin to reinstall the app."
_CANVAS_PROBLEMS = {
    "canvas_disabled_user_team": "Canvases are turned off in this workspace.",
    "canvas_disabled_file_team": "Canvases are turned off in this workspace.",
    "free_team_not_allowed": "This workspace's plan doesn't allow canvases.",
    "free_teams_cannot_create_non_tabbed_canvases": "This workspace's plan allows canvases only in channels.",
    "team_tier_cannot_create_channel_canvases": "This workspace's plan doesn't allow canvases.",
    "restricted_action": "An admin has restricted canvases here.",
    "access_denied": "An admin has restricted canvases here.",
    "user_is_restricted": "Guests can't get canvases here.",
    "missing_scope": _REINSTALL,
    "no_permission": _REINSTALL,
    "not_allowed_token_type": _REINSTALL,
    "ratelimited": "Slack is busy.",
}
_FILE_PROBLEMS = {
    "missing_scope": _REINSTALL,
    "no_permission": _REINSTALL,
    "not_allowed_token_type": _REINSTALL,
    "restricted_action": "An admin has restricted files here.",
    "file_uploads_disabled": "Files are turned off in this workspace.",
    "file_upload_size_restricted": "The file is too large for this workspace.",
    "file_uploads_except_images_blocked": "Only images can be uploaded in this workspace.",
    "blocked_file_type": "This type of file is blocked in this workspace. Try another one.",
    "storage_limit_reached": "This workspace has no room for more files.",
    "not_in_channel": "Open your direct messages with On the Record first, then try again.",
    "channel_not_found": "Open your direct messages with On the Record first, then try again.",
    "cannot_dm_bot": "Open your direct messages with On the Record first, then try again.",
    "messages_tab_disabled": "The app's messages are turned off in this workspace.",
    "ratelimited": "Slack is busy. Please try again in a minute.",
}
_UNCONFIRMED_CANVAS = "Slack didn't confirm the canvas. Look at Canvases in Slack before you try again."
_CHOOSE_FILE = "Choose a file instead."
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError)


class NotSaved(BriefingsError):
    """The document was not saved, or it is not known whether it was; the message says which and why."""


class CanvasRefused(NotSaved):
    """Slack allows no canvas here; a file may work."""


@dataclass(frozen=True, slots=True)
class SaveTarget:
    """Who gets the document, through which client."""

    client: AsyncWebClient
    user: str


async def save_canvas(target: SaveTarget, title: str, markdown: str) -> str:
    """Create a canvas for the user, and return the sentence about it as markup. Raises CanvasRefused, NotSaved."""
    if len(markdown.encode()) > MAX_CANVAS_BYTES:
        raise CanvasRefused(f"This answer is too long for a canvas. {_CHOOSE_FILE}")
    title = mrkdwn.to_plain_text(title, _MAX_TITLE_LENGTH) or "On the Record"
    content = {"type": "markdown", "markdown": markdown}
    try:
        response = await target.client.canvases_create(title=title, document_content=content)
    except _FAILURES as error:
        raise _explain_canvas_failure(error, "Slack didn't create the canvas.") from error
    canvas_id = response.get("canvas_id")
    if not isinstance(canvas_id, str) or not canvas_id:
        raise NotSaved(_UNCONFIRMED_CANVAS)
    try:
        await target.client.canvases_access_set(canvas_id=canvas_id, access_level="write", user_ids=[target.user])
    except _FAILURES as error:
        await _try_delete_canvas(target.client, canvas_id)
        raise _explain_canvas_failure(error, "Slack didn't share the canvas with you.") from error
    link = mrkdwn.format_link(await _find_canvas_url(target.client, canvas_id), title)
    sentence = f"Saved as a canvas: {link}"
    await _try_post(target, sentence)
    return sentence


async def upload_file(target: SaveTarget, document: Document, file: ExportedFile, label: str) -> str:
    """Upload a file to the user's direct messages with the bot, and return the sentence about it as markup.

    Raises NotSaved.
    """
    title = mrkdwn.shorten(document.title, 200) or "On the Record"
    sentence = f"{title}: {mrkdwn.escape_mrkdwn(label)}"
    client = target.client
    with_problems = _Problems("file not uploaded", _FILE_PROBLEMS, "Slack didn't accept the file.")
    try:
        # posting to a user opens the conversation, and tells its id
        announcement = await client.chat_postMessage(
            channel=target.user, **Message(sentence, (section(sentence),)).content
        )
    except _FAILURES as error:
        raise with_problems(error) from error
    channel, ts = str(announcement["channel"]), str(announcement["ts"])
    try:
        await client.files_upload_v2(
            filename=file.name,
            content=file.content,
            title=mrkdwn.to_plain_text(document.title, _MAX_TITLE_LENGTH) or file.name,
            channel=channel,
            request_file_info=False,
        )
    except _FAILURES as error:
        problem = with_problems(error)
        await _try_replace(client, channel, ts, f"{sentence}. {mrkdwn.escape_mrkdwn(str(problem))}")
        raise problem from error
    return "Saved. The file is in your direct messages with On the Record."


def _explain_canvas_failure(error: Exception, default: str) -> NotSaved:
    """Return the error for the user. After a lost connection, the canvas may exist."""
    if isinstance(error, SlackApiError):
        code = get_error_code(error)
        get_logger().warning("canvas not saved", error=code)
        return CanvasRefused(f"{_CANVAS_PROBLEMS.get(code, default)} {_CHOOSE_FILE}")
    get_logger().error("canvas unconfirmed", error=type(error).__name__)
    return NotSaved(_UNCONFIRMED_CANVAS)


async def _try_delete_canvas(client: AsyncWebClient, canvas_id: str) -> None:
    """Delete a canvas that its user can't open. Never raises."""
    try:
        await client.canvases_delete(canvas_id=canvas_id)
    except _FAILURES as error:
        get_logger().info("canvas not deleted", error=type(error).__name__)


class _Problems:
    """Turns Slack's errors into sentences."""

    def __init__(self, event: str, sentences: dict[str, str], default: str) -> None:
        self._event, self._sentences, self._default = event, sentences, default

    def __call__(self, error: Exception) -> NotSaved:
        if isinstance(error, SlackApiError):
            code = get_error_code(error)
            get_logger().warning(self._event, error=code)
            return NotSaved(self._sentences.get(code, f"{self._default} Please try again in a minute."))
        get_logger().error(self._event, error=type(error).__name__)
        return NotSaved("Slack didn't confirm the file. Look at your direct messages with On the Record first.")


async def _find_canvas_url(client: AsyncWebClient, canvas_id: str) -> str | None:
    """Return the canvas's URL, or None if Slack does not tell the workspace's address."""
    try:
        identity = await client.auth_test()
    except _FAILURES as error:
        get_logger().info("canvas link not built", error=type(error).__name__)
        return None
    base_url, team = str(identity.get("url") or ""), str(identity.get("team_id") or "")
    return f"{base_url.rstrip('/')}/docs/{team}/{canvas_id}" if base_url and team else None


async def _try_post(target: SaveTarget, sentence: str) -> None:
    """Post the sentence in the user's direct messages, so that they find the canvas again. Never raises."""
    try:
        await target.client.chat_postMessage(channel=target.user, **Message(sentence, (section(sentence),)).content)
    except _FAILURES as error:
        get_logger().info("canvas link not posted", error=type(error).__name__)


async def _try_replace(client: AsyncWebClient, channel: str, ts: str, sentence: str) -> None:
    """Replace the announcement of a file that was not uploaded. Never raises."""
    try:
        await client.chat_update(channel=channel, ts=ts, **Message(sentence, (section(sentence),)).content)
    except _FAILURES as error:
        get_logger().info("announcement not replaced", error=type(error).__name__)
