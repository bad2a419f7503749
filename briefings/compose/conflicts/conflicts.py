"""Compose the slot of differences: two wordings, figures, days or agents for one thing, or a claim and its denial.

Rule: both sides are shown in their own words with links, and a note says what kind of difference it is. A possible
rounding or later count is never called a contradiction.
"""

from collections.abc import Iterator

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.agent_conflicts import find_agent_conflicts
from briefings.compose.conflicts.claims.denied_claims import find_denied_claims, find_shared_words
from briefings.compose.conflicts.claims.intent_claims import find_intent_conflicts
from briefings.compose.conflicts.counts import CountMention, find_count_conflicts
from briefings.compose.conflicts.departures import find_departure_conflicts
from briefings.compose.conflicts.figure_conflicts import find_figure_conflicts
from briefings.compose.conflicts.names import NameKind, find_name_conflicts
from briefings.compose.conflicts.sides import Conflict, clip_sentence
from briefings.compose.conflicts.times import TimeMention, find_time_conflicts
from briefings.compose.conflicts.value_series import find_date_conflicts
from briefings.compose.conflicts.wordings import WordingConflict, find_wording_conflicts
from briefings.compose.selection import WordBudget
from briefings.model import ELISION, Article, Line, Slot, Span

_MAX_CONFLICTS = 5
#: sharpness of each kind: offices and bodies, spellings, days, times, departures, agents, counts. Similar wording
#: makes times and counts sharper
_OFFICE, _SPELLING, _DAYS, _TIMES, _DEPARTURES, _AGENTS, _COUNTS = 1.15, 0.8, 0.9, 0.95, 1.0, 0.97, 1.0
#: longest sentence of a claim or a denial that is shown whole
_MAX_CLAIM_WORDS = 30
#: sharpness of denials, more for those that deny more of the statement, and of claims of intent
_DENIALS, _INTENTS = 1.0, 1.25
#: sharpness of wordings: with a word replaced, and with words only in one
_REPLACED_WORDS, _ADDED_WORDS = 0.75, 0.55
#: a roomy slot, in words, also shows what is hardly a difference; the least sharpness in any other
_ROOMY_SLOT, _MIN_SHARPNESS = 100, 0.5
_NAME_NOTES = {
    NameKind.SPELLING: "the sources spell the name differently",
    NameKind.OFFICE: "the sources give the person different offices",
    NameKind.BODY: "the sources name the body differently",
}


def find_conflicts(candidates: Candidates, budget: WordBudget) -> list[Line]:
    """Return the lines of the slot, sharpest first. Each line has two pieces of evidence."""
    if budget.available == 0:
        return []
    min_sharpness = 0.0 if budget.available >= _ROOMY_SLOT else _MIN_SHARPNESS
    conflict_kinds = (
        find_figure_conflicts(candidates),
        _find_count_conflicts(candidates),
        _find_name_conflicts(candidates),
        _find_date_conflicts(candidates),
        _find_time_conflicts(candidates),
        _find_departure_conflicts(candidates),
        _find_agent_conflicts(candidates),
        _find_denied_claims(candidates),
        _find_intent_conflicts(candidates),
        _find_wording_conflicts(candidates),
    )
    conflicts = sorted(
        (
            conflict
            for conflicts_of_kind in conflict_kinds
            for conflict in conflicts_of_kind
            if conflict.sharpness >= min_sharpness
        ),
        key=_make_sort_key,
    )
    lines: list[Line] = []
    shown_places: set[tuple[str, int]] = set()
    shown_topics: set[str] = set()
    for conflict in conflicts:
        sides = (conflict.first, conflict.second)
        places = {(article.id, span.start) for article, span in sides}
        text = ELISION.join(span.of(article.text) for article, span in sides)
        if (
            len(lines) < _MAX_CONFLICTS
            and not places & shown_places
            and (not conflict.topic or conflict.topic not in shown_topics)
            and budget.fits(text)
        ):
            budget.spend(text)
            lines.append(_make_line(candidates, conflict))
            shown_places |= places
            shown_topics.add(conflict.topic)
    return lines


def _make_sort_key(conflict: Conflict) -> tuple[float, str, Span, str, Span]:
    (first, first_span), (second, second_span) = conflict.first, conflict.second
    return (-conflict.sharpness, first.id, first_span, second.id, second_span)


def _make_line(candidates: Candidates, conflict: Conflict) -> Line:
    evidence = (candidates.make_evidence(*conflict.first), candidates.make_evidence(*conflict.second))
    return Line(
        slot=Slot.DIFFERENCES,
        text=ELISION.join(piece.text for piece in evidence),
        evidence=evidence,
        outlets=candidates.outlets.count(piece.article for piece in evidence),
        expected=conflict.is_expected,
        note=conflict.note,
    )


def _find_count_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for count_conflict in find_count_conflicts(candidates):
        values, first_side, second_side = _show_values(count_conflict.first, count_conflict.second)
        yield Conflict(
            first_side,
            second_side,
            f"{values}? ({_describe_count_order(count_conflict.first, count_conflict.second)})",
            _COUNTS + count_conflict.similarity / 10,
            topic=" ".join(sorted(count_conflict.first.unit_stems & count_conflict.second.unit_stems)),
        )


