"""Resolve each quotation of an article to the entity that speaks: a name, the article's own description, or no speaker.

Rule: passages in marks and reported quotations are ranked apart, because a passage's neighbours are passages. A line
of a transcript belongs to its label, and "I" outside quotations is the writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from briefings.attribution.assembly.unspoken_passages import find_unspoken_passages
from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.draft_quotation import DraftQuotation, get_passage_tokens
from briefings.attribution.features.person_names import clean_job_title
from briefings.attribution.models.pipeline import Analysis
from briefings.attribution.people.describing import describe_mention
from briefings.attribution.people.models import PeopleModels
from briefings.attribution.people.naming.entities import find_entities, find_names
from briefings.attribution.people.naming.entity import Entities, Entity, choose_spelling, classify_noun
from briefings.attribution.people.naming.name_chunks import find_tagged_chunks
from briefings.attribution.people.naming.name_tagger import PERSON
from briefings.attribution.people.ranking.candidate_features import NOBODY, CandidateRows, build_rows
from briefings.attribution.people.ranking.candidates import MAX_CANDIDATES, limit_candidates
from briefings.attribution.people.ranking.entity_table import EntityTable, Utterance
from briefings.attribution.people.ranking.person_ranker import MAX_DOUBTFUL_CONFIDENCE, Answers, rank_people
from briefings.attribution.people.ranking.utterances import build_draft_utterance, build_passage_utterances
from briefings.model import Speaker
from briefings.speaker_labels import AS_DESCRIBED, BY_NAME, NOT_CERTAIN, NOT_SPEECH
from briefings.text import lexicon

#: reason for a person identified by a description such as "the Labour leader"
BY_JOB_TITLE = "identified by the job title in the article"
#: the bearer of a description in reported speech is named from this probability on
MIN_BEARER_CONFIDENCE = 0.8
#: words; the source decides who says a shorter passage, without the person ranker
MIN_PERSON_RANKED_WORDS = 3
#: sentences and mentions back to the group that "one" belongs to
MAX_GROUP_SENTENCES, MAX_GROUP_MENTIONS = 3, 60
#: an entity is a person from this share of its words on
MIN_PERSON = 0.5
#: below this probability no answer is given, not even a doubtful one
MIN_ANSWER_CONFIDENCE = 0.3
#: confidence that a name in a transcript's label or before reported speech is understood
NAME_CONFIDENCE = 0.97
#: confidence that "I" outside quotations is the writer
BYLINE_CONFIDENCE = 0.9
_PARTICIPANT_PRONOUNS = frozenset(["i", "me", "my", "we", "our", "us", "you", "your"])


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who speaks a quotation (None: not known), how likely that is right, and why.

    `terms` are its passages that no one says: the title of a show between two parts of what was said there.
    """

    speaker: Speaker | None
    confidence: float
    reason: str
    terms: tuple[int, ...] = ()


