"""Decisions: each action, each kind of person and each place, generated from the permissions table."""

from dataclasses import replace
from itertools import product

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.permissions.admin_list import NO_ENTRIES, AdminList
from bot.core.permissions.table import ADMINS_ONLY, PERMISSIONS, GuardedAction, Role
from bot.core.record_policy import RECORD_REFUSAL, RecordMode, RecordPolicy
from bot.slack.permissions import authorizer as sentences
from bot.slack.permissions.actor import OPERATOR, Actor
from bot.slack.permissions.authorizer import OPENING, Allowed, Authorizer, NotAllowed, Refusal, Subject
from bot.slack.permissions.directory import SlackDirectory
from tests.support.slack_directory import FakeDirectory, serve

#: each person's roles in the table, and the sentence for those who have none of them whatever the rule
PEOPLE: dict[str, tuple[set[Role], str]] = {
    "UADMIN": ({Role.PERSON, Role.MEMBER, Role.ADMIN}, ""),
    "UCREATOR": ({Role.PERSON, Role.MEMBER, Role.CREATOR}, ""),
    "UMEMBER": ({Role.PERSON, Role.MEMBER}, ""),
    "UGUEST": ({Role.PERSON}, sentences.GUEST),
    "UVISITOR": ({Role.PERSON}, sentences.GUEST),
    "UGONE": ({Role.PERSON}, sentences.INACTIVE),
    "UBOT": ({Role.PERSON}, sentences.INACTIVE),
    "USTRANGER": (set(), sentences.EXTERNAL),
}
#: how the request shows where they are: in the channel, elsewhere though in the channel, or not in it
PLACES = ("here", "elsewhere", "outside")


_ONE_WORKSPACE = RecordPolicy()


def make_authorizer(admins: AdminList = NO_ENTRIES, policy: RecordPolicy = _ONE_WORKSPACE) -> Authorizer:
    return Authorizer(admins, policy, SlackDirectory(lambda: 0.0))


def find_expected_sentence(action: GuardedAction, user: str, place: str) -> str | None:
    """Return the refusal that the table asks for, or None."""
    rule, (roles, kind_sentence) = PERMISSIONS[action], PEOPLE[user]
    if Role.OPERATOR in rule.roles:
        return rule.refusal
    if user == "USTRANGER":
        return sentences.EXTERNAL
    is_free = user == "UCREATOR" and rule.is_free_for_creator
    if Role.PERSON not in rule.roles and not is_free:
        if kind_sentence:
            return kind_sentence
        if not roles & rule.roles:
            return rule.refusal
    return sentences.NOT_IN_CHANNEL if rule.is_in_channel and place == "outside" and not is_free else None


async def test_every_action_person_and_place_is_decided_as_the_table_says() -> None:
    fake = FakeDirectory()
    wrong = []
    async with serve(fake) as client:
        for action, user, place in product(GuardedAction, PEOPLE, PLACES):
            fake.channels["C1"] = [] if place == "outside" else list(PEOPLE)
            authorizer = make_authorizer()
            actor = Actor("T1", user, client, "C1" if place == "here" else "", is_external=user == "USTRANGER")
            decision = await authorizer.authorize(action, actor, Subject("C1", {"UCREATOR"}))
            sentence = decision.sentence if isinstance(decision, Refusal) else None
            if sentence != find_expected_sentence(action, user, place):
                wrong.append((action.value, user, place, sentence))
    assert wrong == []


def test_every_action_has_a_rule_and_every_rule_of_few_a_sentence() -> None:
    assert set(PERMISSIONS) == set(GuardedAction)
    for action, rule in PERMISSIONS.items():
        is_open = rule.roles & {Role.PERSON, Role.MEMBER}
        assert rule.roles, action
        assert bool(rule.refusal) is not bool(is_open), action


