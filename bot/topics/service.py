"""Lists, changes and suggests topics for the listeners, and describes the results.

Rule: `Authorizer` decides who can change a workspace's topics; each change is in the audit log.
"""

from bot.answers.current_topics import get_team_topics
from bot.answers.executor import Executor
from bot.answers.left_out import FindLeftOut, add_left_out_note
from bot.answers.suggestions import SuggestionFinder
from bot.answers.topic_scope import TopicScope
from bot.core.permissions.table import GuardedAction
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer
from bot.storage.topics.changes import (
    AddTopic,
    MergeTopics,
    MuteTopic,
    RemoveTopic,
    RenameTopic,
    RestoreTopic,
    SetWords,
    TeamTopics,
    TopicChange,
)
from bot.storage.topics.repository import TopicRepository
from bot.topics import list_view
from bot.topics.form_view import SubmittedTopic
from briefings import BadQuestion, BriefingService, Topic, TopicSummary
from briefings.stories import find_topic


class TopicService:
    """Manages the topics of all workspaces. `find_left_out` finds what the services of `executor` leave out."""

    def __init__(
        self,
        executor: Executor,
        scope: TopicScope,
        repository: TopicRepository,
        suggestions: SuggestionFinder,
        find_left_out: FindLeftOut,
        authorizer: Authorizer,
    ) -> None:
        self._authorizer = authorizer
        self._executor = executor
        self._scope = scope
        self._repository = repository
        self._suggestions = suggestions
        self._find_left_out = find_left_out

    async def load(self, team: str) -> TeamTopics:
        """Return the topics of a workspace, and use them in the rest of the request."""
        await self._scope.select(team)
        return get_team_topics() or await self._repository.load(team)

    async def require_permission(self, team: str, person: str) -> None:
        """Raise BadQuestion for people who may not change topics."""
        await self._authorizer.require(GuardedAction.CHANGE_TOPIC, get_actor(team, person))

    async def list_topics(self, page: int = 1, note: str = "") -> Message:
        """Return a page of the list. Raises BriefingsError."""
        summaries = await self._executor.call(lambda service: service.list_topics(include_muted=True))
        return list_view.build_topic_list(summaries, page, note)

    async def show(self, team: str, name: str, note: str = "") -> Message:
        """Return one topic. Raises BadQuestion for an unknown name."""
        topic = (await self.load(team)).find(name)
        return list_view.build_topic(await self._executor.call(lambda service: _summarize(service, topic)), note)

    async def suggest(self, note: str = "") -> Message:
        """Return the list of suggested topics. Raises BriefingsError."""
        message = list_view.build_suggestions(await self._suggestions.find(), note)
        return await add_left_out_note(message, self._find_left_out)

    async def change(self, team: str, person: str, change: TopicChange) -> Message:
        """Make a change and return what it did. Raises BriefingsError."""
        topic, note = await self._apply(team, person, change)
        if isinstance(change, RemoveTopic):
            return list_view.build_removal(topic)
        return await self.show(team, topic.slug, note)

    async def _apply(self, team: str, person: str, change: TopicChange) -> tuple[Topic, str]:
        """Make a change. Return the topic and markup that says what was done. Raises BriefingsError."""
        await self.require_permission(team, person)
        before = await self.load(team)
        _, topic = await self._repository.change(team, person, change)
        await self._scope.select(team)
        return topic, _describe(change, topic, before)

    async def save_form(self, team: str, person: str, form: SubmittedTopic) -> Message:
        """Save a submitted form and return what changed. Raises BriefingsError."""
        if not form.slug:
            return await self.change(team, person, AddTopic(form.name, form.words))
        topic = (await self.load(team)).find(form.slug)
        if form.merge_into:
            return await self.change(team, person, MergeTopics(topic.slug, form.merge_into))
        notes: list[str] = []

        async def apply(change: TopicChange) -> None:
            nonlocal topic
            topic, note = await self._apply(team, person, change)
            notes.append(note)

        if form.name != topic.title:
            await apply(RenameTopic(topic.slug, form.name))
        if form.words and form.words != topic.words:
            await apply(SetWords(topic.slug, form.words))
        if form.is_muted != topic.is_muted:
            await apply(MuteTopic(topic.slug, form.is_muted))
        return await self.show(team, topic.slug, " ".join(notes) or "Nothing was changed.")


def _summarize(service: BriefingService, topic: Topic) -> TopicSummary:
    summaries = service.list_topics(include_muted=True)
    return next((summary for summary in summaries if summary.topic.slug == topic.slug), TopicSummary(topic, 0, None))


def _describe(change: TopicChange, topic: Topic, before: TeamTopics) -> str:
    """Return markup that says what a change did."""
    title = f"*{mrkdwn.shorten(topic.title, 150)}*"
    match change:
        case AddTopic():
            return f"Made the topic {title}."
        case RenameTopic(name, _):
            return f"Renamed “{_get_title(before, name)}” to {title}. Digests and links on it go on."
        case MergeTopics(name, _):
            return f"Merged “{_get_title(before, name)}” into {title}. Digests and links on it go on here."
        case MuteTopic(_, True):
            return f"Muted {title}: it's left out of lists and suggestions. You can still ask for it; digests go on."
        case MuteTopic():
            return f"{title} is listed again."
        case RestoreTopic():
            return f"Restored {title}."
        case SetWords(_, _, adds, removes):
            verb = "Added words to" if adds else "Removed words from" if removes else "Changed the words of"
            return f"{verb} {title}."
        case RemoveTopic():
            return f"Removed {title}."
    raise BadQuestion("This change is unknown.")


def _get_title(topics: TeamTopics, name: str) -> str:
    topic = find_topic(topics.topics, name)
    return mrkdwn.shorten(topic.title if topic else name, 150)