def _describe_count_order(first: CountMention, second: CountMention) -> str:
    """Describe what the publication days say about two counts: they give only an order."""
    lower, higher = sorted((first, second), key=lambda mention: mention.value)
    days = (lower.article.published, higher.article.published)
    if days[0] is not None and days[1] is not None and days[0] < days[1]:
        return "the later article has the higher count"
    return "may be counts at different times"


def _find_name_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for name_conflict in find_name_conflicts(candidates):
        mentions = (name_conflict.first, name_conflict.second)
        sides: list[tuple[Article, Span]] = []
        for mention in mentions:
            start = mention.article.text.index(mention.name.split()[0], mention.sentence.start)
            focus = Span(start, min(mention.sentence.end, start + len(mention.name)))
            sides.append((mention.article, clip_sentence(mention.article.text, mention.sentence, focus)))
        yield Conflict(
            sides[0],
            sides[1],
            f"{mentions[0].name} or {mentions[1].name}? ({_NAME_NOTES[name_conflict.kind]})",
            _SPELLING if name_conflict.kind is NameKind.SPELLING else _OFFICE,
            topic=mentions[0].name.split()[0],
        )


def _find_wording_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for wording in find_wording_conflicts(candidates):
        base_sharpness = _REPLACED_WORDS if wording.only_first and wording.only_second else _ADDED_WORDS
        yield Conflict(
            wording.first,
            wording.second,
            f"Same quote by {wording.speaker}, worded differently: {_describe_wordings(wording)}",
            sharpness=base_sharpness + min(wording.shared_words, 20) / 200,
            topic=f"words of {wording.speaker}",
        )


def _describe_wordings(wording: WordingConflict) -> str:
    if wording.only_first and wording.only_second:
        return f"“{wording.only_first}” in one, “{wording.only_second}” in the other"
    return f"only one has “{wording.only_first or wording.only_second}”"


def _find_date_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for date_conflict in find_date_conflicts(candidates.sentences):
        sides = [(sentence.article, sentence.facts.span) for sentence in (date_conflict.first, date_conflict.second)]
        yield Conflict(
            sides[0],
            sides[1],
            date_conflict.note,
            _DAYS,
            date_conflict.first.facts.is_expected or date_conflict.second.facts.is_expected,
        )


def _find_time_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for time_conflict in find_time_conflicts(candidates):
        values, first_side, second_side = _show_values(time_conflict.first, time_conflict.second)
        yield Conflict(
            first_side,
            second_side,
            f"{values}? (the sources differ on when)",
            _TIMES + time_conflict.similarity / 10,
            topic=f"{time_conflict.first.unit} {' '.join(sorted(time_conflict.first.event_stems))}",
        )


def _find_departure_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for departures in find_departure_conflicts(candidates):
        first, second = (
            (departure.article, clip_sentence(departure.article.text, departure.sentence, departure.words))
            for departure in departures
        )
        yield Conflict(
            first,
            second,
            f"{departures[0].surname}: {departures[0].manner} or {departures[1].manner}?",
            _DEPARTURES + sum(departure.is_reported for departure in departures) / 20,
            topic=f"departure of {departures[0].surname}",
        )


def _find_denied_claims(candidates: Candidates) -> Iterator[Conflict]:
    for denied_claim in find_denied_claims(candidates):
        statement, denial = denied_claim.statement, denied_claim.denial
        shared_words = find_shared_words(denied_claim)
        yield Conflict(
            (
                statement.article,
                clip_sentence(statement.article.text, statement.sentence, shared_words, _MAX_CLAIM_WORDS),
            ),
            (denial.article, clip_sentence(denial.article.text, denial.sentence, denial.words, _MAX_CLAIM_WORDS)),
            "contradiction: reported in one, denied in the other",
            _DENIALS + denied_claim.similarity / 10,
            topic=f"denial by {' '.join(sorted(denial.deniers))}",
        )


def _find_intent_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for intent_conflict in find_intent_conflicts(candidates):
        yield Conflict(
            (intent_conflict.article, intent_conflict.sentence),
            (intent_conflict.account_article, intent_conflict.account),
            f"contradiction: a claim in one, {intent_conflict.speaker}’s own account in the other",
            _INTENTS,
            topic=f"intent of {intent_conflict.speaker}",
        )


def _find_agent_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for agent_conflict in find_agent_conflicts(candidates):
        sides = [(report.article, report.event.sentence) for report in (agent_conflict.first, agent_conflict.second)]
        yield Conflict(sides[0], sides[1], agent_conflict.note, _AGENTS)


def _show_values(
    first: CountMention | TimeMention, second: CountMention | TimeMention
) -> tuple[str, tuple[Article, Span], tuple[Article, Span]]:
    """Return both values as "4 or 104 delegates", and the clipped sentence of each with its article."""
    values = " or ".join(mention.words.of(mention.article.text) for mention in (first, second))
    first_side, second_side = (
        (mention.article, clip_sentence(mention.article.text, mention.sentence, mention.words))
        for mention in (first, second)
    )
    return values, first_side, second_side