class Resolver:
    """The entities of one article and the one that speaks each quotation."""

    def __init__(self, analysis: Analysis, models: PeopleModels) -> None:
        self.analysis, self.models = analysis, models
        document = analysis.document
        chunks = find_tagged_chunks(document, models.first_name_tagger, models.second_name_tagger)
        self.entity_index: Entities = find_entities(document, chunks, analysis.signals.source, models.known_roles)
        self.titles = find_unspoken_passages(document)
        self.table = EntityTable(document, analysis.signals, self.entity_index, models.known_roles)

    def build_passage_rows(self, drafts: Sequence[DraftQuotation]) -> CandidateRows:
        """Return the candidates of every passage; training reads them too."""
        return build_rows(self.table, build_passage_utterances(self.analysis, drafts))

    def resolve(self, drafts: Sequence[DraftQuotation], byline: str | None = None) -> list[Resolution]:
        """Return the resolution of each quotation."""
        passages = self.analysis.document.passages
        reported = [draft for draft in drafts if self._needs_ranking(draft)]
        utterances = build_passage_utterances(self.analysis, drafts)
        utterances += [build_draft_utterance(draft) for draft in reported]
        limit = limit_candidates(len(self.analysis.document.tokens), len(utterances))
        answers = self.rank(utterances, (len(passages),), limit)
        number_by_draft = {id(draft): number for number, draft in enumerate(reported, len(passages))}
        resolutions = []
        for draft in drafts:
            if draft.is_turn or not (self._is_ranked(draft) or id(draft) in number_by_draft):
                resolutions.append(self._resolve_name(draft))
            elif self._is_ranked(draft):
                longest = max(draft.passages, key=lambda number: len(passages[number].inner))
                resolution = self._resolve(answers, longest, draft.source, byline, can_be_nobody=True)
                resolution = self._resolve_few_words(draft, longest, resolution)
                resolutions.append(replace(resolution, terms=self._find_terms(draft, answers, longest)))
            else:
                number = number_by_draft[id(draft)]
                resolutions.append(self._resolve(answers, number, draft.source, byline, can_be_nobody=False))
        return resolutions

    def rank(self, utterances: list[Utterance], breaks: tuple[int, ...] = (), limit: int = MAX_CANDIDATES) -> Answers:
        """Rank at most `limit` entities for each utterance. One in `breaks` has no neighbour before it."""
        rows = build_rows(self.table, utterances, breaks, limit)
        return rank_people(rows, len(utterances), self.models.ranker, breaks)

    def build_speaker(self, number: int) -> Speaker:
        """Return entity `number` as a speaker: a name with its role, or the article's description."""
        entity = self.entity_index.entities[number]
        if entity.is_description:
            return Speaker(self.describe(entity), anonymous=True)
        return Speaker(choose_spelling(entity), next(filter(None, map(clean_job_title, entity.roles)), None))

    def describe(self, entity: Entity) -> str:
        """Return the fullest wording of a description, the first of several."""
        mentions = [number for _, _, number in entity.mentions if number >= 0]
        phrases = [describe_mention(self.analysis.document, number) for number in mentions[:12]]
        phrase = max(phrases, key=len) if phrases else entity.words[0]
        if phrase.lower() in ("one", "another") and mentions:
            return self._describe_group_before(mentions[0]) or phrase
        return phrase

    def _describe_group_before(self, number: int) -> str | None:
        """Return the people that "one" or "another" is one of: the likeliest source among the groups shortly before."""
        document, mentions = self.analysis.document, self.analysis.document.mentions
        last = document.sentence[mentions.first[number]]
        groups = []
        for other in range(number - 1, max(number - MAX_GROUP_MENTIONS, 0) - 1, -1):
            head, entity = int(mentions.head[other]), int(self.entity_index.entity_by_mention[other])
            if last - document.sentence[head] > MAX_GROUP_SENTENCES:
                break
            group = self.entity_index.entities[entity] if entity != NOBODY and not document.passage_ids[head] else None
            if group and group.is_description and group.is_plural and group.kinds[PERSON] >= MIN_PERSON:
                groups.append(other)
        best = max(groups, key=lambda other: float(self.analysis.signals.source[other]), default=-1)
        return describe_mention(document, best) if best >= 0 else None

    def _find_terms(self, draft: DraftQuotation, answers: Answers, longest: int) -> tuple[int, ...]:
        """Return the passages of a quotation that no one says, unless the paper's words go on at both sides."""
        document = self.analysis.document
        terms = []
        for number in draft.passages:
            tokens = get_passage_tokens(document, number)
            if number == longest or not len(tokens):
                continue
            words = len(document.passages[number].inner.of(document.text).split())
            is_inside = bool(np.isin([tokens[0] - 2, tokens[-1] + 2], draft.tokens).all())
            is_term = answers.entity[number] == NOBODY and words >= MIN_PERSON_RANKED_WORDS and not is_inside
            if is_term or number in self.titles:
                terms.append(number)
        return tuple(terms)

    def _is_ranked(self, draft: DraftQuotation) -> bool:
        """Whether a passage of it is long enough for the ranker. For a few words in marks, the source decides."""
        document = self.analysis.document
        words = (len(document.passages[number].inner.of(document.text).split()) for number in draft.passages)
        return max(words, default=0) >= MIN_PERSON_RANKED_WORDS

    def _resolve_few_words(self, draft: DraftQuotation, longest: int, resolution: Resolution) -> Resolution:
        """Let the source decide on three words where the ranker is not certain.

        They are speech if they look like a whole sentence: Roe said: “Yes, I’m here.” If they are part of a longer
        report ("aides of Roe said her “remain and reform” plan was right"), the report is the source's, but doubtful.
        """
        document = self.analysis.document
        words = document.passages[longest].inner.of(document.text).strip()
        if len(words.split()) != MIN_PERSON_RANKED_WORDS or draft.source < 0 or draft.cue < 0:
            return resolution
        own = int(self.entity_index.entity_by_mention[draft.source])
        if own == NOBODY or resolution.confidence >= MIN_BEARER_CONFIDENCE:
            return resolution
        by_source = self._resolve_name(draft)
        if words[:1].isupper() and words[-1:] in ".,!?":
            return resolution if self.entity_index.entities[own].is_description else by_source
        outside = draft.tokens[document.passage_ids[draft.tokens] == 0].tolist()
        is_report = any(document.tokens.words[token][:1].isalnum() for token in outside)
        return replace(by_source, confidence=MAX_DOUBTFUL_CONFIDENCE) if is_report else resolution

    def _needs_ranking(self, draft: DraftQuotation) -> bool:
        """Whether the ranker says who the source of reported speech is: a pronoun, or "the official"."""
        if self._is_ranked(draft) or draft.source < 0 or draft.is_turn:
            return False
        own = int(self.entity_index.entity_by_mention[draft.source])
        if own == NOBODY:
            return True
        document = self.analysis.document
        determiner = document.tokens.words[int(document.mentions.first[draft.source])].lower()
        entity = self.entity_index.entities[own]
        return entity.is_description and not entity.is_plural and determiner in ("the", "this", "that")

    def _resolve_name(self, draft: DraftQuotation) -> Resolution:
        """Return the entity that the source itself names: in a transcript's label, or in reported speech."""
        number = int(self.entity_index.entity_by_mention[draft.source]) if draft.source >= 0 else NOBODY
        if number == NOBODY:
            return Resolution(None, 0.0, "the article does not name the speaker")
        if self._is_sign(number):
            return Resolution(None, 0.0, NOT_SPEECH)
        reason = AS_DESCRIBED if self.entity_index.entities[number].is_description else BY_NAME
        return Resolution(self.build_speaker(number), NAME_CONFIDENCE, reason)

    def _resolve(
        self, answers: Answers, number: int, source: int, byline: str | None, *, can_be_nobody: bool
    ) -> Resolution:
        document = self.analysis.document
        word = document.tokens.words[int(document.mentions.head[source])].lower() if source >= 0 else ""
        confidence = float(answers.confidence[number])
        if word in _PARTICIPANT_PRONOUNS and not document.passage_ids[int(document.mentions.head[source])]:
            if byline and word in ("i", "me", "my"):
                return Resolution(Speaker(byline), BYLINE_CONFIDENCE, "the writer's own words")
            pronoun = document.tokens.words[int(document.mentions.head[source])]
            return Resolution(None, 0.0, f"the article does not say who “{pronoun}” is")
        entity = int(answers.entity[number] if can_be_nobody else answers.somebody[number])
        own = int(self.entity_index.entity_by_mention[source]) if source >= 0 else NOBODY
        if not can_be_nobody and own != NOBODY and confidence < MIN_BEARER_CONFIDENCE:
            entity = own  # reported speech was not trained on: without a sure bearer the description is shown
        if entity == NOBODY and word in ("he", "she"):
            return Resolution(None, 0.0, NOT_CERTAIN)
        if entity == NOBODY or self._is_sign(entity) or word in lexicon.load_words("signs"):
            return Resolution(None, 0.0, NOT_SPEECH)
        if entity != own and confidence < MIN_ANSWER_CONFIDENCE:
            return Resolution(None, 0.0, "no speaker is certain enough")
        return Resolution(self.build_speaker(entity), confidence, self._explain(entity, source, word))

    def _is_sign(self, number: int) -> bool:
        """Whether the words are on a sign: "a banner read"."""
        entity = self.entity_index.entities[number]
        return entity.is_description and entity.words[0] in lexicon.load_words("signs")

    def _explain(self, entity: int, source: int, word: str) -> str:
        if self.entity_index.entities[entity].is_description:
            return AS_DESCRIBED
        if source < 0:
            return BY_NAME
        is_nominal = int(self.analysis.document.mentions.form[source]) == MentionForm.NOMINAL
        if is_nominal and classify_noun(word)[PERSON] >= 0.5:
            return BY_JOB_TITLE
        if int(self.entity_index.entity_by_mention[source]) == entity:
            return BY_NAME
        return f"“{word}” refers to this name in the article"


