"""Tell what a sentence announces, and whether another one reports that it is done: "will approve", then "approved".

Rule: the verb of the plan comes back in the past tense, outside quotation marks, with who acts and what is acted on. A
sentence that looks ahead itself, denies or supposes reports no outcome. An open state ("could still face charges") ends
with one of the words that `outcomes.txt` gives for it, about the same person.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from briefings.compose.outlook.clauses import split_clauses
from briefings.compose.selection import stem
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.words import load_table

_ADVERBS = (
    r"(?:(?:also|finally|first|formally|immediately|instead|later|likely|next|now|officially|soon|still|then)\s+)?"
)
_PLAN = re.compile(
    r"(?<!\w)(?:will|would|(?:is|are|was|were)\s+"
    rf"(?:{_ADVERBS}(?:about|due|expected|going|planning|poised|preparing|scheduled|set|slated)\s+)?to|"
    r"(?:plan|intend|expect|hope|vow|promise|threaten|pledge|agree|prepare)s?\s+to|(?:has|have|had)\s+yet\s+to|"
    r"must\s+still|still\s+(?:must|(?:has|have|needs?)\s+to))"
    rf"\s+{_ADVERBS}(?P<passive>be\s+)?(?P<verb>[a-z]{{3,}})(?!\w)"
)
_PARTICIPLE = re.compile(
    r"\w+ed|born|brought|built|chosen|drawn|fought|given|heard|held|paid|sent|sold|sworn|taken|told"
)
#: a longer sentence is no news, and its patterns would take too long
_MAX_SENTENCE_CHARACTERS = 2_000
_QUOTATION, _WORD = re.compile('[“"][^“”"]*[”"]'), re.compile("[a-z][a-z'-]*")
#: a sentence with one of these words supposes or denies
_UNSURE = re.compile(
    rf"(?<!\w)(?:{lexicon.build_alternation('negations')}|if|whether|until|unless|n't|\w+n't|should|will|"
    r"likely|could|looks?|(?:is|are)\s+(?:due|expected|likely|set)|plans?\s+to|yet\s+to|(?:was|were)\s+(?:due|expected|scheduled)\s+to|"
    r"ago|last\s+(?:month|year)|in\s+(?:19|20)\d\d)(?!\w)"
)
_CLAUSE_END = re.compile(r"[,;:—]|\s-\s|\b(?:and|but|which|who|that|because|while|after|before|when|if|as|where)\b")
_OUTCOME_CLAUSE_END = re.compile(r"[;:—]|\s-\s|\b(?:but|who|that|because|while|after|before|when|if|as)\b")
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
#: an end with its date may be older than the state
_NAMED_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|"
    r"\d\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being)\s+(?:\w+ly\s+)?$")
#: "would" announces a plan only after a verb of speech
_REPORTED = re.compile(rf"(?<!\w)(?:{lexicon.build_alternation('cues')})(?!\w)")
#: significant words around the verb that count as actors and as what is acted on
_MAX_ACTOR_TERMS, _MAX_OBJECT_TERMS = 6, 4
#: words in all that a plan and its outcome share besides the verb
_MIN_SHARED_TERMS = 2
#: verbs that both sides do: "Roe met Doe" is the outcome of "Doe will meet Roe"
_MUTUAL_VERBS = frozenset({"hold", "meet"})


@dataclass(frozen=True, slots=True)
class Step:
    """Step that is announced: the past forms of its verb, and the stems of its actors and of what is acted on."""

    past_forms: frozenset[str]
    actor_stems: frozenset[str]
    object_stems: frozenset[str]
    is_mutual: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """End of an open state: the words that report it, and the stems of the person or thing in that state."""

    words: re.Pattern[str]
    name_stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sentence can report as done: its folded words outside quotation marks, and their stems."""

    folded_text: str
    words: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sentence announces: its steps, and the ends of the open states in it."""

    steps: tuple[Step, ...]
    endings: tuple[Ending, ...]

    def is_done_in(self, text: str) -> bool:
        """Tell whether `text` reports a step of the plan as done, or the end of a state."""
        outcome = read_outcome(text)
        return outcome is not None and self.is_ended_by(outcome)

    def is_ended_by(self, outcome: Outcome) -> bool:
        """Tell whether an outcome is that of the plan."""
        return self.is_carried_out_by(outcome) or any(_is_end_of(ending, outcome) for ending in self.endings)

    def is_carried_out_by(self, outcome: Outcome) -> bool:
        """Tell whether an outcome reports a step of the plan as done."""
        return any(_is_outcome_of(step, outcome) for step in self.steps)


@lru_cache(maxsize=4_096)
def find_plan(text: str) -> Plan | None:
    """Return what a sentence announces in its main clauses, or None. Quoted words do not count."""
    if len(text) > _MAX_SENTENCE_CHARACTERS:
        return None
    unquoted_text = _QUOTATION.sub(_blank, text)
    folded_text = fold(unquoted_text)
    main_clauses = split_clauses(folded_text).main
    steps = tuple(filter(None, (_build_step(main_clauses, match) for match in _PLAN.finditer(main_clauses))))
    endings = tuple(
        Ending(_compile_ending(match.group()), name_stems)
        for match in _compile_states().finditer(folded_text)
        if (name_stems := _find_name_stems(unquoted_text, match.start()))
    )
    return Plan(steps, endings) if steps or endings else None


@lru_cache(maxsize=4_096)
def read_outcome(text: str) -> Outcome | None:
    """Return what a sentence can report as done, or None if it looks ahead, supposes or denies."""
    unquoted_text = _QUOTATION.sub(_blank, text)
    folded_text = fold(unquoted_text)
    if _UNSURE.search(folded_text):
        return None
    return Outcome(
        folded_text, frozenset(_WORD.findall(folded_text)), frozenset(map(stem, extract_terms(unquoted_text)))
    )


def list_past_forms(verb: str) -> frozenset[str]:
    """Return the past forms of a verb: "held" of "hold", "ratified" of "ratify"."""
    irregular_form = load_table("irregular_past").get(verb)
    if irregular_form:
        return frozenset({irregular_form})
    if verb.endswith("e"):
        return frozenset({verb + "d"})
    if verb.endswith("y"):
        return frozenset({verb[:-1] + "ied", verb + "ed"})
    return frozenset({verb + "ed", verb + verb[-1] + "ed"})


def _build_step(clauses: str, match: re.Match[str]) -> Step | None:
    """Return the step that a plan names, or None if it is denied, an unreported "would", or says too little."""
    before = _CLAUSE_END.split(clauses[: match.start()])[-1]
    after = _CLAUSE_END.split(clauses[match.end() :])[0]
    actors = [term for term in map(stem, extract_terms(before)) if term not in lexicon.load_words("time_words")][
        -_MAX_ACTOR_TERMS:
    ]
    objects = [term for term in map(stem, extract_terms(after)) if term not in lexicon.load_words("time_words")][
        :_MAX_OBJECT_TERMS
    ]
    verb = match["verb"]
    is_noun = match["passive"] is not None and not _PARTICIPLE.fullmatch(verb)
    is_unreported = match.group().startswith("would") and not _REPORTED.search(clauses, 0, match.start())
    if (
        verb in lexicon.load_words("light_verbs")
        or is_noun
        or is_unreported
        or len(actors) + len(objects) < _MIN_SHARED_TERMS
    ):
        return None
    past_forms = frozenset({verb}) if match["passive"] else list_past_forms(verb)
    return Step(past_forms, frozenset(actors), frozenset(objects), verb in _MUTUAL_VERBS)


def _is_outcome_of(step: Step, outcome: Outcome) -> bool:
    """Tell whether the actors come before the verb of the step and its objects after it, or around a passive."""
    return not step.past_forms.isdisjoint(outcome.words) and any(
        _has_same_parts(step, outcome.folded_text, match)
        for past_form in sorted(step.past_forms)
        for match in re.finditer(rf"(?<!\w){past_form}(?!\w)", outcome.folded_text)
    )


def _has_same_parts(step: Step, folded_text: str, match: re.Match[str]) -> bool:
    before = frozenset(map(stem, extract_terms(_OUTCOME_CLAUSE_END.split(folded_text[: match.start()])[-1])))
    after = frozenset(map(stem, extract_terms(folded_text[match.end() :])))
    if step.is_mutual or _PASSIVE.search(folded_text, 0, match.start()):
        before, after = before | after, before | after
    shared_actors, shared_objects = step.actor_stems & before, step.object_stems & after
    return (
        bool(shared_actors or not step.actor_stems)
        and len(shared_objects) >= min(1, len(step.object_stems))
        and len(shared_actors) + len(shared_objects) >= _MIN_SHARED_TERMS
    )


def _is_end_of(ending: Ending, outcome: Outcome) -> bool:
    if ending.name_stems.isdisjoint(outcome.stems) or _NAMED_DATE.search(outcome.folded_text):
        return False
    match = ending.words.search(outcome.folded_text)
    before = extract_terms(outcome.folded_text[: match.start()]) if match else []
    return not ending.name_stems.isdisjoint(map(stem, before))


def _find_name_stems(text: str, end: int) -> frozenset[str]:
    """Return the stems of the last name before `end` in a text; of the first words too, which may open with one."""
    names = list(_NAME.finditer(text, 0, end))
    return (
        frozenset(map(stem, extract_terms(names[-1].group()))) - lexicon.load_words("time_words")
        if names
        else frozenset()
    )


@cache
def _compile_states() -> re.Pattern[str]:
    longest_first = sorted(load_table("outcomes"), key=lambda state: (-len(state), state))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@cache
def _compile_ending(state: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{load_table('outcomes')[state]})(?!\w)")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
