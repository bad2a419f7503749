"""The requests of Slack with which workspace A tries each door against what belongs to workspace B."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.digests.command_parser import DigestAction
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.citations import make_citation_id
from bot.topics import list_view as topic_list
from bot.watches.command_parser import WatchAction
from tests.scenarios.conftest import Slack
from tests.stand_ins.page_access import PUBLIC
from tests.tenants.workspaces import OTHER, OWN, SHARED_CHANNEL
from tests.tenants.world import ARTICLES

#: builds the body of a request, with fresh ids
Build = Callable[[Slack], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A request of workspace A: the kind and name of its door, and how it tries to reach workspace B."""

    kind: str
    door: str
    attempt: str
    build: Build

    def __str__(self) -> str:
        return f"{self.kind} {self.door}: {self.attempt}"


#: the other workspace's own channel, and the one that both share
CHANNELS = (OTHER.channel, SHARED_CHANNEL)
_QUOTE = "We saw the water come over the wall within minutes,"
_START = ARTICLES[0].text.index(_QUOTE)
#: a line of the own article
_LINE = make_citation_id(ARTICLES[0].id, _START, _START + len(_QUOTE))
_SLUG, _SOURCE_KEY = OTHER.slug, f"outlet:{OTHER.source.casefold()}"
_FEED_COMMANDS = ("follow http://10.0.0.1/feed", "follow http://10.0.0.1/other", "unfollow http://10.0.0.1/feed")
_OUTLET_COMMANDS = ("outlets", "outlets confirm The Tribune tribune.example", "outlets remove The Tribune", "waiting")
_COMMANDS: dict[str, tuple[str, ...]] = {
    "/briefing": (
        *(_SLUG, "topics", "Milldon", f"{_SLUG} since:2031-01-01", "help", *_FEED_COMMANDS),
        *_OUTLET_COMMANDS,
    ),
    "/whosaid": ("water", f"topic:{_SLUG} water", "by:Morley", 'check "We saw the water"', "help"),
    "/digest": (
        *("list", "", *(f"{action} 1" for action in DigestAction), f"stop {_SLUG}", f"{_SLUG} weekdays at 8:30"),
        *("email 1 add desk@tribune.example", "email 1 remove desk@tribune.example", "details thread", "stop 200"),
    ),
    "/watch": (
        *(
            "list",
            "",
            *(f"{action} 1" for action in WatchAction),
            "Milldon",
            "limit",
            "limit 5",
            "quiet",
            "stop all",
            "stop 200",
        ),
    ),
    "/topic": (
        *("", _SLUG, f"edit {_SLUG}", f"rename {_SLUG} to Storm", f"words {_SLUG}: storm", f"remove {_SLUG}"),
        *(f"restore {_SLUG}", f"mute {_SLUG}", f"unmute {_SLUG}", f"merge {_SLUG} into easton-vote", "suggest"),
        *(f"merge easton-vote into {_SLUG}", f"new {_SLUG}: water"),
    ),
    "/sources": ("", "list", f"mute {OTHER.source}", "unmute 1", f"unmute {OTHER.source}", "unmute all", "help"),
    "/mute": (OTHER.source, "The Post", "list"),
    "/unmute": (OTHER.source, "1"),
}
_MESSAGES = (
    *("topics", "what are my topics?", _SLUG, f"brief me on {_SLUG}", "list digests", "list watches", "stop watch 1"),
    *("pause watch 1", "preview watch 1", "edit watch 1 dam", 'watch for "dam"', "mute The Post", "/watch limit 5"),
    *("who said water?", "which sources are muted?", f"unmute {OTHER.source}", f"remove the topic {_SLUG}"),
)
_SCHEDULE: dict[str, Any] = {"topic": "easton-vote", "words": None, "repeat": "week", "days": ["Monday"]}
_SCHEDULE |= {"dates": [], "schedule": None, "time": "08:30", "zone": "Europe/London", "nothing": "silent"}
_SCHEDULE |= {"details": "thread"}
#: the fields of each form, with what is typed or chosen in them
_FORMS: dict[str, dict[str, Any]] = {
    "digest-form": _SCHEDULE | {"channel": "", "email": "desk@tribune.example"},
    "digest-edit": _SCHEDULE | {"email": ""},
    "watch-form": {"watch-words": "Milldon", "watch-channel": ""},
    "watch-edit": {"watch-words": "Easton"},
    "topic_form": {"topic_name": "Storm", "topic_words": "storm", "topic_merge": _SLUG},
    "doubt": {"kind": "wrong speaker", "comment": "No.", "line": _LINE},
    "save_answer": {"target": "canvas"},
    "start-briefing": {"topic": _SLUG, "words": "Milldon"},
    "start-who-said": {"words": "water", "speaker": "Morley"},
    "start-feed": {"address": "http://10.0.0.1/feed", "channel": ""},
    "compare_people": {"person": "Morley", "about": _SLUG},
}
_OPTIONS = ("topic", "zone", "topic_merge", "watch-speaker", "watch-outlet")
#: doors and commands that would change a record of articles
_WRITING_DOORS = ("start-feed", "add_to_the_record", "outlet-confirm:0", "waiting-add:200", "waiting-refuse:200")
_WRITING_TEXTS = tuple(f"“{text}” in" for text in (*_FEED_COMMANDS, *_OUTLET_COMMANDS))
_STARTS = ("start:briefing", "start:who-said", "start:digest", "start:feed", "digest-new", "watch-new")


