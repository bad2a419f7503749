"""The doors: every command, event, button, form and route of the web server, with the actions that it can start. Pure.

Rule: a test compares this list with what is registered with Bolt and the web server. A new door without an entry here
fails it, and so does an entry without a door. The commands of the terminal are in `bot.cli.safety.deeds`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.core.permissions.table import GuardedAction as To


class DoorKind(StrEnum):
    """How someone comes in."""

    COMMAND = "slash command"
    EVENT = "message or event"
    PRESS = "button or menu"
    FORM = "form"
    OPTIONS = "suggestions in a form"
    SHORTCUT = "message shortcut"


_DIGEST_ACTIONS = (
    To.SCHEDULE_DIGEST,
    To.CHANGE_DIGEST,
    To.STOP_DIGEST,
    To.SEND_DIGEST,
    To.PREVIEW_DIGEST,
    To.MAIL_DIGEST,
    To.SET_DETAILS,
)
_DIGEST_PRESSES = (To.CHANGE_DIGEST, To.STOP_DIGEST, To.SEND_DIGEST, To.PREVIEW_DIGEST)
_WATCH_ACTIONS = (To.SET_UP_WATCH, To.CHANGE_WATCH, To.STOP_WATCH, To.PREVIEW_WATCH, To.SET_WATCH_LIMITS)
_PLAIN_ACTIONS = (*_WATCH_ACTIONS, To.MUTE_SOURCE, To.CHANGE_TOPIC)
_READS: tuple[To, ...] = ()

#: the doors in Slack, by kind and name; a name is that of a command, event or form, or the start of an action id
SLACK_DOORS: Mapping[tuple[DoorKind, str], tuple[To, ...]] = MappingProxyType(
    {
        (DoorKind.COMMAND, "/briefing"): (To.FOLLOW_FEED, To.CONFIRM_OUTLET, To.CONFIRM_ARTICLE),
        (DoorKind.COMMAND, "/whosaid"): _READS,
        (DoorKind.COMMAND, "/digest"): _DIGEST_ACTIONS,
        (DoorKind.COMMAND, "/watch"): _WATCH_ACTIONS,
        (DoorKind.COMMAND, "/topic"): (To.CHANGE_TOPIC,),
        (DoorKind.COMMAND, "/sources"): (To.MUTE_SOURCE,),
        (DoorKind.COMMAND, "/mute"): (To.MUTE_SOURCE,),
        (DoorKind.COMMAND, "/unmute"): (To.MUTE_SOURCE,),
        (DoorKind.EVENT, "app_mention"): _PLAIN_ACTIONS,
        (DoorKind.EVENT, "message"): _PLAIN_ACTIONS,
        (DoorKind.EVENT, "assistant"): _PLAIN_ACTIONS,
        (DoorKind.EVENT, "app_home_opened"): (To.READ_REPORTS, To.READ_FEEDS),
        (DoorKind.EVENT, "app_context_changed"): _READS,
        (DoorKind.EVENT, "link_shared"): _READS,
        (DoorKind.EVENT, "member_joined_channel"): _READS,
        (DoorKind.EVENT, "app_uninstalled"): (To.LEAVE,),
        (DoorKind.EVENT, "tokens_revoked"): (To.LEAVE,),
        (DoorKind.PRESS, "page"): _READS,
        (DoorKind.PRESS, "ask"): _READS,
        (DoorKind.PRESS, "timeline"): _READS,
        (DoorKind.PRESS, "compare"): _READS,
        (DoorKind.PRESS, "context"): _READS,
        (DoorKind.PRESS, "wordings"): _READS,
        (DoorKind.PRESS, "copy"): _READS,
        (DoorKind.PRESS, "pick"): _READS,
        (DoorKind.PRESS, "share"): (To.SHARE,),
        (DoorKind.PRESS, "wrong"): (To.REPORT,),
        (DoorKind.PRESS, "save"): (To.EXPORT,),
        (DoorKind.PRESS, "mute"): (To.MUTE_SOURCE,),
        (DoorKind.PRESS, "sources-unmute"): (To.MUTE_SOURCE,),
        (DoorKind.PRESS, "watch-this"): (To.SET_UP_WATCH,),
        (DoorKind.PRESS, "watch-menu"): (To.CHANGE_WATCH, To.STOP_WATCH, To.PREVIEW_WATCH),
        (DoorKind.PRESS, "outlet-confirm"): (To.CONFIRM_OUTLET,),
        (DoorKind.PRESS, "waiting-add"): (To.CONFIRM_ARTICLE,),
        (DoorKind.PRESS, "waiting-refuse"): (To.CONFIRM_ARTICLE,),
        (DoorKind.PRESS, "watch"): (To.CHANGE_WATCH, To.STOP_WATCH, To.PREVIEW_WATCH),
        (DoorKind.PRESS, "watch-new"): (To.SET_UP_WATCH,),
        (DoorKind.PRESS, "digest"): _DIGEST_PRESSES,
        (DoorKind.PRESS, "digest-new"): (To.SCHEDULE_DIGEST,),
        (DoorKind.PRESS, "topics"): (To.CHANGE_TOPIC, To.SCHEDULE_DIGEST),
        (DoorKind.PRESS, "start:briefing"): _READS,
        (DoorKind.PRESS, "start:who-said"): _READS,
        (DoorKind.PRESS, "start:digest"): (To.SCHEDULE_DIGEST,),
        (DoorKind.PRESS, "start:feed"): (To.FOLLOW_FEED,),
        (DoorKind.FORM, "digest-form"): (To.SCHEDULE_DIGEST, To.SET_DETAILS),
        (DoorKind.FORM, "digest-edit"): (To.CHANGE_DIGEST, To.SET_DETAILS),
        (DoorKind.FORM, "watch-form"): (To.SET_UP_WATCH,),
        (DoorKind.FORM, "watch-edit"): (To.CHANGE_WATCH,),
        (DoorKind.FORM, "topic_form"): (To.CHANGE_TOPIC,),
        (DoorKind.FORM, "start-briefing"): _READS,
        (DoorKind.FORM, "start-who-said"): _READS,
        (DoorKind.FORM, "compare_people"): _READS,
        (DoorKind.FORM, "doubt"): (To.REPORT,),
        (DoorKind.FORM, "save_answer"): (To.EXPORT,),
        (DoorKind.FORM, "start-feed"): (To.FOLLOW_FEED, To.ANNOUNCE_FEED),
        (DoorKind.SHORTCUT, "who_said_this"): _READS,
        (DoorKind.SHORTCUT, "check_the_quotes"): (To.CHECK,),
        (DoorKind.SHORTCUT, "add_to_the_record"): (To.ADD_ARTICLE, To.SUGGEST_ARTICLE),
    }
)

#: routes of the web server that change something, with who may. Pages only read; their links and sign-in decide who
WEB_DOORS: Mapping[str, str] = MappingProxyType(
    {
        "POST /slack/events": "Slack, by its signature; then the actions above",
        "POST /record/sign-out": "the visitor whose session it is",
        "POST /mail/confirm": "the reader of the e-mail, by its signed link",
        "POST /mail/unsubscribe": "the reader of the e-mail, by its signed link",
    }
)
