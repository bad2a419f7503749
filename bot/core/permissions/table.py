"""The permissions table: for each action that changes or shows something, who may do it, and where they must be. Pure.

Rule: this table is the only place that says so. `bot.slack.permissions.authorizer` reads it for every request, the
reference page is built from it, and tests are generated from it. Asking a question needs no permission.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class GuardedAction(StrEnum):
    """What someone wants to do."""

    SHARE = "share an answer"
    CHECK = "post the check of a message"
    EXPORT = "save an answer"
    REPORT = "report a mistake"
    READ_PAGES = "read pages"
    SCHEDULE_DIGEST = "schedule a digest"
    CHANGE_DIGEST = "change a digest"
    STOP_DIGEST = "pause or stop a digest"
    SEND_DIGEST = "send a digest now"
    PREVIEW_DIGEST = "preview a digest"
    MAIL_DIGEST = "see or change the e-mail addresses of a digest"
    SET_DETAILS = "set where a channel's details go"
    SET_UP_WATCH = "set up a watch"
    CHANGE_WATCH = "change a watch"
    STOP_WATCH = "pause or stop a watch"
    PREVIEW_WATCH = "preview a watch"
    SET_WATCH_LIMITS = "set a channel's limit and quiet hours"
    MUTE_SOURCE = "mute or unmute a source"
    CHANGE_TOPIC = "make, change or remove a topic"
    ADD_ARTICLE = "add articles"
    SUGGEST_ARTICLE = "suggest an article"
    CONFIRM_ARTICLE = "confirm or refuse a suggested article"
    CONFIRM_OUTLET = "confirm an outlet"
    FOLLOW_FEED = "follow or unfollow a feed"
    ANNOUNCE_FEED = "announce a feed in a channel"
    READ_FEEDS = "see failing feeds"
    READ_REPORTS = "see how many reports are open"
    LEAVE = "delete a workspace's data by uninstalling"
    OPERATE = "run a command in the terminal"


class Role(StrEnum):
    """Whom a rule allows. Someone can have several roles."""

    #: of this workspace, guests too, but no one of another workspace
    PERSON = "anyone in the workspace"
    #: of this workspace, without guests
    MEMBER = "full members"
    #: whoever set up the digest or watch; for the settings of a channel, whoever set one up there
    CREATOR = "who set it up"
    #: a full member whom ADMINS names, or an admin of the workspace
    ADMIN = "admins"
    #: has the terminal of the server, and Slack's own events
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one action. The operator may do everything."""

    roles: frozenset[Role]
    #: the sentence for people of this workspace without one of the roles
    refusal: str = ""
    #: whether they must be in the channel that the action is about
    is_in_channel: bool = False
    #: whether the creator may do it as a guest too, and after leaving the channel
    is_free_for_creator: bool = False
    #: whether any full member may, while a channel has nothing with a creator
    is_open_without_creator: bool = False
    #: whether it changes or shows what only the keeper of the record may
    is_about_record: bool = False


ADMINS_ONLY = "Only On the Record admins can do that. Ask one of them or a workspace admin. Anyone can ask questions."
_NOT_DIGEST_CREATOR = (
    "Only the person who scheduled this digest and On the Record admins can change it. "
    "Schedule your own: /digest labour-crisis weekdays at 8:30"
)
_NOT_DETAILS_CREATOR = (
    "Only people who scheduled a digest in this channel and On the Record admins can change where its details go."
)
_NOT_WATCH_CREATOR = (
    'Only the person who set up this watch and On the Record admins can change it. Set up your own: /watch "lynch-mob"'
)
_NOT_LIMITS_CREATOR = (
    "Only people who set up a watch here and On the Record admins can change the limit and the quiet hours."
)
_OPERATOR_ONLY = "Only the person who runs On the Record can do that, in the terminal of its server."

_PERSON, _MEMBER, _ADMIN = (frozenset({role}) for role in (Role.PERSON, Role.MEMBER, Role.ADMIN))
_CREATOR, _OPERATOR = frozenset({Role.CREATOR, Role.ADMIN}), frozenset({Role.OPERATOR})

PERMISSIONS: Mapping[GuardedAction, Rule] = MappingProxyType(
    {
        GuardedAction.SHARE: Rule(_PERSON, is_in_channel=True),
        GuardedAction.CHECK: Rule(_PERSON, is_in_channel=True),
        GuardedAction.EXPORT: Rule(_PERSON),
        GuardedAction.REPORT: Rule(_PERSON),
        GuardedAction.READ_PAGES: Rule(_PERSON),
        GuardedAction.SCHEDULE_DIGEST: Rule(_MEMBER, is_in_channel=True),
        GuardedAction.CHANGE_DIGEST: Rule(_CREATOR, _NOT_DIGEST_CREATOR, is_in_channel=True),
        GuardedAction.STOP_DIGEST: Rule(_CREATOR, _NOT_DIGEST_CREATOR, is_in_channel=True, is_free_for_creator=True),
        GuardedAction.SEND_DIGEST: Rule(_MEMBER, is_in_channel=True),
        GuardedAction.PREVIEW_DIGEST: Rule(_PERSON, is_in_channel=True),
        GuardedAction.MAIL_DIGEST: Rule(_CREATOR, _NOT_DIGEST_CREATOR, is_in_channel=True),
        GuardedAction.SET_DETAILS: Rule(
            _CREATOR, _NOT_DETAILS_CREATOR, is_in_channel=True, is_open_without_creator=True
        ),
        GuardedAction.SET_UP_WATCH: Rule(_MEMBER, is_in_channel=True),
        GuardedAction.CHANGE_WATCH: Rule(_CREATOR, _NOT_WATCH_CREATOR, is_in_channel=True),
        GuardedAction.STOP_WATCH: Rule(_CREATOR, _NOT_WATCH_CREATOR, is_in_channel=True, is_free_for_creator=True),
        GuardedAction.PREVIEW_WATCH: Rule(_PERSON, is_in_channel=True),
        GuardedAction.SET_WATCH_LIMITS: Rule(
            _CREATOR, _NOT_LIMITS_CREATOR, is_in_channel=True, is_open_without_creator=True
        ),
        GuardedAction.MUTE_SOURCE: Rule(_MEMBER, is_in_channel=True),
        GuardedAction.CHANGE_TOPIC: Rule(_MEMBER),
        GuardedAction.ADD_ARTICLE: Rule(_ADMIN, ADMINS_ONLY, is_about_record=True),
        GuardedAction.SUGGEST_ARTICLE: Rule(_MEMBER, is_about_record=True),
        GuardedAction.CONFIRM_ARTICLE: Rule(_ADMIN, ADMINS_ONLY, is_about_record=True),
        GuardedAction.CONFIRM_OUTLET: Rule(_ADMIN, ADMINS_ONLY, is_about_record=True),
        GuardedAction.FOLLOW_FEED: Rule(_ADMIN, ADMINS_ONLY, is_about_record=True),
        GuardedAction.ANNOUNCE_FEED: Rule(_ADMIN, ADMINS_ONLY, is_in_channel=True, is_about_record=True),
        GuardedAction.READ_FEEDS: Rule(_ADMIN, ADMINS_ONLY, is_about_record=True),
        GuardedAction.READ_REPORTS: Rule(_ADMIN, ADMINS_ONLY),
        GuardedAction.LEAVE: Rule(_OPERATOR, _OPERATOR_ONLY),
        GuardedAction.OPERATE: Rule(_OPERATOR, _OPERATOR_ONLY),
    }
)
