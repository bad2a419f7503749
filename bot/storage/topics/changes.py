"""The topics of a workspace, and what each change makes of them. Pure.

Rule: a name that is in use, or that another topic had, cannot be taken, so that digests and links on it keep their
meaning. A renamed or merged topic goes on under its old names. A removed topic stays known as removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from briefings import BadQuestion, Topic
from briefings.stories import clean_name, clean_phrases, find_topic, join_phrases, make_slug, suggest_topics
from briefings.text import make_search_key

#: most topics of a workspace, without removed ones
MAX_TOPICS = 300
#: most removed topics that are kept
_MAX_REMOVED = 300
_TOO_MANY = f"This workspace has {MAX_TOPICS} topics, which is the limit. Remove or merge some first."
#: most former names of a topic; the oldest are forgotten first
_MAX_FORMER_NAMES = 100
#: names that mean something else in commands
_RESERVED = frozenset(
    ("all", "help", "list", "me", "new", "news", "today", "topic", "topics", "yesterday", "this week", "last week")
)


class TopicState(StrEnum):
    """Whether a topic is listed. A muted one is found by its name only."""

    VISIBLE = "listed"
    MUTED = "muted"
    REMOVED = "removed"


@dataclass(frozen=True)
class TeamTopics:
    """The topics of a workspace after `version` changes, with the removed ones."""

    team: str
    version: int
    topics: tuple[Topic, ...] = ()
    removed: tuple[Topic, ...] = ()

    @cached_property
    def key(self) -> str:
        """A text that changes with the topics. Workspaces with the same topics share it, and so their answers."""
        topics = sorted(self.topics, key=lambda topic: topic.slug)
        return sha256(repr(topics).encode("utf-8", "surrogatepass")).hexdigest()

    def find(self, name: str) -> Topic:
        """Return the topic with this slug, title or former name, with or without "the". Raises BadQuestion."""
        topic = _find(self.topics, name)
        if topic:
            return topic
        if not make_search_key(name):
            raise BadQuestion("Which topic? Type its name, for example: /topic mute labour-crisis")
        if _find(self.removed, name):
            raise BadQuestion(f"The topic “{name}” was removed. To make it again, type /topic new {name}")
        nearest = suggest_topics(name, self.topics)
        hint = f"Did you mean {' or '.join(nearest)}?" if nearest else "To see all topics, type /topic"
        raise BadQuestion(f"I can't find the topic “{name}”. {hint}")

    def find_removed(self, name: str) -> Topic | None:
        """Return the removed topic with this name, unless another topic has it now."""
        return None if _find(self.topics, name) else _find(self.removed, name)


@dataclass(frozen=True, slots=True)
class AddTopic:
    """Make a topic. Without `words`, its name selects its articles."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenameTopic:
    """Give a topic another name."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class MergeTopics:
    """Add the words and names of a topic to those of another one."""

    name: str
    into: str


@dataclass(frozen=True, slots=True)
class MuteTopic:
    """Take a topic out of the lists, or put it back."""

    name: str
    is_muted: bool


@dataclass(frozen=True, slots=True)
class RemoveTopic:
    """Remove a topic."""

    name: str


@dataclass(frozen=True, slots=True)
class RestoreTopic:
    """Put a removed topic back."""

    name: str


@dataclass(frozen=True, slots=True)
class SetWords:
    """Replace the words of a topic, or with `adds` or `removes`, add or remove some."""

    name: str
    words: tuple[str, ...]
    adds: bool = False
    removes: bool = False


TopicChange = AddTopic | RenameTopic | MergeTopics | MuteTopic | RemoveTopic | RestoreTopic | SetWords


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What a change does: the topic to save and its state, slugs to delete, and the action for the audit log."""

    topic: Topic
    state: TopicState
    action: str
    deleted_slugs: tuple[str, ...] = ()


def apply_change(topics: TeamTopics, change: TopicChange) -> ChangeResult:
    """Return what a change does. Raises BadQuestion if it is impossible."""
    match change:
        case AddTopic(name, words):
            return _add(topics, name, words)
        case RenameTopic(name, new_name):
            return _rename(topics, topics.find(name), new_name)
        case MergeTopics(name, into):
            return _merge(topics.find(name), topics.find(into))
        case MuteTopic(name, is_muted):
            topic = replace(topics.find(name), is_muted=is_muted)
            return ChangeResult(topic, _get_state(topic), "muted topic" if is_muted else "unmuted topic")
        case RemoveTopic(name):
            return ChangeResult(topics.find(name), TopicState.REMOVED, "removed topic")
        case RestoreTopic(name):
            return _restore(topics, name)
        case SetWords(name):
            topic = topics.find(name)
            return ChangeResult(replace(topic, words=_change_words(topic, change)), _get_state(topic), "changed topic")


def find_new_seeds(topics: TeamTopics, seeds: Sequence[Topic]) -> tuple[Topic, ...]:
    """Return the topics of the file whose slugs and titles no topic of the workspace ever had."""
    known_keys = {
        make_search_key(name)
        for topic in (*topics.topics, *topics.removed)
        for name in (topic.slug, topic.title, *topic.former_names)
    }
    return tuple(
        seed for seed in seeds if known_keys.isdisjoint((make_search_key(seed.slug), make_search_key(seed.title)))
    )