def find_descriptions(resolver: Resolver, min_confidence: float) -> list[tuple[int, Speaker]]:
    """Return each definite description whose bearer the article names, as its mention and the person."""
    document = resolver.analysis.document
    mentions = np.flatnonzero(
        (document.mentions.form == MentionForm.NOMINAL) & (document.passage_ids[document.mentions.head] == 0)
    )
    utterances = [
        Utterance(
            int(document.mentions.first[number]),
            int(document.mentions.last[number]),
            np.array([number], dtype=np.int64),
            np.ones(1, dtype=np.float32),
            0.0,
            1.0,
        )
        for number in mentions.tolist()
    ]
    answers = resolver.rank(utterances)
    return [
        (number, speaker)
        for number, entity, confidence in zip(
            mentions.tolist(), answers.somebody.tolist(), answers.confidence.tolist(), strict=True
        )
        if entity != NOBODY
        and confidence >= min_confidence
        and not (speaker := resolver.build_speaker(entity)).anonymous
    ]


def find_people_in_full(document: Document, models: PeopleModels) -> list[tuple[str, tuple[str, ...]]]:
    """Return each person with a full name that is outside headlines, and the clean job titles."""
    if not len(document.mentions):
        return []
    chunks = find_tagged_chunks(document, models.first_name_tagger, models.second_name_tagger)
    return [
        (choose_spelling(entity), tuple(dict.fromkeys(filter(None, map(clean_job_title, entity.roles)))))
        for entity in find_names(document, chunks)
        if entity.is_full_name and entity.kinds[PERSON] >= MIN_PERSON and sum(entity.spellings.values()) > 0
    ]