async def test_operator_may_do_everything_and_nobody_else_what_only_the_operator_may() -> None:
    authorizer = make_authorizer()
    for action in GuardedAction:
        assert await authorizer.is_allowed(action, OPERATOR)


@pytest.mark.parametrize(
    ("actor", "subject", "sentence"),
    [
        (Actor("", "U1"), Subject("C1"), sentences.NO_PERSON),
        (Actor("T1", ""), Subject("C1"), sentences.NO_PERSON),
        (Actor("T1", "terminal"), Subject("C1"), sentences.NO_PERSON),
        (Actor("T1", "U1 OR 1=1"), Subject("C1"), sentences.NO_PERSON),
        (Actor("T1", "U1"), Subject(), sentences.NO_CHANNEL),
        (Actor("T1", "U1"), Subject("C1"), sentences.SLACK_SILENT),
        (Actor("T1", "U1", is_external=True), Subject("C1"), sentences.EXTERNAL),
    ],
)
async def test_incomplete_requests_are_refused_without_a_call(actor: Actor, subject: Subject, sentence: str) -> None:
    decision = await make_authorizer().authorize(GuardedAction.SCHEDULE_DIGEST, actor, subject)
    assert decision == Refusal(sentence)


@pytest.mark.parametrize("error", ["internal_error", "missing_scope"])
@pytest.mark.parametrize("action", [GuardedAction.SCHEDULE_DIGEST, GuardedAction.FOLLOW_FEED, GuardedAction.SHARE])
async def test_silence_of_slack_is_not_called_a_lack_of_rights(action: GuardedAction, error: str) -> None:
    fake = FakeDirectory()
    fake.error = error
    async with serve(fake) as client:
        decision = await make_authorizer().authorize(action, Actor("T1", "UADMIN", client), Subject("C1"))
        assert decision == Refusal(sentences.NO_SCOPE if error == "missing_scope" else sentences.SLACK_SILENT)
        fake.error = None
        assert await make_authorizer().is_allowed(action, Actor("T1", "UADMIN", client), Subject("C1"))


@pytest.mark.parametrize(
    ("entries", "user", "is_admin"),
    [
        ((), "UADMIN", True),
        ((), "UOWNER", True),
        ((), "UMEMBER", False),
        (("UMEMBER",), "UMEMBER", True),
        (("UMEMBER",), "UADMIN", False),
        (("T1:UMEMBER",), "UMEMBER", True),
        (("T2:UMEMBER",), "UMEMBER", False),
        (("UMEMBER", "SADMINS"), "UADMIN", False),
        (("SADMINS",), "UMEMBER", True),
        (("T1:SADMINS",), "UMEMBER", True),
        (("SADMINS",), "UCREATOR", False),
        # named, and yet never admins
        (("UGUEST",), "UGUEST", False),
        (("UVISITOR",), "UVISITOR", False),
        (("USTRANGER",), "USTRANGER", False),
        (("UOTHERTEAM",), "UOTHERTEAM", False),
        (("UGONE",), "UGONE", False),
        (("UBOT",), "UBOT", False),
    ],
)
async def test_admins_are_the_named_full_members_or_else_those_of_the_workspace(
    entries: tuple[str, ...], user: str, *, is_admin: bool
) -> None:
    async with serve(FakeDirectory()) as client:
        authorizer = make_authorizer(AdminList(entries))
        decision = await authorizer.authorize(GuardedAction.FOLLOW_FEED, Actor("T1", user, client))
    assert isinstance(decision, Allowed) is is_admin


async def test_new_admin_and_new_member_of_a_group_may_at_once() -> None:
    fake, authorizer = FakeDirectory(), make_authorizer(AdminList(("T1:UMEMBER", "SADMINS")))
    plain = make_authorizer()
    async with serve(fake) as client:
        actor = Actor("T1", "UCREATOR", client)
        for each in (authorizer, plain):
            decision = await each.authorize(GuardedAction.ADD_ARTICLE, actor)
            assert decision == Refusal(ADMINS_ONLY)
        fake.groups["SADMINS"].append("UCREATOR")
        fake.profiles["UCREATOR"]["is_admin"] = True
        for each in (authorizer, plain):
            assert await each.is_allowed(GuardedAction.ADD_ARTICLE, actor)


