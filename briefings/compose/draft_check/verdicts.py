"""Compare a draft's quotations with the stored articles: exact, differing, misattributed, narration or not found.

Rule: a verdict against the draft needs proof, which is shown with its link. If the words are exact and the speakers
cannot be compared with certainty, the verdict is "not sure". An unnamed source never outvotes a named one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from briefings.attribution.features.quotation_marks import MIN_UNCUED_WORDS
from briefings.compose.draft_check.draft_parser import ParsedDraft, Quotation, SpeakerMatch, is_same_person
from briefings.compose.draft_check.evidence import (
    ArticleWords,
    ArticleWordsCache,
    Utterance,
    describe_interruption,
    describe_omissions,
)
from briefings.compose.draft_check.speaker_evidence import compare_with_draft
from briefings.compose.draft_check.word_alignment import Similarity, iterate_locations, locate_parts, measure_similarity
from briefings.compose.who_said.hits import (
    ArticleQuote,
    ArticlesWithQuotes,
    add_reports,
    build_hits,
    build_narration_hit,
    make_date_key,
)
from briefings.draft_report import Change, CheckedQuote, DraftCheck, IgnoredMarks, MarkReason, Verdict
from briefings.model import Hit, Kind, SearchTotals, Span
from briefings.text.sentences import split_sentences
from briefings.text.spans import SpanIndex, merge_spans, subtract_spans

#: minimum similarity, 0 to 1, of another wording: by the speaker that the draft names, and by another speaker
MIN_SIMILARITY, MIN_OTHER_SPEAKER_SIMILARITY = 0.72, 0.85
#: minimum words of a quotation that is compared with other speakers' words; shorter ones match by chance
_MIN_OTHER_SPEAKER_WORDS = 5
#: minimum similarity of a nearest quote, and the maximum number of nearest quotes
_MIN_NEAREST_SIMILARITY, _MAX_NEAREST = 0.5, 3
#: maximum number of matches per paragraph to examine
_MAX_PLACES = 20
_BRACKETS_PATTERN = re.compile(r"\[[^\[\]]*\w[^\[\]]*\]")

_UNCHECKED_NOTE = "The quotation marks of this paragraph can't be paired or attributed. Check it by hand."

_ExactMatch = tuple[Utterance, tuple[Span, ...]]

FindRelated = Callable[[Quotation], ArticlesWithQuotes]


def check_quotations(
    draft: str, parsed_draft: ParsedDraft, find_related: FindRelated, totals: SearchTotals
) -> DraftCheck:
    """Return a verdict for each quotation. `find_related` returns the articles, with quotes, that may contain it.

    Short unattributed quotations that no article quotes are ignored marks.
    """
    article_words_cache = ArticleWordsCache()
    quotes: list[CheckedQuote] = []
    ignored_marks = list(parsed_draft.ignored_marks)
    for quotation in parsed_draft.quotations:
        articles_words = [article_words_cache.get(*related) for related in find_related(quotation)]
        if quote := _check_quotation(draft, quotation, articles_words):
            quotes.append(quote)
        else:
            ignored_marks.append(IgnoredMarks(quotation.outer, MarkReason.PHRASE))
    ignored_marks.sort(key=lambda marks: marks.span)
    return DraftCheck(draft, tuple(quotes), totals, tuple(ignored_marks))


def _check_quotation(draft: str, quotation: Quotation, articles_words: Sequence[ArticleWords]) -> CheckedQuote | None:
    """Return the verdict, or None for a few words in marks that no article quotes."""
    if quotation.is_unchecked:
        words = quotation.span.of(draft)
        return CheckedQuote(words, *_get_ends(quotation.span), None, Verdict.UNCHECKED, note=_UNCHECKED_NOTE)
    sorted_articles_words = sorted(
        articles_words, key=lambda article_words: (make_date_key(article_words.article), article_words.article.id)
    )
    checker = _QuotationChecker(draft, quotation, sorted_articles_words)
    return checker.find_exact() or (
        None
        if quotation.is_short
        else checker.find_narration() or checker.find_differing() or checker.build_not_found()
    )


@dataclass(frozen=True, slots=True)
class _QuotationChecker:
    """One quotation and the articles to compare it with, newest first."""

    draft: str
    quotation: Quotation
    articles_words: Sequence[ArticleWords]

    def find_exact(self) -> CheckedQuote | None:
        """Return the verdict if a quotation contains exactly these words."""
        exact_matches = [
            (utterance, spans)
            for article_words in self.articles_words
            for utterance in article_words.utterances
            if utterance.is_quoted
            and (spans := locate_parts(self.quotation.pieces, utterance.words))
            and self._is_quotation(utterance)
        ]
        matches_by_kind: dict[SpeakerMatch, list[_ExactMatch]] = {kind: [] for kind in SpeakerMatch}
        for exact_match in exact_matches:
            matches_by_kind[self._match_speaker(exact_match[0])].append(exact_match)
        others = [utterance for utterance, _ in matches_by_kind[SpeakerMatch.OTHER] if self._is_long_enough(utterance)]
        if same := matches_by_kind[SpeakerMatch.SAME]:
            rivals = [other for other in others if self._contradicts(other, same)]
            doubt = f"Another article gives these words to {rivals[0].speaker}." if rivals else ""
            return self._build_exact(Verdict.NOT_SURE if rivals else Verdict.EXACT, same, doubt)
        unclear = matches_by_kind[SpeakerMatch.UNCLEAR]
        if others and not any(map(self._is_claimed, (utterance for utterance, _ in unclear))):
            return self._build_verdict(Verdict.MISATTRIBUTED, min(others, key=self._make_rank_key))
        if unclear:
            best = min((utterance for utterance, _ in unclear), key=self._make_rank_key)
            return self._build_exact(Verdict.NOT_SURE, unclear, self._explain_unclear_speaker(best))
        return None

    def _build_exact(self, verdict: Verdict, matches: Sequence[_ExactMatch], doubt: str) -> CheckedQuote:
        """Return the verdict on exact words, compared with the best of `matches`."""
        best, spans = min(matches, key=lambda pair: self._make_rank_key(pair[0]))
        notes = (
            doubt,
            describe_omissions(best.article, spans),
            describe_interruption(best),
            self._describe_brackets(),
        )
        other_matches = [utterance for utterance, _ in matches]
        return self._build_verdict(verdict, best, " ".join(filter(None, notes)), other_matches=other_matches)

    def _contradicts(self, other: Utterance, same: Sequence[_ExactMatch]) -> bool:
        """Tell whether another article names another speaker, for a draft that names one."""
        is_other_article = all(other.article.id != utterance.article.id for utterance, _ in same)
        is_named = other.quote.speaker is not None and not other.quote.speaker.anonymous
        return is_other_article and is_named and self.quotation.claimed_speaker is not None

    def _is_claimed(self, utterance: Utterance) -> bool:
        """Tell whether an unclear match has the speaker that the draft names."""
        claimed_speaker = self.quotation.claimed_speaker
        return bool(utterance.speaker and claimed_speaker and is_same_person(utterance.speaker, claimed_speaker.name))

    def find_narration(self) -> CheckedQuote | None:
        """Return the verdict if the words, or some of them, are outside quotation marks."""
        for article_words in self.articles_words:
            marked_spans = merge_spans(
                fragment
                for quote in article_words.quotes
                if quote.kind is not Kind.INDIRECT
                for fragment in quote.content
            )
            for paragraph in article_words.paragraphs:
                for spans in iterate_locations(self.quotation.pieces, paragraph, _MAX_PLACES):
                    if any(subtract_spans(span, marked_spans) for span in spans):
                        return self._build_narration(article_words, Span(spans[0].start, spans[-1].end))
        return None

    def find_differing(self) -> CheckedQuote | None:
        """Return the verdict if the most similar quotation is another wording."""
        similar_utterances = [
            (utterance, similarity)
            for utterance, similarity in self._rank_by_similarity()
            if self._is_same(utterance, similarity)
        ]
        if not similar_utterances:
            return None
        best, similarity = similar_utterances[0]
        verdict = Verdict.MISATTRIBUTED if self._match_speaker(best) is SpeakerMatch.OTHER else Verdict.DIFFERS
        note = self._explain_unclear_speaker(best) if self._match_speaker(best) is SpeakerMatch.UNCLEAR else ""
        return self._build_verdict(verdict, best, note, similarity.changes)

    def build_not_found(self) -> CheckedQuote:
        """Return the verdict for words without a match, with the nearest real quotes."""
        groups: list[list[ArticleQuote]] = []
        for utterance, _ in self._rank_by_similarity():
            shown_quotes = {(article.id, quote.span) for group in groups for article, quote in group}
            if len(groups) < _MAX_NEAREST and (utterance.article.id, utterance.quote.span) not in shown_quotes:
                groups.append(self._find_reports(utterance))
        return self._build_checked_quote(Verdict.NOT_FOUND, None, "", (), build_hits(groups))

    def _match_speaker(self, utterance: Utterance) -> SpeakerMatch:
        return compare_with_draft(self.draft, self.quotation, *utterance.article_quote)

    def _is_quotation(self, utterance: Utterance) -> bool:
        """Tell whether it is a quotation at all.

        One unattributed word in marks needs an article that quotes only that word.
        """
        return not self.quotation.is_short or self.quotation.word_count > 1 or len(utterance.words.keys) == 1

    def _is_long_enough(self, utterance: Utterance) -> bool:
        """Tell whether there are enough words to name another speaker.

        A few words from a long quotation are not enough.
        """
        word_count = self.quotation.word_count
        return word_count >= MIN_UNCUED_WORDS or 2 * word_count >= len(utterance.words.keys)

    def _make_rank_key(self, utterance: Utterance) -> tuple[bool, bool, bool, int]:
        """Return a sort key: uninterrupted quotations first, then those with a speaker, direct ones and the newest."""
        quote = utterance.quote
        return (
            utterance.is_interrupted,
            quote.speaker is None,
            quote.kind is Kind.MIXED,
            make_date_key(utterance.article),
        )

    def _rank_by_similarity(self) -> list[tuple[Utterance, Similarity]]:
        """Return the quotations, most similar first. Those of the speaker that the draft names come before others."""
        rated_utterances = [
            (utterance, measure_similarity(self.quotation.pieces, utterance.words))
            for article_words in self.articles_words
            for utterance in article_words.utterances
            if utterance.is_quoted and not utterance.is_interrupted
        ]
        match_order = [SpeakerMatch.SAME, SpeakerMatch.UNCLEAR, SpeakerMatch.OTHER]
        similar_utterances = [
            pair for pair in rated_utterances if pair[1].score >= _MIN_NEAREST_SIMILARITY and pair[1].is_significant
        ]
        return sorted(
            similar_utterances,
            key=lambda pair: (
                not self._is_same(*pair),
                match_order.index(self._match_speaker(pair[0])),
                -round(pair[1].score + pair[1].word_score, 3),
            ),
        )

    def _is_same(self, utterance: Utterance, similarity: Similarity) -> bool:
        if self._match_speaker(utterance) is SpeakerMatch.SAME:
            return similarity.score >= MIN_SIMILARITY
        return (
            similarity.score >= MIN_OTHER_SPEAKER_SIMILARITY and self.quotation.word_count >= _MIN_OTHER_SPEAKER_WORDS
        )

    def _build_narration(self, article_words: ArticleWords, span: Span) -> CheckedQuote:
        text = article_words.article.text
        overlaps = SpanIndex(quote.span for quote in article_words.quotes)
        overlapping_quotes = [article_words.quotes[index] for index in overlaps.find_overlapping_numbers(span)]
        indirect_quotes = [quote for quote in overlapping_quotes if quote.kind is Kind.INDIRECT]
        quoted_spans = [
            part
            for quote in overlapping_quotes
            if quote.kind is not Kind.INDIRECT
            for part in _clip_fragments(quote.content, span)
        ]
        if quoted_spans:
            words = ", ".join(f"“{piece.of(text).strip(' ,')}”" for piece in quoted_spans)
            note = f"Only {words} is a quote in the article; the rest is the article's own wording."
        elif indirect_quotes and indirect_quotes[0].speaker:
            note = f"The article paraphrases {indirect_quotes[0].speaker.name} with these words."
        else:
            note = "The article doesn't attribute these words to anyone."
        if indirect_quotes and not quoted_spans:
            (best,) = build_hits([[(article_words.article, indirect_quotes[0])]])
        else:
            best = build_narration_hit(article_words.article, _expand_to_sentences(text, span))
        return self._build_checked_quote(Verdict.NARRATION, best, note)

    def _find_reports(self, utterance: Utterance, other_matches: Sequence[Utterance] = ()) -> list[ArticleQuote]:
        """Return the quotation, then its speaker's other quotes with the same words or the same utterance."""
        articles_with_quotes = [(article_words.article, article_words.quotes) for article_words in self.articles_words]
        reports = add_reports(utterance.article_quote, articles_with_quotes)
        report_keys = {(article.id, quote.span) for article, quote in reports}
        same_speaker_utterances = [
            other_utterance
            for other_utterance in other_matches
            if not other_utterance.is_interrupted
            and other_utterance.speaker
            and other_utterance.speaker == utterance.speaker
        ]
        return [
            *reports,
            *(
                same_utterance.article_quote
                for same_utterance in same_speaker_utterances
                if (same_utterance.article.id, same_utterance.quote.span) not in report_keys
            ),
        ]

    def _build_verdict(
        self,
        verdict: Verdict,
        best: Utterance,
        note: str = "",
        changes: tuple[Change, ...] = (),
        other_matches: Sequence[Utterance] = (),
    ) -> CheckedQuote:
        (hit,) = build_hits([self._find_reports(best, other_matches)])
        return self._build_checked_quote(verdict, hit, note, changes)

    def _build_checked_quote(
        self,
        verdict: Verdict,
        best: Hit | None,
        note: str = "",
        changes: tuple[Change, ...] = (),
        nearest: tuple[Hit, ...] = (),
    ) -> CheckedQuote:
        span = self.quotation.span
        words = span.of(self.draft)
        return CheckedQuote(
            words, span.start, span.end, self.quotation.claimed_speaker, verdict, best, note or None, changes, nearest
        )

    def _explain_unclear_speaker(self, utterance: Utterance) -> str:
        """Explain why the speaker cannot be matched with certainty to the one that the draft names."""
        speaker = utterance.quote.speaker
        if speaker is None:
            return "The article doesn't say who said this."
        if self.quotation.claimed_speaker is None or self.quotation.is_open:
            return f"It isn't clear who says this in the draft; the article names {speaker.name}."
        if self.quotation.claimed_speaker is not None and self.quotation.claimed_speaker.anonymous:
            return f"The draft doesn't name the speaker; the article names {speaker.name}."
        if speaker.anonymous:
            return f"The article doesn't name the speaker, only “{speaker.name}”."
        return f"The speaker is probably {speaker.name}, but this isn't certain."

    def _describe_brackets(self) -> str:
        text = self.quotation.span.of(self.draft)
        return "The words in brackets are from the draft." if _BRACKETS_PATTERN.search(text) else ""


def _get_ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _clip_fragments(fragments: Sequence[Span], span: Span) -> list[Span]:
    """Return the parts of `fragments` inside `span`."""
    return [
        Span(max(fragment.start, span.start), min(fragment.end, span.end))
        for fragment in fragments
        if fragment.overlaps(span)
    ]


@lru_cache(maxsize=8)
def _split(text: str) -> tuple[Span, ...]:
    """Return the sentences of an article; they are kept, because many quotations of a draft are compared with it."""
    return split_sentences(text)


def _expand_to_sentences(text: str, span: Span) -> Span:
    """Extend `span` to whole sentences."""
    overlapping_sentences = [sentence for sentence in _split(text) if sentence.overlaps(span)]
    return Span(overlapping_sentences[0].start, overlapping_sentences[-1].end) if overlapping_sentences else span
