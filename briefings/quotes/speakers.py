"""From a source mention to the person it means: names, pronouns, descriptions, relatives, possessors.

Rule: who is not named stays what the article calls them, and counts as anonymous. Each step looks back a bounded way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from briefings.model import Speaker
from briefings.quotes.belonging import link_behind
from briefings.quotes.found import Found
from briefings.quotes.names import Names, Person, names, role_after
from briefings.quotes.offices import shown
from briefings.quotes.pairs import Signals
from briefings.quotes.parse import Form, Parsed
from briefings.text import lexicon
from briefings.text.lists import table
from briefings.text.tagger import TAG

#: named mentions looked back over for whom a pronoun or a description means
BACK = 14
#: times a mention may hand on to another ("who" to "the man" to his name)
STEPS = 4
_HE, _SHE = frozenset(["he", "him", "his", "himself"]), frozenset(["she", "her", "hers", "herself"])
_PLURAL = frozenset(["they", "them", "their", "both", "some", "others", "many", "most", "we", "all", "several", "few"])
_SELF = frozenset(["i", "me", "my", "we", "our", "us", "you", "your"])


@dataclass(slots=True)
class Cast:
    """The people of one article and whom each mention means, worked out from left to right."""

    parsed: Parsed
    signals: Signals
    names: Names
    meant: dict[int, Person]

    def speaker(self, number: int, byline: str | None = None) -> tuple[Speaker | None, str]:
        """Whom mention `number` means, and how that was found or why not."""
        return _speaker(self, number, byline, STEPS)


def cast(signals: Signals, found: Sequence[Found] = ()) -> Cast:
    """Reads the names of an article, then its singular pronouns in order: each may lean on the ones before it.

    Whoever is named inside a quotation (of `found`) is not taken for its speaker: people seldom name themselves.
    """
    parsed = signals.parsed
    known = names(parsed)
    others = _named_inside(parsed, known, found)
    out = Cast(parsed, signals, known, dict(known.of))
    recent: list[int] = []
    for number, (head, form) in enumerate(
        zip(parsed.mentions.head.tolist(), parsed.mentions.form.tolist(), strict=True)
    ):
        word = parsed.tokens.words[head].lower()
        if number in out.meant:
            recent.append(number)
        elif form in (Form.PRONOUN, Form.POSSESSOR) and (word in _HE or word in _SHE):
            person = _antecedent(
                out, number, recent[-BACK:], "m" if word in _HE else "f", others.get(number, frozenset())
            )
            if person is not None:
                out.meant[number] = person
                if person.gender == "u":
                    person.gender = "m" if word in _HE else "f"
                recent.append(number)
    return out


def _named_inside(parsed: Parsed, known: Names, found: Sequence[Found]) -> dict[int, frozenset[int]]:
    """For each source the people (by identity) whom the passages that it speaks name."""
    out: dict[int, frozenset[int]] = {}
    heads = parsed.mentions.head
    for one in found:
        for passage in one.passages:
            inner = parsed.passages[passage].inner
            low, high = np.searchsorted(parsed.tokens.starts[heads], [inner.start, inner.end])
            inside = {id(known.of[at]) for at in range(low, min(high, low + 40)) if at in known.of}
            out[one.source] = out.get(one.source, frozenset()) | inside
    return out


def _antecedent(cast: Cast, number: int, recent: list[int], gender: str, others: frozenset[int]) -> Person | None:
    """The likeliest of the people named or meant shortly before, else the one named next in the same sentence."""
    best = -99.0
    chosen: Person | None = None
    for other in recent:
        person = cast.meant[other]
        if person.body or person.gender not in (gender, "u"):
            continue
        weight = _salience(cast, other, number) + (0.8 if person.gender == gender else 0.0)
        weight -= 3.0 if id(person) in others else 0.0
        if weight >= best:
            best, chosen = weight, person
    if chosen is not None and best > -4.5:
        return chosen
    sentence = cast.parsed.sentence[cast.parsed.mentions.head[number]]
    for other in range(number + 1, min(number + 6, len(cast.parsed.mentions))):
        ahead = cast.names.of.get(other)
        if cast.parsed.sentence[cast.parsed.mentions.head[other]] == sentence and ahead and not ahead.body:
            return ahead if ahead.gender in (gender, "u") else chosen
    return chosen


def _salience(cast: Cast, other: int, number: int) -> float:
    """How much an earlier mention stands out to a later one: near, a subject, a source, outside quotations."""
    parsed, mentions, signals = cast.parsed, cast.parsed.mentions, cast.signals
    a, b = int(mentions.head[other]), int(mentions.head[number])
    sentences = int(parsed.sentence[b] - parsed.sentence[a])
    weight = -0.7 * min(sentences, 6)
    first = int(mentions.last[other])
    weight += 1.0 if first < len(parsed.tags) and cast.signals.tags[first] in _FINITE else 0.0
    weight += 1.0 * float(signals.source[other])
    weight += 0.4 if signals.verbs[a] == signals.verbs[_start(cast, a)] else 0.0
    weight -= 0.8 if mentions.form[other] == Form.POSSESSOR and other in cast.names.of else 0.0
    weight -= (
        0.7 if a and int(parsed.tags[int(mentions.first[other]) - 1]) == TAG["IN"] and not _agent(cast, other) else 0.0
    )
    inside_a, inside_b = int(parsed.inside[a]), int(parsed.inside[b])
    if inside_a != inside_b:
        weight -= 1.2
    person = cast.meant[other]
    if person.gender == "u" and not person.roles and person.first not in table("first_names"):
        weight -= 1.5  # a place or a body as likely as not
    return weight + 0.15 * min(len(person.seen), 6)


def _agent(cast: Cast, other: int) -> bool:
    """Whether "by" stands before a mention: whoever did it, not whom it was done to."""
    return cast.parsed.tokens.words[int(cast.parsed.mentions.first[other]) - 1].lower() == "by"


_FINITE = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD"))


def _start(cast: Cast, token: int) -> int:
    at = token
    while at > 0 and cast.parsed.sentence[at - 1] == cast.parsed.sentence[token] and token - at < 40:
        at -= 1
    return at


def _speaker(cast: Cast, number: int, byline: str | None, steps: int) -> tuple[Speaker | None, str]:
    parsed, mentions = cast.parsed, cast.parsed.mentions
    word = parsed.tokens.words[int(mentions.head[number])].lower()
    form = int(mentions.form[number])
    if number in cast.meant:
        return _named(
            cast.meant[number]
        ), "named" if number in cast.names.of else f"“{word}” taken up from the name before"
    if form == Form.RELATIVE and number > 0 and steps:
        return _speaker(cast, number - 1, byline, steps - 1)
    if word in _SELF:
        return (
            (Speaker(byline), "the writer's own words")
            if byline and word in ("i", "me", "my")
            else (None, f"“{word}” is not told")
        )
    if word in _HE or word in _SHE:
        return None, f"whom “{word}” means is not clear"
    if form == Form.NOMINAL and (person := _apposed(cast, number) or _by_office(cast, number)):
        return _named(person), "by the office the article gives"
    if (word in _PLURAL or word in ("one", "another", "it") or form in (Form.BARE, Form.PRONOUN)) and steps:
        before = _described_before(cast, number, plural=word != "it")
        if before is not None:
            return _speaker(cast, before, byline, steps - 1)
        return None, f"whom “{word}” means is not clear"
    return Speaker(description(parsed, number), anonymous=True), "as the article describes them"


def description(parsed: Parsed, number: int) -> str:
    """The words for an unnamed source, with what belongs to it behind: "spokesman for the Trump campaign"."""
    mentions, words = parsed.mentions, parsed.tokens.words
    first, end = int(mentions.first[number]), int(mentions.last[number])
    follows = number + 1
    for _ in range(2):
        goes_on = link_behind(parsed, end)
        if goes_on >= 0:
            while follows < len(mentions) and mentions.first[follows] < goes_on:
                follows += 1
            while follows + 1 < len(mentions) and mentions.first[follows + 1] == mentions.first[follows]:
                follows += 1
            if follows < len(mentions) and mentions.first[follows] == goes_on:
                end = int(mentions.last[follows])
                continue
        break
    if words[first].lower() in ("the", "a", "an") and end - first > 1:
        first += 1
    phrase = " ".join(parsed.text[parsed.tokens.starts[first] : parsed.tokens.ends[end - 1]].split())
    return phrase[:160]


def _named(person: Person) -> Speaker:
    return Speaker(person.name, next(filter(None, map(shown, person.roles)), None))


def _apposed(cast: Cast, number: int) -> Person | None:
    """The name beside a description: "the general secretary, Matt Wrack," or "Matt Wrack, the general secretary".

    Several people ("union leaders") are nobody's description.
    """
    parsed, mentions = cast.parsed, cast.parsed.mentions
    if parsed.tags[int(mentions.head[number])] == TAG["NNS"]:
        return None
    end = int(mentions.last[number])
    for other in range(number + 1, min(number + 3, len(mentions))):
        if (
            other in cast.names.of
            and int(mentions.first[other]) == end + 1
            and parsed.tokens.words[end] in (",", "–", "—", "(")
        ):
            return cast.names.of[other] if not cast.names.of[other].body else None
    for other in range(number - 1, max(number - 3, -1), -1):
        person = cast.names.of.get(other)
        if person and not person.body and int(mentions.last[other]) == int(mentions.first[number]) - 1:
            return (
                person if parsed.tokens.words[int(mentions.last[other])] == "," and role_after(parsed, other) else None
            )
    return None


def _by_office(cast: Cast, number: int) -> Person | None:
    """The person whose office a definite description names ("the Labour leader"), else the most salient one."""
    parsed, mentions = cast.parsed, cast.parsed.mentions
    first, head = int(mentions.first[number]), parsed.tokens.words[int(mentions.head[number])].lower()
    if head not in lexicon.words("offices") or parsed.tokens.words[first].lower() not in ("the", "this", "that"):
        return None
    recent = [other for other in range(max(0, number - 40), number) if other in cast.meant][-BACK:]
    holders = [other for other in recent if any(head in role.lower().split() for role in cast.meant[other].roles)]
    pool = holders or ([] if head in _SEVERAL else [other for other in recent if not cast.meant[other].roles])
    pool = [other for other in pool if not cast.meant[other].body]
    if not pool:
        held = [
            p for p in cast.names.people[:60] if not p.body and any(head in role.lower().split() for role in p.roles)
        ]
        return held[0] if len(held) == 1 else None
    return cast.meant[max(pool, key=lambda other: _salience(cast, other, number))]


#: heads of descriptions that mostly mean nobody named
_SEVERAL = frozenset(
    [
        "source",
        "official",
        "officer",
        "aide",
        "adviser",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "protester",
        "voter",
        "supporter",
        "critic",
        "analyst",
        "expert",
    ]
)


def _described_before(cast: Cast, number: int, *, plural: bool) -> int | None:
    """The likeliest source before: for "one" and "they" a plural or a body, for "it" a body."""
    parsed, mentions = cast.parsed, cast.parsed.mentions
    best, chosen = 0.15, None
    here = int(mentions.head[number])
    for other in range(number - 1, max(number - 40, -1), -1):
        head, form = int(mentions.head[other]), int(mentions.form[other])
        if form not in (Form.NAME, Form.NOMINAL) or parsed.inside[head] > 0:
            continue
        person = cast.names.of.get(other)
        many = parsed.tags[head] in (TAG["NNS"], TAG["NN"]) and parsed.tokens.words[head].lower().endswith("s")
        if (plural and not (many or (person and person.body))) or (not plural and person and not person.body):
            continue
        weight = float(cast.signals.source[other]) - 0.12 * int(parsed.sentence[here] - parsed.sentence[head])
        if weight > best:
            best, chosen = weight, other
    return chosen