@pytest.mark.parametrize(
    ("policy", "team", "is_allowed"),
    [
        (RecordPolicy(), "T1", True),
        (RecordPolicy(has_many_workspaces=True), "T1", False),
        (RecordPolicy(operator_team="T1", has_many_workspaces=True), "T1", True),
        (RecordPolicy(operator_team="T9", has_many_workspaces=True), "T1", False),
        (RecordPolicy(RecordMode.PER_TEAM, has_many_workspaces=True), "T1", True),
    ],
)
async def test_admins_of_other_workspaces_cannot_change_the_record_of_the_operator(
    policy: RecordPolicy, team: str, *, is_allowed: bool
) -> None:
    async with serve(FakeDirectory()) as client:
        authorizer, actor = make_authorizer(policy=policy), Actor(team, "UADMIN", client, "C1")
        for action, rule in PERMISSIONS.items():
            decision = await authorizer.authorize(action, actor, Subject("C1", {"UADMIN"}))
            if rule.is_about_record and not is_allowed:
                assert decision == Refusal(RECORD_REFUSAL)
            else:
                assert isinstance(decision, Allowed) is (Role.OPERATOR not in rule.roles)


@pytest.mark.parametrize(
    ("actor", "subject", "is_allowed"),
    [
        (Actor("T1", "UMEMBER", channel="D1"), Subject("D1"), True),
        (Actor("T1", "UMEMBER", opened_in="D1"), Subject("D1"), True),
        (Actor("T1", "UMEMBER", channel="C1"), Subject("D1"), False),
        (Actor("T1", "UMEMBER"), Subject("D1", {"UMEMBER"}), True),
        (Actor("T1", "UMEMBER"), Subject("D1", {"UCREATOR"}), False),
        (Actor("T1", "UMEMBER", opened_in="C2"), Subject("C2"), False),
        (Actor("T1", "UMEMBER"), OPENING, True),
        (Actor("T1", "UGUEST"), OPENING, False),
    ],
)
async def test_direct_messages_and_forms_prove_only_what_slack_cannot_be_asked(
    actor: Actor, subject: Subject, *, is_allowed: bool
) -> None:
    async with serve(FakeDirectory()) as client:
        asking = Actor(actor.team, actor.user, client, actor.channel, actor.opened_in)
        authorizer = make_authorizer()
        assert await authorizer.is_allowed(GuardedAction.SET_UP_WATCH, asking, subject) is is_allowed


async def test_settings_of_a_channel_are_open_until_somebody_has_set_something_up() -> None:
    async with serve(FakeDirectory()) as client:
        actor, authorizer = Actor("T1", "UMEMBER", client, "C1"), make_authorizer()
        for action in (GuardedAction.SET_DETAILS, GuardedAction.SET_WATCH_LIMITS):
            assert await authorizer.is_allowed(action, actor, Subject("C1"))
            assert await authorizer.is_allowed(action, actor, Subject("C1", {"UMEMBER", "UCREATOR"}))
            with pytest.raises(NotAllowed, match="Only people who"):
                await authorizer.require(action, actor, Subject("C1", {"UCREATOR"}))


async def test_somebody_in_their_channel_costs_one_call_a_minute() -> None:
    fake, authorizer = FakeDirectory(), make_authorizer()
    async with serve(fake) as client:
        for _ in range(5):
            actor = Actor("T1", "UMEMBER", client, "C1")
            assert await authorizer.is_allowed(GuardedAction.SCHEDULE_DIGEST, actor, Subject("C1"))
            assert await authorizer.is_allowed(GuardedAction.SHARE, actor, Subject("C1"))
    assert fake.calls == ["users.info"]


