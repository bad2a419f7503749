"""The briefing service with the topics of the workspace that asks."""

import asyncio
from datetime import date

import pytest

import briefings
from bot.answers.current_topics import load_topics_key, set_topics_source, use_topics
from bot.answers.left_out import EVERYTHING, LeftOut
from bot.answers.question_reader import QuestionReader, read_question
from bot.answers.topic_scope import TopicScope
from bot.core.tenancy import use_no_team, use_team
from bot.queries.queries import BriefingQuery, Command
from bot.storage.topics.changes import TeamTopics
from bot.storage.topics.repository import TopicRepository
from briefings import BriefingService, DatabaseUnavailable, Topic
from briefings.model import Article
from briefings.source_filter import build_source_filter

TODAY = date(2031, 3, 3)
FLOODS = Topic("easton-flood", "Easton flood", ("flood",), former_names=("floods",))

STRIKES = Topic("strikes", "Strikes", ("strike",))


async def select(scope: TopicScope) -> BriefingService:
    """Return the service with the topics of the request, with all sources."""
    with await scope.borrow_whole_service() as record:
        return record.service


async def find(scope: TopicScope) -> BriefingService:
    """Return the service for an answer to the request."""
    with await scope.borrow_service() as record:
        return record.service


class FailingRepository(TopicRepository):
    """A repository whose database does not answer. `last` are the topics that were read before."""

    def __init__(self, last: TeamTopics | None = None) -> None:
        """Open nothing."""
        self._last = last

    async def load(self, team: str) -> TeamTopics:
        raise DatabaseUnavailable(f"The database of {team} does not answer.")

    def get_last(self, team: str) -> TeamTopics | None:
        return self._last if self._last and self._last.team == team else None


async def test_each_workspace_gets_a_service_with_its_own_topics() -> None:
    with briefings.open(":memory:") as service:
        service.add([Article("a", "The flood reached Easton on Monday.", "The Tribune", TODAY)])
        scope = TopicScope(service)
        with use_topics(TeamTopics("T1", 1, (FLOODS,))):
            team_service = await select(scope)
            assert team_service.get_title("floods") == "Easton flood"
            assert await select(scope) is team_service
        with use_topics(TeamTopics("T1", 2, ())):
            assert await select(scope) is service
        assert await select(scope) is service


async def test_database_that_does_not_answer_leaves_the_topics_of_the_file() -> None:
    with briefings.open(":memory:") as service:
        scope = TopicScope(service, FailingRepository())
        await scope.select("T1")
        assert await select(scope) is service


async def test_database_that_does_not_answer_leaves_the_topics_that_were_read_last() -> None:
    with briefings.open(":memory:") as service:
        scope = TopicScope(service, FailingRepository(TeamTopics("T1", 4, (FLOODS,))))
        await scope.select("T1")
        assert (await select(scope)).get_title("floods") == "Easton flood"


async def test_digest_never_uses_other_topics_than_its_own() -> None:
    """A digest on a workspace's own topic would else post what has the words of its name, and count it as read."""
    with briefings.open(":memory:") as service, pytest.raises(DatabaseUnavailable):
        await TopicScope(service, FailingRepository()).load("T1")


async def test_requests_at_the_same_time_keep_their_own_topics() -> None:
    async def read_key(topic: Topic) -> str:
        with use_topics(TeamTopics("T1", 7, (topic,))):
            await asyncio.sleep(0)
            return await load_topics_key()

    keys = await asyncio.gather(read_key(FLOODS), read_key(STRIKES), read_key(FLOODS))
    assert keys[0] == keys[2] != keys[1]
    assert await load_topics_key() == ""


async def test_workspaces_share_answers_only_if_they_share_a_record() -> None:
    """What does not say that it is shared is not."""
    topics = TeamTopics("T1", 7, (FLOODS,))
    for shares_record, key_count in ((True, 1), (False, 3)):
        keys = set()
        for scope in (use_team("T1"), use_team("T2"), use_no_team()):
            with scope, use_topics(topics, shares_record=shares_record):
                keys.add(await load_topics_key())
        assert len(keys) == key_count
    with use_team("T1"):
        assert await load_topics_key() == "T1:"


async def test_question_is_read_again_when_the_topics_have_changed() -> None:
    with briefings.open(":memory:") as service:
        scope = TopicScope(service)

        async def call(work: object) -> object:
            return work(await select(scope))  # type: ignore[operator]  # a function of the service

        reader = QuestionReader(call, lambda: 0.0)  # type: ignore[arg-type]  # as above
        assert await reader.read(Command.BRIEFING, "floods", TODAY) == BriefingQuery("floods")
        with use_topics(TeamTopics("T1", 1, (FLOODS,))):
            assert await reader.read(Command.BRIEFING, "floods", TODAY) == BriefingQuery("easton-flood")


def test_former_name_is_read_as_the_topic() -> None:
    with briefings.open(":memory:", [FLOODS]) as service:
        assert isinstance(service, BriefingService)
        assert read_question(service, Command.BRIEFING, "the floods", TODAY) == BriefingQuery("easton-flood")


async def test_topics_are_read_once_when_a_request_first_needs_them() -> None:
    """An acknowledgement never waits for them."""
    readings: list[str] = []

    async def load() -> TeamTopics:
        readings.append("T1")
        await asyncio.sleep(0)
        return TeamTopics("T1", 7, (FLOODS,))

    set_topics_source(load)
    assert readings == []
    keys = await asyncio.gather(load_topics_key(), load_topics_key())
    assert keys[0] == keys[1] == await load_topics_key() != ""
    assert readings == ["T1"]


async def test_service_for_a_request_leaves_out_what_its_channel_mutes() -> None:
    async def find_left_out() -> LeftOut:
        return LeftOut(build_source_filter(["The Tribune"]))

    with briefings.open(":memory:") as service:
        service.add([Article("a", "The flood reached Easton on Monday.", "The Tribune", TODAY)])
        assert (await find(TopicScope(service))).get_counts().articles == 1
        scope = TopicScope(service, find_left_out=find_left_out)
        assert (await find(scope)).get_counts().articles == 0
        with use_topics(TeamTopics("T1", 1, (FLOODS,))):
            (topic,) = (await find(scope)).list_topics()
        assert (topic.topic.slug, topic.articles) == ("easton-flood", 0)


async def test_questions_are_read_for_each_set_of_muted_sources() -> None:
    left_out = [EVERYTHING]
    services: list[str] = []

    async def find_left_out() -> LeftOut:
        return left_out[-1]

    async def call(_: object) -> object:
        services.append(left_out[-1].note)
        return BriefingQuery("floods")

    reader = QuestionReader(call, lambda: 0.0, find_left_out)  # type: ignore[arg-type]  # a stand-in without a service
    for note in ("", "", "1 muted source", "1 muted source", ""):
        left_out.append(LeftOut(note=note))
        await reader.read(Command.BRIEFING, "floods", TODAY)
    assert services == ["", "1 muted source"]
