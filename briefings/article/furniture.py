"""Recognise a site's furniture inside running text: credits, captions, prompts, embedded posts, stamps and labels.

Rule: a sentence is furniture when it holds a sign that reports never hold, or has the shape of a caption or a credit.
Only whole sentences are judged, so that one pasted prompt does not cost the paragraph around it.
"""

import re

from briefings.text import lexicon
from briefings.text.folding import fold

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FULL_DATE = rf"(?:{_MONTH} \d{{1,2}}, (?:19|20)\d\d|\d{{1,2}} {_MONTH},? (?:19|20)\d\d)"
_SIGN = re.compile(rf"(?<!\w)(?:{lexicon.build_alternation('furniture_signs')})")
_SHAPES = (
    # a stamp: "Updated at 3:58 p.m. ET", "Update at 5 p.m."
    re.compile(r"^\W*(?:last )?updated?:? (?:at |on |\d|[a-z]+day\b)"),
    # a pasted link: "( PHOTOS: 20 places to hide)", "(RELATED: ...)"
    re.compile(r"^\W*\(? ?(?:also on|photos?|videos?|related|watch|read|see also|graphic|slideshow|more) ?:"),
    re.compile(r"\( ?(?:also on|photos?|videos?|related|watch|read|see also|graphic|slideshow|more)\b ?:"),
    # a credit: "Roe reported from Leeds.", "Contributing: Jane Roe", "Reporting by Jane Roe; editing by"
    re.compile(r"^(?:[\w.'-]+ ){1,5}reported from (?:[\w.'-]+,? ){0,5}[\w.'-]+\.(?: |$)"),
    re.compile(r"^\W*(?:contributing|additional reporting|reporting|editing|written|compiled)(?: by)?(?::| by) "),
    # a caption: "Jane Roe, left, speaks ...", "In this April 4, 2019, photo", and present tense before a full date
    re.compile(rf"^in this (?:[\w.,' -]+ )?(?:photo|image|file|frame|{_FULL_DATE})"),
    re.compile(r"^[^.]{3,80}?, (?:(?:cent(?:er|re)|second|third|top|bottom|far) )?(?:left|right|cent(?:er|re))[, ]"),
    re.compile(
        r"^(?!according)(?:[\w'-]+,? ){1,14}(?:arrives?|attends?|gestures?|holds?|leaves?|listens?|looks?|pauses?|"
        r"poses?|reacts?|"
        r"sits?|smiles?|speaks?|stands?|talks?|walks?|waves?|is seen|are seen|is pictured|takes part|testif(?:y|ies)|"
        rf"addresses|answers?|react|rall(?:y|ies)|march(?:es)?|gathers?|protests?|works?|search(?:es)?) .*{_FULL_DATE}"
    ),
    # a caption that says how someone is placed: "Members vote as Jane Roe stands on the dais, ... April 4, 2019"
    re.compile(
        rf"^[^.]{{3,120}} (?:stands?|sits?|looks?|listens?) (?:at|behind|beside|by|in|next to|on) .*{_FULL_DATE}"
    ),
    # a caption under a picture or a film: "The person in the background is unidentified"
    re.compile(
        r"^(?:cctv|surveillance|security|file|aerial|satellite|video|drone) (?:footage|images?|photos?) shows? "
    ),
    re.compile(r"^\W*(?:editor'?s'? note|clarification|corrections?(?: & clarifications)?)\b"),
)
#: shapes that can be anywhere, with words of which a sentence has one if it has the shape: words are found faster
_SHAPES_BY_WORDS = (
    # an embedded post: "- Jane Roe (@roe) July 3, 2018"
    (("@",), re.compile(r"\(@ ?\w+\)|^@\w+ |\(@\w+")),
    # a caption: "The person in the background is unidentified"
    (("in the background", "in the foreground"), re.compile(r"\bin the (?:background|foreground) (?:is|are)\b")),
)
#: "Jane RoeMORE NEWS ... MORE (D-Ohio)": headlines pasted behind a name
_PASTED_HEADLINES = re.compile(
    r"[a-z]MORE\b|\bMORE\b(?= \(|,| [a-z]|[’']s)|[a-z]{3}(?:20)?\d\d [A-Z][a-z]+ [a-z]+ .{10,}\bMORE\b"
)
_PHOTO_AGENCY = re.compile(
    r"\b(?:REUTERS|AFP|EPA|AP|TASS|Reuters|Bloomberg|Getty)/\s?[A-Z]|/(?:AFP|AP|Getty|Reuters|REUTERS)\b"
)
_READ_MORE = re.compile(r"\bRead more$|^(?:REUTERS|AFP|EPA) [A-Z]")
#: the same for shapes in which the case counts
_CASED_SHAPES_BY_WORDS = (
    (("MORE",), _PASTED_HEADLINES),
    (("/",), _PHOTO_AGENCY),
    (("Read more", "REUTERS", "AFP", "EPA"), _READ_MORE),
)


def is_furniture(sentence: str) -> bool:
    """Tell whether a sentence of an article belongs to its page rather than to its report."""
    folded_sentence = fold(sentence)
    return (
        _SIGN.search(folded_sentence) is not None
        or any(shape.search(folded_sentence) for shape in _SHAPES)
        or _has_shape(folded_sentence, _SHAPES_BY_WORDS)
        or _has_shape(sentence, _CASED_SHAPES_BY_WORDS)
    )


def _has_shape(sentence: str, shapes: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]) -> bool:
    return any(
        any(word in sentence for word in words) and shape.search(sentence) is not None for words, shape in shapes
    )
