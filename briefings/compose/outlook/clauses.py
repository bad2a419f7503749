"""Split a sentence into its main words and its side words: relative, adverbial and comparing clauses.

Rule: the main clause says what comes next, or a verb of speech in it reports what comes next. "She met Roe, who is
considering a bid" reports a meeting.
"""

import re
from dataclasses import dataclass

from briefings.text import lexicon

#: "While two inquiries go on, ...": a clause before the main one
_OPENING_CLAUSE = re.compile(r"\W*(?:although|as|because|but while|even as|since|though|when|where|while)\b[^,;:]*,\s+")
#: "Roe, who will retire in May, said": a relative clause inside the main clause
_ASIDE = re.compile(r",\s+(?:who|whom|whose|which|where)\b[^,;]*,|\([^()]*\)")
#: words that open a clause which is not the main one, up to the next comma, dash or "but"; "the hearing, which is
#: scheduled for May" and "the day before she is due to appear" add to the main one
_SIDE_OPENERS = (
    r"who|whom|whose|(?<!, )which|which(?!\s+(?:is|are)\s+(?:due|expected|scheduled|set)\b)|because|although|while|"
    r"(?<=time )when|(?<=, )when|where|since|than|despite|adding|noting|citing|saying|unless|"
    r"(?:before|after)(?![^,;:—]*\b(?:is|are)\s+(?:due|expected|scheduled|set)\b)|"
    r"as\s+(?!soon|early|well|part|planned|scheduled)"
)
_SIDE_CLAUSE = re.compile(rf"(?<!\w)(?:{_SIDE_OPENERS}|(?P<that>that))(?!\w)[^,;:—]*?(?=[,;:—]|\s-{{1,2}}\s|\sbut\s|$)")
#: "The troops who stay there will be examined": a clause inside the subject ends before the main verb
_SUBJECT_CLAUSE = re.compile(
    r"(?<!\w)(?:who|which|that|where)\s+[^\s,;:—]+(?:\s[^,;:—]*?)?(?=\s(?:are|has|have|is|must|remains?|will)\b)"
)
_FINITE = re.compile(
    rf"(?<!\w)(?:{lexicon.build_alternation('cues')}|{lexicon.build_alternation('past')}|are|can|could|did|do|does|had|"
    r"has|have|is|may|must|remains?|says?|should|was|were|will|would|\w{2,}ed)(?!\w)"
)
#: "said on Monday that", "it is clear that": the clause is what the main one tells
_REPORT = re.compile(
    rf"(?<!\w)(?:{lexicon.build_alternation('cues')}|believes?|clear|confident|confirm\w*|expects?|hop(?:es?|ing)|"
    r"indicat\w+|learn\w*|mean\w*|sa(?:id|ys?)|signal\w*|stress\w*|sure|told|reports?|reported|promis\w+|agreed?)"
    r"(?:\s+[^\s,;:]+){0,6}\s*,?\s*$"
)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The folded words of a sentence: its main clauses, and its side clauses."""

    main: str
    side: str


def split_clauses(folded_words: str) -> Clauses:
    """Split a folded sentence, whose quoted words are blank."""
    sides: list[str] = []

    def move(match: re.Match[str]) -> str:
        sides.append(match.group())
        return " "

    main = _OPENING_CLAUSE.sub(move, folded_words, count=1) if _OPENING_CLAUSE.match(folded_words) else folded_words
    main = _ASIDE.sub(move, main)
    position = 0
    while match := _SIDE_CLAUSE.search(main, position):
        if match["that"] and _REPORT.search(main, 0, match.start()):
            position = match.end("that")
        else:
            is_in_subject = _FINITE.search(main, 0, match.start()) is None
            match = (_SUBJECT_CLAUSE.match(main, match.start()) if is_in_subject else None) or match
            sides.append(match.group())
            main, position = f"{main[: match.start()]} {main[match.end() :]}", match.start()
    return Clauses(main, " | ".join(sides))