def list_cases() -> list[Case]:
    """Return all requests. They work in any order."""
    return [*_list_commands(), *_list_events(), *_list_presses(), *_list_forms(), *_list_options(), *_list_shortcuts()]


def list_writing_cases() -> list[Case]:
    """Return the requests that would change a record of articles, and can be answered: App Home has none of them."""
    cases = [case for case in list_cases() if not case.attempt.endswith("in App Home")]
    return [case for case in cases if case.door in _WRITING_DOORS or case.attempt.startswith(_WRITING_TEXTS)]


def _list_commands() -> Iterator[Case]:
    for name, texts in _COMMANDS.items():
        for text, channel in product(texts, CHANNELS):
            yield Case(
                "command",
                name,
                f"“{text}” in {channel}",
                lambda slack, name=name, text=text, channel=channel: slack.command(name, text, channel_id=channel),
            )


def _list_events() -> Iterator[Case]:
    for text in _MESSAGES:
        for channel in CHANNELS:
            yield Case(
                "event",
                "app_mention",
                f"“{text}” in {channel}",
                lambda slack, text=text, channel=channel: slack.message(f"<@U9> {text}", channel=channel),
            )
        # a direct message names its own channel; another one must not help
        for channel in ("D1", *CHANNELS):
            place = {"channel_type": "im", "channel": channel}
            yield Case(
                "event",
                "message",
                f"“{text}” in a direct message of {channel}",
                lambda slack, text=text, place=place: slack.message(text, **place),
            )
            yield Case(
                "assistant",
                "user_message",
                f"“{text}” in {channel}",
                lambda slack, text=text, place=place: slack.message(text, thread_ts="8.2", **place),
            )
    for user, tab in product((OWN.user, OTHER.user), ("home", "messages")):
        yield _build_event("app_home_opened", f"tab {tab} of {user}", user=user, tab=tab, channel="D1")
    for channel in CHANNELS:
        yield _build_event("member_joined_channel", channel, channel=channel, user="U9")
        yield _build_event("app_context_changed", channel, channel=channel, user=OWN.user, context={})
        for path in (f"/record/stories/{_SLUG}", "/record/articles/flood", "/record/search?q=water"):
            links = [{"url": f"{PUBLIC}{path}", "domain": "bot.example.org"}]
            place = {"channel": channel, "message_ts": f"8.{len(path)}", "user": OWN.user}
            yield _build_event("link_shared", f"{path} in {channel}", **place, links=links)
    thread: dict[str, Any] = {"user_id": OWN.user, "channel_id": "D1", "thread_ts": "8.2"}
    thread |= {"context": {"channel_id": OTHER.channel, "team_id": OTHER.team}}
    for name in ("thread_started", "thread_context_changed"):
        event = {"type": f"assistant_{name}", "assistant_thread": thread}
        yield Case("assistant", name, "with the other's channel", lambda slack, event=event: slack.event(**event))


def _build_event(name: str, attempt: str, **fields: Any) -> Case:
    return Case("event", name, attempt, lambda slack: slack.event(type=name, **fields))


