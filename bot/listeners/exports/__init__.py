"""A way out of Slack: copied quotations, canvases, files, and previews of links to our pages."""

from slack_bolt.async_app import AsyncApp

from bot.answers.answer_service import AnswerService
from bot.core.settings import Settings
from bot.listeners.exports import copy_quote, save_form, unfurl
from bot.slack.permissions.authorizer import Authorizer
from bot.slack.transport.request_gate import RequestGate


def register(
    app: AsyncApp, answers: AnswerService, gate: RequestGate, settings: Settings, authorizer: Authorizer
) -> None:
    """Register the listeners."""
    copy_quote.register(app, answers)
    save_form.register(app, answers, authorizer)
    unfurl.register(app, answers, gate, settings.reader)
