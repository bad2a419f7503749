"""Decides who may do what: the one function that every command, button, menu, form and message asks.

Rule: the table in `bot.core.permissions.table` says who may. What Slack does not confirm is refused, and the sentence
says whether the person may not, or Slack has not answered.
"""

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.permissions.admin_list import AdminList
from bot.core.permissions.table import PERMISSIONS, GuardedAction, Role, Rule
from bot.core.record_policy import RECORD_REFUSAL, RecordPolicy
from bot.slack.permissions.actor import Actor
from bot.slack.permissions.directory import Person, PersonKind, SlackDirectory, SlackSilent
from briefings import BadQuestion

_TEAM_ID, _USER_ID = re.compile(r"[TE][A-Z0-9]{1,30}"), re.compile(r"[UW][A-Z0-9]{1,30}")
NO_PERSON = "Slack didn't say who asked. Please try again."
NO_CHANNEL = "Slack didn't say in which channel. Please try again there."
SLACK_SILENT = "Slack didn't answer, so I couldn't check whether you may do this. Please try again in a minute."
NO_SCOPE = (
    "Slack doesn't let me check whether you may do this. Ask a workspace admin to reinstall On the Record, "
    "which then asks for the missing permission."
)
#: the sentences for people who may not, whatever the action
EXTERNAL = "People from another workspace can only ask questions here. Ask a full member of this workspace to do it."
GUEST = "Guests can ask, share and save answers. Ask a full member of this workspace to do it."
INACTIVE = "Only people with an active account in this workspace can do that."
NOT_IN_CHANNEL = "Only people in that channel can do that. Join it, then try again."
_KIND_REFUSALS = {
    PersonKind.EXTERNAL: EXTERNAL,
    PersonKind.GUEST: GUEST,
    PersonKind.BOT: INACTIVE,
    PersonKind.INACTIVE: INACTIVE,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: a channel, and the people who set up the digest, the watch or the channel's others."""

    channel: str = ""
    creators: Collection[str] = field(default_factory=frozenset)
    #: whether a form is opened in which the channel is still to be chosen; the submitted form is checked again
    is_opening: bool = False


#: a form in which the channel is still to be chosen
OPENING = Subject(is_opening=True)
NOTHING = Subject()


@dataclass(frozen=True, slots=True)
class Allowed:
    """The action may be done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The action may not be done. `sentence` says why, and what to do next."""

    sentence: str


Decision = Allowed | Refusal


class NotAllowed(BadQuestion):
    """The sentence of a refused action."""


class Authorizer:
    """Decides with the table, the people of ADMINS, the rules of the record, and what Slack says."""

    def __init__(self, admins: AdminList, record_policy: RecordPolicy, directory: SlackDirectory) -> None:
        self._admins = admins
        self._record_policy = record_policy
        self._directory = directory
        #: the only workspace, "" if there are several, None until Slack has named it. A press in a channel that it
        #: shares with another one can name only the other one, and then looks as if it came from its own people
        self.own_team: str | None = ""

    async def require(self, action: GuardedAction, actor: Actor, subject: Subject = NOTHING) -> None:
        """Raise NotAllowed with the sentence of a refusal."""
        decision = await self.authorize(action, actor, subject)
        if isinstance(decision, Refusal):
            raise NotAllowed(decision.sentence)

    async def is_allowed(self, action: GuardedAction, actor: Actor, subject: Subject = NOTHING) -> bool:
        """Return whether the actor may. If Slack fails, the answer is no."""
        return isinstance(await self.authorize(action, actor, subject), Allowed)

    async def authorize(self, action: GuardedAction, actor: Actor, subject: Subject = NOTHING) -> Decision:
        """Decide whether `actor` may do `action` to `subject`. If Slack fails, the answer is no."""
        if actor.is_operator:
            return Allowed()
        rule = PERMISSIONS[action]
        try:
            if self.own_team is None:
                self.own_team = await self._directory.find_own_team(_require_client(actor))
            if refusal := self._find_early_refusal(rule, actor, subject):
                return Refusal(refusal)
            refusal = await self._find_refusal(rule, actor, subject)
        except SlackSilent as error:
            return Refusal(NO_SCOPE if error.is_missing_scope else SLACK_SILENT)
        return Refusal(refusal) if refusal else Allowed()

    def _find_early_refusal(self, rule: Rule, actor: Actor, subject: Subject) -> str:
        """Return why the request itself shows that the actor may not, or ""."""
        if rule.roles == {Role.OPERATOR}:
            return rule.refusal
        if not (_TEAM_ID.fullmatch(actor.team) and _USER_ID.fullmatch(actor.user)):
            return NO_PERSON
        if actor.is_external or (self.own_team and actor.team != self.own_team):
            return EXTERNAL
        if rule.is_about_record and not self._record_policy.can_write(actor.team):
            return RECORD_REFUSAL
        return NO_CHANNEL if rule.is_in_channel and not subject.channel and not subject.is_opening else ""

    async def _find_refusal(self, rule: Rule, actor: Actor, subject: Subject) -> str:
        """Return why the actor may not, or "". Raises SlackSilent."""
        person, is_in_place = await asyncio.gather(
            self._find_person(rule, actor, subject), self._is_in_place(rule, actor, subject)
        )
        is_guest_free = Role.PERSON in rule.roles or _is_free(rule, actor, subject)
        if person and person.kind is not PersonKind.MEMBER and not (person.kind is PersonKind.GUEST and is_guest_free):
            return _KIND_REFUSALS[person.kind]
        if person and not await self._has_role(rule, actor, subject, person):
            return rule.refusal
        return "" if is_in_place else NOT_IN_CHANNEL

    async def _find_person(self, rule: Rule, actor: Actor, subject: Subject) -> Person | None:
        """Return what Slack says of the actor, or None if the rule does not depend on it. Raises SlackSilent."""
        is_free = Role.PERSON in rule.roles or _is_free(rule, actor, subject)
        if is_free and not actor.may_be_external:
            return None
        is_creator = actor.user in subject.creators
        must_be_admin = not (is_free or is_creator or Role.MEMBER in rule.roles or self._lists_admins(actor.team))
        return await self._directory.find_person(
            _require_client(actor), actor.team, actor.user, is_admin=must_be_admin and not _is_open(rule, subject)
        )

    async def _is_in_place(self, rule: Rule, actor: Actor, subject: Subject) -> bool:
        """Return whether the actor is where the rule wants them, asking Slack if the request does not prove it.

        Slack does not list the people of direct messages. No one can leave them, so a form that was opened there
        proves it, and so does a digest or watch that the actor set up there. Raises SlackSilent.
        """
        is_creator, channel = actor.user in subject.creators, subject.channel
        if not rule.is_in_channel or subject.is_opening or actor.channel == channel:
            return True
        if is_creator and (rule.is_free_for_creator or channel.startswith("D")):
            return True
        if channel.startswith("D"):
            return actor.opened_in == channel
        return await self._directory.is_in_channel(_require_client(actor), actor.team, channel, actor.user)

    async def _has_role(self, rule: Rule, actor: Actor, subject: Subject, person: Person) -> bool:
        """Return whether a full member has one of the roles. Raises SlackSilent."""
        if {Role.PERSON, Role.MEMBER} & rule.roles or _is_open(rule, subject):
            return True
        if Role.CREATOR in rule.roles and actor.user in subject.creators:
            return True
        return Role.ADMIN in rule.roles and await self._is_admin(actor, person)

    async def _is_admin(self, actor: Actor, person: Person) -> bool:
        if not self._lists_admins(actor.team):
            return person.is_workspace_admin
        if actor.user in self._admins.list_users(actor.team):
            return True
        for group in self._admins.list_groups(actor.team):
            if await self._directory.is_in_group(_require_client(actor), actor.team, group, actor.user):
                return True
        return False

    def _lists_admins(self, team: str) -> bool:
        """Return whether ADMINS names someone of this workspace. Where it does not, the workspace's admins count."""
        return bool(self._admins.list_users(team) or self._admins.list_groups(team))


def _is_open(rule: Rule, subject: Subject) -> bool:
    """Whether any full member may, because no one has set up anything in the channel yet."""
    return rule.is_open_without_creator and not subject.creators


def _is_free(rule: Rule, actor: Actor, subject: Subject) -> bool:
    """Whether the actor may because they set it up, whatever they are now."""
    return rule.is_free_for_creator and actor.user in subject.creators


def _require_client(actor: Actor) -> AsyncWebClient:
    if actor.client is None:
        raise SlackSilent
    return actor.client
