"""Registers all listeners for topics."""

from slack_bolt.async_app import AsyncApp

from bot.answers.answer_service import AnswerService
from bot.digests.service import DigestService
from bot.listeners.home import HomePublisher
from bot.listeners.topics import commands, form
from bot.listeners.topics.buttons import TopicButtons
from bot.topics.service import TopicService


def register(
    app: AsyncApp,
    answers: AnswerService,
    topic_service: TopicService | None,
    digest_service: DigestService | None,
    home_publisher: HomePublisher,
) -> None:
    """Register all listeners. Without `topic_service`, the command replies that topics need a database."""
    commands.register(app, answers, topic_service)
    if topic_service and digest_service:
        form.register(app, topic_service)
        TopicButtons(answers, topic_service, digest_service, home_publisher).register(app)