async def test_actor_without_a_client_is_never_guessed() -> None:
    client: AsyncWebClient | None = None
    authorizer = make_authorizer(AdminList(("UMEMBER",)))
    assert await authorizer.authorize(GuardedAction.FOLLOW_FEED, Actor("T1", "UMEMBER", client)) == Refusal(
        sentences.SLACK_SILENT
    )


async def test_unknown_workspace_is_asked_for_before_anyone_may_do_anything() -> None:
    fake = FakeDirectory()
    fake.profiles["UOTHERTEAM"] = {"id": "UOTHERTEAM", "team_id": "T2", "is_admin": True}
    authorizer = make_authorizer()
    authorizer.own_team = None
    stranger, admin = Actor("T2", "UOTHERTEAM", None, "C1"), Actor("T1", "UADMIN", None, "C1")
    silent = await authorizer.authorize(GuardedAction.SHARE, stranger, Subject("C1"))
    assert (silent, authorizer.own_team) == (Refusal(sentences.SLACK_SILENT), None)
    async with serve(fake) as client:
        for actor, is_allowed in ((stranger, False), (admin, True)):
            asked_actor = replace(actor, client=client)
            assert await authorizer.is_allowed(GuardedAction.SHARE, asked_actor, Subject("C1")) is is_allowed
    assert (authorizer.own_team, fake.calls.count("auth.test")) == ("T1", 1)


async def test_the_only_workspace_is_known_so_that_people_of_another_one_can_only_ask() -> None:
    """In a channel that both share, Slack can name just the other workspace, where they are full members."""
    fake = FakeDirectory()
    fake.profiles["UOTHERTEAM"] = {"id": "UOTHERTEAM", "team_id": "T2", "is_admin": True}
    async with serve(fake) as client:
        authorizer = make_authorizer()
        authorizer.own_team = "T1"
        for action, rule in PERMISSIONS.items():
            decision = await authorizer.authorize(action, Actor("T2", "UOTHERTEAM", client, "C1"), Subject("C1"))
            assert decision == Refusal(rule.refusal if Role.OPERATOR in rule.roles else sentences.EXTERNAL), action
            own = await authorizer.authorize(action, Actor("T1", "UADMIN", client, "C1"), Subject("C1"))
            assert isinstance(own, Allowed) is (Role.OPERATOR not in rule.roles), action


@pytest.mark.parametrize(
    ("profile", "refusals"),
    [
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, {"person": "", "member": ""}),
        (
            {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}, "is_restricted": True},
            {"person": "", "member": sentences.GUEST},
        ),
        (
            {"team_id": "T9", "enterprise_user": {"enterprise_id": "E9", "teams": ["T9"]}},
            dict.fromkeys(("person", "member"), sentences.EXTERNAL),
        ),
        ({"team_id": "T9"}, dict.fromkeys(("person", "member"), sentences.EXTERNAL)),
        ({"team_id": "T2", "deleted": True}, dict.fromkeys(("person", "member"), sentences.INACTIVE)),
    ],
)
async def test_slack_is_asked_who_someone_of_an_unknown_workspace_is_in_an_organisation(
    profile: dict[str, object], refusals: dict[str, str]
) -> None:
    """The request names their workspace, but not whether it belongs to the organisation that installed the app."""
    fake = FakeDirectory()
    fake.profiles["U5"] = {"id": "U5"} | profile
    async with serve(fake) as client:
        actor = Actor("E1", "U5", client, "C1", may_be_external=True)
        for action, refusal in (
            (GuardedAction.SHARE, refusals["person"]),
            (GuardedAction.PREVIEW_DIGEST, refusals["person"]),
            (GuardedAction.SCHEDULE_DIGEST, refusals["member"]),
        ):
            decision = await make_authorizer().authorize(action, actor, Subject("C1"))
            assert decision == (Refusal(refusal) if refusal else Allowed())