def _list_presses() -> Iterator[Case]:
    values = [("digest:menu:200", f"{action} {{channel}} 1") for action in DigestAction]
    values += [(f"digest:{action}:200", f"{action} {{channel}} 1") for action in DigestAction]
    values += [(f"watch:{action}:200", f"{action} {{channel}} 1") for action in WatchAction]
    values += [("watch-menu:200", f"{action} {{channel}} 1") for action in WatchAction]
    verbs = (topic_list.PAGE, topic_list.EDIT, topic_list.MUTE, topic_list.UNMUTE, topic_list.REMOVE)
    verbs += (topic_list.RESTORE, topic_list.NEW, topic_list.SUGGEST, topic_list.DIGEST)
    values += [(f"topics:{verb}", f"{verb} {_SLUG}") for verb in verbs]
    suggestion = json.dumps({"name": _SLUG, "words": ["Milldon"]})
    values += [(f"topics:{verb}:1", suggestion) for verb in (topic_list.ADD_SUGGESTION, topic_list.DIGEST_SUGGESTION)]
    outlet = json.dumps({"name": "The Tribune", "host": "tribune.example"})
    values += [("outlet-confirm:0", outlet), ("waiting-add:200", "200"), ("waiting-refuse:200", "200")]
    values += [("sources-unmute:1", _SOURCE_KEY), *((name, name) for name in _STARTS)]
    answers = (ButtonValue(f"/briefing {_SLUG}", channel=OTHER.channel), ButtonValue("/briefing Milldon"))
    answers += (ButtonValue("/whosaid water", citation_id=_LINE), ButtonValue("/whosaid by:Morley"))
    values += [(action, answer.value) for action, answer in product(Action, answers)]
    for (action, value), channel in product(values, CHANNELS):
        typed = value.replace("{channel}", channel)
        place = {"id": channel, "name": "news"}
        yield Case(
            "action",
            action,
            f"“{typed}” in a message in {channel}",
            lambda slack, action=action, typed=typed, place=place: slack.press(action, typed, channel=place),
        )
        if channel == OTHER.channel:
            button = {"action_id": action, "value": typed}
            yield Case(
                "action",
                action,
                f"“{typed}” in App Home",
                lambda slack, button=button: slack.press_in({"type": "home", "blocks": []}, dict(button)),
            )
    metadata = ButtonValue(f"/briefing {_SLUG}", channel=OTHER.channel).value
    yield Case(
        "action",
        "pick",
        "a line of the other team's topic",
        lambda slack: slack.pick({"type": "modal", "blocks": [], "private_metadata": metadata}, "pick", _LINE),
    )


def _list_forms() -> Iterator[Case]:
    for (callback, fields), channel in product(_FORMS.items(), CHANNELS):
        for metadata in _list_metadata(callback, channel):
            values = {name: channel if name.endswith("channel") else value for name, value in fields.items()}
            yield Case(
                "view",
                callback,
                f"of “{metadata}” for {channel}",
                lambda slack, callback=callback, metadata=metadata, values=values: slack.submit(
                    _build_form(callback, metadata, values), **values
                ),
            )


def _list_metadata(callback: str, channel: str) -> tuple[str, ...]:
    """Return what a form can be about: a digest or watch in a channel, a topic, or an answer."""
    if callback in ("digest-edit", "watch-edit", "digest-form"):
        return f"{channel} 1", f"{channel} 2"
    if callback == "topic_form":
        return _SLUG, "easton-vote"
    if callback == "doubt":  # it has the channel before the answer
        return tuple(f"{channel} {ButtonValue(text).value}" for text in (f"/briefing {_SLUG}", "/briefing Milldon"))
    texts = (f"/briefing {_SLUG}", "/briefing Milldon", "/whosaid by:Morley")
    return tuple(ButtonValue(text, channel=channel).value for text in texts)


def _build_form(callback: str, metadata: str, values: dict[str, Any]) -> dict[str, Any]:
    kinds = {"topic": "external_select", "zone": "external_select", "repeat": "static_select", "time": "timepicker"}
    kinds |= {"nothing": "static_select", "details": "static_select", "channel": "conversations_select"}
    kinds |= {"topic_merge": "external_select", "kind": "static_select", "line": "static_select"}
    kinds |= {"target": "static_select", "watch-channel": "conversations_select"}
    kinds |= {"days": "checkboxes", "dates": "multi_static_select"}
    blocks = [
        {"type": "input", "block_id": name, "element": {"type": kinds.get(name, "plain_text_input")}} for name in values
    ]
    return {"type": "modal", "callback_id": callback, "private_metadata": metadata, "blocks": blocks}


def _list_options() -> Iterator[Case]:
    for field, typed in product(_OPTIONS, ("", "m", _SLUG[:4])):
        yield Case("options", field, f"“{typed}”", lambda slack, field=field, typed=typed: slack.suggest(field, typed))


def _list_shortcuts() -> Iterator[Case]:
    texts = ("We saw the water come over the wall", "http://10.0.0.1/page", _SLUG)
    for name, text in product(("who_said_this", "check_the_quotes", "add_to_the_record"), texts):
        yield Case(
            "message_shortcut",
            name,
            f"on “{text}”",
            lambda slack, name=name, text=text: slack.shortcut(name, text, user=OWN.user),
        )