def find_forgotten(topics: TeamTopics, seeds: Sequence[Topic]) -> tuple[str, ...]:
    """Return the slugs of the topics removed first, if there are too many. Those of the file stay, or it adds them."""
    seed_keys = {make_search_key(name) for seed in seeds for name in (seed.slug, seed.title)}
    others = [
        topic.slug
        for topic in topics.removed
        if seed_keys.isdisjoint(map(make_search_key, (topic.slug, topic.title, *topic.former_names)))
    ]
    return tuple(others[: max(0, len(others) - _MAX_REMOVED)])


def _add(topics: TeamTopics, raw_name: str, words: Sequence[str]) -> ChangeResult:
    name = clean_name(raw_name)
    if len(topics.topics) >= MAX_TOPICS:
        raise BadQuestion(_TOO_MANY)
    _check_free(topics, name, None)
    phrases, slug = clean_phrases(words or (name,)), _choose_slug(topics, name)
    # a removed topic with this slug gives way to it; its other names lead here, and the topics file knows them
    removed = next((topic for topic in topics.removed if topic.slug == slug), None)
    old_names = [old for old in removed.former_names if not _find(topics.topics, old)] if removed else []
    topic = Topic(slug, name, phrases, _join_names((slug, name), old_names))
    return ChangeResult(topic, TopicState.VISIBLE, "made topic")


def _restore(topics: TeamTopics, name: str) -> ChangeResult:
    topic = topics.find_removed(name)
    if topic is None:
        raise BadQuestion(f"No topic “{name}” was removed. To see the topics, type /topic")
    if len(topics.topics) >= MAX_TOPICS:
        raise BadQuestion(_TOO_MANY)
    _check_free(topics, topic.title, topic)
    return ChangeResult(topic, TopicState.VISIBLE, "restored topic")


def _rename(topics: TeamTopics, topic: Topic, raw_name: str) -> ChangeResult:
    name = clean_name(raw_name)
    if name == topic.title:
        raise BadQuestion(f"The topic is already called “{name}”.")
    _check_free(topics, name, topic)
    is_same = make_search_key(name) in (make_search_key(topic.slug), make_search_key(make_slug(topic.slug)))
    slug = topic.slug if is_same else _choose_slug(topics, name)
    former_names = _join_names((slug, name), topic.former_names, (topic.slug, topic.title))
    renamed = replace(topic, slug=slug, title=name, former_names=former_names)
    return ChangeResult(renamed, _get_state(topic), "renamed topic", (topic.slug,) if slug != topic.slug else ())


def _merge(topic: Topic, into: Topic) -> ChangeResult:
    if topic.slug == into.slug:
        raise BadQuestion("A topic can't be merged with itself. Name two topics: /topic merge floods into weather")
    former_names = _join_names(
        (into.slug, into.title), into.former_names, topic.former_names, (topic.slug, topic.title)
    )
    merged = replace(into, words=join_phrases(into.words, topic.words), former_names=former_names)
    return ChangeResult(merged, _get_state(into), "merged topic", (topic.slug,))


def _change_words(topic: Topic, change: SetWords) -> tuple[str, ...]:
    words = clean_phrases(change.words)
    if change.adds:
        return join_phrases(topic.words, words)
    if not change.removes:
        return words
    keys = {make_search_key(word): word for word in words}
    if missing_keys := keys.keys() - set(map(make_search_key, topic.words)):
        missing_words = ", ".join(f"“{word}”" for key, word in keys.items() if key in missing_keys)
        raise BadQuestion(f"The topic “{topic.title}” doesn't have {missing_words}. To see its words, type its name.")
    rest = tuple(word for word in topic.words if make_search_key(word) not in keys)
    if not rest:
        raise BadQuestion(f"A topic needs words. To remove the topic itself, type /topic remove {topic.slug}")
    return rest


def _check_free(topics: TeamTopics, name: str, own: Topic | None) -> None:
    """Raise BadQuestion if another topic has or had a name, or if it means something else in commands."""
    if make_search_key(name) in _RESERVED:
        raise BadQuestion(f"“{name}” means something else in commands. Choose another name.")
    topic = _find(topics.topics, name)
    if topic is None or (own and topic.slug == own.slug):
        return
    if make_search_key(name) in (make_search_key(topic.slug), make_search_key(topic.title)):
        advice = f"Add words to it: /topic words {topic.slug}: …" if own is None else "Merge them instead."
        raise BadQuestion(f"There is already a topic “{topic.title}”. {advice}")
    raise BadQuestion(f"“{name}” is an earlier name of the topic “{topic.title}”. Choose another name.")


def _choose_slug(topics: TeamTopics, name: str) -> str:
    """Return a slug that no topic has; that of a removed topic with the same name is used again."""
    slug = make_slug(name)
    used_slugs = {topic.slug for topic in topics.topics}
    candidates = (slug, *(f"{slug}-{number}" for number in range(2, MAX_TOPICS + 2)))
    return next(candidate for candidate in candidates if candidate not in used_slugs)


def _find(topics: Sequence[Topic], name: str) -> Topic | None:
    without_the = name.strip()[4:] if name.strip()[:4].lower() == "the " else ""
    return find_topic(topics, name) or (find_topic(topics, without_the) if without_the else None)


def _join_names(current: Sequence[str], *groups: Sequence[str]) -> tuple[str, ...]:
    """Return the names of all groups without repetitions, and without those that it has now."""
    names = {make_search_key(name): name for group in groups for name in group}
    for name in current:
        names.pop(make_search_key(name), None)
    return tuple(names.values())[-_MAX_FORMER_NAMES:]


def _get_state(topic: Topic) -> TopicState:
    return TopicState.MUTED if topic.is_muted else TopicState.VISIBLE
