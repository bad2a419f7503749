"""Resolve a source mention to a person: names, pronouns, descriptions, relative pronouns, possessives.

Rule: a source without a name is shown in the article's words and counts as anonymous. Each step looks back a limited
distance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from briefings.attribution.features.clause import find_link_after
from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.draft_quotation import DraftQuotation
from briefings.attribution.features.pair_features import Signals
from briefings.attribution.features.person_names import (
    NamedPeople,
    Person,
    clean_job_title,
    find_people,
    find_role_after,
)
from briefings.model import Speaker
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG
from briefings.text.words import load_table

#: number of earlier named mentions that a pronoun or description can refer to
MAX_LOOKBACK = 14
#: maximum length of a chain of mentions ("who" to "the man" to his name)
MAX_STEPS = 4
#: reason for a person identified by a description such as "the Labour leader"
BY_JOB_TITLE = "identified by the job title in the article"
_MALE_PRONOUNS, _FEMALE_PRONOUNS = (
    frozenset(["he", "him", "his", "himself"]),
    frozenset(["she", "her", "hers", "herself"]),
)
_PLURAL_PRONOUNS = frozenset(
    ["they", "them", "their", "both", "some", "others", "many", "most", "we", "all", "several", "few"]
)
_PARTICIPANT_PRONOUNS = frozenset(["i", "me", "my", "we", "our", "us", "you", "your"])
_FINITE = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "VBP", "MD"))
#: heads of descriptions that usually refer to an unnamed person
_GENERIC_ROLES = {
    "source", "official", "officer", "aide", "adviser", "spokesman", "spokeswoman", "spokesperson", "protester",
    "voter", "supporter", "critic", "analyst", "expert",
}  # fmt: skip


@dataclass(slots=True)
class Coreference:
    """The people of one article and the person each mention refers to, resolved from left to right."""

    document: Document
    signals: Signals
    named_people: NamedPeople
    person_by_mention: dict[int, Person]

    def resolve_speaker(self, number: int, byline: str | None = None) -> tuple[Speaker | None, str]:
        """Return the speaker of mention `number` (or None), and the reason."""
        return _resolve_speaker(self, number, byline, MAX_STEPS)


def resolve_coreference(signals: Signals, drafts: Sequence[DraftQuotation] = ()) -> Coreference:
    """Resolve the names of an article, then its singular pronouns in order. A pronoun can depend on earlier ones.

    A person who is named inside a quotation (one of `drafts`) is an unlikely speaker of it: people seldom name
    themselves.
    """
    document = signals.document
    named_people = find_people(document)
    quoted_people = _find_people_in_quotes(document, named_people, drafts)
    coreference = Coreference(document, signals, named_people, dict(named_people.person_by_mention))
    recent_mentions: list[int] = []
    for number, (head, form) in enumerate(
        zip(document.mentions.head.tolist(), document.mentions.form.tolist(), strict=True)
    ):
        word = document.tokens.words[head].lower()
        if number in coreference.person_by_mention:
            recent_mentions.append(number)
        elif form in (MentionForm.PRONOUN, MentionForm.POSSESSOR) and (
            word in _MALE_PRONOUNS or word in _FEMALE_PRONOUNS
        ):
            person = _find_antecedent(
                coreference,
                number,
                recent_mentions[-MAX_LOOKBACK:],
                "m" if word in _MALE_PRONOUNS else "f",
                quoted_people.get(number, frozenset()),
            )
            if person is not None:
                coreference.person_by_mention[number] = person
                if person.gender == "u":
                    person.gender = "m" if word in _MALE_PRONOUNS else "f"
                recent_mentions.append(number)
    return coreference


def describe_mention(document: Document, number: int) -> str:
    """Return the words for an unnamed source, with its complement: "spokesman for the Trump campaign"."""
    mentions, words = document.mentions, document.tokens.words
    first, end = int(mentions.first[number]), int(mentions.last[number])
    next_mention = number + 1
    for _ in range(2):
        continuation = find_link_after(document, end)
        if continuation >= 0:
            while next_mention < len(mentions) and mentions.first[next_mention] < continuation:
                next_mention += 1
            while next_mention + 1 < len(mentions) and mentions.first[next_mention + 1] == mentions.first[next_mention]:
                next_mention += 1
            if next_mention < len(mentions) and mentions.first[next_mention] == continuation:
                end = int(mentions.last[next_mention])
                continue
        break
    if words[first].lower() in ("the", "a", "an") and end - first > 1:
        first += 1
    phrase = " ".join(document.text[document.tokens.starts[first] : document.tokens.ends[end - 1]].split())
    return phrase[:160]


def _find_people_in_quotes(
    document: Document, named_people: NamedPeople, drafts: Sequence[DraftQuotation]
) -> dict[int, frozenset[int]]:
    """Return, for each source, the ids of the people named in the passages it speaks."""
    quoted_people: dict[int, frozenset[int]] = {}
    heads = document.mentions.head
    for draft in drafts:
        for passage in draft.passages:
            inner = document.passages[passage].inner
            low, high = np.searchsorted(document.tokens.starts[heads], [inner.start, inner.end])
            people_ids = {
                id(named_people.person_by_mention[index])
                for index in range(low, min(high, low + 40))
                if index in named_people.person_by_mention
            }
            quoted_people[draft.source] = quoted_people.get(draft.source, frozenset()) | people_ids
    return quoted_people


def _find_antecedent(
    coreference: Coreference, number: int, recent_mentions: list[int], gender: str, quoted_people: frozenset[int]
) -> Person | None:
    """Return the most likely person mentioned shortly before, or the person named next in the same sentence."""
    best = -99.0
    best_person: Person | None = None
    for candidate in recent_mentions:
        person = coreference.person_by_mention[candidate]
        if person.is_organisation or person.gender not in (gender, "u"):
            continue
        weight = _compute_salience(coreference, candidate, number) + (0.8 if person.gender == gender else 0.0)
        weight -= 3.0 if id(person) in quoted_people else 0.0
        if weight >= best:
            best, best_person = weight, person
    if best_person is not None and best > -4.5:
        return best_person
    sentence = coreference.document.sentence[coreference.document.mentions.head[number]]
    for candidate in range(number + 1, min(number + 6, len(coreference.document.mentions))):
        next_person = coreference.named_people.person_by_mention.get(candidate)
        if (
            coreference.document.sentence[coreference.document.mentions.head[candidate]] == sentence
            and next_person
            and not next_person.is_organisation
        ):
            return next_person if next_person.gender in (gender, "u") else best_person
    return best_person


def _compute_salience(coreference: Coreference, candidate: int, number: int) -> float:
    """Score how likely a later mention refers to an earlier one: near, subject, source, outside quotations."""
    document, mentions, signals = coreference.document, coreference.document.mentions, coreference.signals
    a, b = int(mentions.head[candidate]), int(mentions.head[number])
    sentences = int(document.sentence[b] - document.sentence[a])
    weight = -0.7 * min(sentences, 6)
    first = int(mentions.last[candidate])
    weight += 1.0 if first < len(document.tags) and coreference.signals.tags[first] in _FINITE else 0.0
    weight += 1.0 * float(signals.source[candidate])
    weight += 0.4 if signals.verb_totals[a] == signals.verb_totals[_find_sentence_start(coreference, a)] else 0.0
    weight -= (
        0.8
        if mentions.form[candidate] == MentionForm.POSSESSOR and candidate in coreference.named_people.person_by_mention
        else 0.0
    )
    weight -= (
        0.7
        if a
        and int(document.tags[int(mentions.first[candidate]) - 1]) == TAG["IN"]
        and not _is_agent(coreference, candidate)
        else 0.0
    )
    inside_a, inside_b = int(document.passage_ids[a]), int(document.passage_ids[b])
    if inside_a != inside_b:
        weight -= 1.2
    person = coreference.person_by_mention[candidate]
    if person.gender == "u" and not person.roles and person.first_name not in load_table("first_names"):
        weight -= 1.5  # possibly a place or an organisation
    return weight + 0.15 * min(len(person.mentions), 6)


def _is_agent(coreference: Coreference, candidate: int) -> bool:
    """Whether "by" precedes a mention, so that it is the agent of a passive."""
    return coreference.document.tokens.words[int(coreference.document.mentions.first[candidate]) - 1].lower() == "by"


def _find_sentence_start(coreference: Coreference, token: int) -> int:
    index = token
    while (
        index > 0
        and coreference.document.sentence[index - 1] == coreference.document.sentence[token]
        and token - index < 40
    ):
        index -= 1
    return index


def _resolve_speaker(
    coreference: Coreference, number: int, byline: str | None, steps: int
) -> tuple[Speaker | None, str]:
    document, mentions = coreference.document, coreference.document.mentions
    word = document.tokens.words[int(mentions.head[number])].lower()
    form = int(mentions.form[number])
    if number in coreference.person_by_mention:
        return (
            _build_speaker(coreference.person_by_mention[number]),
            "named"
            if number in coreference.named_people.person_by_mention
            else f"“{word}” refers to the name before it",
        )
    if form == MentionForm.RELATIVE and number > 0 and steps:
        return _resolve_speaker(coreference, number - 1, byline, steps - 1)
    if word in _PARTICIPANT_PRONOUNS:
        return (
            (Speaker(byline), "the writer's own words")
            if byline and word in ("i", "me", "my")
            else (None, f"the article does not say who “{word}” is")
        )
    if word in _MALE_PRONOUNS or word in _FEMALE_PRONOUNS:
        return None, f"it is not clear who “{word}” is"
    if form == MentionForm.NOMINAL and (
        person := _find_apposition(coreference, number) or _find_office_holder(coreference, number)
    ):
        return _build_speaker(person), BY_JOB_TITLE
    if (
        word in _PLURAL_PRONOUNS or word in ("one", "another", "it") or form in (MentionForm.BARE, MentionForm.PRONOUN)
    ) and steps:
        source_mention = _find_source_before(coreference, number, plural=word != "it")
        if source_mention is not None:
            return _resolve_speaker(coreference, source_mention, byline, steps - 1)
        return None, f"it is not clear who “{word}” is"
    return Speaker(describe_mention(document, number), anonymous=True), "as the article describes them"


def _build_speaker(person: Person) -> Speaker:
    return Speaker(person.name, next(filter(None, map(clean_job_title, person.roles)), None))


def _find_apposition(coreference: Coreference, number: int) -> Person | None:
    """Return the person in apposition to a description, or None.

    Examples are "the general secretary, Matt Wrack," and "Matt Wrack, the general secretary". A plural description
    ("union leaders") has no apposition.
    """
    document, mentions = coreference.document, coreference.document.mentions
    if document.tags[int(mentions.head[number])] == TAG["NNS"]:
        return None
    end = int(mentions.last[number])
    for candidate in range(number + 1, min(number + 3, len(mentions))):
        if (
            candidate in coreference.named_people.person_by_mention
            and int(mentions.first[candidate]) == end + 1
            and document.tokens.words[end] in (",", "–", "—", "(")
        ):
            return (
                coreference.named_people.person_by_mention[candidate]
                if not coreference.named_people.person_by_mention[candidate].is_organisation
                else None
            )
    for candidate in range(number - 1, max(number - 3, -1), -1):
        person = coreference.named_people.person_by_mention.get(candidate)
        if person and not person.is_organisation and int(mentions.last[candidate]) == int(mentions.first[number]) - 1:
            return (
                person
                if document.tokens.words[int(mentions.last[candidate])] == "," and find_role_after(document, candidate)
                else None
            )
    return None


def _find_office_holder(coreference: Coreference, number: int) -> Person | None:
    """Return the person with the job title that a definite description names ("the Labour leader").

    If no such person precedes, return the most salient person without a title.
    """
    document, mentions = coreference.document, coreference.document.mentions
    first, head = int(mentions.first[number]), document.tokens.words[int(mentions.head[number])].lower()
    if head not in lexicon.load_words("offices") or document.tokens.words[first].lower() not in ("the", "this", "that"):
        return None
    recent = [
        candidate for candidate in range(max(0, number - 40), number) if candidate in coreference.person_by_mention
    ][-MAX_LOOKBACK:]
    holders = [
        candidate
        for candidate in recent
        if any(head in role.lower().split() for role in coreference.person_by_mention[candidate].roles)
    ]
    pool = holders or (
        []
        if head in _GENERIC_ROLES
        else [candidate for candidate in recent if not coreference.person_by_mention[candidate].roles]
    )
    pool = [candidate for candidate in pool if not coreference.person_by_mention[candidate].is_organisation]
    if not pool:
        named_holders = [
            person
            for person in coreference.named_people.people[:60]
            if not person.is_organisation and any(head in role.lower().split() for role in person.roles)
        ]
        return named_holders[0] if len(named_holders) == 1 else None
    return coreference.person_by_mention[
        max(pool, key=lambda candidate: _compute_salience(coreference, candidate, number))
    ]


def _find_source_before(coreference: Coreference, number: int, *, plural: bool) -> int | None:
    """Return the most likely earlier source: a plural or organisation for "they" or "one", an organisation for "it"."""
    document, mentions = coreference.document, coreference.document.mentions
    best, best_mention = 0.15, None
    head_token = int(mentions.head[number])
    for candidate in range(number - 1, max(number - 40, -1), -1):
        head, form = int(mentions.head[candidate]), int(mentions.form[candidate])
        if form not in (MentionForm.NAME, MentionForm.NOMINAL) or document.passage_ids[head] > 0:
            continue
        person = coreference.named_people.person_by_mention.get(candidate)
        looks_plural = document.tags[head] in (TAG["NNS"], TAG["NN"]) and document.tokens.words[head].lower().endswith(
            "s"
        )
        if (plural and not (looks_plural or (person and person.is_organisation))) or (
            not plural and person and not person.is_organisation
        ):
            continue
        weight = float(coreference.signals.source[candidate]) - 0.12 * int(
            document.sentence[head_token] - document.sentence[head]
        )
        if weight > best:
            best, best_mention = weight, candidate
    return best_mention
