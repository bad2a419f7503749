"""Builds the content of digests for the runner: what is new to a channel, as messages and as an e-mail.

Rule: a channel never gets the same news twice, even from two digests, and nothing from a source that it mutes. A
correction is posted by a digest on the same story.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.executor import Executor
from bot.answers.left_out import EVERYTHING, LeftOut
from bot.answers.question_reader import RecordNames
from bot.answers.topic_scope import TopicScope
from bot.digests import digest_view, news_digest
from bot.digests.delivery.channel_settings import ChannelSettings
from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.history import build_history_items, build_reading_history
from bot.digests.mail.content import build_digest_mail
from bot.digests.model import Content, DetailsPlace, Digest, DigestConfig, HistoryEntry, WhenNothing
from bot.mutes.current_channel import use_channel
from bot.mutes.service import MuteService
from bot.slack.blocks.message import add_note
from briefings import BriefingService


class UpdateSource:
    """Content source of the runner: finds the updates that a channel has not seen."""

    def __init__(
        self,
        executor: Executor,
        repository: DigestRepository,
        channel_settings: ChannelSettings | None = None,
        topic_scope: TopicScope | None = None,
        mute_service: MuteService | None = None,
        *,
        with_mail: bool = False,
    ) -> None:
        self._executor = executor
        self._repository = repository
        self._channel_settings = channel_settings
        self._topic_scope = topic_scope
        self._mute_service = mute_service
        self._with_mail = with_mail

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """Return what the channel has not seen yet, or None if there is nothing to post. Raises BriefingsError."""
        config = digest.config
        history = await self._repository.list_history(config.team, config.channel)
        place = DetailsPlace.THREAD
        if self._channel_settings:
            place = await self._channel_settings.get_details_place(config.team, config.channel)
        left_out = EVERYTHING
        if self._mute_service:
            left_out = await self._mute_service.find_left_out(config.team, config.channel)
        topics = await self._topic_scope.load(config.team) if self._topic_scope else None
        if topics and (removed := topics.find_removed(config.query)):
            return news_digest.build_removal(removed.title, config.query, [entry.item for entry in history])
        scope = self._topic_scope.use(topics) if self._topic_scope else nullcontext()
        with scope, use_channel(config.team, config.channel):
            return await self._executor.call(
                lambda service: build_content(service, digest, history, now, place, left_out, with_mail=self._with_mail)
            )


def build_content(
    service: BriefingService,
    digest: Digest,
    history: Sequence[HistoryEntry],
    now: datetime,
    details_place: DetailsPlace = DetailsPlace.THREAD,
    left_out: LeftOut = EVERYTHING,
    *,
    with_mail: bool = False,
) -> Content | None:
    """Return the content of a digest, given the channel's history. Blocks. Raises BriefingsError."""
    config = digest.config
    service = service.leave_out(left_out.sources) if left_out.sources else service
    today = now.astimezone(ZoneInfo(config.zone)).date()
    left_out_sentence = left_out.note.partition(". ")[0]
    mail_note = (f"{left_out_sentence}." if left_out_sentence else "") if with_mail else None
    if period := news_digest.find_period(config.query, today, RecordNames(service)):
        content = news_digest.build_content(service, config.query, period, [entry.item for entry in history], mail_note)
        if content and left_out.note:
            return replace(content, message=add_note(content.message, left_out.note))
        return content or _build_empty_content(config, news_digest.get_title(period), left_out)
    reading_history = build_reading_history(config.query, [entry.item for entry in history])
    update = service.get_update(config.query, reading_history, today=today)
    if update is None:
        return _build_empty_content(config, service.get_title(config.query), left_out)
    message, details = digest_view.build_messages(update, config.query, details_place, left_out.note)
    # a channel without details must not read later that a line it never got was corrected
    posted_update = digest_view.keep_shown(update) if details_place is DetailsPlace.NONE else update
    mail = None
    if mail_note is not None:
        mail = build_digest_mail(posted_update, digest_view.summarize(posted_update), mail_note)
    return Content(message, details, build_history_items(config.query, posted_update), details_place, mail)


def _build_empty_content(config: DigestConfig, title: str, left_out: LeftOut) -> Content | None:
    """Return the line that nothing is new, if the channel wants it."""
    empty_content = Content(digest_view.build_empty_message(title, left_out.note))
    return empty_content if config.when_nothing is WhenNothing.ONE_LINE else None
