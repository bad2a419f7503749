"""Find the sentence around a few quoted words, without which they are not understood: their frame.

Rule: a frame names the speaker and tells what the words are about. Fewer than five words are shown only if they are a
label that the speaker gives something ("a five ring circus"): any other scrap says nothing.
"""

import re
from functools import cache

from briefings.compose.candidates import Candidates
from briefings.compose.voices.wholeness import has_verb
from briefings.model import Article, Quote, Span, Speaker
from briefings.similarity.tfidf import extract_terms
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key
from briefings.text.words import count_words

#: a part of a sentence with fewer words needs a frame, of at most so many words
_MIN_UNFRAMED_WORDS, _MAX_FRAME_WORDS = 9, 32
#: fewest words of a sentence that needs no context
MIN_SENTENCE_WORDS = 5
#: fewest significant words that a frame adds, the speaker's name aside ("he said" explains nothing)
_MIN_FRAME_TERMS = 2
#: fewest capitalised words of a title
_MIN_TITLE_WORDS = 3
_LABEL_OPENING = re.compile(r"(?:an?|as|like|the)\s")
#: what follows a preposition is a part of a phrase, no label: "for “the trust of the voters”"
_AFTER_PREPOSITION = re.compile(r"\b(?:about|at|by|for|from|in|of|on|to|with)\s(?:the\s)?[\"“‘']?$", re.IGNORECASE)
_LABEL_BEFORE = re.compile(r"\b(?:an?|as|like)\s*[\"“‘']?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def needs_frame(words: str) -> bool:
    """Tell whether words are too few to be understood: a part of a sentence, or less than any sentence."""
    count = count_words(words)
    return count < MIN_SENTENCE_WORDS or (count < _MIN_UNFRAMED_WORDS and words[:1].islower())


def is_title(words: str) -> bool:
    """Tell whether words are the title of a book or programme: capitals throughout, small words aside."""
    significant_words = [word for word in _WORD.findall(words) if word.lower() not in lexicon.load_words("stop_words")]
    return len(significant_words) >= _MIN_TITLE_WORDS and all(word[0].isupper() for word in significant_words)


def find_frame(candidates: Candidates, article: Article, quote: Quote, speaker: Speaker, span: Span) -> Span | None:
    """Return the article's sentence around a passage, if it is short, names the speaker and tells more."""
    sentence = next((sentence for sentence in candidates.get_sentence_spans(article) if sentence.covers(span)), None)
    if sentence is None or count_words(sentence.of(article.text)) > _MAX_FRAME_WORDS:
        return None
    if count_words(span.of(article.text)) < MIN_SENTENCE_WORDS and not is_label(article, quote, sentence, span):
        return None
    own_words = sentence.of(candidates.get_unquoted_text(article))
    if not is_label(article, quote, sentence, span) and not has_verb(fold(span.of(article.text))):
        return None
    name_words = set(make_search_key(speaker.name).split())
    if name_words.isdisjoint(make_search_key(own_words).split()):
        return None
    terms = set(extract_terms(own_words)) - name_words - lexicon.load_words("cues")
    return sentence if len(terms) >= _MIN_FRAME_TERMS else None


def is_label(article: Article, quote: Quote, sentence: Span, span: Span) -> bool:
    """Tell whether the words name or judge something: "called it “a circus”", "a “five ring circus”"."""
    before = article.text[sentence.start : span.start]
    if _AFTER_PREPOSITION.search(before):
        return False
    if _LABEL_OPENING.match(fold(span.of(article.text))) or _LABEL_BEFORE.search(before):
        return True
    return quote.cue is not None and fold(quote.cue.of(article.text)) in _load_labelling()


@cache
def _load_labelling() -> frozenset[str]:
    return lexicon.load_words("labelling")
